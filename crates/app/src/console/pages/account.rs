//! `/operator/account`: one's own password; and signing out.

use axum::http::{StatusCode, header};
use kept_base::input::{Fields, Form};
use kept_base::kit::Secret;
use kept_base::problem::Problem;

use super::super::{self as console, SignInError};
use super::HOME;
use super::asked::{Console, ended_cookie};
use super::frame::{ConsoleFrame, Section};
use crate::access::{Attempt, PasswordError, PasswordHash};
use crate::desk::Answer;
use crate::page::see_other;

/// The text that says that the present password was tried too often.
const TOO_OFTEN: &str = "password-often";

#[derive(askama::Template)]
#[template(path = "console/account.html")]
struct AccountPage<'p> {
    c: ConsoleFrame<'p>,
    error: Option<String>,
    /// What the link to the second factor says.
    factor: String,
}

pub(super) async fn page(console: Console) -> Answer {
    shown(&console, StatusCode::OK, None)
}

fn shown(console: &Console, status: StatusCode, error: Option<&str>) -> Answer {
    let words = console.words();
    let page = AccountPage {
        c: console.frame(&words.say("account"), Section::Account),
        error: error.map(|id| words.say(id)),
        factor: words.say(if console.session.operator.has_factor {
            "factor-change"
        } else {
            "factor-begin"
        }),
    };
    console.respond(status, &page.c.f.nonce, &page)
}

/// `POST /operator/account/password`: for whoever knows the present one. Every other session ends.
pub(super) async fn change_password(console: Console, Form(form): Form) -> Answer {
    match checked(&console, &form).await? {
        Ok(hash) => {
            let hash = hash.as_str().to_owned();
            let store = &console.app.store;
            store.set_operator_password(&console.session, hash).await?;
            Ok(Console::done("/account", "password-set"))
        }
        Err(TOO_OFTEN) => shown(&console, StatusCode::TOO_MANY_REQUESTS, Some(TOO_OFTEN)),
        Err(id) => shown(&console, StatusCode::UNPROCESSABLE_ENTITY, Some(id)),
    }
}

/// The hash of the new password, or the text that says what is wrong.
async fn checked(
    console: &Console,
    form: &Fields,
) -> Result<Result<PasswordHash, &'static str>, Problem> {
    if let Err(text) = present(console, form).await? {
        return Ok(Err(text));
    }
    let (store, name) = (&console.app.store, console.session.operator.name.as_str());
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let hash = console::new_password(store, password, name).await;
    let hash = hash.map_err(|error| Problem::busy().because(&error))?;
    Ok(hash.map_err(PasswordError::text))
}

/// Whether the form has the present password; otherwise the text that says what is wrong. Tries count together
/// with those at the door.
pub(super) async fn present(
    console: &Console,
    form: &Fields,
) -> Result<Result<(), &'static str>, Problem> {
    let name = console.session.operator.name.as_str();
    let attempt = Attempt {
        organization: None,
        account: name,
        from: console.from,
    };
    let begun = console
        .app
        .attempts
        .begin(&console.app.store, attempt)
        .await?;
    let Some(begun) = begun else {
        return Ok(Err(TOO_OFTEN));
    };
    let secret = Secret::new(form.get("present").unwrap_or_default().to_owned());
    let store = &console.app.store;
    let found = console::recognize(store, name, secret).await;
    let found = found.map_err(|error| match error {
        SignInError::Hash(error) => Problem::busy().because(&error),
        SignInError::Store(error) => error.into(),
    })?;
    if found.is_none() {
        begun.failed().await;
        return Ok(Err("password-present-wrong"));
    }
    begun.succeeded().await;
    Ok(Ok(()))
}

/// `POST /operator/sign-out`.
pub(super) async fn sign_out(console: Console) -> Answer {
    let (operator, session) = (console.session.operator.id, console.session.id);
    let store = &console.app.store;
    let ended = store.end_operator_sessions(operator, Some(session), console.author());
    ended.await?;
    let mut response = see_other(&format!("{HOME}/sign-in?done=signed-out"));
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, ended_cookie());
    Ok(response)
}
