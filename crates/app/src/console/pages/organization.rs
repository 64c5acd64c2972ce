//! `/operator/organizations/{slug}`: where one organization is and how it stands; pausing it and
//! letting it go on. Nothing of what is in it.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::problem::Problem;
use kept_base::store::Surveyed;

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use super::organizations::Row;
use crate::desk::Answer;

#[derive(askama::Template)]
#[template(path = "console/organization.html")]
struct OrganizationPage<'p> {
    c: ConsoleFrame<'p>,
    row: Row,
    id: String,
    created: String,
    because: Option<String>,
    /// What the form was sent with.
    reason: String,
    error: Option<String>,
}

pub(super) async fn page(console: Console) -> Answer {
    let one = found(&console).await?;
    shown(&console, StatusCode::OK, &one, String::new(), None)
}

async fn found(console: &Console) -> Result<Surveyed, Problem> {
    let found = console.app.store.surveyed(console.segment("slug")).await?;
    found.ok_or_else(Problem::not_found)
}

fn shown(
    console: &Console,
    status: StatusCode,
    one: &Surveyed,
    reason: String,
    error: Option<&str>,
) -> Answer {
    let words = console.words();
    let page = OrganizationPage {
        c: console.frame(&one.placed.slug, Section::Organizations),
        row: Row::of(words, one),
        id: one.placed.id.to_string(),
        created: console.shown(one.created_at),
        because: one.because.clone(),
        reason,
        error: error.map(|id| words.say(id)),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

/// `POST .../suspension`: nothing of the organization answers from now on.
pub(super) async fn suspend(console: Console, Form(form): Form) -> Answer {
    let one = found(&console).await?;
    let reason = form.get("reason").unwrap_or_default().trim().to_owned();
    if !crate::console::is_reason(&reason) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&console, status, &one, reason, Some("console-reason-wrong"));
    }
    let store = &console.app.store;
    let done = store.suspend_organization(one.placed.id, console.author(), &reason);
    let code = if done.await? {
        "organization-suspended"
    } else {
        "organization-as-it-was"
    };
    Ok(back(&one, code))
}

/// `POST .../resumption`.
pub(super) async fn resume(console: Console) -> Answer {
    let one = found(&console).await?;
    let store = &console.app.store;
    let done = store.resume_organization(one.placed.id, console.author());
    let code = if done.await? {
        "organization-resumed"
    } else {
        "organization-as-it-was"
    };
    Ok(back(&one, code))
}

fn back(one: &Surveyed, code: &str) -> axum::response::Response {
    Console::done(&format!("/organizations/{}", one.placed.slug), code)
}
