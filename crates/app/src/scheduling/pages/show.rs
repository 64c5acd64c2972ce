//! When, where and with whom, in words.

use jiff::Timestamp;
use kept_base::args;
use kept_base::page::when;

use super::super::{Appointment, Hold};
use super::visit::Zone;
use crate::ids::{LocationId, RoomId, ServiceId, StaffId};
use crate::offering::{Catalog, Location, Mode};
use crate::page::Words;

/// A time in the zone it is read in, and in the zone of the place where that differs.
#[derive(Debug, Clone)]
pub(super) struct When {
    /// "Tue 1 Dec 2026, 14:30–15:00".
    pub text: String,
    /// "Europe/Berlin (GMT+1)".
    pub zone: String,
    /// The same time on the clock of the place.
    pub there: Option<There>,
}

/// A time on the clock of the place, and the name of its zone.
#[derive(Debug, Clone)]
pub(super) struct There {
    pub text: String,
    pub zone: String,
}

/// Whether clocks of the two zones show different times at that instant.
pub(super) fn differ(at: Timestamp, zone: &Zone, there: &Zone) -> bool {
    zone.rules.to_offset(at) != there.rules.to_offset(at)
}

impl When {
    pub fn new(
        words: Words<'_>,
        (starts_at, ends_at): (Timestamp, Timestamp),
        zone: &Zone,
        there: &Zone,
    ) -> Self {
        let locale = words.locale();
        let range = |zone: &Zone| when::date_time_range(locale, starts_at, ends_at, &zone.rules);
        let line = |zone: &Zone| zone_line(words, starts_at, zone);
        Self {
            text: range(zone),
            zone: line(zone),
            there: differ(starts_at, zone, there).then(|| There {
                text: range(there),
                zone: line(there),
            }),
        }
    }
}

/// "Tue 1 Dec 2026, 14:30", and where clocks differ "Tue 1 Dec 2026, 22:30 (14:30 there)".
pub(super) fn moment(words: Words<'_>, at: Timestamp, zone: &Zone, there: &Zone) -> String {
    let here = when::date_time(words.locale(), at, &zone.rules);
    if !differ(at, zone, there) {
        return here;
    }
    let there = when::time(words.locale(), at, &there.rules);
    let there = words.with("time-there", args!["time" => &there]);
    format!("{here} ({there})")
}

/// "America/New York (GMT-5)".
pub(super) fn zone_line(words: Words<'_>, at: Timestamp, zone: &Zone) -> String {
    when::zone_line(words.locale(), at, &zone.rules).replace('_', " ")
}

/// The zone's name and "GMT-5" apart.
pub(super) fn zone_parts(words: Words<'_>, at: Timestamp, zone: &Zone) -> (String, String) {
    let line = zone_line(words, at, zone);
    match line.split_once(" (") {
        Some((name, offset)) => (name.to_owned(), offset.trim_end_matches(')').to_owned()),
        None => (line.clone(), line),
    }
}

/// "Harbor, Hafenstr. 12, Berlin".
pub(super) fn place(location: &Location) -> String {
    [location.name.as_str(), location.address.as_str()]
        .into_iter()
        .filter(|text| !text.trim().is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// How a service is given that is not given at a location: "By telephone: we call you".
pub(super) fn distant(words: Words<'_>, mode: Mode) -> Option<String> {
    match mode {
        Mode::Place => None,
        Mode::Phone => Some(words.say("where-phone")),
        Mode::Video => Some(words.say("where-video")),
        Mode::Customer => Some(words.say("where-customer")),
    }
}

/// Who, where and in which room something is.
#[derive(Debug, Clone, Default)]
pub(super) struct Whereabouts {
    pub staff: Vec<String>,
    pub place: Option<String>,
    pub room: Option<String>,
    /// The address of the video room, once it is booked.
    pub link: Option<String>,
}

impl Whereabouts {
    pub fn new(
        words: Words<'_>,
        (catalog, service): (&Catalog, ServiceId),
        staff: &[StaffId],
        location: LocationId,
        room: Option<RoomId>,
    ) -> Self {
        let named = |id: &StaffId| {
            catalog
                .staff_member(*id)
                .map(|member| titled(&member.name, &member.title))
        };
        let mode = catalog.service(service).map_or(Mode::Place, |s| s.mode);
        let place = match distant(words, mode) {
            Some(distant) => Some(distant),
            None => catalog.location(location).map(place),
        };
        let room = room.filter(|_| mode == Mode::Place);
        Self {
            staff: staff.iter().filter_map(named).collect(),
            place,
            room: room.and_then(|id| catalog.room(id)).map(|r| r.name.clone()),
            link: None,
        }
    }

    pub fn of_hold(words: Words<'_>, catalog: &Catalog, hold: &Hold) -> Self {
        let what = (catalog, hold.service);
        Self::new(words, what, &hold.staff, hold.location, hold.room)
    }

    pub fn of(words: Words<'_>, catalog: &Catalog, appointment: &Appointment) -> Self {
        let Appointment {
            service,
            staff,
            location,
            room,
            ..
        } = appointment;
        let booked = catalog.service(*service);
        Self {
            link: booked.and_then(|service| service.video_link.clone()),
            ..Self::new(words, (catalog, *service), staff, *location, *room)
        }
    }
}

fn titled(name: &str, title: &str) -> String {
    if title.is_empty() {
        name.to_owned()
    } else {
        format!("{name}, {title}")
    }
}
