//! `/operator/operators`: who else may open the console, and what all of them did.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{OperatorId, Token};
use kept_base::problem::Problem;
use kept_base::store::{Operator, OperatorAct, OperatorState};

use super::super::{self as console, OperatorError};
use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::Answer;

/// Acts on the page.
const SHOWN_ACTS: u32 = 50;

#[derive(askama::Template)]
#[template(path = "console/operators.html")]
struct OperatorsPage<'p> {
    c: ConsoleFrame<'p>,
    rows: Vec<Row>,
    acts: Vec<ActRow>,
    /// A link that was made just now: for whom, and its address.
    link: Option<(String, String)>,
    name: String,
    error: Option<String>,
}

struct Row {
    id: String,
    name: String,
    is_me: bool,
    is_active: bool,
    /// Nobody has set a password yet.
    is_invited: bool,
    state_text: String,
    factor: String,
    seen: String,
}

struct ActRow {
    at: String,
    author: String,
    act: String,
    subject: String,
    reason: String,
}

/// What a page is shown with.
#[derive(Default)]
struct Shown<'a> {
    link: Option<(String, String)>,
    name: &'a str,
    error: Option<&'a str>,
}

pub(super) async fn page(console: Console) -> Answer {
    shown(&console, Shown::default()).await
}

async fn shown(console: &Console, with: Shown<'_>) -> Answer {
    let store = &console.app.store;
    let operators = store.operators().await?;
    let acts = store.operator_acts(SHOWN_ACTS).await?;
    let placed = store.organizations().await?;
    let words = console.words();
    // Whom or what an id names.
    let named = |id: &str| -> String {
        let operator = operators.iter().find(|one| one.id.to_string() == id);
        let organization = placed.iter().find(|one| one.id.to_string() == id);
        match (operator, organization) {
            (Some(one), _) => one.name.clone(),
            (_, Some(one)) => one.slug.clone(),
            _ => id.to_owned(),
        }
    };
    let author = |author: &str| match author.split_once(':') {
        Some((_, id)) => named(id),
        None => words.say("operator-command-line"),
    };
    let act_row = |act: &OperatorAct| ActRow {
        at: console.shown(act.at),
        author: author(&act.author),
        act: words.say(&format!("act-{}", act.act.code().replace('_', "-"))),
        subject: named(&act.subject),
        reason: act.reason.clone(),
    };
    let page = OperatorsPage {
        c: console.frame(&words.say("console-operators"), Section::Operators),
        rows: operators.iter().map(|one| row(console, one)).collect(),
        acts: acts.iter().map(act_row).collect(),
        link: with.link,
        name: with.name.to_owned(),
        error: with.error.map(|id| words.say(id)),
    };
    let status = match with.error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    console.respond(status, &page.c.f.nonce, &page)
}

fn row(console: &Console, one: &Operator) -> Row {
    let words = console.words();
    let state = match (one.state, one.has_password) {
        (OperatorState::Suspended, _) => "operator-suspended",
        (OperatorState::Active, true) => "operator-active",
        (OperatorState::Active, false) => "operator-invited",
    };
    Row {
        id: one.id.to_string(),
        name: one.name.clone(),
        is_me: one.id == console.session.operator.id,
        is_active: one.state == OperatorState::Active,
        is_invited: !one.has_password,
        state_text: words.say(state),
        factor: words.say(if one.has_factor {
            "operator-factor-has"
        } else {
            "operator-factor-none"
        }),
        seen: one
            .last_used_at
            .map_or_else(|| "–".to_owned(), |at| console.shown(at)),
    }
}

fn link_for(console: &Console, name: &str, token: &Token) -> (String, String) {
    let url = console::link_url(&console.app.base_url, token);
    (name.to_owned(), url)
}

/// `POST /operator/operators`: another operator; the link is shown once.
pub(super) async fn add(console: Console, Form(form): Form) -> Answer {
    let name = form.get("name").unwrap_or_default().trim().to_owned();
    let refused = |error| Shown {
        name: &name,
        error: Some(error),
        link: None,
    };
    let with = match console::add(&console.app.store, &name, console.author()).await {
        Ok(token) => Shown {
            link: Some(link_for(&console, &name, &token)),
            ..Shown::default()
        },
        Err(OperatorError::Store(error)) => return Err(error.into()),
        Err(OperatorError::Taken) => refused("operator-name-taken"),
        Err(OperatorError::TooMany) => refused("operator-too-many"),
        Err(OperatorError::Name | OperatorError::Unknown | OperatorError::OnServer) => {
            refused("operator-name-wrong")
        }
    };
    shown(&console, with).await
}

/// The operator that the path names.
pub(super) async fn other(console: &Console) -> Result<Operator, Problem> {
    let id: OperatorId = (console.segment("id").parse()).map_err(|_| Problem::not_found())?;
    let all = console.app.store.operators().await?;
    let found = all.into_iter().find(|one| one.id == id);
    found.ok_or_else(Problem::not_found)
}

/// `POST .../link`: a new link that sets the first password; the one before is dead. Whoever has set
/// one gets another link on the server.
pub(super) async fn link(console: Console) -> Answer {
    let one = other(&console).await?;
    match console::link(&console.app.store, one.id, console.author()).await {
        Ok(token) => {
            let with = Shown {
                link: Some(link_for(&console, &one.name, &token)),
                ..Shown::default()
            };
            shown(&console, with).await
        }
        Err(OperatorError::OnServer) => {
            let with = Shown {
                error: Some("operator-link-on-server"),
                ..Shown::default()
            };
            shown(&console, with).await
        }
        Err(OperatorError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::conflict().because(&error)),
    }
}

/// `POST .../suspension`: not of oneself, so that somebody is always left.
pub(super) async fn suspend(console: Console) -> Answer {
    if other(&console).await?.id == console.session.operator.id {
        let with = Shown {
            error: Some("operator-not-oneself"),
            ..Shown::default()
        };
        return shown(&console, with).await;
    }
    set_state(&console, OperatorState::Suspended).await
}

/// `POST .../resumption`.
pub(super) async fn resume(console: Console) -> Answer {
    set_state(&console, OperatorState::Active).await
}

async fn set_state(console: &Console, state: OperatorState) -> Answer {
    let one = other(console).await?;
    match console::set_state(&console.app.store, one.id, state, console.author()).await {
        // It is so already.
        Ok(()) | Err(OperatorError::Unknown) => Ok(Console::done("/operators", "saved")),
        Err(OperatorError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::conflict().because(&error)),
    }
}

/// `POST .../sessions`: signs them out everywhere.
pub(super) async fn end_sessions(console: Console) -> Answer {
    let one = other(&console).await?;
    let store = &console.app.store;
    let ended = store.end_operator_sessions(one.id, None, console.author());
    ended.await?;
    Ok(Console::done("/operators", "sessions-ended"))
}
