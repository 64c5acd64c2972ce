//! `/o/{org}/sign-in/code`: the second step of a sign-in, for whoever gave the right password.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Actor, Secret, Token};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::door::Door;
use super::sign_in;
use crate::access::attempts::Attempt;
use crate::access::{self, CodeOutcome, Given, Member, Stage};
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
    match waiting(&door, Stage::Code).await? {
        Some(_) => shown(&door, StatusCode::OK, None),
        None => Ok(sign_in::begin_anew(&door, "sign-in-over")),
    }
}

/// The token of a sign-in that waits at `stage`, and whose it is.
pub(super) async fn waiting(door: &Door, stage: Stage) -> Result<Option<(Token, Member)>, Problem> {
    let Some(token) = door.pending.clone() else {
        return Ok(None);
    };
    let (presented, from) = (token.clone(), door.from);
    let question = move |tx: &Tx<'_>| access::pending_member(tx, &presented, stage, from);
    let asked = door
        .app
        .store
        .read(door.organization, Actor::VISITOR, question);
    Ok(asked.await?.map(|member| (token, member)))
}

fn shown(door: &Door, status: StatusCode, trouble: Option<String>) -> Answer {
    let words = door.words();
    let page = CodePage {
        f: door.frame(&words.say("code-title")),
        action: door.step("/sign-in/code"),
        trouble,
        lost: words.say("code-lost"),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

/// What was filled in: a code of the app, or a recovery code.
#[must_use]
pub fn given(form: &Fields) -> Given {
    let text = |name| form.filled(name).map(|text| Secret::new(text.to_owned()));
    match text("recovery") {
        Some(recovery) => Given::Recovery(recovery),
        None => Given::Code(text("code").unwrap_or_else(|| Secret::new(String::new()))),
    }
}

pub(super) async fn check(door: Door, Form(form): Form) -> Answer {
    let Some((token, member)) = waiting(&door, Stage::Code).await? else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    let words = door.words();
    // Tries count together with those of the password.
    let attempt = Attempt {
        organization: Some(door.organization),
        account: member.email.expose(),
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        let trouble = Some(words.say("code-often"));
        return shown(&door, StatusCode::TOO_MANY_REQUESTS, trouble);
    };
    let (given, browser) = (given(&form), door.browser.clone());
    let verb = move |tx: &Tx<'_>| access::give_factor(tx, &token, &given, &browser);
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await? {
        CodeOutcome::Admitted(admitted) => {
            begun.succeeded().await;
            Ok(sign_in::answer(&door, &admitted, None))
        }
        CodeOutcome::Wrong(left) => {
            begun.failed().await;
            let trouble = words.with("code-wrong", args!["left" => left]);
            shown(&door, StatusCode::UNPROCESSABLE_ENTITY, Some(trouble))
        }
        CodeOutcome::Over => {
            begun.failed().await;
            Ok(sign_in::begin_anew(&door, "sign-in-codes"))
        }
        CodeOutcome::Locked => {
            let trouble = Some(words.say("code-locked"));
            shown(&door, StatusCode::TOO_MANY_REQUESTS, trouble)
        }
        CodeOutcome::Gone => Ok(sign_in::begin_anew(&door, "sign-in-over")),
    }
}
