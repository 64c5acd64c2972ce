//! `/operator/account/factor`: an operator's own second factor and recovery codes. What begins or ends one asks
//! for the password.

use axum::http::StatusCode;
use axum::response::Response;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::Secret;
use kept_base::problem::Problem;

use super::HOME;
use super::account::present;
use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::access::pages::FactorSteps;
use crate::access::{Attempt, Checked, FactorError, Given};
use crate::console::factor;
use crate::desk::Answer;
use crate::page::see_other;

/// The address of this page, below the console's.
pub(super) const HERE: &str = "/account/factor";

#[derive(askama::Template)]
#[template(path = "console/factor.html")]
struct FactorPage<'p> {
    c: ConsoleFrame<'p>,
    is_on: bool,
    /// Nothing else opens before there is one.
    is_owed: bool,
    left: String,
    steps: Option<FactorSteps>,
    /// What is wrong with the code that turns it on.
    error: Option<String>,
    /// What is wrong with another form of this page.
    trouble: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "console/codes.html")]
struct CodesPage<'p> {
    c: ConsoleFrame<'p>,
    codes: Vec<String>,
}

/// What is wrong, as texts.
#[derive(Default)]
struct Wrong<'a> {
    code: Option<&'a str>,
    other: Option<&'a str>,
}

pub(super) async fn page(console: Console) -> Answer {
    shown(&console, StatusCode::OK, Wrong::default()).await
}

async fn shown(console: &Console, status: StatusCode, wrong: Wrong<'_>) -> Answer {
    let store = &console.app.store;
    let operator = &console.session.operator;
    let left = store.operator_codes_left(operator.id).await?;
    let proposed = factor::proposed(store, &console.session).await?;
    let words = console.words();
    let host = console.app.base_url.split_once("://");
    let host = host.map_or("Kept", |(_, host)| host);
    let names = (host, operator.name.as_str(), "Kept");
    let page = FactorPage {
        c: console.frame(&words.say("factor-title"), Section::Account),
        is_on: operator.has_factor,
        is_owed: console.owes_factor(),
        left: words.with("recovery-left", args!["left" => left]),
        steps: proposed.map(|(secret, _)| FactorSteps::of(&secret, names, &words.say("factor-qr"))),
        error: wrong.code.map(|id| words.say(id)),
        trouble: wrong.other.map(|id| words.say(id)),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

async fn refused(console: &Console, text: &str) -> Answer {
    let status = match text {
        "password-often" | "code-locked" => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let other = Some(text);
    shown(console, status, Wrong { code: None, other }).await
}

fn here() -> Response {
    see_other(&format!("{HOME}{HERE}"))
}

/// `POST /operator/account/factor/begin`: makes the secret.
pub(super) async fn begin(console: Console, Form(form): Form) -> Answer {
    if let Err(text) = present(&console, &form).await? {
        return refused(&console, text).await;
    }
    factor::propose(&console.app.store, &console.session).await?;
    Ok(here())
}

/// `POST /operator/account/factor`: the first code, which turns it on. Every other session ends.
pub(super) async fn confirm(console: Console, Form(form): Form) -> Answer {
    let typed = form.get("code").unwrap_or_default();
    let confirmed = factor::confirm(&console.app.store, &console.session, typed).await;
    match confirmed {
        Ok(codes) => codes_shown(&console, &codes),
        Err(FactorError::Wrong) => {
            let code = Some("factor-code-wrong");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&console, status, Wrong { code, other: None }).await
        }
        Err(FactorError::NotBegun | FactorError::Already) => {
            shown(&console, StatusCode::CONFLICT, Wrong::default()).await
        }
        Err(FactorError::Store(error)) => Err(Problem::from(error)),
    }
}

fn codes_shown(console: &Console, codes: &[Secret]) -> Answer {
    let words = console.words();
    let page = CodesPage {
        c: console.frame(&words.say("recovery-title"), Section::Account),
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
    };
    console.respond(StatusCode::OK, &page.c.f.nonce, &page)
}

/// Whether the form has the present password and the factor, a code of the app or a recovery code; otherwise
/// the text that says what is wrong. Wrong ones count as at the door.
async fn both(console: &Console, form: &Fields) -> Result<Result<(), &'static str>, Problem> {
    if let Err(text) = present(console, form).await? {
        return Ok(Err(text));
    }
    let (store, operator) = (&console.app.store, &console.session.operator);
    let attempt = Attempt {
        organization: None,
        account: &operator.name,
        from: console.from,
    };
    let Some(begun) = console.app.attempts.begin(store, attempt).await? else {
        return Ok(Err("password-often"));
    };
    let typed = form.get("code").unwrap_or_default().trim();
    let given = Secret::new(typed.to_owned());
    // Recovery codes are long and have letters.
    let given = match typed.chars().all(|c| c.is_ascii_digit() || c == ' ') {
        true => Given::Code(given),
        false => Given::Recovery(given),
    };
    Ok(match factor::check(store, operator.id, &given).await? {
        Checked::Right => {
            begun.succeeded().await;
            Ok(())
        }
        Checked::Wrong => {
            begun.failed().await;
            Err("factor-code-wrong")
        }
        Checked::Locked => Err("code-locked"),
    })
}

/// `POST /operator/account/factor/codes`: new recovery codes, for whoever has both the password and the factor;
/// those before are dead.
pub(super) async fn make_codes(console: Console, Form(form): Form) -> Answer {
    if let Err(text) = both(&console, &form).await? {
        return refused(&console, text).await;
    }
    let made = factor::make_codes(&console.app.store, console.session.operator.id).await?;
    match made {
        Some(codes) => codes_shown(&console, &codes),
        None => Ok(here()),
    }
}

/// `POST /operator/account/factor/removal`: for whoever has both the password and the factor. Every other
/// session ends.
pub(super) async fn remove(console: Console, Form(form): Form) -> Answer {
    if let Err(text) = both(&console, &form).await? {
        return refused(&console, text).await;
    }
    let (store, id) = (&console.app.store, console.session.operator.id);
    let except = Some(console.session.id);
    store
        .remove_operator_factor(id, except, console.author())
        .await?;
    Ok(Console::done("/account", "factor-off"))
}
