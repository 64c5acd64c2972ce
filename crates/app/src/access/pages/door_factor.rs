//! `/o/{org}/sign-in/factor`: sets up the second factor that a member's role needs, before anything
//! else opens.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Actor, Secret};
use kept_base::store::Tx;

use super::code::waiting;
use super::door::Door;
use super::factor::Steps;
use super::sign_in;
use crate::access::{self, Admitted, FactorError, Stage};
use crate::desk::{self, Answer};
use crate::page::{Frame, see_other};

#[derive(askama::Template)]
#[template(path = "access/door_factor.html")]
struct FactorPage<'p> {
    f: Frame<'p>,
    /// Where the form that begins is sent.
    begin: String,
    /// Where the first code is sent.
    action: String,
    /// What is to be done with the app; `None` before it is begun.
    steps: Option<Steps>,
    error: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "access/door_codes.html")]
struct CodesPage<'p> {
    f: Frame<'p>,
    codes: Vec<String>,
    next: String,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, None).await
}

async fn shown(door: &Door, status: StatusCode, error: Option<&str>) -> Answer {
    let Some((_, member)) = waiting(door, Stage::SetUp).await? else {
        return Ok(sign_in::begin_anew(door, "sign-in-over"));
    };
    let (id, email) = (member.id, member.email.clone());
    let asked = door
        .app
        .store
        .read(door.organization, Actor::VISITOR, move |tx| {
            access::proposed_secret(tx, id)
        });
    let words = door.words();
    let secret = asked.await?;
    let steps = secret.map(|secret| {
        let names = (
            door.settings.name.as_str(),
            email.expose(),
            door.slug.as_str(),
        );
        Steps::of(&secret, names, &words.say("factor-qr"))
    });
    let page = FactorPage {
        f: door.frame(&words.say("factor-title")),
        begin: door.step("/sign-in/factor/begin"),
        action: door.step("/sign-in/factor"),
        steps,
        error: error.map(|id| words.say(id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

/// `POST /o/{org}/sign-in/factor/begin`: makes the secret.
pub(super) async fn begin(door: Door, Form(_): Form) -> Answer {
    let Some(token) = door.pending.clone() else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    let from = door.from;
    let verb = move |tx: &Tx<'_>| access::propose_at_sign_in(tx, &token, from);
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await {
        Ok(()) => Ok(see_other(&door.step("/sign-in/factor"))),
        Err(FactorError::Store(error)) => Err(error.into()),
        Err(_) => Ok(sign_in::begin_anew(&door, "sign-in-over")),
    }
}

/// `POST /o/{org}/sign-in/factor`: the first code.
pub(super) async fn confirm(door: Door, Form(form): Form) -> Answer {
    let Some(token) = door.pending.clone() else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    let typed = form.get("code").unwrap_or_default().to_owned();
    let browser = door.browser.clone();
    let verb = move |tx: &Tx<'_>| access::confirm_at_sign_in(tx, &token, &typed, &browser);
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await {
        Ok((codes, admitted)) => codes_shown(&door, &codes, &admitted),
        Err(FactorError::Wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&door, status, Some("factor-code-wrong")).await
        }
        Err(FactorError::Store(error)) => Err(error.into()),
        Err(FactorError::NotBegun | FactorError::Already) => {
            shown(&door, StatusCode::CONFLICT, None).await
        }
    }
}

/// The member is in, or at the next step, by the cookies of this answer; it shows the codes once.
fn codes_shown(door: &Door, codes: &[Secret], admitted: &Admitted) -> Answer {
    let words = door.words();
    let next = match admitted {
        Admitted::In { grants, .. } => {
            let home = || desk::home_of(&door.slug, grants);
            door.next().map_or_else(home, str::to_owned)
        }
        Admitted::Next(_, Stage::Outside) => door.step("/sign-in/outside"),
        Admitted::Next(..) => door.step("/sign-in/password"),
        Admitted::Refused => door.step("/sign-in"),
    };
    let page = CodesPage {
        f: door.frame(&words.say("recovery-title")),
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
        next,
    };
    let shown = door
        .app
        .look
        .respond(StatusCode::OK, &page.f.nonce, &page)?;
    Ok(sign_in::with_cookies(door, admitted, shown))
}
