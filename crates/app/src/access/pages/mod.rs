//! Pages of signing in and out, of joining and of passwords; of members and one's own account.

mod account;
mod door;
mod passwords;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::Right;
use crate::app::App;
use crate::desk;

/// The addresses that need nobody signed in.
pub fn router() -> Router<Arc<App>> {
    Router::new().route(
        "/o/{org}/sign-in",
        get(sign_in::page).post(sign_in::sign_in),
    )
}

/// The addresses of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .post("/sign-out", Right::SeeToday, sign_in::sign_out)
        .get("/account", Right::SeeToday, account::page)
        .post("/account", Right::SeeToday, account::change)
        .post(
            "/account/password",
            Right::SeeToday,
            account::change_password,
        )
}
