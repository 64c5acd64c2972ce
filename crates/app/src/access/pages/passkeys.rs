//! `/o/{org}/account/passkeys`: a member's own passkeys. Everything here asks for a proof first.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::passkey::{self, made, party, to_make};
use super::sessions;
use crate::access::{
    self, MAX_PASSKEY_NAME_CHARS, MAX_PASSKEYS, Party, Passkey, PasskeyError, passkey_name,
};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::PasskeyId;
use crate::policy::rights::UseAccount;

const HERE: &str = "/account/passkeys";

/// A passkey as the page shows it.
struct Line {
    id: String,
    name: String,
    about: String,
}

#[derive(askama::Template)]
#[template(path = "access/passkeys.html")]
struct PasskeysPage<'p> {
    d: DeskFrame<'p>,
    lines: Vec<Line>,
    /// What a new one is called unless something else is written.
    name: String,
    most_chars: usize,
    /// One more may be added, and the address is one at which browsers know passkeys.
    may_add: bool,
    trouble: Option<String>,
}

pub(super) async fn page(desk: DeskTo<UseAccount>) -> Answer {
    shown(&desk, StatusCode::OK, None).await
}

async fn shown(desk: &Desk, status: StatusCode, trouble: Option<&str>) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let (id, session) = (desk.member.id, desk.session);
    let read = desk.read(move |tx, _| {
        let sessions = access::sessions_of(tx, id)?;
        let this = sessions.into_iter().find(|entry| entry.id == session);
        Ok::<_, Error>((access::passkeys_of(tx, id)?, this))
    });
    let (passkeys, this) = read.await??;
    let words = desk.words();
    let device = this.map(|entry| sessions::line(desk, &entry, session).device);
    let page = PasskeysPage {
        d: desk
            .frame(&words.say("passkeys"), Section::Account)
            .script("passkey.js"),
        may_add: passkeys.len() < MAX_PASSKEYS && Party::of(&desk.app.base_url).is_some(),
        lines: passkeys.iter().map(|passkey| line(desk, passkey)).collect(),
        name: device.unwrap_or_default(),
        most_chars: MAX_PASSKEY_NAME_CHARS,
        trouble: trouble.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn line(desk: &Desk, passkey: &Passkey) -> Line {
    let words = desk.words();
    let at = |instant| when::date_time(desk.locale(), instant, &desk.catalog.zone);
    let made = at(passkey.made_at);
    let times = match passkey.used_at {
        Some(used) => words.with("passkey-times", args!["made" => &made, "used" => &at(used)]),
        None => words.with("passkey-unused", args!["made" => &made]),
    };
    let kind = if passkey.may_be_copied {
        "passkey-copied"
    } else {
        "passkey-one-device"
    };
    Line {
        id: passkey.id.to_string(),
        name: passkey.name.clone(),
        about: format!("{times} · {}", words.say(kind)),
    }
}

fn passkey_id(desk: &Desk) -> Result<PasskeyId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

/// Shows the page again with what is wrong.
async fn refused(desk: &Desk, error: PasskeyError) -> Answer {
    let (status, text) = match error {
        PasskeyError::Unknown => return Err(Problem::not_found()),
        PasskeyError::Store(error) => return Err(error.into()),
        PasskeyError::TooMany => (StatusCode::CONFLICT, "passkey-too-many"),
        PasskeyError::LastWay => (StatusCode::CONFLICT, "passkey-last-way"),
        PasskeyError::Name => (StatusCode::UNPROCESSABLE_ENTITY, "passkey-name-wrong"),
        PasskeyError::Refused(_) => (StatusCode::UNPROCESSABLE_ENTITY, "passkey-not-added"),
    };
    shown(desk, status, Some(text)).await
}

/// `POST /o/{org}/account/passkeys/begin`: what a browser makes a passkey with.
pub(super) async fn begin(desk: DeskTo<UseAccount>) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    party(&desk.app)?;
    let (id, session) = (desk.member.id, desk.session);
    let begun = desk.write(move |tx, _, by| access::propose_passkey(tx, by, id, session));
    match begun.await? {
        Ok(wanted) => {
            let whose = (desk.member.email.expose(), desk.member.name.expose());
            to_make(&desk.app, &wanted, &desk.catalog.organization.name, whose)
        }
        Err(PasskeyError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::conflict().because(&error)),
    }
}

/// `POST /o/{org}/account/passkeys`: a passkey that was made.
pub(super) async fn add(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let party = party(&desk.app)?;
    let Some(name) = passkey_name(form.get("name").unwrap_or_default()) else {
        return refused(&desk, PasskeyError::Name).await;
    };
    let Some(made) = made(&form) else {
        let malformed = PasskeyError::Refused(access::Refusal::Malformed);
        return refused(&desk, malformed).await;
    };
    let (id, session) = (desk.member.id, desk.session);
    let added = desk
        .write(move |tx, _, by| access::add_passkey(tx, by, id, session, (&made, &party), &name));
    match added.await?? {
        Ok(_) => Ok(desk.done(HERE, "passkey-added", None)),
        Err(error) => refused(&desk, error).await,
    }
}

/// `POST /o/{org}/account/passkeys/{id}/name`.
pub(super) async fn rename(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let id = passkey_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let typed = form.get("name").unwrap_or_default().to_owned();
    let member = desk.member.id;
    let renamed = desk.write(move |tx, _, by| access::rename_passkey(tx, by, member, id, &typed));
    match renamed.await? {
        Ok(undo) => Ok(desk.done(HERE, "saved", Some(undo))),
        Err(error) => refused(&desk, error).await,
    }
}

/// `POST /o/{org}/account/passkeys/{id}/removal`. Every other session ends.
pub(super) async fn remove(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    let id = passkey_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let (member, session) = (desk.member.id, desk.session);
    let removed = desk.write(move |tx, _, by| access::remove_passkey(tx, by, member, id, session));
    match removed.await? {
        Ok(()) => Ok(desk.done("/account", "passkey-removed", None)),
        Err(error) => refused(&desk, error).await,
    }
}

/// `POST /o/{org}/account/proof/passkey/begin`: what one of the member's passkeys is to sign.
pub(super) async fn ask_for_proof(desk: DeskTo<UseAccount>) -> Answer {
    party(&desk.app)?;
    let (id, session) = (desk.member.id, desk.session);
    let asked = desk.write(move |tx, _, by| access::ask_for_proof(tx, by, id, session));
    let (challenge, credentials) = asked.await??;
    passkey::to_use(&desk.app, &challenge, &credentials)
}
