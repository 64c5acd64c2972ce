//! `/operator/sign-in/code`: the second step of a sign-in, for whoever gave the right password.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;

use super::HOME;
use super::door::{Door, over, signed_in};
use crate::access::Attempt;
use crate::access::pages::given_factor;
use crate::console::factor::{self, CodeOutcome};
use crate::desk::Answer;
use crate::page::Frame;

#[derive(askama::Template)]
#[template(path = "access/code.html")]
struct CodePage<'p> {
    f: Frame<'p>,
    action: String,
    trouble: Option<String>,
    /// Who helps whoever lost everything.
    lost: String,
}

pub(super) async fn page(door: Door) -> Answer {
    let Some(token) = &door.pending else {
        return Ok(over("sign-in-over"));
    };
    match factor::waiting(&door.app.store, token).await? {
        Some(_) => shown(&door, StatusCode::OK, None),
        None => Ok(over("sign-in-over")),
    }
}

fn shown(door: &Door, status: StatusCode, trouble: Option<String>) -> Answer {
    let words = door.words();
    let page = CodePage {
        f: door.frame(&words.say("code-title")),
        action: door.onward(&format!("{HOME}/sign-in/code")),
        trouble,
        lost: words.say("operator-code-lost"),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn check(door: Door, Form(form): Form) -> Answer {
    let store = &door.app.store;
    let Some(token) = &door.pending else {
        return Ok(over("sign-in-over"));
    };
    let Some(operator) = factor::waiting(store, token).await? else {
        return Ok(over("sign-in-over"));
    };
    let words = door.words();
    // Tries count together with those of the password.
    let attempt = Attempt {
        organization: None,
        account: &operator.name,
        from: door.from,
    };
    let Some(begun) = door.app.attempts.begin(store, attempt).await? else {
        let trouble = Some(words.say("code-often"));
        return shown(&door, StatusCode::TOO_MANY_REQUESTS, trouble);
    };
    match factor::give(store, token, &given_factor(&form)).await? {
        CodeOutcome::In(session) => {
            begun.succeeded().await;
            Ok(signed_in(&door, &session))
        }
        CodeOutcome::Wrong(left) => {
            begun.failed().await;
            let trouble = words.with("code-wrong", args!["left" => left]);
            shown(&door, StatusCode::UNPROCESSABLE_ENTITY, Some(trouble))
        }
        CodeOutcome::Over => {
            begun.failed().await;
            Ok(over("sign-in-codes"))
        }
        CodeOutcome::Locked => {
            let trouble = Some(words.say("code-locked"));
            shown(&door, StatusCode::TOO_MANY_REQUESTS, trouble)
        }
        CodeOutcome::Gone => Ok(over("sign-in-over")),
    }
}
