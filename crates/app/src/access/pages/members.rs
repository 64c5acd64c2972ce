//! `/o/{org}/members`: who has an account, in which role; inviting, suspending, letting go.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Email, PersonName, Token};
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{self, Member, MemberError, NewMember, Role};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{MemberId, UndoId};
use crate::policy::rights::ManageMembers;

/// A member as the page shows one.
struct Row {
    id: String,
    name: String,
    email: String,
    role_text: String,
    url: Option<String>,
    state: &'static str,
    state_text: String,
    has_factor: bool,
    is_me: bool,
    /// Owners are changed by owners, and nobody changes themselves here.
    can_change: bool,
    /// Whether a link may be handed over with which they join.
    can_give: bool,
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

pub(super) async fn page(desk: DeskTo<ManageMembers>) -> Answer {
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
        role_text: words.say(&role_id(member.role)),
        url: (member.id != desk.member.id && can_change(desk, member.role))
            .then(|| desk.url(&format!("/members/{}", member.id))),
        state: member.state.code(),
        state_text: words.say(&format!("member-{}", member.state.code())),
        has_factor: with_factor.contains(&member.id),
        is_me: member.id == desk.member.id,
        can_change: member.id != desk.member.id && can_change(desk, member.role),
        can_give: can_give(desk, member.role),
    };
    let page = MembersPage {
        d: desk.frame(&words.say("members"), Section::Settings),
        rows: members.into_iter().map(row).collect(),
        roles: role_choices(desk, typed.role.unwrap_or(Role::FrontDesk)),
        link: typed.link,
        name: typed.name,
        email: typed.email,
        trouble: typed.trouble.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// Whether the member may make somebody that: nobody gives more than they have.
pub(super) fn can_give(desk: &Desk, role: Role) -> bool {
    desk.grants().may_give(role)
}

/// Whether the member may change somebody who is that: owners are changed by owners.
pub(super) fn can_change(desk: &Desk, role: Role) -> bool {
    role != Role::Owner || desk.member.role == Role::Owner
}

/// `POST /o/{org}/members`: makes somebody a member who has yet to join, and writes to them.
pub(super) async fn invite(desk: DeskTo<ManageMembers>, Form(form): Form) -> Answer {
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
    let Some(role) = typed.role else {
        typed.trouble = Some("member-role-wrong");
        return shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
    };
    if let Some(proof) = desk.wants_proof("/members").await? {
        return Ok(proof);
    }
    let new = NewMember {
        name,
        email,
        role,
        staff: None,
        locale: desk.locale().tag().to_owned(),
    };
    let made = desk.write(move |tx, _, by| access::invite(tx, by, &new));
    match made.await? {
        Ok(_) => Ok(desk.done("/members", "invited", None)),
        Err(error) => {
            typed.trouble = Some(reason(&error).ok_or_else(|| problem(error))?);
            shown(&desk, StatusCode::CONFLICT, typed).await
        }
    }
}

/// What a page says of a change that is refused; none where a problem page says it.
fn reason(error: &MemberError) -> Option<&'static str> {
    match error {
        MemberError::Taken => Some("member-taken"),
        MemberError::LastOwner => Some("member-last-owner"),
        MemberError::OwnersOnly => Some("member-owners-only"),
        MemberError::Beyond => Some("member-beyond"),
        MemberError::TooMany => Some("member-too-many"),
        MemberError::Unknown
        | MemberError::Changed
        | MemberError::Locations
        | MemberError::Store(_) => None,
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
pub(super) async fn invite_again(desk: DeskTo<ManageMembers>) -> Answer {
    let id = member_id(&desk)?;
    if let Some(proof) = desk.wants_proof("/members").await? {
        return Ok(proof);
    }
    let made = desk.write(move |tx, _, by| access::invite_again(tx, by, id));
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
pub(super) async fn remove(desk: DeskTo<ManageMembers>) -> Answer {
    let id = member_id(&desk)?;
    let removed = desk.write(move |tx, _, by| access::remove_member(tx, by, id));
    answer(&desk, removed.await?.map(|()| None)).await
}

pub(super) async fn answer(desk: &Desk, done: Result<Option<UndoId>, MemberError>) -> Answer {
    let error = match done {
        Ok(undo) => return Ok(desk.done("/members", "saved", undo)),
        Err(error) => error,
    };
    let refused = Typed {
        trouble: Some(reason(&error).ok_or_else(|| problem(error))?),
        ..Typed::default()
    };
    shown(desk, StatusCode::CONFLICT, refused).await
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
