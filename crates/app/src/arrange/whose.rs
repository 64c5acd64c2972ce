//! Whose hours a member may set: their own, those of a manager's team, everybody's.

use kept_base::problem::Problem;

use crate::access::Right;
use crate::desk::Desk;
use crate::ids::{LocationId, StaffId};
use crate::offering::StaffMember;
use crate::scheduling::staff::places_of;

/// Whose hours: those in the address for whoever may change them, else one's own.
pub(super) fn whose(desk: &Desk) -> Result<(StaffMember, String), Problem> {
    let named = desk.segment("id");
    let (id, base) = if named.is_empty() {
        let own = desk.member.staff;
        (own, "/hours".to_owned())
    } else {
        let id: Option<StaffId> = named.parse().ok();
        (id, format!("/staff/{named}/hours"))
    };
    let found = id.and_then(|id| desk.catalog.staff_member(id));
    let grant = desk.grant(Right::ChangeHours);
    let within = |member: &&StaffMember| {
        let places = places_of(&desk.catalog, member.id);
        (grant.as_ref())
            .is_some_and(|grant| grant.covers_staff(member.id, &places) || is_own(desk, member.id))
    };
    let member = found
        .filter(within)
        .cloned()
        .ok_or_else(Problem::not_found)?;
    Ok((member, base))
}

fn is_own(desk: &Desk, staff: StaffId) -> bool {
    desk.member.staff == Some(staff)
}

/// Whether hours of `member` may be set at these locations: a manager gives their own alone.
pub(super) fn may_be_at(
    desk: &Desk,
    member: StaffId,
    mut locations: impl Iterator<Item = LocationId>,
) -> bool {
    let grant = desk.grant(Right::ChangeHours);
    grant.is_some_and(|grant| {
        is_own(desk, member) || locations.all(|at| grant.covers(at, &[member]))
    })
}

/// Names of those whose hours a manager sets, and where.
pub(super) fn team(desk: &Desk) -> Vec<(String, String)> {
    let grant = desk.grant(Right::ChangeHours);
    // Whoever sets everybody's finds them among the staff.
    let Some(grant) = grant.filter(|grant| !grant.is_for_all()) else {
        return Vec::new();
    };
    let all = desk.catalog.staff.iter().filter(|member| {
        let places = places_of(&desk.catalog, member.id);
        !is_own(desk, member.id) && grant.covers_staff(member.id, &places)
    });
    all.map(|member| {
        let url = desk.url(&format!("/staff/{}/hours", member.id));
        (member.name.clone(), url)
    })
    .collect()
}
