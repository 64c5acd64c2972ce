//! `/o/{org}/members/{id}`: what one member may do, where, and as whom they serve.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::members::{RoleChoice, can_change, member_id, role_choices};
use crate::access::{self, MAX_MEMBER_LOCATIONS, Member, MemberError, MemberState, Role};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{LocationId, StaffId};
use crate::messaging::{self, Notice};
use crate::policy::rights::ManageMembers;

/// Something that can be chosen.
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "access/member.html")]
struct MemberPage<'p> {
    d: DeskFrame<'p>,
    title: String,
    email: String,
    roles: Vec<RoleChoice>,
    locations: Vec<Choice>,
    staff: Vec<Choice>,
    serves_nobody: bool,
    /// Where the form goes that takes the link with the provider off, where there is one.
    unlink_url: Option<String>,
    trouble: Option<String>,
}

/// What a form changes of a member; what is absent stays.
#[derive(Clone, Default)]
struct Wanted {
    role: Option<Role>,
    suspend: Option<bool>,
    /// Locations, and as whom they serve: from the page that shows both.
    placed: Option<(Vec<LocationId>, Option<StaffId>)>,
}

pub(super) async fn page(desk: DeskTo<ManageMembers>) -> Answer {
    shown(&desk, StatusCode::OK, None).await
}

async fn shown(desk: &Desk, status: StatusCode, trouble: Option<&str>) -> Answer {
    let id = member_id(desk)?;
    let read = desk.read(move |tx, _| {
        let is_linked = !access::identities_of(tx, id)?.is_empty();
        Ok::<_, Error>((access::member(tx, id)?, is_linked))
    });
    let (member, is_linked) = read.await??;
    let member = member.ok_or_else(Problem::not_found)?;
    if !can_change(desk, member.role) {
        return Err(Problem::forbidden());
    }
    let words = desk.words();
    let name = member.name.expose();
    let title = words.with("member-change", args!["name" => name]);
    let locations = desk.catalog.locations.iter().map(|location| Choice {
        id: location.id.to_string(),
        name: location.name.clone(),
        chosen: member.locations.contains(&location.id),
    });
    let staff = desk.catalog.staff.iter().map(|one| Choice {
        id: one.id.to_string(),
        name: one.name.clone(),
        chosen: member.staff == Some(one.id),
    });
    let page = MemberPage {
        email: member.email.expose().to_owned(),
        roles: role_choices(desk, member.role),
        locations: locations.collect(),
        staff: staff.collect(),
        serves_nobody: member.staff.is_none(),
        unlink_url: is_linked.then(|| desk.url(&format!("/members/{id}/provider-removal"))),
        trouble: trouble.map(|id| words.say(id)),
        d: desk.frame(&title, Section::Settings),
        title,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/members/{id}`: another role, other locations, suspended or not.
pub(super) async fn change(desk: DeskTo<ManageMembers>, Form(form): Form) -> Answer {
    let id = member_id(&desk)?;
    let Some(wanted) = read(&desk, &form) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&desk, status, Some("member-locations-wrong")).await;
    };
    // Taking something away needs none: who is at an open screen could not stay by it.
    let gives = wanted.role.is_some() || wanted.placed.is_some() || wanted.suspend == Some(false);
    if gives && let Some(proof) = desk.wants_proof("/members").await? {
        return Ok(proof);
    }
    let changed = desk.write(move |tx, _, by| {
        let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
        let changed = apply(&before, wanted);
        let promoted = changed.role == Role::Owner && before.role != changed.role;
        let undo = access::change_member(tx, by, &changed)?;
        if promoted && changed.state == MemberState::Invited {
            // The link they had is dead: here is one that nobody else holds.
            messaging::notify(tx, Notice::Join, id)?;
        }
        Ok(undo)
    });
    super::members::answer(&desk, changed.await?.map(Some)).await
}

fn apply(before: &Member, wanted: Wanted) -> Member {
    let state = match (before.state, wanted.suspend) {
        (MemberState::Active, Some(true)) => MemberState::Suspended,
        (MemberState::Suspended, Some(false)) => MemberState::Active,
        (state, _) => state,
    };
    let placed = (before.locations.clone(), before.staff);
    let (locations, staff) = wanted.placed.unwrap_or(placed);
    Member {
        role: wanted.role.unwrap_or(before.role),
        state,
        locations,
        staff,
        ..before.clone()
    }
}

/// None for locations or staff that are not there.
fn read(desk: &Desk, form: &Fields) -> Option<Wanted> {
    let placed = if form.get("placed").is_some() {
        let ids: Option<Vec<LocationId>> = form
            .get_all("location")
            .map(|id| {
                let id = id.parse().ok()?;
                desk.catalog.location(id).map(|location| location.id)
            })
            .collect();
        let mut ids = ids.filter(|ids| ids.len() <= MAX_MEMBER_LOCATIONS)?;
        ids.sort_unstable();
        ids.dedup();
        let staff = match form.filled("staff") {
            Some(id) => Some(desk.catalog.staff_member(id.parse().ok()?)?.id),
            None => None,
        };
        Some((ids, staff))
    } else {
        None
    };
    Some(Wanted {
        role: form.filled("role").and_then(Role::from_code),
        suspend: form
            .filled("state")
            .map(|state| state == MemberState::Suspended.code()),
        placed,
    })
}
