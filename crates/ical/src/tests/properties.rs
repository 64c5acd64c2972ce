//! What holds for any input.

use proptest::prelude::*;

use super::reader::{normal, parse, unescape, values};
use super::{PRODUCT, visit};
use crate::line::LINE_OCTETS;
use crate::*;

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        // What the format gives meaning to, and characters of one to four octets.
        "[\\r\\n\\t \\\\;:,\"'^=a-cN\u{0}\u{7f}\u{85}é歯😀\u{2028}]{0,200}",
    ]
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.as_second()..=Timestamp::MAX.as_second())
        .prop_map(|second| Timestamp::from_second(second).expect("within the range of Timestamp"))
}

prop_compose! {
    fn any_attendee()(name in any_text(), email in any_text(), accepted in any::<bool>()) -> Attendee {
        let participation =
            if accepted { Participation::Accepted } else { Participation::NeedsAction };
        Attendee { party: Party { name, email }, participation }
    }
}

prop_compose! {
    fn any_event()(
        texts in prop::array::uniform6(any_text()),
        url in proptest::option::of(any_text()),
        times in prop::array::uniform3(any_time()),
        attendees in prop::collection::vec(any_attendee(), 0..4),
        sequence in any::<u32>(),
        canceled in any::<bool>(),
        alarm in proptest::option::of(any::<u32>()),
    ) -> Event {
        let [uid, summary, description, location, name, email] = texts;
        let [stamp, starts_at, ends_at] = times;
        Event {
            uid, sequence, stamp, starts_at, ends_at, summary, description, location, url,
            organizer: Party { name, email },
            attendees,
            canceled,
            alarm: alarm.map(|minutes_before| Alarm { minutes_before }),
        }
    }
}

/// The names of the properties that an event must come out with, in order.
fn expected_names(method: Method, event: &Event) -> Vec<&'static str> {
    let canceled = event.canceled || method == Method::Cancel;
    let some = |name, given: bool| given.then_some(name);
    let text = |name, text: &str| some(name, !normal(text).is_empty());
    let url = event
        .url
        .as_deref()
        .map(|url| normal(url).replace(['\n', '\t'], ""));
    let mut names = vec!["BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "BEGIN"];
    names.extend(["UID", "SEQUENCE", "DTSTAMP", "DTSTART"]);
    names.extend(some(
        "DTEND",
        event.ends_at > event.starts_at.max(year_zero()),
    ));
    names.push("SUMMARY");
    names.extend(text("DESCRIPTION", &event.description));
    names.extend(text("LOCATION", &event.location));
    names.extend(some("URL", url.is_some_and(|url| !url.is_empty())));
    names.push("ORGANIZER");
    if method != Method::Publish {
        names.extend(event.attendees.iter().map(|_| "ATTENDEE"));
    }
    names.extend(["STATUS", "TRANSP"]);
    if event.alarm.is_some() && !canceled {
        names.extend(["BEGIN", "ACTION", "DESCRIPTION", "TRIGGER", "END"]);
    }
    names.extend(["END", "END"]);
    names
}

fn year_zero() -> Timestamp {
    "0000-01-01T00:00:00Z".parse().unwrap()
}

proptest! {
    #[test]
    fn any_event_is_one_well_formed_object(
        event in any_event(),
        product in any_text(),
        method in prop::sample::select(vec![Method::Request, Method::Cancel, Method::Publish]),
    ) {
        let object = write(method, &product, &event);
        for line in object.split("\r\n") {
            prop_assert!(line.len() <= LINE_OCTETS, "{} octets: {line:?}", line.len());
            prop_assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
            prop_assert!(!line.contains(['\u{2028}', '\u{2029}']), "{line:?}");
        }
        let properties = parse(&object);
        let names: Vec<&str> = properties.iter().map(|p| p.name.as_str()).collect();
        prop_assert_eq!(names, expected_names(method, &event));

        let text = |name| values(&properties, name).first().map(|v| unescape(v)).unwrap_or_default();
        prop_assert_eq!(text("UID"), normal(&event.uid));
        prop_assert_eq!(text("PRODID"), normal(&product));
        prop_assert_eq!(text("SUMMARY"), normal(&event.summary));
        prop_assert_eq!(text("LOCATION"), normal(&event.location));
        if !normal(&event.description).is_empty() {
            prop_assert_eq!(text("DESCRIPTION"), normal(&event.description));
        }
    }

    #[test]
    fn any_name_and_address_come_back(attendee in any_attendee()) {
        let event = Event { attendees: vec![attendee.clone()], ..visit() };
        let object = write(Method::Request, PRODUCT, &event);
        let properties = parse(&object);
        let found = properties.iter().find(|p| p.name == "ATTENDEE").unwrap();
        let name = normal(&attendee.party.name).replace(['\n', '\t'], " ");
        let shown = found.parameters.iter().find(|(key, _)| key == "CN");
        if let Some((_, shown)) = shown {
            prop_assert_eq!(shown, &name);
        } else {
            prop_assert!(attendee.party.name.trim().is_empty());
        }
        let keys: Vec<&str> = found.parameters.iter().map(|(key, _)| key.as_str()).collect();
        prop_assert!(keys.ends_with(&["CUTYPE", "ROLE", "PARTSTAT", "RSVP"]) && keys.len() <= 5);
        prop_assert!(found.value.starts_with("mailto:") && found.value.is_ascii());
        prop_assert!(!found.value.contains(['"', ' ', ';', '<', '>']));
    }
}
