//! The pages of set-up: the first organization, the first service, and what is still to do.

mod checklist;
mod checks;
mod first_service;
mod mail_trial;
mod organization;
mod settings;

use crate::desk;
use crate::page::{Door, OpenRoutes};

/// The address that needs nobody signed in.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new()
        .get("/setup/{token}", Door::Link, organization::page)
        .post("/setup/{token}", Door::Link, organization::make)
}

/// The addresses of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/set-up", first_service::page)
        .post("/set-up", first_service::set_up)
        .get("/settings", settings::page)
        .post("/settings", settings::change)
        .get("/mail-trial", mail_trial::page)
        .post("/mail-trial", mail_trial::send)
        .get("/checklist", checklist::page)
}

/// An input of a form, with what was typed and what is wrong with it.
struct Input {
    name: &'static str,
    label: String,
    hint: Option<String>,
    value: String,
    error: Option<String>,
}
