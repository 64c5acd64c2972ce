//! Pages of signing in and out, of joining and of passwords; of members and one's own account.

mod account;
mod door;
mod forgot;
mod join;
mod member;
mod members;
mod passwords;
mod roles;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::Right;
use crate::app::App;
use crate::desk;

/// The addresses that need nobody signed in.
pub fn router() -> Router<Arc<App>> {
    let door = get(sign_in::page).post(sign_in::sign_in);
    let join = get(join::join_page).post(join::join);
    let own = get(join::own_page).post(join::own);
    let reset = get(join::reset_page).post(join::reset);
    Router::new()
        .route("/o/{org}/sign-in", door)
        .route("/o/{org}/forgot", get(forgot::page).post(forgot::ask))
        .route("/o/{org}/join/{token}", join)
        .route("/o/{org}/own/{token}", own)
        .route("/o/{org}/reset/{token}", reset)
}

/// The addresses of members.
pub fn desk() -> desk::Routes {
    let (anyone, manage) = (Right::UseAccount, Right::ManageMembers);
    desk::Routes::new()
        .post("/sign-out", anyone, sign_in::sign_out)
        .get("/account", anyone, account::page)
        .post("/account", anyone, account::change)
        .post("/account/password", anyone, account::change_password)
        .get("/members", manage, members::page)
        .post("/members", manage, members::invite)
        .get("/members/roles", manage, roles::page)
        .post("/members/roles", manage, roles::change)
        .get("/members/{id}", manage, member::page)
        .post("/members/{id}", manage, member::change)
        .post("/members/{id}/link", manage, members::invite_again)
        .post("/members/{id}/removal", manage, members::remove)
}
