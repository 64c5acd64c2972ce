//! `/o/{org}/join/{token}`, `/o/{org}/own/{token}` and `/o/{org}/reset/{token}`: links by which
//! somebody joins as invited, becomes the first owner, or sets a new password.

use std::net::IpAddr;

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Actor, Email, PersonName, Token};
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::door::Door;
use super::passwords::{self, PasswordTrouble};
use super::{outside, sign_in};
use crate::access::{
    self, Browser, LinkPurpose, Member, MemberError, MemberState, NewMember, PasswordHash, Role,
    Standpoint,
};
use crate::desk::Answer;
use crate::ids::MemberId;
use crate::messaging::{self, Notice};
use crate::page::Frame;

#[derive(askama::Template)]
#[template(path = "access/join.html")]
struct JoinPage<'p> {
    f: Frame<'p>,
    action: String,
    heading: String,
    /// The name can be written; otherwise only the password.
    name: Option<String>,
    /// The address is asked for; otherwise it is known and shown.
    asks_email: bool,
    email: String,
    name_error: Option<String>,
    email_error: Option<String>,
    password_error: Option<String>,
}

/// What is wrong with the form, by input: the ids of texts.
#[derive(Default)]
struct Errors {
    name: Option<&'static str>,
    email: Option<&'static str>,
    password: Option<&'static str>,
}

/// A link that works, and whose it is.
#[derive(Clone)]
struct Opened {
    purpose: LinkPurpose,
    token: Token,
    member: Option<Member>,
    /// From where nobody with their role comes in.
    is_outside: bool,
}

impl Opened {
    fn role(&self) -> Role {
        // Whoever sets an organization up becomes its owner.
        self.member.as_ref().map_or(Role::Owner, |one| one.role)
    }
}

pub(super) async fn join_page(door: Door) -> Answer {
    page(&door, LinkPurpose::Join).await
}

pub(super) async fn own_page(door: Door) -> Answer {
    page(&door, LinkPurpose::SetUp).await
}

pub(super) async fn reset_page(door: Door) -> Answer {
    page(&door, LinkPurpose::Reset).await
}

pub(super) async fn join(door: Door, Form(form): Form) -> Answer {
    set(&door, LinkPurpose::Join, &form).await
}

pub(super) async fn own(door: Door, Form(form): Form) -> Answer {
    set(&door, LinkPurpose::SetUp, &form).await
}

pub(super) async fn reset(door: Door, Form(form): Form) -> Answer {
    set(&door, LinkPurpose::Reset, &form).await
}

async fn page(door: &Door, purpose: LinkPurpose) -> Answer {
    let opened = open(door, purpose).await?;
    if opened.is_outside {
        return outside::told(door, opened.role());
    }
    let member = opened.member.as_ref();
    let name = member.map_or("", |member| member.name.expose()).to_owned();
    shown(door, &opened, name, String::new(), &Errors::default())
}

/// 404 for a link that is unknown, used or too old.
async fn open(door: &Door, purpose: LinkPurpose) -> Result<Opened, Problem> {
    let token = Token::presented(door.segment("token")).ok_or_else(Problem::not_found)?;
    let (presented, from) = (token.clone(), door.from);
    let question = move |tx: &Tx<'_>| {
        let member = match access::open_link(tx, purpose, &presented)? {
            None => None,
            Some(None) => Some(None),
            Some(Some(id)) => awaited(tx, id)?.map(Some),
        };
        let Some(member) = member else {
            return Ok::<_, Error>(None);
        };
        let mut opened = Opened {
            purpose,
            token: presented,
            member,
            is_outside: false,
        };
        opened.is_outside = !access::is_let_in(tx, standpoint(opened.role(), from))?;
        Ok(Some(opened))
    };
    let store = &door.app.store;
    let found = store.read(door.organization, Actor::VISITOR, question);
    found.await?.ok_or_else(Problem::not_found)
}

/// The member that a link is of: whoever was suspended since comes in by none.
fn awaited(tx: &Tx<'_>, id: MemberId) -> Result<Option<Member>, Error> {
    Ok(access::member(tx, id)?.filter(|member| member.state != MemberState::Suspended))
}

fn standpoint(role: Role, from: Option<IpAddr>) -> Standpoint {
    Standpoint {
        role: Some(role),
        from,
    }
}

fn shown(door: &Door, opened: &Opened, name: String, email: String, errors: &Errors) -> Answer {
    let words = door.words();
    let purpose = opened.purpose.code();
    let say = |id: Option<&'static str>| id.map(|id| words.say(id));
    let path = match opened.purpose {
        LinkPurpose::Join => "join",
        LinkPurpose::SetUp => "own",
        LinkPurpose::Reset => "reset",
        LinkPurpose::Pass => "pass",
        LinkPurpose::Address => "address",
    };
    let heading = words.say(&format!("link-{}", purpose.replace('_', "-")));
    let known = opened
        .member
        .as_ref()
        .map(|member| member.email.expose().to_owned());
    let page = JoinPage {
        f: door.frame(&heading),
        action: door.url(&format!(
            "/{path}/{}?lang={}",
            opened.token.expose(),
            door.locale
        )),
        heading,
        name: (opened.purpose != LinkPurpose::Reset).then_some(name),
        asks_email: known.is_none(),
        email: known.unwrap_or(email),
        name_error: say(errors.name),
        email_error: say(errors.email),
        password_error: say(errors.password),
    };
    let wrong = errors.name.or(errors.email).or(errors.password).is_some();
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

async fn set(door: &Door, purpose: LinkPurpose, form: &Fields) -> Answer {
    let opened = open(door, purpose).await?;
    if opened.is_outside {
        return outside::told(door, opened.role());
    }
    let typed_name = form.get("name").unwrap_or_default().to_owned();
    let typed_email = form.get("email").unwrap_or_default().to_owned();
    let mut errors = Errors::default();
    let name = match (&opened.member, purpose) {
        (Some(member), LinkPurpose::Reset) => Some(member.name.clone()),
        _ => PersonName::parse(&typed_name).ok(),
    };
    if name.is_none() {
        errors.name = Some("name-needed");
    }
    let email = match &opened.member {
        Some(member) => Some(member.email.clone()),
        None => Email::parse(&typed_email).ok(),
    };
    if email.is_none() {
        errors.email = Some("setup-email-wrong");
    }
    let known = [
        name.as_ref()
            .map_or(typed_name.as_str(), PersonName::expose),
        email.as_ref().map_or("", Email::expose),
        door.settings.name.as_str(),
    ];
    let hash = match passwords::read(&door.app, form, &known).await {
        Ok(hash) => Some(hash),
        Err(PasswordTrouble::Text(id)) => {
            errors.password = Some(id);
            None
        }
        Err(PasswordTrouble::Problem(problem)) => return Err(problem),
    };
    let (Some(name), Some(email), Some(hash)) = (name, email, hash) else {
        return shown(door, &opened, typed_name, typed_email, &errors);
    };
    let next = (purpose == LinkPurpose::SetUp).then(|| door.url("/set-up"));
    let member = settle(door, opened, (name, email), hash.clone()).await?;
    // The link proves who reads the member's mail, and no more: a second factor is asked for as ever.
    let browser = Browser {
        is_told: purpose == LinkPurpose::Reset,
        ..door.browser.clone()
    };
    match sign_in::admitted(door, (member.id, hash), &browser).await? {
        Some(admitted) => Ok(sign_in::answer(door, &admitted, next.as_deref())),
        None => Ok(sign_in::begin_anew(door, "sign-in-over")),
    }
}

/// Uses the link up, in the transaction of its effect. Sessions from before end.
async fn settle(
    door: &Door,
    opened: Opened,
    (name, email): (PersonName, Email),
    hash: PasswordHash,
) -> Result<Member, Problem> {
    let (locale, from) = (door.locale.tag().to_owned(), door.from);
    let verb = move |tx: &Tx<'_>| {
        let found = access::open_link(tx, opened.purpose, &opened.token)?;
        let found = found.ok_or(MemberError::Unknown)?;
        if !access::is_let_in(tx, standpoint(opened.role(), from))? {
            return Err(MemberError::Unknown);
        }
        access::use_link(tx, opened.purpose, &opened.token)?;
        let id = match found {
            Some(id) => {
                awaited(tx, id)?.ok_or(MemberError::Unknown)?;
                tx.recognize(Actor::member(id));
                id
            }
            None => {
                let new = NewMember {
                    name: name.clone(),
                    email,
                    role: Role::Owner,
                    staff: None,
                    locale,
                };
                access::add_member(tx, &new)?
            }
        };
        access::set_password(tx, id, &hash)?;
        access::end_sessions(tx, id, None)?;
        if opened.purpose == LinkPurpose::Reset {
            messaging::notify(tx, Notice::NewPassword, id)?;
        }
        access::rename_member(tx, id, &name)?;
        access::member(tx, id)?.ok_or(MemberError::Unknown)
    };
    let done = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb)
        .await;
    done.map_err(|error| match error {
        MemberError::Unknown => Problem::not_found(),
        MemberError::Store(error) => error.into(),
        error => Problem::conflict().because(&error),
    })
}
