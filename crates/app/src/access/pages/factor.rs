//! `/o/{org}/account/factor`: a member's own second factor and recovery codes. Everything here asks
//! for a proof first.

use askama::filters::Safe;
use axum::http::StatusCode;
use axum::response::Response;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::Secret;
use kept_base::page::qr;
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{self, FactorError, FactorState, TotpSecret};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::UseAccount;

const HERE: &str = "/account/factor";

/// What an app needs to be set up.
pub struct Steps {
    /// To be read by the app's camera; `None` where the text alone must do.
    pub qr: Option<Safe<String>>,
    /// To be typed into it.
    pub secret: String,
}

impl Steps {
    /// What the app is shown for `secret`. `names`: the organization's, the member's address, the organization's in addresses.
    #[must_use]
    pub fn of(secret: &TotpSecret, names: (&str, &str, &str), title: &str) -> Self {
        let (issuer, account, short) = names;
        let address = secret.address(issuer, account, short);
        Self {
            qr: qr::svg(address.expose(), title).map(Safe),
            secret: secret.text().expose().to_owned(),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "access/factor.html")]
struct FactorPage<'p> {
    d: DeskFrame<'p>,
    is_on: bool,
    /// How many recovery codes are left.
    left: String,
    steps: Option<Steps>,
    error: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "access/codes.html")]
struct CodesPage<'p> {
    d: DeskFrame<'p>,
    codes: Vec<String>,
}

pub(super) async fn page(desk: DeskTo<UseAccount>) -> Answer {
    shown(&desk, StatusCode::OK, None).await
}

async fn shown(desk: &Desk, status: StatusCode, error: Option<&str>) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let id = desk.member.id;
    let read = desk.read(move |tx, _| {
        let state = access::factor_state(tx, id)?;
        let left = access::recovery_codes_left(tx, id)?;
        Ok::<_, Error>((state, left, access::proposed_secret(tx, id)?))
    });
    let (state, left, secret) = read.await??;
    let words = desk.words();
    let names = (
        desk.catalog.organization.name.as_str(),
        desk.member.email.expose(),
        desk.slug.as_str(),
    );
    let page = FactorPage {
        d: desk.frame(&words.say("factor-title"), Section::Account),
        is_on: state == FactorState::On,
        left: words.with("recovery-left", args!["left" => left]),
        steps: secret.map(|secret| Steps::of(&secret, names, &words.say("factor-qr"))),
        error: error.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/account/factor/begin`: makes the secret.
pub(super) async fn begin(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let id = desk.member.id;
    let begun = desk.write(move |tx, _, _| {
        tx.keep_revision();
        access::propose_factor(tx, id)
    });
    match begun.await? {
        Ok(()) | Err(FactorError::Already) => Ok(here(&desk)),
        Err(error) => Err(problem(error)),
    }
}

fn here(desk: &Desk) -> Response {
    crate::page::see_other(&desk.url(HERE))
}

fn problem(error: FactorError) -> Problem {
    match error {
        FactorError::Store(error) => error.into(),
        error => Problem::conflict().because(&error),
    }
}

/// `POST /o/{org}/account/factor`: the first code, which turns it on. Every other session ends.
pub(super) async fn confirm(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let typed = form.get("code").unwrap_or_default().to_owned();
    let (id, session) = (desk.member.id, desk.session);
    let confirmed = desk.write(move |tx, _, _| {
        tx.keep_revision();
        access::confirm_factor(tx, id, &typed, Some(session))
    });
    match confirmed.await? {
        Ok(codes) => codes_shown(&desk, &codes),
        Err(FactorError::Wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            shown(&desk, status, Some("factor-code-wrong")).await
        }
        Err(FactorError::NotBegun | FactorError::Already) => {
            shown(&desk, StatusCode::CONFLICT, None).await
        }
        Err(error) => Err(problem(error)),
    }
}

fn codes_shown(desk: &Desk, codes: &[Secret]) -> Answer {
    let words = desk.words();
    let page = CodesPage {
        d: desk.frame(&words.say("recovery-title"), Section::Account),
        codes: codes.iter().map(|code| code.expose().to_owned()).collect(),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/account/factor/removal`. Every other session ends.
pub(super) async fn remove(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let (id, session) = (desk.member.id, desk.session);
    let removed = desk.write(move |tx, _, by| {
        tx.keep_revision();
        access::remove_factor(tx, by, id, Some(session))
    });
    removed.await??;
    Ok(desk.done("/account", "factor-off", None))
}

/// `POST /o/{org}/account/factor/codes`: new recovery codes; those before are dead.
pub(super) async fn make_codes(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let id = desk.member.id;
    let made = desk.write(move |tx, _, _| {
        tx.keep_revision();
        if access::factor_state(tx, id)? == FactorState::On {
            access::make_recovery_codes(tx, id).map(Some)
        } else {
            Ok::<_, Error>(None)
        }
    });
    match made.await?? {
        Some(codes) => codes_shown(&desk, &codes),
        None => Ok(here(&desk)),
    }
}
