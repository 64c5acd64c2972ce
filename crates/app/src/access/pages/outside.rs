//! `/o/{org}/sign-in/outside`: whoever showed who they are and is outside of the networks of their role;
//! an owner can ask for a link by mail. `/o/{org}/pass/{token}` is that link.

use axum::http::{StatusCode, header};
use kept_base::input::Form;
use kept_base::kit::{Actor, Token};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::code::waiting;
use super::door::Door;
use super::{cookies, sign_in};
use crate::access::attempts::Attempt;
use crate::access::{self, Role, Stage};
use crate::desk::{Answer, OutsidePage, outside_page};
use crate::page::Frame;

#[derive(askama::Template)]
#[template(path = "access/pass.html")]
struct PassPage<'p> {
    f: Frame<'p>,
    /// Where the form is sent; `None` in a browser that did not ask.
    action: Option<String>,
    sign_in_url: String,
}

/// That somebody with this role comes in from elsewhere.
pub(super) fn told(door: &Door, role: Role) -> Answer {
    shown(door, role, &OutsidePage::default())
}

fn shown(door: &Door, role: Role, page: &OutsidePage) -> Answer {
    let frame = door.frame(&door.words().say("outside-title"));
    outside_page(&door.app, frame, role, page)
}

pub(super) async fn page(door: Door) -> Answer {
    let Some((_, member)) = waiting(&door, Stage::Outside).await? else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    let ask_url = (member.role == Role::Owner).then(|| door.step("/sign-in/outside"));
    let page = OutsidePage {
        ask_url,
        ..OutsidePage::default()
    };
    shown(&door, member.role, &page)
}

/// `POST /o/{org}/sign-in/outside`: a link by mail, for an owner.
pub(super) async fn ask(door: Door, Form(_): Form) -> Answer {
    let Some((token, member)) = waiting(&door, Stage::Outside).await? else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    // Counted as tries to sign in are, so that nobody fills a mailbox.
    let account = format!("pass {}", member.id);
    let attempt = Attempt {
        organization: Some(door.organization),
        account: &account,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        let page = OutsidePage {
            trouble: Some(door.words().say("outside-often")),
            ..OutsidePage::default()
        };
        return shown(&door, member.role, &page);
    };
    begun.failed().await;
    let asking = token.clone();
    let verb = move |tx: &Tx<'_>| access::ask_to_pass(tx, &asking);
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    if !done.await? {
        return told(&door, member.role);
    }
    let page = OutsidePage {
        is_asked: true,
        ..OutsidePage::default()
    };
    let mut response = shown(&door, member.role, &page)?;
    let cookie = cookies::waiting(&door.slug, &token);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn link(door: &Door) -> Result<Token, Problem> {
    Token::presented(door.segment("token")).ok_or_else(Problem::not_found)
}

/// `GET /o/{org}/pass/{token}`: opening it does nothing yet, because programs that look through mail open
/// links too.
pub(super) async fn link_page(door: Door) -> Answer {
    let (link, pending) = (link(&door)?, door.pending.clone());
    let presented = link.clone();
    let question = move |tx: &Tx<'_>| access::can_pass(tx, &presented, pending.as_ref());
    let asked = door
        .app
        .store
        .read(door.organization, Actor::VISITOR, question);
    let is_own = asked.await?.ok_or_else(Problem::not_found)?;
    link_shown(&door, is_own.then_some(&link))
}

fn link_shown(door: &Door, link: Option<&Token>) -> Answer {
    let action = link.map(|link| {
        let path = door.url(&format!("/pass/{}", link.expose()));
        format!("{path}?lang={}", door.locale)
    });
    let status = match action {
        Some(_) => StatusCode::OK,
        None => StatusCode::FORBIDDEN,
    };
    let page = PassPage {
        f: door.frame(&door.words().say("pass-title")),
        action,
        sign_in_url: door.url("/sign-in"),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

/// `POST /o/{org}/pass/{token}`.
pub(super) async fn pass(door: Door, Form(_): Form) -> Answer {
    let link = link(&door)?;
    let (presented, pending, browser) = (link, door.pending.clone(), door.browser.clone());
    let verb = move |tx: &Tx<'_>| {
        let known = access::can_pass(tx, &presented, pending.as_ref())?;
        let admitted = match (&pending, known) {
            (Some(pending), Some(true)) => {
                access::pass_networks(tx, &presented, pending, &browser)?
            }
            _ => None,
        };
        Ok::<_, kept_base::store::Error>((known.is_some(), admitted))
    };
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await? {
        (_, Some(admitted)) => Ok(sign_in::answer(&door, &admitted, None)),
        (true, None) => link_shown(&door, None),
        (false, None) => Err(Problem::not_found()),
    }
}
