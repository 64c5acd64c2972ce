//! How far the right of a member reaches in the calendar.

use super::{Block, Resource, StaffError};
use crate::access::Grant;
use crate::ids::{LocationId, StaffId};
use crate::offering::Catalog;
use crate::scheduling::Appointment;

/// Refuses what is beyond the reach of `by`.
pub(super) fn within(by: &Grant, appointment: &Appointment) -> Result<(), StaffError> {
    if by.covers(appointment.location, &appointment.staff) {
        Ok(())
    } else {
        Err(StaffError::Beyond)
    }
}

/// Refuses time of which a part is beyond the reach of `by`.
pub(super) fn all_within(by: &Grant, catalog: &Catalog, block: &Block) -> Result<(), StaffError> {
    let mut all = block.resources.iter().filter_map(|id| Resource::parse(id));
    if by.is_for_all() || all.all(|resource| reaches(by, catalog, resource)) {
        Ok(())
    } else {
        Err(StaffError::Beyond)
    }
}

/// Whether time of `resource` may be taken or given free: of somebody who works elsewhere too, only
/// by whom all of it concerns.
fn reaches(by: &Grant, catalog: &Catalog, resource: Resource) -> bool {
    match resource {
        Resource::Staff(id) => by.covers_staff(id, &places_of(catalog, id)),
        Resource::Room(id) => (catalog.room(id))
            .and_then(|room| catalog.locations.get(room.location))
            .is_some_and(|location| by.covers_location(location.id)),
    }
}

/// Whether any of this reserved time concerns whoever has `by`.
#[must_use]
pub fn concerns(by: &Grant, catalog: &Catalog, block: &Block) -> bool {
    let mut all = block.resources.iter().filter_map(|id| Resource::parse(id));
    all.any(|resource| match resource {
        Resource::Staff(id) => {
            let mut places = places_of(catalog, id).into_iter();
            places.any(|place| by.covers(place, &[id])) || by.covers_staff(id, &[])
        }
        Resource::Room(_) => reaches(by, catalog, resource),
    })
}

/// Where somebody works, by all of their hours.
#[must_use]
pub fn places_of(catalog: &Catalog, staff: StaffId) -> Vec<LocationId> {
    let Some(member) = catalog.staff_member(staff) else {
        return Vec::new();
    };
    let of_services = member.service_hours.iter().map(|(_, hours)| hours);
    let mut places: Vec<LocationId> = std::iter::once(&member.hours)
        .chain(of_services)
        .flat_map(|hours| {
            let weekly = hours.weekly.iter().map(|one| one.span);
            let days = hours.overrides.iter().flat_map(|day| day.spans.iter());
            weekly.chain(days.copied())
        })
        .filter_map(|span| catalog.locations.get(usize::from(span.place)))
        .map(|location| location.id)
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}
