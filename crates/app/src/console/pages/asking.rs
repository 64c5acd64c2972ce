//! `/operator/organizations/{slug}/access`: asking an organization for access.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::kit::OrganizationId;
use kept_base::problem::Problem;
use kept_base::store::{Lent, LentState};

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::Answer;
use crate::lending::pages::{PartChoice, environment, part_choices, terms, text_of};
use crate::lending::{self, Environment, LOAN_HOURS, LendError, MAX_LOAN_HOURS, Wish};

#[derive(askama::Template)]
#[template(path = "console/asking.html")]
struct AskingPage<'p> {
    c: ConsoleFrame<'p>,
    slug: String,
    parts: Vec<PartChoice>,
    is_sandbox: bool,
    reason: String,
    ticket: String,
    hours: String,
    most_hours: u16,
    error: Option<String>,
}

pub(super) async fn page(console: Console) -> Answer {
    found(&console).await?;
    shown(&console, StatusCode::OK, &Fields::default(), None)
}

async fn found(console: &Console) -> Result<OrganizationId, Problem> {
    let found = console
        .app
        .store
        .find_organization(console.segment("slug"))
        .await?;
    found.ok_or_else(Problem::not_found)
}

fn shown(console: &Console, status: StatusCode, form: &Fields, error: Option<&str>) -> Answer {
    let words = console.words();
    let text = |name| form.get(name).unwrap_or_default().to_owned();
    let hours = form.filled("hours").map(str::to_owned);
    let page = AskingPage {
        c: console.frame(&words.say("access-ask"), Section::Organizations),
        slug: console.segment("slug").to_owned(),
        parts: part_choices(words, &terms(form)),
        is_sandbox: environment(form) == Environment::Sandbox,
        reason: text("reason"),
        ticket: text("ticket"),
        hours: hours.unwrap_or_else(|| LOAN_HOURS.to_string()),
        most_hours: MAX_LOAN_HOURS,
        error: error.map(|id| words.say(id)),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

/// `POST .../access`: leaves the wish with the organization, and is told nothing of it.
pub(super) async fn ask(console: Console, Form(form): Form) -> Answer {
    let organization = found(&console).await?;
    let wish = Wish {
        environment: environment(&form),
        terms: terms(&form),
        hours: form
            .get("hours")
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0),
        reason: form.get("reason").unwrap_or_default().to_owned(),
        ticket: form.get("ticket").unwrap_or_default().to_owned(),
    };
    let (store, operator) = (&console.app.store, console.session.operator.clone());
    let id = match lending::ask_at(store, organization, operator.clone(), wish).await {
        Ok(id) => id,
        Err(LendError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return shown(&console, status, &form, text_of(&error));
        }
    };
    let now = console.now();
    let asked = Lent {
        id: id.to_string(),
        organization,
        opens: organization,
        operator: operator.id,
        state: LentState::Asked,
        at: now,
        expires_at: now,
    };
    store.note_lent(asked).await?;
    Ok(Console::done("/access", "access-asked"))
}
