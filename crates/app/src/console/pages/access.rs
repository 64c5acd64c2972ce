//! `/operator/access`: what was lent to whoever is signed in, the way in and out, and the uses that
//! organizations flagged. No name of anybody in an organization is known here.

use axum::http::{StatusCode, header};
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::{OrganizationId, Token};
use kept_base::problem::Problem;
use kept_base::store::{ConductCase, Lent, LentState, MAX_OUTCOME_CHARS, NewEntry, Placed};

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::{self, Answer};
use crate::lending;
use crate::page::see_other;

#[derive(askama::Template)]
#[template(path = "console/access.html")]
struct AccessPage<'p> {
    c: ConsoleFrame<'p>,
    not_vetted: Option<String>,
    rows: Vec<Row>,
    cases: Vec<CaseRow>,
    error: Option<String>,
}

struct Row {
    id: String,
    organization: String,
    state: String,
    at: String,
    enters: bool,
}

struct CaseRow {
    id: String,
    organization: String,
    operator: String,
    note: String,
    at: String,
    outcome: Option<String>,
    is_own: bool,
    /// It may be about whoever is signed in, by another account.
    is_near: bool,
}

pub(super) async fn page(console: Console) -> Answer {
    shown(&console, StatusCode::OK, None).await
}

async fn shown(console: &Console, status: StatusCode, error: Option<&str>) -> Answer {
    let store = &console.app.store;
    let me = &console.session.operator;
    let lent = store.lent_to(me.id).await?;
    let cases = store.cases(None).await?;
    let placed = store.organizations().await?;
    let operators = store.operators().await?;
    let words = console.words();
    let name_of = |case: &ConductCase| {
        let found = operators.iter().find(|one| one.id == case.case.operator);
        found.map(|one| one.name.clone()).unwrap_or_default()
    };
    let is_near = |case: &ConductCase| {
        let found = operators.iter().find(|one| one.id == case.case.operator);
        !found.is_some_and(|one| me.is_apart_from(one))
    };
    let case_row = |case: ConductCase| CaseRow {
        operator: name_of(&case),
        is_own: case.case.operator == me.id,
        is_near: is_near(&case),
        at: console.shown(case.flagged_at),
        organization: slug_of(&placed, case.case.organization),
        outcome: case.outcome.map(|(text, _)| text),
        id: case.case.use_id,
        note: case.case.note,
    };
    let not_vetted = lending::vetted(me, console.now()).err().map(|why| {
        let why = words.say(&format!("access-why-{}", why.code()));
        words.with("access-not-vetted", args!["why" => &why])
    });
    let page = AccessPage {
        c: console.frame(&words.say("access-mine"), Section::Access),
        not_vetted,
        rows: lent.iter().map(|one| row(console, &placed, one)).collect(),
        cases: cases.into_iter().map(case_row).collect(),
        error: error.map(|id| words.say(id)),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

fn slug_of(placed: &[Placed], id: OrganizationId) -> String {
    let found = placed.iter().find(|one| one.id == id);
    found.map_or_else(|| id.to_string(), |one| one.slug.clone())
}

fn row(console: &Console, placed: &[Placed], one: &Lent) -> Row {
    let words = console.words();
    let is_over = one.expires_at <= console.now();
    let state = match one.state {
        LentState::Granted if is_over => words.say("access-state-over"),
        LentState::Granted => {
            let until = console.shown(one.expires_at);
            words.with("access-state-granted", args!["until" => &until])
        }
        state => words.say(&format!("access-state-{}", state.code())),
    };
    Row {
        id: one.id.clone(),
        organization: slug_of(placed, one.opens),
        state,
        at: console.shown(one.at),
        enters: one.state == LentState::Granted && !is_over,
    }
}

async fn mine(console: &Console) -> Result<Lent, Problem> {
    let lent = console
        .app
        .store
        .lent_to(console.session.operator.id)
        .await?;
    let sought = console.segment("id");
    let found = lent.into_iter().find(|one| one.id == sought);
    found.ok_or_else(Problem::not_found)
}

/// `POST .../entry`: gives the browser what opens the desk. Whether it opens anything is decided there,
/// by the organization's own data, with every request.
pub(super) async fn enter(console: Console) -> Answer {
    let lent = mine(&console).await?;
    let store = &console.app.store;
    let placed = store.organizations().await?;
    let opens = placed.into_iter().find(|one| one.id == lent.opens);
    let (Some(opens), LentState::Granted) = (opens, lent.state) else {
        return shown(&console, StatusCode::CONFLICT, Some("access-refused")).await;
    };
    let token = Token::session(store.entropy());
    let entry = NewEntry {
        organization: lent.opens,
        lender: lent.organization,
        loan: lent.id,
        ends_at: lent.expires_at,
    };
    let (session, operator) = (console.session.id, console.session.operator.id);
    let started = store.start_entry(session, operator, desk::entry_hash(&token), entry);
    if !started.await? {
        return Err(Problem::conflict());
    }
    let mut response = see_other(&format!("/o/{}", opens.slug));
    let cookie = desk::entry_cookie(&opens.slug, Some(&token));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST .../leave`.
pub(super) async fn leave(console: Console) -> Answer {
    let lent = mine(&console).await?;
    let store = &console.app.store;
    let operator = console.session.operator.id;
    store.end_entries(operator, lent.id).await?;
    let placed = store.organizations().await?;
    let mut response = Console::done("/access", "access-left");
    let cookie = desk::entry_cookie(&slug_of(&placed, lent.opens), None);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /operator/conduct/{id}`: what came of a flagged use, said by somebody else.
pub(super) async fn settle(console: Console, Form(form): Form) -> Answer {
    let outcome = form.get("outcome").unwrap_or_default().trim().to_owned();
    if !lending::is_line(&outcome, MAX_OUTCOME_CHARS) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&console, status, Some("conduct-wrong")).await;
    }
    let (store, id) = (&console.app.store, console.segment("id").to_owned());
    let settled = store.settle_case(id, outcome, console.session.operator.id);
    if settled.await? {
        Ok(Console::done("/access", "conduct-settled"))
    } else {
        Err(Problem::not_found())
    }
}
