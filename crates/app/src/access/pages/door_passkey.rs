//! `/o/{org}/sign-in/passkey`: signing in with a passkey, without typing an address. Nothing is set
//! before somebody asks for it.

use axum::http::{StatusCode, header};
use axum::response::Response;
use kept_base::input::Form;
use kept_base::kit::Actor;
use kept_base::store::Tx;

use super::code::waiting;
use super::door::Door;
use super::{cookies, passkey, sign_in};
use crate::access::attempts::Attempt;
use crate::access::{self, Party, PasskeyOutcome, Stage};
use crate::desk::Answer;
use crate::page::Frame;

/// Where the script asks, and where the form of a passkey is sent.
pub(super) struct Ways {
    pub ask: String,
    pub action: String,
}

impl Ways {
    /// `None` where browsers know no passkeys.
    pub fn of(door: &Door) -> Option<Self> {
        Party::of(&door.app.base_url).map(|_| Self {
            ask: door.url("/sign-in/passkey/begin"),
            action: door.step("/sign-in/passkey"),
        })
    }
}

#[derive(askama::Template)]
#[template(path = "access/door_passkey.html")]
struct PasskeyPage<'p> {
    f: Frame<'p>,
    ways: Option<Ways>,
}

/// The step of whoever gave a password where their role needs more and they have a passkey.
pub(super) async fn page(door: Door) -> Answer {
    if waiting(&door, Stage::Passkey).await?.is_none() {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    }
    let page = PasskeyPage {
        f: door.frame(&door.words().say("code-title")),
        ways: Ways::of(&door),
    };
    door.app.look.respond(StatusCode::OK, &page.f.nonce, &page)
}

/// `POST /o/{org}/sign-in/passkey/begin`: what a passkey is to sign. From here on there is a cookie.
pub(super) async fn begin(door: Door) -> Answer {
    passkey::party(&door.app)?;
    let asked = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, access::ask_for_passkey);
    let (token, challenge) = asked.await?;
    let mut response = passkey::to_use(&door.app, &challenge, &[])?;
    let cookie = cookies::passkey(&door.slug, &token);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /o/{org}/sign-in/passkey`.
pub(super) async fn sign_in(door: Door, Form(form): Form) -> Answer {
    let party = passkey::party(&door.app)?;
    let (Some(used), Some(token)) = (passkey::used(&form), door.passkey.clone()) else {
        return wrong(&door);
    };
    // Counted by passkey and address: no signature is guessed, but nobody tries without end.
    let account = form.filled("credential").unwrap_or_default();
    let attempt = Attempt {
        organization: Some(door.organization),
        account,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return sign_in::shown(&door, status, "", Some("sign-in-often"));
    };
    let (browser, pending) = (door.browser.clone(), door.pending.clone());
    let verb = move |tx: &Tx<'_>| {
        let by = (&browser, pending.as_ref());
        access::sign_in_with_passkey(tx, &token, (&used, &party), by)
    };
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await? {
        PasskeyOutcome::Admitted(admitted) => {
            begun.succeeded().await;
            Ok(over(&door, sign_in::answer(&door, &admitted, None)))
        }
        PasskeyOutcome::Refused => {
            begun.failed().await;
            wrong(&door)
        }
    }
}

fn wrong(door: &Door) -> Answer {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let shown = sign_in::shown(door, status, "", Some("passkey-wrong"))?;
    Ok(over(door, shown))
}

/// What was asked for is answered: its cookie goes.
fn over(door: &Door, mut response: Response) -> Response {
    if door.passkey.is_some() {
        let cookie = cookies::no_passkey(&door.slug);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
