//! `/o/{org}/account/address`: another e-mail address for oneself, after a proof; `/o/{org}/address/{token}`: the
//! link that was sent there.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::{Email, Token};
use kept_base::page::when;
use kept_base::problem::Problem;

use crate::access::attempts::Attempt;
use crate::access::{self, ADDRESS_HOURS, AddressError};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::page::see_other;
use crate::policy::rights::UseAccount;

const HERE: &str = "/account/address";

#[derive(askama::Template)]
#[template(path = "access/address.html")]
struct AddressPage<'p> {
    d: DeskFrame<'p>,
    present: String,
    is_from_directory: bool,
    /// The one that waits, and until when.
    wanted: Option<(String, String)>,
    typed: String,
    hint: String,
    error: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "access/address_link.html")]
struct LinkPage<'p> {
    d: DeskFrame<'p>,
    present: String,
    wanted: String,
    action: String,
}

pub(super) async fn page(desk: DeskTo<UseAccount>) -> Answer {
    shown(&desk, StatusCode::OK, "", None).await
}

async fn shown(desk: &Desk, status: StatusCode, typed: &str, error: Option<&str>) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let id = desk.member.id;
    let state = desk.read(move |tx, _| access::address_state(tx, id));
    let (state, words) = (state.await??, desk.words());
    let at = |instant| when::date_time(desk.locale(), instant, &desk.catalog.zone);
    let waits = state.wanted.map(|(address, ends)| {
        let until = words.with("address-until", args!["when" => &at(ends)]);
        (address.expose().to_owned(), until)
    });
    let page = AddressPage {
        d: desk.frame(&words.say("address-title"), Section::Account),
        present: desk.member.email.expose().to_owned(),
        is_from_directory: state.is_from_directory,
        wanted: waits,
        typed: typed.to_owned(),
        hint: words.with("address-hint", args!["hours" => ADDRESS_HOURS]),
        error: error.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/account/address`: has a link written to the address.
pub(super) async fn ask(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let typed = form.get("email").unwrap_or_default().to_owned();
    let Ok(wanted) = Email::parse(&typed) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&desk, status, &typed, Some("setup-email-wrong")).await;
    };
    let id = desk.member.id;
    // Nobody fills a stranger's mailbox from here.
    let account = format!("address {id}");
    let attempt = Attempt {
        organization: Some(desk.organization),
        account: &account,
        from: desk.from,
    };
    let Some(begun) = desk.app.attempts.begin(&desk.app.store, attempt).await? else {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return shown(&desk, status, &typed, Some("forgot-often")).await;
    };
    begun.failed().await;
    let asked = desk.write(move |tx, _, by| access::ask_address(tx, by, id, &wanted));
    match asked.await? {
        Ok(()) => Ok(desk.done(HERE, "address-asked", None)),
        Err(error) => refused(&desk, &typed, error).await,
    }
}

async fn refused(desk: &Desk, typed: &str, error: AddressError) -> Answer {
    let text = match error {
        AddressError::Store(error) => return Err(error.into()),
        AddressError::Unknown => return Err(Problem::not_found()),
        AddressError::Taken => "member-taken",
        AddressError::Same => "address-same",
        AddressError::Directory => "address-directory",
    };
    shown(desk, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(text)).await
}

/// `POST /o/{org}/account/address/removal`: the present one stays.
pub(super) async fn keep(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    let id = desk.member.id;
    let kept = desk.write(move |tx, _, by| access::keep_address(tx, by, id));
    kept.await??;
    Ok(desk.done(HERE, "address-kept", None))
}

fn link(desk: &Desk) -> Result<Token, Problem> {
    Token::presented(desk.segment("token")).ok_or_else(Problem::not_found)
}

/// `GET /o/{org}/address/{token}`: opening it does nothing yet, because programs that look through mail open
/// links too. Whoever has the mail but not the account gets nowhere by it.
pub(super) async fn link_page(desk: DeskTo<UseAccount>) -> Answer {
    let (link, id) = (link(&desk)?, desk.member.id);
    let action = desk.url(&format!("/address/{}", link.expose()));
    let wanted = desk.read(move |tx, _| access::address_of_link(tx, id, &link));
    let wanted = wanted.await??.ok_or_else(Problem::not_found)?;
    let page = LinkPage {
        d: desk.frame(&desk.words().say("address-title"), Section::Account),
        present: desk.member.email.expose().to_owned(),
        wanted: wanted.expose().to_owned(),
        action,
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/address/{token}`.
pub(super) async fn take(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    let (link, id) = (link(&desk)?, desk.member.id);
    let taken = desk.write(move |tx, _, by| access::take_address(tx, by, id, &link));
    match taken.await? {
        Ok(()) => Ok(desk.done("/account", "address-changed", None)),
        Err(AddressError::Store(error)) => Err(error.into()),
        Err(AddressError::Unknown) => Err(Problem::not_found()),
        // It was free when it was asked for: the page says what is in the way now.
        Err(_) => Ok(see_other(&desk.url(HERE))),
    }
}
