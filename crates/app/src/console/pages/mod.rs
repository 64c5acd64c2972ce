//! The operator's pages, below `/operator`: a door, and behind it organizations, jobs, backups and
//! operators.

mod account;
mod asked;
mod creating;
mod door;
mod frame;
mod operators;
mod organization;
mod organizations;
mod routes;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use routes::{OperatorRoute, Routes};

use crate::app::App;

/// The address of the console.
const HOME: &str = "/operator";

/// The addresses that need nobody signed in.
pub fn router() -> Router<Arc<App>> {
    let sign_in = get(door::page).post(door::sign_in);
    let link = get(door::link_page).post(door::set_password);
    Router::new()
        .route("/operator/sign-in", sign_in)
        .route("/operator/link/{token}", link)
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
        .get("/jobs", work::jobs)
        .get("/backups", work::backups)
        .get("/operators", operators::page)
        .post("/operators", operators::add)
        .post("/operators/{id}/link", operators::link)
        .post("/operators/{id}/suspension", operators::suspend)
        .post("/operators/{id}/resumption", operators::resume)
        .post("/operators/{id}/sessions", operators::end_sessions)
        .get("/account", account::page)
        .post("/account/password", account::change_password)
}
