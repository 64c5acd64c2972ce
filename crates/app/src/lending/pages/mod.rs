//! `Organization -> Access`: who asks, who was let in, what they do.

mod form;
mod list;
mod sandbox;
mod uses;

pub(crate) use form::{PartChoice, environment, part_choices, terms, text_of};

use crate::access::Right;
use crate::desk;

/// The pages of members.
pub fn desk() -> desk::Routes {
    let right = Right::GrantAccess;
    desk::Routes::new()
        .get("/access", right, list::page)
        .get("/access/live", right, list::live)
        .post("/access/grants", right, form::grant)
        .post("/access/grants/{id}/end", right, form::end)
        .post("/access/requests/{id}/decline", right, form::decline)
        .get("/access/uses/{id}", right, uses::page)
        .post("/access/uses/{id}", right, uses::flag)
        .get("/access/uses-file", right, uses::file)
        .post("/access/sandbox", right, sandbox::make)
        .post("/access/sandbox/removal", right, sandbox::remove)
}
