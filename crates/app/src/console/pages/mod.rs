//! The operator's pages, below `/operator`: a door, and behind it organizations, jobs, backups and
//! operators.

mod access;
mod account;
mod asked;
mod asking;
mod code;
mod creating;
mod door;
mod factor;
mod frame;
mod operators;
mod organization;
mod organizations;
mod routes;
mod vetting;
mod work;

pub use routes::{OperatorRoute, Routes};

use crate::page::{Door, OpenRoutes};

/// The address of the console.
const HOME: &str = "/operator";

/// The addresses that need nobody signed in.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new()
        .get("/operator/sign-in", Door::Everybody, door::page)
        .post("/operator/sign-in", Door::Everybody, door::sign_in)
        .get("/operator/sign-in/code", Door::Step, code::page)
        .post("/operator/sign-in/code", Door::Step, code::check)
        .get("/operator/link/{token}", Door::Link, door::link_page)
        .post("/operator/link/{token}", Door::Link, door::set_password)
}

/// The addresses of operators who are signed in.
#[must_use]
pub fn console() -> Routes {
    Routes::default()
        .get("", organizations::page)
        .post("/sign-out", account::sign_out)
        .get("/organizations/new", creating::page)
        .post("/organizations", creating::make)
        .get("/organizations/{slug}", organization::page)
        .post("/organizations/{slug}/suspension", organization::suspend)
        .post("/organizations/{slug}/resumption", organization::resume)
        .get("/organizations/{slug}/access", asking::page)
        .post("/organizations/{slug}/access", asking::ask)
        .get("/access", access::page)
        .post("/access/{id}/entry", access::enter)
        .post("/access/{id}/leave", access::leave)
        .post("/conduct/{id}", access::settle)
        .get("/jobs", work::jobs)
        .get("/backups", work::backups)
        .get("/operators", operators::page)
        .post("/operators", operators::add)
        .post("/operators/{id}/link", operators::link)
        .get("/operators/{id}/vetting", vetting::page)
        .post("/operators/{id}/vetting", vetting::say)
        .post("/operators/{id}/suspension", operators::suspend)
        .post("/operators/{id}/resumption", operators::resume)
        .post("/operators/{id}/sessions", operators::end_sessions)
        .get("/account", account::page)
        .post("/account/password", account::change_password)
        .get(factor::HERE, factor::page)
        .post(factor::HERE, factor::confirm)
        .post("/account/factor/begin", factor::begin)
        .post("/account/factor/codes", factor::make_codes)
        .post("/account/factor/removal", factor::remove)
}
