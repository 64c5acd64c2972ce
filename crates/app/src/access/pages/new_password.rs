//! `/o/{org}/sign-in/password`: a new password, where the present one is too old.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Actor, Email, Secret};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::code::waiting;
use super::door::Door;
use super::passwords::{self, PasswordTrouble};
use super::sign_in;
use crate::access::{self, MemberError, PasswordHash, Stage};
use crate::desk::Answer;
use crate::messaging::{self, Notice};
use crate::page::Frame;

#[derive(askama::Template)]
#[template(path = "access/new_password.html")]
struct NewPasswordPage<'p> {
    f: Frame<'p>,
    action: String,
    email: String,
    error: Option<String>,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, None).await
}

async fn shown(door: &Door, status: StatusCode, error: Option<&str>) -> Answer {
    let Some((_, member)) = waiting(door, Stage::Password).await? else {
        return Ok(sign_in::begin_anew(door, "sign-in-over"));
    };
    let words = door.words();
    let page = NewPasswordPage {
        f: door.frame(&words.say("password-renew")),
        action: door.step("/sign-in/password"),
        email: member.email.expose().to_owned(),
        error: error.map(|id| words.say(id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn set(door: Door, Form(form): Form) -> Answer {
    let Some((token, member)) = waiting(&door, Stage::Password).await? else {
        return Ok(sign_in::begin_anew(&door, "sign-in-over"));
    };
    let typed = form.get("password").unwrap_or_default();
    if is_present(&door, &member.email, typed).await? {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&door, status, Some("password-same")).await;
    }
    let known = [
        member.name.expose(),
        member.email.expose(),
        door.settings.name.as_str(),
    ];
    let hash: PasswordHash = match passwords::read(&door.app, &form, &known).await {
        Ok(hash) => hash,
        Err(PasswordTrouble::Text(id)) => {
            return shown(&door, StatusCode::UNPROCESSABLE_ENTITY, Some(id)).await;
        }
        Err(PasswordTrouble::Problem(problem)) => return Err(problem),
    };
    let (id, browser) = (member.id, door.browser.clone());
    let verb = move |tx: &Tx<'_>| {
        let admitted = access::set_password_at_sign_in(tx, &token, &hash, &browser)?;
        messaging::notify(tx, Notice::NewPassword, id)?;
        Ok::<_, MemberError>(admitted)
    };
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb);
    match done.await {
        Ok(admitted) => Ok(sign_in::answer(&door, &admitted, None)),
        Err(MemberError::Unknown) => Ok(sign_in::begin_anew(&door, "sign-in-over")),
        Err(MemberError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::conflict().because(&error)),
    }
}

/// Whether it is the password that was too old.
async fn is_present(door: &Door, email: &Email, typed: &str) -> Result<bool, Problem> {
    let email = email.clone();
    let question = move |tx: &Tx<'_>| access::sign_in_data(tx, &email);
    let asked = door
        .app
        .store
        .read(door.organization, Actor::VISITOR, question);
    let hash = asked.await?.and_then(|(_, hash)| hash);
    let same = access::verify_password(Secret::new(typed.to_owned()), hash).await;
    same.map_err(|error| Problem::busy().because(&error))
}
