//! `/o/{org}/account`: one's own name, language and password.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::kit::{PersonName, Secret};
use kept_base::page::Locale;
use kept_base::problem::Problem;

use super::passwords::{self, PasswordTrouble};
use crate::access::attempts::Attempt;
use crate::access::{self, Member, MemberError, PasswordHash};
use crate::desk::{Answer, Desk, DeskFrame, Section};

/// The text that says that the present password was tried too often.
const TOO_OFTEN: &str = "password-often";

/// A language that can be chosen.
struct Language {
    tag: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "access/account.html")]
struct AccountPage<'p> {
    d: DeskFrame<'p>,
    name: String,
    email: String,
    role: String,
    languages: Vec<Language>,
    name_error: Option<String>,
    password_error: Option<String>,
}

pub(super) async fn page(desk: Desk) -> Answer {
    let name = desk.member.name.expose().to_owned();
    shown(&desk, StatusCode::OK, name, None, None)
}

fn shown(
    desk: &Desk,
    status: StatusCode,
    name: String,
    name_error: Option<String>,
    password_error: Option<String>,
) -> Answer {
    let words = desk.words();
    let page = AccountPage {
        d: desk.frame(&words.say("account"), Section::Account),
        name,
        email: desk.member.email.expose().to_owned(),
        role: words.say(&super::members::role_id(desk.member.role)),
        languages: languages(desk.locale()),
        name_error,
        password_error,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn languages(current: Locale) -> Vec<Language> {
    let all = Locale::ALL.iter().map(|&locale| Language {
        tag: locale.tag(),
        name: locale.endonym(),
        chosen: locale == current,
    });
    all.collect()
}

/// `POST /o/{org}/account`: name and language.
pub(super) async fn change(desk: Desk, Form(form): Form) -> Answer {
    let typed = form.get("name").unwrap_or_default().to_owned();
    let Ok(name) = PersonName::parse(&typed) else {
        let error = Some(desk.words().say("name-needed"));
        return shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed, error, None);
    };
    let locale = form.filled("locale").and_then(Locale::from_tag);
    let id = desk.member.id;
    let changed = desk.write(move |tx, _| {
        let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
        let locale = locale.map_or(before.locale.clone(), |locale| locale.tag().to_owned());
        let by = before.role;
        access::change_member(
            tx,
            by,
            &Member {
                name,
                locale,
                ..before
            },
        )
    });
    let undo = changed
        .await?
        .map_err(|error| Problem::conflict().because(&error))?;
    Ok(desk.done("/account", "saved", Some(undo)))
}

/// `POST /o/{org}/account/password`: a new password, for whoever knows the present one. Every other
/// session ends.
pub(super) async fn change_password(desk: Desk, Form(form): Form) -> Answer {
    let hash = match checked(&desk, &form).await? {
        Ok(hash) => hash,
        Err(id) => {
            let name = desk.member.name.expose().to_owned();
            let error = Some(desk.words().say(id));
            let status = match id {
                TOO_OFTEN => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            return shown(&desk, status, name, None, error);
        }
    };
    let (id, session) = (desk.member.id, desk.session);
    let set = desk.write(move |tx, _| {
        access::set_password(tx, id, &hash)?;
        access::end_sessions(tx, id, Some(session))?;
        Ok::<_, MemberError>(())
    });
    set.await?
        .map_err(|error| Problem::conflict().because(&error))?;
    Ok(desk.done("/account", "password-set", None))
}

/// The hash of the new password, or the text that says what is wrong.
async fn checked(
    desk: &Desk,
    form: &Fields,
) -> Result<Result<PasswordHash, &'static str>, Problem> {
    // A session that was left open is no way to guess the password at leisure: tries count together
    // with those at the door.
    let attempt = Attempt {
        organization: Some(desk.organization),
        account: desk.member.email.expose(),
        from: desk.from,
    };
    let now = desk.app.store.clock().now();
    let Some(begun) = desk.app.attempts.begin(attempt, now) else {
        return Ok(Err(TOO_OFTEN));
    };
    let present = Secret::new(form.get("present").unwrap_or_default().to_owned());
    let email = desk.member.email.clone();
    let known = desk
        .read(move |tx, _| access::sign_in_data(tx, &email))
        .await??;
    let hash = known.and_then(|(_, hash)| hash);
    let right = access::verify_password(present, hash).await;
    if !right.map_err(|error| Problem::busy().because(&error))? {
        begun.failed(now);
        return Ok(Err("password-present-wrong"));
    }
    begun.succeeded();
    let about = [
        desk.member.name.expose(),
        desk.member.email.expose(),
        desk.catalog.organization.name.as_str(),
    ];
    match passwords::read(&desk.app, form, &about).await {
        Ok(hash) => Ok(Ok(hash)),
        Err(PasswordTrouble::Text(id)) => Ok(Err(id)),
        Err(PasswordTrouble::Problem(problem)) => Err(problem),
    }
}
