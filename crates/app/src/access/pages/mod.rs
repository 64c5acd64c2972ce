//! Pages of signing in and out, of joining, of passwords, second factors and passkeys; of members, one's own
//! account, and how members sign in.

mod account;
mod address;
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

pub use code::given as given_factor;
pub use cookies::{no_provider as no_provider_cookie, provider as provider_cookie};
pub use door::Door as DoorRequest;
pub use factor::Steps as FactorSteps;
pub use sign_in::{answer, begin_anew, shown as sign_in_page};

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
    desk::Routes::new()
        .post("/sign-out", sign_in::sign_out)
        .get("/account", account::page)
        .post("/account", account::change)
        .post("/account/password", account::change_password)
        .get("/account/address", address::page)
        .post("/account/address", address::ask)
        .post("/account/address/removal", address::keep)
        .get("/address/{token}", address::link_page)
        .post("/address/{token}", address::take)
        .get("/account/proof", proof::page)
        .post("/account/proof", proof::give)
        .post("/account/proof/passkey", proof::give_passkey)
        .post("/account/proof/passkey/begin", passkeys::ask_for_proof)
        .get("/account/passkeys", passkeys::page)
        .post("/account/passkeys", passkeys::add)
        .post("/account/passkeys/begin", passkeys::begin)
        .post("/account/passkeys/{id}/name", passkeys::rename)
        .post("/account/passkeys/{id}/removal", passkeys::remove)
        .get("/account/factor", factor::page)
        .post("/account/factor", factor::confirm)
        .post("/account/factor/begin", factor::begin)
        .post("/account/factor/removal", factor::remove)
        .post("/account/factor/codes", factor::make_codes)
        .post("/account/sessions/{id}/end", sessions::end)
        .post("/account/sessions/end", sessions::end_others)
        .post("/account/stay", sessions::stay)
        .get("/settings/sign-in", rules::page)
        .post("/settings/sign-in", rules::change)
        .post("/settings/sign-in/passwords", rules::expire)
        .get("/settings/networks", networks::page)
        .post("/settings/networks", networks::add)
        .post("/settings/networks/{id}/removal", networks::remove)
        .get("/tokens", tokens::page)
        .post("/tokens", tokens::make)
        .post("/tokens/{id}/rotation", tokens::rotate)
        .post("/tokens/{id}/revocation", tokens::revoke)
        .get("/members", members::page)
        .post("/members", members::invite)
        .get("/members/roles", roles::page)
        .post("/members/roles", roles::change)
        .get("/members/{id}", member::page)
        .post("/members/{id}", member::change)
        .post("/members/{id}/link", members::invite_again)
        .post("/members/{id}/removal", members::remove)
        .post("/members/{id}/factor-removal", lost::remove_factor)
        .post("/members/{id}/provider-removal", lost::unlink)
        .post("/members/{id}/password", lost::expire_password)
        .post("/members/{id}/sessions/end", lost::end_sessions)
}
