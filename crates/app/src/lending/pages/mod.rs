//! `Organization -> Access`: who asks, who was let in, what they do.

mod form;
mod list;
mod sandbox;
mod uses;

pub(crate) use form::{PartChoice, environment, part_choices, terms, text_of};

use crate::desk;

/// The pages of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/access", list::page)
        .get("/access/live", list::live)
        .post("/access/grants", form::grant)
        .post("/access/grants/{id}/end", form::end)
        .post("/access/requests/{id}/decline", form::decline)
        .get("/access/uses/{id}", uses::page)
        .post("/access/uses/{id}", uses::flag)
        .get("/access/uses-file", uses::file)
        .post("/access/sandbox", sandbox::make)
        .post("/access/sandbox/removal", sandbox::remove)
}
