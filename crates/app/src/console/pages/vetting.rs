//! `/operator/operators/{id}/vetting`: what is said of an operator, by somebody else.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::problem::Problem;
use kept_base::store::{Error, Operator, OperatorKind};

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use super::operators::other;
use crate::console::vetting::{Said, days, read};
use crate::desk::Answer;

#[derive(askama::Template)]
#[template(path = "console/vetting.html")]
struct VettingPage<'p> {
    c: ConsoleFrame<'p>,
    id: String,
    name: String,
    /// Why whoever is signed in says nothing of them; empty where it is themselves.
    closed: Option<String>,
    is_partner: bool,
    register: String,
    qualified: String,
    signed: String,
    error: Option<String>,
}

pub(super) async fn page(console: Console) -> Answer {
    let one = other(&console).await?;
    let (qualified, signed) = days(&one.vetting);
    let typed = [
        one.vetting.register_entry.clone().unwrap_or_default(),
        qualified,
        signed,
    ];
    let is_partner = one.vetting.kind == OperatorKind::Partner;
    shown(&console, StatusCode::OK, &one, (is_partner, typed), None)
}

fn shown(
    console: &Console,
    status: StatusCode,
    one: &Operator,
    (is_partner, [register, qualified, signed]): (bool, [String; 3]),
    error: Option<&str>,
) -> Answer {
    let words = console.words();
    let closed = closed(console, one);
    let page = VettingPage {
        c: console.frame(&words.say("vetting"), Section::Operators),
        id: one.id.to_string(),
        name: one.name.clone(),
        closed: closed.map(|id| id.map_or_else(String::new, |id| words.say(id))),
        is_partner,
        register,
        qualified,
        signed,
        error: error.map(|id| words.say(id)),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

/// Whether whoever is signed in may not say anything of them; inside, the text that tells why.
fn closed(console: &Console, one: &Operator) -> Option<Option<&'static str>> {
    let me = &console.session.operator;
    if one.id == me.id {
        Some(None)
    } else if !one.has_password {
        Some(Some("vetting-invited"))
    } else if !me.is_apart_from(one) {
        Some(Some("vetting-one-hand"))
    } else {
        None
    }
}

fn said(form: &Fields) -> Said<'_> {
    let kind = form.filled("kind").and_then(OperatorKind::from_code);
    Said {
        kind: kind.unwrap_or(OperatorKind::Own),
        register_entry: form.get("register").unwrap_or_default(),
        qualified_until: form.get("qualified").unwrap_or_default(),
        signed_on: form.get("signed").unwrap_or_default(),
    }
}

/// `POST .../vetting`: not of oneself, nor of an account that may be one's own.
pub(super) async fn say(console: Console, Form(form): Form) -> Answer {
    let one = other(&console).await?;
    if closed(&console, &one).is_some() {
        return Err(Problem::forbidden());
    }
    let said = said(&form);
    let Some(vetting) = read(&said, console.now()) else {
        let typed = [said.register_entry, said.qualified_until, said.signed_on];
        let typed = (said.kind == OperatorKind::Partner, typed.map(str::to_owned));
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&console, status, &one, typed, Some("vetting-wrong"));
    };
    let store = &console.app.store;
    let said = store.vet_operator(one.id, vetting, console.author());
    // Their password was set by another link in the meantime.
    said.await.map_err(|error| match error {
        Error::Constraint(_) => Problem::forbidden(),
        error => error.into(),
    })?;
    Ok(Console::done("/operators", "saved"))
}
