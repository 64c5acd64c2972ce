use jiff::tz::TimeZone;
use kept_base::kit::{Email, Entropy, OrganizationId, PersonName};

use super::*;
use crate::ids::MessageId;
use crate::messaging::Kind;
use crate::messaging::letter::Correspondent;
use crate::organization::Sender;

fn zone(name: &str) -> TimeZone {
    Zones::bundled().get(name).expect("a zone")
}

fn sample(kind: Kind, reader: Reader, locale: Locale) -> Matter {
    let at = |text: &str| text.parse().expect("an instant");
    let email = |text: &str| Email::parse(text).expect("an address");
    let (now, entropy) = (at("2026-11-24T10:00:00Z"), Entropy::seeded(7));
    let revision = match kind {
        Kind::Booked => 0,
        Kind::Moved => 1,
        Kind::Canceled => 2,
    };
    let to = match reader {
        Reader::Person => ("Ama Okafor", "ama@example.org"),
        Reader::Staff => ("Dr. Vogt", "vogt@riverside.example"),
    };
    let linked = reader == Reader::Person && kind != Kind::Canceled;
    Matter {
        organization: OrganizationId::new(now, &entropy),
        message: MessageId::new(now, &entropy),
        written_at: now,
        kind,
        reader,
        reassigned: false,
        locale,
        organization_name: "Riverside Clinic".to_owned(),
        sender: Sender {
            name: "Riverside Clinic".to_owned(),
            address: email("desk@riverside.example"),
            reply_to: None,
        },
        to: Correspondent {
            name: to.0.to_owned(),
            address: email(to.1),
        },
        person: PersonName::parse("Ama Okafor").expect("a name"),
        service: "Check-up".to_owned(),
        staff: vec!["Dr. Vogt".to_owned()],
        location: Words {
            name: "Harbor".to_owned(),
            address: "Hafenstr. 12, Berlin".to_owned(),
            zone: zone("Europe/Berlin"),
        },
        room: Some("Room 4".to_owned()),
        starts_at: at("2026-12-01T13:30:00Z"),
        ends_at: at("2026-12-01T14:00:00Z"),
        previous_starts_at: (kind == Kind::Moved).then(|| at("2026-11-30T09:00:00Z")),
        zone: zone("Europe/Berlin"),
        reference: "BK-7QX-2M4".to_owned(),
        uid: "apt_1.org_1@kept".to_owned(),
        sequence: revision,
        manage_url: linked.then(|| "https://book.example/riverside/appointment/TOKEN".to_owned()),
        booking_url: "https://book.example/riverside/checkup".to_owned(),
        change_until: (at("2026-11-30T13:30:00Z"), at("2026-11-30T13:30:00Z")),
        template: None,
        nouns: kept_base::page::OwnWords::default(),
        accents: matter::ACCENTS,
    }
}

fn texts() -> Texts {
    Texts::load().expect("the texts read")
}

fn shown(letter: &Letter) -> String {
    let calendar = letter.calendar.as_ref().expect("an entry");
    // Folding is the calendar crate's own matter.
    let object = calendar.object.replace("\r\n ", "").replace('\r', "");
    format!("{}\n----\n{}----\n{object}", letter.subject, letter.text)
}

#[test]
fn every_text_is_there_in_every_language() {
    assert_eq!(texts().0.missing(), []);
}

#[test]
fn every_letter_in_every_language() {
    let texts = texts();
    for kind in Kind::ALL {
        for reader in Reader::ALL {
            for &locale in Locale::ALL {
                let letter = render(&texts, &sample(kind, reader, locale));
                let name = [kind.code(), reader.code(), locale.tag()].join("_");
                insta::assert_snapshot!(name, shown(&letter));
                // A text that is missing shows as its id.
                assert!(!letter.text.contains("mail-"), "{}", letter.text);
            }
        }
    }
}

#[test]
fn html_says_what_the_text_says_and_loads_nothing() {
    let texts = texts();
    for kind in Kind::ALL {
        for reader in Reader::ALL {
            for &locale in Locale::ALL {
                let letter = render(&texts, &sample(kind, reader, locale));
                for word in ["BK-7QX-2M4", "Check-up", "Hafenstr. 12", "Powered by Kept"] {
                    assert!(letter.html.contains(word), "{word} in {}", letter.html);
                    assert!(letter.text.contains(word), "{word} in {}", letter.text);
                }
                assert_eq!(
                    letter.html.matches("Kept").count(),
                    1,
                    "P61: one line at most"
                );
                for never in [
                    "src=", "<img", "<script", "<table", "url(", "style=", "@import",
                ] {
                    assert!(!letter.html.contains(never), "{never}");
                }
                let links = letter.html.matches("href=").count();
                assert_eq!(links, usize::from(reader == Reader::Person));
            }
        }
    }
}

#[test]
fn one_html_letter_as_a_whole() {
    let letter = render(&texts(), &sample(Kind::Booked, Reader::Person, Locale::En));
    insta::assert_snapshot!(letter.html);
}

#[test]
fn subjects_and_entries_for_people_name_no_service() {
    let texts = texts();
    for kind in Kind::ALL {
        for &locale in Locale::ALL {
            let letter = render(&texts, &sample(kind, Reader::Person, locale));
            assert!(!letter.subject.contains("Check-up"));
            let entry = letter.calendar.expect("an entry").object;
            let title = entry.lines().find(|line| line.starts_with("SUMMARY:"));
            assert_eq!(title, Some("SUMMARY:Riverside Clinic"));
            assert!(!entry.contains("TOKEN"), "calendars are shared");
        }
        let staff = render(&texts, &sample(kind, Reader::Staff, Locale::En));
        let entry = staff.calendar.expect("an entry").object;
        assert!(!staff.subject.contains("Okafor") && !entry.contains("Okafor"));
    }
}

#[test]
fn somebody_elsewhere_reads_both_times() {
    let mut matter = sample(Kind::Booked, Reader::Person, Locale::En);
    matter.zone = zone("America/St_Johns");
    let letter = render(&texts(), &matter);
    let when = letter.text.lines().skip_while(|line| *line != "When");
    let when: Vec<&str> = when.skip(1).take(3).collect();
    insta::assert_snapshot!(format!("{}\n{}", letter.subject, when.join("\n")));
    // Another name for the same time is no second time.
    matter.zone = zone("Europe/Paris");
    assert!(!render(&texts(), &matter).text.contains("At Harbor"));
}

#[test]
fn limits_that_differ_or_are_over_are_told_apart() {
    let texts = texts();
    let mut matter = sample(Kind::Booked, Reader::Person, Locale::En);
    matter.change_until.0 = matter.written_at;
    let one = render(&texts, &matter).text;
    assert!(one.contains("You can cancel it until Mon 30 Nov 2026, 14:30."));
    assert!(!one.contains("You can move it") && one.contains("See, move or cancel it"));
    matter.change_until.1 = matter.written_at;
    let none = render(&texts, &matter).text;
    assert!(!none.contains("You can") && none.contains("See your appointment"));
}

#[test]
fn a_staff_member_who_lost_it_is_told_why() {
    let mut matter = sample(Kind::Canceled, Reader::Staff, Locale::En);
    matter.reassigned = true;
    let letter = render(&texts(), &matter);
    assert!(letter.text.contains("somebody else serves it now"));
    assert_eq!(letter.calendar.expect("an entry").method, "CANCEL");
}

#[test]
fn the_organizations_own_words() {
    let mut matter = sample(Kind::Booked, Reader::Person, Locale::En);
    matter.person = PersonName::from_store("<b>Ama</b>".to_owned());
    matter.template = Some(Template {
        subject: "See you {when}".to_owned(),
        body: "Dear {name},\n\nsee you for {service} at {where}:\n{when}.\n\n{manage_url}"
            .to_owned(),
    });
    let letter = render(&texts(), &matter);
    let body = letter.html.split_once("<main>").expect("a body").1;
    insta::assert_snapshot!(format!(
        "{}\n----\n{}----\n{body}",
        letter.subject, letter.text
    ));
}
