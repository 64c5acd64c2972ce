//! The calendar object: which properties stand in it under which method.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::line::{Lines, mailto, quote_parameter, uri};
use crate::{Attendee, Event, Method, Participation, Party};

/// Writes a whole calendar object (`VCALENDAR`) with one event.
///
/// `product` names the program that wrote it (`PRODID`), by custom in the form
/// `-//Owner//Product//EN`. The result is valid UTF-8 with CRLF line ends, ready to be the body of
/// a `text/calendar; charset=utf-8` part or of an `.ics` file. It cannot fail: what the format
/// cannot carry (control characters, years outside 0 to 9999) is left out or clamped.
#[must_use]
pub fn write(method: Method, product: &str, event: &Event) -> String {
    let mut lines = Lines::new();
    lines.push("BEGIN", "VCALENDAR");
    lines.push("VERSION", "2.0");
    lines.push_text("PRODID", product);
    lines.push("CALSCALE", "GREGORIAN");
    lines.push("METHOD", method.name());
    write_event(&mut lines, method, event);
    lines.push("END", "VCALENDAR");
    lines.finish()
}

/// Writes a calendar of many events for programs that subscribe to it (`METHOD:PUBLISH`, RFC 5545),
/// called `name`. As [`write`] in all else.
#[must_use]
pub fn calendar(product: &str, name: &str, events: &[Event]) -> String {
    let mut lines = Lines::new();
    lines.push("BEGIN", "VCALENDAR");
    lines.push("VERSION", "2.0");
    lines.push_text("PRODID", product);
    lines.push("CALSCALE", "GREGORIAN");
    lines.push("METHOD", Method::Publish.name());
    lines.push_some_text("NAME", name);
    lines.push_some_text("X-WR-CALNAME", name);
    for event in events {
        write_event(&mut lines, Method::Publish, event);
    }
    lines.push("END", "VCALENDAR");
    lines.finish()
}

fn write_event(lines: &mut Lines, method: Method, event: &Event) {
    let canceled = event.canceled || method == Method::Cancel;
    lines.push("BEGIN", "VEVENT");
    lines.push_text("UID", &event.uid);
    lines.push("SEQUENCE", &event.sequence.to_string());
    lines.push("DTSTAMP", &utc(event.stamp));
    let (starts, ends) = (utc(event.starts_at), utc(event.ends_at));
    lines.push("DTSTART", &starts);
    // An end must be later than the start (RFC 5545, 3.8.2.2); the written form sorts as time does.
    if ends > starts {
        lines.push("DTEND", &ends);
    }
    lines.push_text("SUMMARY", &event.summary);
    lines.push_some_text("DESCRIPTION", &event.description);
    lines.push_some_text("LOCATION", &event.location);
    if let Some(url) = event.url.as_deref().map(uri).filter(|url| !url.is_empty()) {
        lines.push("URL", &url);
    }
    write_organizer(lines, &event.organizer);
    if method != Method::Publish {
        for attendee in &event.attendees {
            write_attendee(lines, attendee);
        }
    }
    // A program that keeps a canceled entry must not go on showing its owner as busy.
    let (status, transparency) = if canceled {
        ("CANCELLED", "TRANSPARENT")
    } else {
        ("CONFIRMED", "OPAQUE")
    };
    lines.push("STATUS", status);
    lines.push("TRANSP", transparency);
    if let Some(alarm) = event.alarm.filter(|_| !canceled) {
        lines.push("BEGIN", "VALARM");
        lines.push("ACTION", "DISPLAY");
        lines.push_text("DESCRIPTION", &event.summary);
        lines.push("TRIGGER", &format!("-PT{}M", alarm.minutes_before));
        lines.push("END", "VALARM");
    }
    lines.push("END", "VEVENT");
}

fn write_organizer(lines: &mut Lines, party: &Party) {
    lines.push(
        &format!("ORGANIZER{}", common_name(party)),
        &mailto(&party.email),
    );
}

fn write_attendee(lines: &mut Lines, attendee: &Attendee) {
    let answer = match attendee.participation {
        Participation::Accepted => "PARTSTAT=ACCEPTED;RSVP=FALSE",
        Participation::NeedsAction => "PARTSTAT=NEEDS-ACTION;RSVP=TRUE",
    };
    let name = common_name(&attendee.party);
    lines.push(
        &format!("ATTENDEE{name};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;{answer}"),
        &mailto(&attendee.party.email),
    );
}

fn common_name(party: &Party) -> String {
    if party.name.trim().is_empty() {
        String::new()
    } else {
        format!(";CN={}", quote_parameter(&party.name))
    }
}

/// A UTC date-time (RFC 5545, 3.3.5, form 2), whole seconds. The form has four digits for the
/// year, so years before 0 become year 0; jiff knows none after 9999.
fn utc(at: Timestamp) -> String {
    let civil = TimeZone::UTC
        .to_datetime(at)
        .max(date(0, 1, 1).at(0, 0, 0, 0));
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    )
}
