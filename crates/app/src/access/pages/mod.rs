//! Pages of signing in and out, of joining, of passwords, second factors and passkeys; of members, one's own
//! account, and how members sign in.

mod account;
mod code;
mod cookies;
mod door;
mod door_factor;
mod door_passkey;
mod factor;
mod forgot;
mod join;
mod lost;
mod member;
mod members;
mod networks;
mod new_password;
mod outside;
mod passkey;
mod passkeys;
mod passwords;
mod proof;
mod roles;
mod rules;
mod sessions;
mod sign_in;
mod tokens;

pub use cookies::{no_provider as no_provider_cookie, provider as provider_cookie};
pub use door::Door as DoorRequest;
pub use sign_in::{answer, begin_anew, shown as sign_in_page};

use super::Right;
use crate::desk;
use crate::page::{Door, OpenRoutes};

/// The addresses that need nobody signed in.
#[must_use]
pub fn open() -> OpenRoutes {
    let (all, step, link) = (Door::Everybody, Door::Step, Door::Link);
    OpenRoutes::new()
        .get("/o/{org}/sign-in", all, sign_in::page)
        .post("/o/{org}/sign-in", all, sign_in::sign_in)
        .get("/o/{org}/sign-in/code", step, code::page)
        .post("/o/{org}/sign-in/code", step, code::check)
        .get("/o/{org}/sign-in/factor", step, door_factor::page)
        .post("/o/{org}/sign-in/factor", step, door_factor::confirm)
        .post("/o/{org}/sign-in/factor/begin", step, door_factor::begin)
        .get("/o/{org}/sign-in/passkey", step, door_passkey::page)
        .post("/o/{org}/sign-in/passkey", all, door_passkey::sign_in)
        .post("/o/{org}/sign-in/passkey/begin", all, door_passkey::begin)
        .get("/o/{org}/sign-in/outside", step, outside::page)
        .post("/o/{org}/sign-in/outside", step, outside::ask)
        .get("/o/{org}/pass/{token}", link, outside::link_page)
        .post("/o/{org}/pass/{token}", link, outside::pass)
        .get("/o/{org}/sign-in/password", step, new_password::page)
        .post("/o/{org}/sign-in/password", step, new_password::set)
        .get("/o/{org}/forgot", all, forgot::page)
        .post("/o/{org}/forgot", all, forgot::ask)
        .get("/o/{org}/join/{token}", link, join::join_page)
        .post("/o/{org}/join/{token}", link, join::join)
        .get("/o/{org}/own/{token}", link, join::own_page)
        .post("/o/{org}/own/{token}", link, join::own)
        .get("/o/{org}/reset/{token}", link, join::reset_page)
        .post("/o/{org}/reset/{token}", link, join::reset)
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
        .post("/account/proof/passkey", anyone, proof::give_passkey)
        .post(
            "/account/proof/passkey/begin",
            anyone,
            passkeys::ask_for_proof,
        )
        .get("/account/passkeys", anyone, passkeys::page)
        .post("/account/passkeys", anyone, passkeys::add)
        .post("/account/passkeys/begin", anyone, passkeys::begin)
        .post("/account/passkeys/{id}/name", anyone, passkeys::rename)
        .post("/account/passkeys/{id}/removal", anyone, passkeys::remove)
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
        .get("/settings/networks", settings, networks::page)
        .post("/settings/networks", Right::LimitNetworks, networks::add)
        .post(
            "/settings/networks/{id}/removal",
            Right::LimitNetworks,
            networks::remove,
        )
        .get("/tokens", Right::ManageTokens, tokens::page)
        .post("/tokens", Right::ManageTokens, tokens::make)
        .post("/tokens/{id}/rotation", Right::ManageTokens, tokens::rotate)
        .post(
            "/tokens/{id}/revocation",
            Right::ManageTokens,
            tokens::revoke,
        )
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
