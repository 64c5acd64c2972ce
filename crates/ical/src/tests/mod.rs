mod properties;
mod reader;

use insta::assert_snapshot;

use self::reader::{parse, values};
use super::*;

const PRODUCT: &str = "-//Kept//Kept//EN";

fn party(name: &str, email: &str) -> Party {
    Party {
        name: name.into(),
        email: email.into(),
    }
}

fn visit() -> Event {
    Event {
        uid: "apt_01@kept.example".into(),
        sequence: 0,
        stamp: "2026-11-20T08:00:00Z".parse().unwrap(),
        starts_at: "2026-12-01T13:30:00Z".parse().unwrap(),
        ends_at: "2026-12-01T14:00:00Z".parse().unwrap(),
        summary: "First visit with Dr. Shah".into(),
        description: "Tue 1 Dec 2026, 14:30\nEurope/Berlin (GMT+1)\nBring: card, letter; tea"
            .into(),
        location: "Riverside Clinic, Room 4".into(),
        url: Some("https://kept.example/riverside/appointment/abc".into()),
        organizer: party("Riverside Clinic", "desk@riverside.example"),
        attendees: vec![
            Attendee {
                party: party("Mei Núñez", "mei@example.com"),
                participation: Participation::Accepted,
            },
            Attendee {
                party: party("", "shah@riverside.example"),
                participation: Participation::NeedsAction,
            },
        ],
        canceled: false,
        alarm: Some(Alarm { minutes_before: 60 }),
    }
}

#[test]
fn invitation() {
    assert_snapshot!(write(Method::Request, PRODUCT, &visit()).replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Kept//Kept//EN
    CALSCALE:GREGORIAN
    METHOD:REQUEST
    BEGIN:VEVENT
    UID:apt_01@kept.example
    SEQUENCE:0
    DTSTAMP:20261120T080000Z
    DTSTART:20261201T133000Z
    DTEND:20261201T140000Z
    SUMMARY:First visit with Dr. Shah
    DESCRIPTION:Tue 1 Dec 2026\, 14:30\nEurope/Berlin (GMT+1)\nBring: card\, le
     tter\; tea
    LOCATION:Riverside Clinic\, Room 4
    URL:https://kept.example/riverside/appointment/abc
    ORGANIZER;CN="Riverside Clinic":mailto:desk@riverside.example
    ATTENDEE;CN="Mei Núñez";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=A
     CCEPTED;RSVP=FALSE:mailto:mei@example.com
    ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
     TRUE:mailto:shah@riverside.example
    STATUS:CONFIRMED
    TRANSP:OPAQUE
    BEGIN:VALARM
    ACTION:DISPLAY
    DESCRIPTION:First visit with Dr. Shah
    TRIGGER:-PT60M
    END:VALARM
    END:VEVENT
    END:VCALENDAR
    "#);
}

#[test]
fn move_raises_the_sequence_and_keeps_the_uid() {
    let moved = Event {
        sequence: 1,
        starts_at: "2026-12-01T12:30:00Z".parse().unwrap(),
        ..visit()
    };
    let (first, second) = (
        write(Method::Request, PRODUCT, &visit()),
        write(Method::Request, PRODUCT, &moved),
    );
    let (first, second) = (parse(&first), parse(&second));
    assert_eq!(values(&first, "UID"), values(&second, "UID"));
    assert_eq!(values(&second, "SEQUENCE"), ["1"]);
    assert_eq!(values(&second, "DTSTART"), ["20261201T123000Z"]);
}

#[test]
fn cancellation_frees_the_time_and_rings_no_alarm() {
    let event = Event {
        sequence: 2,
        canceled: true,
        url: None,
        ..visit()
    };
    assert_snapshot!(write(Method::Cancel, PRODUCT, &event).replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Kept//Kept//EN
    CALSCALE:GREGORIAN
    METHOD:CANCEL
    BEGIN:VEVENT
    UID:apt_01@kept.example
    SEQUENCE:2
    DTSTAMP:20261120T080000Z
    DTSTART:20261201T133000Z
    DTEND:20261201T140000Z
    SUMMARY:First visit with Dr. Shah
    DESCRIPTION:Tue 1 Dec 2026\, 14:30\nEurope/Berlin (GMT+1)\nBring: card\, le
     tter\; tea
    LOCATION:Riverside Clinic\, Room 4
    ORGANIZER;CN="Riverside Clinic":mailto:desk@riverside.example
    ATTENDEE;CN="Mei Núñez";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=A
     CCEPTED;RSVP=FALSE:mailto:mei@example.com
    ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=
     TRUE:mailto:shah@riverside.example
    STATUS:CANCELLED
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    "#);
    // Cancel says it all: a caller who forgot the flag sends the same.
    let unflagged = Event {
        canceled: false,
        ..event.clone()
    };
    assert_eq!(
        write(Method::Cancel, PRODUCT, &event),
        write(Method::Cancel, PRODUCT, &unflagged)
    );
}

#[test]
fn download_has_no_attendees() {
    let event = Event {
        description: String::new(),
        location: "\u{7}".into(),
        ..visit()
    };
    assert_snapshot!(write(Method::Publish, PRODUCT, &event).replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Kept//Kept//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    BEGIN:VEVENT
    UID:apt_01@kept.example
    SEQUENCE:0
    DTSTAMP:20261120T080000Z
    DTSTART:20261201T133000Z
    DTEND:20261201T140000Z
    SUMMARY:First visit with Dr. Shah
    URL:https://kept.example/riverside/appointment/abc
    ORGANIZER;CN="Riverside Clinic":mailto:desk@riverside.example
    STATUS:CONFIRMED
    TRANSP:OPAQUE
    BEGIN:VALARM
    ACTION:DISPLAY
    DESCRIPTION:First visit with Dr. Shah
    TRIGGER:-PT60M
    END:VALARM
    END:VEVENT
    END:VCALENDAR
    "#);
}

#[test]
fn folds_at_75_octets_between_characters() {
    let event = Event {
        summary: "Zähne prüfen 歯科検診 ".repeat(5),
        ..visit()
    };
    let object = write(Method::Publish, PRODUCT, &event);
    let summary: Vec<&str> = object
        .split("\r\n")
        .skip_while(|line| !line.starts_with("SUMMARY"))
        .take_while(|line| !line.starts_with("DESCRIPTION"))
        .collect();
    assert_snapshot!(summary.join("\n"), @"
    SUMMARY:Zähne prüfen 歯科検診 Zähne prüfen 歯科検診 Zähne prü
     fen 歯科検診 Zähne prüfen 歯科検診 Zähne prüfen 歯科検診
    ");
}

#[test]
fn hostile_values_stay_values() {
    let evil = "x\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT\u{85}\u{2028}\"^;CN=y:z\0\u{7f}";
    let event = Event {
        uid: evil.into(),
        summary: evil.into(),
        url: Some(format!("https://kept.example/{evil} ä")),
        organizer: party(evil, evil),
        attendees: vec![],
        alarm: None,
        ..visit()
    };
    assert_snapshot!(write(Method::Request, evil, &event).replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:x\nATTENDEE:mailto:a@b.example\nEND:VEVENT\n\n"^\;CN=y:z
    CALSCALE:GREGORIAN
    METHOD:REQUEST
    BEGIN:VEVENT
    UID:x\nATTENDEE:mailto:a@b.example\nEND:VEVENT\n\n"^\;CN=y:z
    SEQUENCE:0
    DTSTAMP:20261120T080000Z
    DTSTART:20261201T133000Z
    DTEND:20261201T140000Z
    SUMMARY:x\nATTENDEE:mailto:a@b.example\nEND:VEVENT\n\n"^\;CN=y:z
    DESCRIPTION:Tue 1 Dec 2026\, 14:30\nEurope/Berlin (GMT+1)\nBring: card\, le
     tter\; tea
    LOCATION:Riverside Clinic\, Room 4
    URL:https://kept.example/xATTENDEE:mailto:a@b.exampleEND:VEVENT%22%5E;CN=y:
     z%20%C3%A4
    ORGANIZER;CN="x ATTENDEE:mailto:a@b.example END:VEVENT  ^'^^;CN=y:z":mailto
     :xATTENDEE:mailto:a@b.exampleEND:VEVENT%22%5E%3BCN%3Dy:z
    STATUS:CONFIRMED
    TRANSP:OPAQUE
    END:VEVENT
    END:VCALENDAR
    "#);
}

#[test]
fn addresses_are_uris() {
    let cases = [
        "mei+tag@example.com",
        "o'brien@example.com",
        "a&b=c/d?e#f@example.com",
    ];
    let more = [
        "müller@müller.example",
        "\"a b\"@example.com",
        "a@b@c.example",
        "[x]%20",
        "",
    ];
    let shown: Vec<String> = cases
        .iter()
        .chain(&more)
        .map(|email| format!("{email} -> {}", line::mailto(email)))
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    mei+tag@example.com -> mailto:mei+tag@example.com
    o'brien@example.com -> mailto:o'brien@example.com
    a&b=c/d?e#f@example.com -> mailto:a%26b%3Dc%2Fd%3Fe%23f@example.com
    müller@müller.example -> mailto:m%C3%BCller@m%C3%BCller.example
    "a b"@example.com -> mailto:%22a%20b%22@example.com
    a@b@c.example -> mailto:a%40b@c.example
    [x]%20 -> mailto:%5Bx%5D%2520
     -> mailto:
    "#);
}

#[test]
fn times_are_whole_utc_seconds_in_four_digit_years() {
    let event = |starts: Timestamp, ends: Timestamp| {
        let event = Event {
            starts_at: starts,
            ends_at: ends,
            ..visit()
        };
        let object = write(Method::Publish, PRODUCT, &event);
        let properties = parse(&object);
        format!(
            "{:?} {:?}",
            values(&properties, "DTSTART"),
            values(&properties, "DTEND")
        )
    };
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_snapshot!(
        [
            event(at("2026-12-01T14:30:00.9+01:00"), at("2026-12-01T14:30:01.1+01:00")),
            event(at("2026-12-01T14:30:00.1Z"), at("2026-12-01T14:30:00.9Z")),
            event(at("2026-12-01T14:30:00Z"), at("2026-12-01T14:00:00Z")),
            event(Timestamp::MIN, Timestamp::MAX),
        ]
        .join("\n"),
        @r#"
    ["20261201T133000Z"] ["20261201T133001Z"]
    ["20261201T143000Z"] []
    ["20261201T143000Z"] []
    ["00000101T000000Z"] ["99991230T220000Z"]
    "#
    );
}
