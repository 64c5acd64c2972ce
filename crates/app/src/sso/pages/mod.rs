//! The addresses of single sign-on: for owners who set it, for members who come in by it, and for the provider.

mod door;
mod logout;
mod own;
mod settings;

use crate::access::pages::DoorRequest;
use crate::desk::Routes;
use crate::page::{Door, OpenRoutes};

/// Where the provider sends browsers back to, below the organization.
const BACK: &str = "/sign-in/provider/back";
/// Where the provider sends its orders, below the organization.
const ORDERS: &str = "/provider-logout";

/// The addresses that need nobody signed in.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new()
        .post("/o/{org}/sign-in/provider", Door::Everybody, door::begin)
        .get("/o/{org}/sign-in/provider/back", Door::Step, door::back)
        .post("/o/{org}/provider-logout", Door::Everybody, logout::order)
}

/// The pages of members.
#[must_use]
pub fn desk() -> Routes {
    Routes::new()
        .get("/settings/provider", settings::page)
        .post("/settings/provider", settings::change)
        .post("/settings/provider/trial", settings::try_it)
        .post("/settings/provider/removal", settings::remove)
        .post("/account/proof/provider", own::prove)
        .post("/account/provider", own::link)
        .post("/account/provider/removal", own::unlink)
}

/// The whole address that the provider sends browsers back to.
fn back_url(base_url: &str, slug: &str) -> String {
    format!("{base_url}/o/{slug}{BACK}")
}

/// The same of a browser that asks.
fn back_of(door: &DoorRequest) -> String {
    back_url(&door.app.base_url, &door.slug)
}
