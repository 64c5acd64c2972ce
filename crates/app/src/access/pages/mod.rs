//! Pages of signing in and out, of joining, of passwords and second factors; of members, one's own
//! account, and how members sign in.

mod account;
mod code;
mod cookies;
mod door;
mod door_factor;
mod factor;
mod forgot;
mod join;
mod lost;
mod member;
mod members;
mod new_password;
mod passwords;
mod proof;
mod roles;
mod rules;
mod sessions;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Right;
use crate::app::App;
use crate::desk;

/// The addresses that need nobody signed in.
pub fn router() -> Router<Arc<App>> {
    let door = get(sign_in::page).post(sign_in::sign_in);
    let join = get(join::join_page).post(join::join);
    let own = get(join::own_page).post(join::own);
    let reset = get(join::reset_page).post(join::reset);
    let code = get(code::page).post(code::check);
    let factor = get(door_factor::page).post(door_factor::confirm);
    let password = get(new_password::page).post(new_password::set);
    Router::new()
        .route("/o/{org}/sign-in", door)
        .route("/o/{org}/sign-in/code", code)
        .route("/o/{org}/sign-in/factor", factor)
        .route("/o/{org}/sign-in/factor/begin", post(door_factor::begin))
        .route("/o/{org}/sign-in/password", password)
        .route("/o/{org}/forgot", get(forgot::page).post(forgot::ask))
        .route("/o/{org}/join/{token}", join)
        .route("/o/{org}/own/{token}", own)
        .route("/o/{org}/reset/{token}", reset)
}

/// The addresses of members.
pub fn desk() -> desk::Routes {
    let (anyone, manage) = (Right::UseAccount, Right::ManageMembers);
    let settings = Right::ChangeSettings;
    desk::Routes::new()
        .post("/sign-out", anyone, sign_in::sign_out)
        .get("/account", anyone, account::page)
        .post("/account", anyone, account::change)
        .post("/account/password", anyone, account::change_password)
        .get("/account/proof", anyone, proof::page)
        .post("/account/proof", anyone, proof::give)
        .get("/account/factor", anyone, factor::page)
        .post("/account/factor", anyone, factor::confirm)
        .post("/account/factor/begin", anyone, factor::begin)
        .post("/account/factor/removal", anyone, factor::remove)
        .post("/account/factor/codes", anyone, factor::make_codes)
        .post("/account/sessions/{id}/end", anyone, sessions::end)
        .post("/account/sessions/end", anyone, sessions::end_others)
        .post("/account/stay", anyone, sessions::stay)
        .get("/settings/sign-in", settings, rules::page)
        .post("/settings/sign-in", settings, rules::change)
        .post("/settings/sign-in/passwords", settings, rules::expire)
        .get("/members", manage, members::page)
        .post("/members", manage, members::invite)
        .get("/members/roles", manage, roles::page)
        .post("/members/roles", manage, roles::change)
        .get("/members/{id}", manage, member::page)
        .post("/members/{id}", manage, member::change)
        .post("/members/{id}/link", manage, members::invite_again)
        .post("/members/{id}/removal", manage, members::remove)
        .post("/members/{id}/factor-removal", manage, lost::remove_factor)
        .post("/members/{id}/password", manage, lost::expire_password)
}
