//! `/o/{org}/account`: one's own name, language, password, passkeys, second factor and sessions.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::{PersonName, Secret};
use kept_base::page::Locale;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::passwords::{self, PasswordTrouble};
use super::proof::{self, Proof};
use super::sessions::{self, Line};
use crate::access::{self, FactorState, MemberError, PasswordHash};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::messaging::{self, Notice};
use crate::policy::rights::UseAccount;

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
    has_factor: bool,
    /// How many there are.
    passkeys: String,
    sessions: Vec<Line>,
    /// The provider, where members can come in by it.
    provider: Option<AtProvider>,
    name_error: Option<String>,
    password_error: Option<String>,
}

/// A member's account at the provider.
struct AtProvider {
    title: String,
    lead: String,
    is_linked: bool,
}

pub(super) async fn page(desk: DeskTo<UseAccount>) -> Answer {
    let name = desk.member.name.expose().to_owned();
    shown(&desk, StatusCode::OK, name, None, None).await
}

async fn shown(
    desk: &Desk,
    status: StatusCode,
    name: String,
    name_error: Option<String>,
    password_error: Option<String>,
) -> Answer {
    let words = desk.words();
    let (id, session) = (desk.member.id, desk.session);
    let read = desk.read(move |tx, _| {
        let passkeys = access::passkeys_of(tx, id)?.len();
        let factor = access::factor_state(tx, id)?;
        let provider = access::provider_door(tx)?;
        let is_linked = !access::identities_of(tx, id)?.is_empty();
        let provider = provider.map(|door| (door.name, is_linked));
        Ok::<_, Error>((factor, passkeys, access::sessions_of(tx, id)?, provider))
    });
    let (factor, passkeys, all, provider) = read.await??;
    let lines = all.iter().map(|entry| sessions::line(desk, entry, session));
    let page = AccountPage {
        has_factor: factor == FactorState::On,
        passkeys: words.with("passkeys-count", args!["count" => passkeys]),
        sessions: lines.collect(),
        provider: provider.map(|(name, is_linked)| at_provider(desk, &name, is_linked)),
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

fn at_provider(desk: &Desk, name: &str, is_linked: bool) -> AtProvider {
    let (words, named) = (desk.words(), args!["provider" => name]);
    let lead = if is_linked {
        "provider-is-linked"
    } else {
        "provider-not-linked"
    };
    AtProvider {
        title: name.to_owned(),
        lead: words.with(lead, named),
        is_linked,
    }
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
pub(super) async fn change(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let typed = form.get("name").unwrap_or_default().to_owned();
    let Ok(name) = PersonName::parse(&typed) else {
        let error = Some(desk.words().say("name-needed"));
        return shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed, error, None).await;
    };
    let locale = form.filled("locale").and_then(Locale::from_tag);
    let id = desk.member.id;
    let changed = desk.write(move |tx, _, by| access::change_account(tx, by, id, name, locale));
    let undo = changed
        .await?
        .map_err(|error| Problem::conflict().because(&error))?;
    Ok(desk.done("/account", "saved", Some(undo)))
}

/// `POST /o/{org}/account/password`: a new password, for whoever knows the present one. Every other
/// session ends.
pub(super) async fn change_password(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let hash = match checked(&desk, &form).await? {
        Ok(hash) => hash,
        Err(id) => {
            let name = desk.member.name.expose().to_owned();
            let error = Some(desk.words().say(id));
            let status = match id {
                TOO_OFTEN => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            return shown(&desk, status, name, None, error).await;
        }
    };
    let (id, session) = (desk.member.id, desk.session);
    let set = desk.write(move |tx, _, _| {
        access::set_password(tx, id, &hash)?;
        access::end_sessions(tx, id, Some(session))?;
        let token = access::prove_session(tx, session)?;
        messaging::notify(tx, Notice::NewPassword, id)?;
        Ok::<_, MemberError>(token)
    });
    let token = set
        .await?
        .map_err(|error| Problem::conflict().because(&error))?;
    let done = desk.done("/account", "password-set", None);
    Ok(desk.go_on_by(&token, done))
}

/// The hash of the new password, or the text that says what is wrong.
async fn checked(
    desk: &Desk,
    form: &Fields,
) -> Result<Result<PasswordHash, &'static str>, Problem> {
    let present = Secret::new(form.get("present").unwrap_or_default().to_owned());
    match proof::password(desk, present).await? {
        Proof::Given => {}
        Proof::Wrong => return Ok(Err("password-present-wrong")),
        Proof::TooOften => return Ok(Err(TOO_OFTEN)),
    }
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
