//! What a catalog says about where and when a service is given. Pure.

use jiff::civil::{Date, Weekday};
use kept_slots::{Hours, Staffing};

use crate::ids::StaffId;
use crate::offering::{Catalog, Service};

/// Who could serve: the wanted member, or everybody when nobody (or nobody known) is wanted.
fn candidates<'c>(
    catalog: &'c Catalog,
    service: &'c Service,
    staff: Option<StaffId>,
) -> impl Iterator<Item = &'c Hours> {
    let only = staff.filter(|_| service.staffing == Staffing::AnyOf);
    service
        .staff
        .iter()
        .map(|index| &catalog.staff[*index])
        .filter(move |member| only.is_none_or(|id| member.id == id))
        .map(|member| member.hours_for(service.id))
}

/// The locations at which somebody who serves has hours and, where a room is needed, there is one:
/// indices into [`Catalog::locations`], in the order shown.
pub(super) fn locations(
    catalog: &Catalog,
    service: &Service,
    staff: Option<StaffId>,
) -> Vec<usize> {
    let hours: Vec<&Hours> = candidates(catalog, service, staff).collect();
    let has_hours = |place: usize| {
        let here = |span: u16| usize::from(span) == place;
        hours.iter().any(|hours| {
            hours.weekly.iter().any(|w| here(w.span.place))
                || hours
                    .overrides
                    .iter()
                    .any(|day| day.spans.iter().any(|s| here(s.place)))
        })
    };
    let has_room = |place: usize| {
        !service.needs_room
            || service
                .rooms
                .iter()
                .any(|room| catalog.is_within(catalog.rooms[*room].location, place))
    };
    (0..catalog.locations.len())
        .filter(|&place| has_hours(place) && has_room(place))
        .collect()
}

/// Whether anybody who serves has hours at `place` on that civil day, taken or not.
pub(super) fn is_open(
    catalog: &Catalog,
    service: &Service,
    staff: Option<StaffId>,
    place: usize,
    day: Date,
) -> bool {
    if catalog.locations[place].place.closed_days.contains(&day) {
        return false;
    }
    candidates(catalog, service, staff).any(|hours| {
        let overridden: Vec<_> = hours.overrides.iter().filter(|o| o.day == day).collect();
        if overridden.is_empty() {
            hours
                .weekly
                .iter()
                .any(|w| w.weekday == day.weekday() && usize::from(w.span.place) == place)
        } else {
            overridden
                .iter()
                .any(|o| o.spans.iter().any(|s| usize::from(s.place) == place))
        }
    })
}

/// The Monday on or before `day`.
pub(super) fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.checked_sub(jiff::Span::new().days(since))
        .unwrap_or(day)
}

/// `day` and so many days more, or less.
pub(super) fn days_later(day: Date, days: i32) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(day)
}
