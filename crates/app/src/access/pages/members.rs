//! `/o/{org}/members`: who has an account, in which role; inviting, suspending, letting go.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Email, PersonName, Token};
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{self, Member, MemberError, NewMember, Role};
use crate::desk::{Answer, Desk, DeskFrame, Section};
use crate::ids::{MemberId, UndoId};
use crate::messaging::{self, Notice};

/// A member as the page shows one.
struct Row {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    role_text: String,
    url: Option<String>,
    state: &'static str,
    state_text: String,
    has_factor: bool,
    is_me: bool,
}

/// A role that can be chosen.
pub(super) struct RoleChoice {
    pub code: &'static str,
    pub text: String,
    pub about: String,
    pub chosen: bool,
}

/// The name of a role among the texts.
pub(super) fn role_id(role: Role) -> String {
    format!("role-{}", role.code().replace('_', "-"))
}

/// The roles that this member can give.
pub(super) fn role_choices(desk: &Desk, chosen: Role) -> Vec<RoleChoice> {
    let words = desk.words();
    let given = Role::ALL.into_iter().filter(|role| can_give(desk, *role));
    given
        .map(|role| {
            let id = role_id(role);
            RoleChoice {
                code: role.code(),
                text: words.say(&id),
                about: words.say(&format!("{id}.about")),
                chosen: role == chosen,
            }
        })
        .collect()
}

#[derive(askama::Template)]
#[template(path = "access/members.html")]
struct MembersPage<'p> {
    d: DeskFrame<'p>,
    rows: Vec<Row>,
    is_owner: bool,
    roles: Vec<RoleChoice>,
    /// An invitation that was just made: its address, shown this once.
    link: Option<String>,
    name: String,
    email: String,
    trouble: Option<String>,
}

/// What was typed into the invitation.
#[derive(Default)]
struct Typed {
    name: String,
    email: String,
    role: Option<Role>,
    trouble: Option<&'static str>,
    link: Option<String>,
}

pub(super) async fn page(desk: Desk) -> Answer {
    shown(&desk, StatusCode::OK, Typed::default()).await
}

async fn shown(desk: &Desk, status: StatusCode, typed: Typed) -> Answer {
    let words = desk.words();
    let read =
        desk.read(|tx, _| Ok::<_, Error>((access::members(tx)?, access::members_with_factor(tx)?)));
    let (members, with_factor) = read.await??;
    let row = |member: Member| Row {
        id: member.id.to_string(),
        name: member.name.expose().to_owned(),
        email: member.email.expose().to_owned(),
        role: member.role.code(),
        role_text: words.say(&role_id(member.role)),
        url: (member.id != desk.member.id && can_give(desk, member.role))
            .then(|| desk.url(&format!("/members/{}", member.id))),
        state: member.state.code(),
        state_text: words.say(&format!("member-{}", member.state.code())),
        has_factor: with_factor.contains(&member.id),
        is_me: member.id == desk.member.id,
    };
    let page = MembersPage {
        d: desk.frame(&words.say("members"), Section::Settings),
        rows: members.into_iter().map(row).collect(),
        is_owner: desk.member.role == Role::Owner,
        roles: role_choices(desk, typed.role.unwrap_or(Role::FrontDesk)),
        link: typed.link,
        name: typed.name,
        email: typed.email,
        trouble: typed.trouble.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

pub(super) fn can_give(desk: &Desk, role: Role) -> bool {
    role != Role::Owner || desk.member.role == Role::Owner
}

/// `POST /o/{org}/members`: makes somebody a member who has yet to join, and writes to them.
pub(super) async fn invite(desk: Desk, Form(form): Form) -> Answer {
    let mut typed = Typed {
        name: form.get("name").unwrap_or_default().to_owned(),
        email: form.get("email").unwrap_or_default().to_owned(),
        role: form.filled("role").and_then(Role::from_code),
        ..Typed::default()
    };
    let (Ok(name), Ok(email)) = (PersonName::parse(&typed.name), Email::parse(&typed.email)) else {
        typed.trouble = Some("member-wrong");
        return shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
    };
    let role = typed
        .role
        .filter(|role| can_give(&desk, *role))
        .unwrap_or(Role::FrontDesk);
    if role == Role::Owner
        && let Some(proof) = desk.wants_proof("/members").await?
    {
        return Ok(proof);
    }
    let new = NewMember {
        name,
        email,
        role,
        staff: None,
        locale: desk.locale().tag().to_owned(),
    };
    let author = desk.member.id;
    let made = desk.write(move |tx, _| {
        if new.role == Role::Owner && access::role_of(tx, author)? != Role::Owner {
            return Err(MemberError::OwnersOnly);
        }
        let id = access::add_member(tx, &new)?;
        messaging::notify(tx, Notice::Join, id)?;
        Ok::<_, MemberError>(())
    });
    match made.await? {
        Ok(()) => Ok(desk.done("/members", "invited", None)),
        Err(MemberError::Taken) => {
            typed.trouble = Some("member-taken");
            shown(&desk, StatusCode::CONFLICT, typed).await
        }
        Err(error) => Err(problem(error)),
    }
}

fn link(desk: &Desk, token: &Token) -> String {
    format!(
        "{}{}",
        desk.app.base_url,
        desk.url(&format!("/join/{}", token.expose()))
    )
}

/// `POST /o/{org}/members/{id}/link`: an invitation to hand over, where mail does not reach; the one
/// before is dead.
pub(super) async fn invite_again(desk: Desk) -> Answer {
    let id = member_id(&desk)?;
    let author = desk.member.id;
    let made = desk.write(move |tx, _| {
        let by = access::role_of(tx, author)?;
        access::invite_again(tx, by, id)
    });
    let token = match made.await? {
        Ok(token) => token,
        Err(error) => return answer(&desk, Err(error)).await,
    };
    let link = Some(link(&desk, &token));
    shown(
        &desk,
        StatusCode::OK,
        Typed {
            link,
            ..Typed::default()
        },
    )
    .await
}

/// `POST /o/{org}/members/{id}/removal`: lets a member go.
pub(super) async fn remove(desk: Desk) -> Answer {
    let id = member_id(&desk)?;
    let author = desk.member.id;
    let removed = desk.write(move |tx, _| {
        let by = access::role_of(tx, author)?;
        access::remove_member(tx, by, id)
    });
    answer(&desk, removed.await?.map(|()| None)).await
}

pub(super) async fn answer(desk: &Desk, done: Result<Option<UndoId>, MemberError>) -> Answer {
    let refused = |text| Typed {
        trouble: Some(text),
        ..Typed::default()
    };
    match done {
        Ok(undo) => Ok(desk.done("/members", "saved", undo)),
        Err(MemberError::LastOwner) => {
            shown(desk, StatusCode::CONFLICT, refused("member-last-owner")).await
        }
        Err(MemberError::OwnersOnly) => {
            shown(desk, StatusCode::CONFLICT, refused("member-owners-only")).await
        }
        Err(error) => Err(problem(error)),
    }
}

pub(super) fn member_id(desk: &Desk) -> Result<MemberId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

pub(super) fn problem(error: MemberError) -> Problem {
    match error {
        MemberError::Unknown => Problem::not_found(),
        MemberError::Store(error) => error.into(),
        error => Problem::conflict().because(&error),
    }
}
