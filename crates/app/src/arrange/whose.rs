//! Whose hours a member may set: their own, those of a manager's team, everybody's.

use kept_base::problem::Problem;
use kept_base::store::Tx;

use crate::access::{self, Right};
use crate::desk::Desk;
use crate::ids::{LocationId, MemberId, StaffId};
use crate::offering::{Catalog, OfferingError, StaffMember};
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

/// The same, asked in the transaction that changes hours of `staff`: whoever lost a location or a role
/// meanwhile changes nothing. `author` is `None` for an operator on a grant, whose terms are asked with
/// each change anyway.
///
/// # Errors
/// [`OfferingError::Unknown`], as for what is not there; those of the store.
pub(super) fn check(
    tx: &Tx<'_>,
    catalog: &Catalog,
    author: Option<MemberId>,
    staff: StaffId,
    locations: &[LocationId],
) -> Result<(), OfferingError> {
    let Some(author) = author else {
        return Ok(());
    };
    let member = access::member(tx, author)?;
    let is_own = member.is_some_and(|member| member.staff == Some(staff));
    let grants = access::grants_of(tx, author)?;
    let grant = grants.and_then(|grants| grants.grant(Right::ChangeHours));
    let may = grant.is_some_and(|grant| {
        is_own
            || grant.covers_staff(staff, &places_of(catalog, staff))
                && locations.iter().all(|at| grant.covers(*at, &[staff]))
    });
    if may {
        Ok(())
    } else {
        Err(OfferingError::Unknown)
    }
}

/// Who is asked for by [`check`].
pub(super) fn author(desk: &Desk) -> Option<MemberId> {
    (!desk.is_on_grant()).then_some(desk.member.id)
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
