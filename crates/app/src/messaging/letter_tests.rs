use kept_base::kit::Entropy;

use super::*;

fn letter() -> Letter {
    let (now, entropy) = (
        "2026-12-01T12:00:00Z".parse().expect("an instant"),
        Entropy::seeded(1),
    );
    let correspondent = |name: &str, address: &str| Correspondent {
        name: name.to_owned(),
        address: Email::parse(address).expect("an address"),
    };
    Letter {
        organization: OrganizationId::new(now, &entropy),
        message: MessageId::new(now, &entropy),
        written_at: now,
        locale: Locale::En,
        from: correspondent("Riverside Clinic", "desk@riverside.example"),
        reply_to: None,
        to: correspondent("Ada", "ada@example.org"),
        subject: "Booked".to_owned(),
        text: "Hello".to_owned(),
        html: "<p>Hello</p>".to_owned(),
        calendar: Some(Calendar {
            method: "REQUEST",
            object: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_owned(),
        }),
    }
}

fn written(letter: &Letter) -> String {
    let mail = letter.mail().expect("sendable");
    String::from_utf8(mail.bytes).expect("text")
}

fn headers(text: &str) -> Vec<&str> {
    let (head, _) = text.split_once("\r\n\r\n").expect("a head and a body");
    head.split("\r\n").collect()
}

#[test]
fn the_head_of_a_letter() {
    let mut letter = letter();
    letter.reply_to = Some(Email::parse("front@riverside.example").expect("an address"));
    let text = written(&letter);
    let mut head = headers(&text);
    // The boundary is the mail library's own, made at random.
    head.retain(|line| !line.contains("boundary="));
    insta::assert_snapshot!(head.join("\n"));
}

#[test]
fn nothing_in_a_letter_adds_a_header_or_a_recipient() {
    let attack = "Ada\r\nBcc: mallory@example.org\r\n\r\nbody";
    let mut letter = letter();
    letter.from.name = attack.to_owned();
    letter.to.name = attack.to_owned();
    letter.subject = attack.to_owned();
    let mail = letter.mail().expect("sendable");
    let text = String::from_utf8(mail.bytes).expect("text");
    let names: Vec<&str> = headers(&text)
        .iter()
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    let expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ];
    assert_eq!(names, expected);
    assert_eq!(mail.envelope.to().len(), 1);
    assert_eq!(mail.envelope.to()[0].to_string(), "ada@example.org");
}

#[test]
fn addresses_from_the_store_are_checked_again() {
    for address in [
        "ada@example.org\r\nRCPT TO:<x@y.example>",
        "ada",
        "a b@c.example",
    ] {
        let mut letter = letter();
        letter.to.address = Email::from_store(address.to_owned());
        assert_eq!(
            letter.mail().err(),
            Some(Unsendable("recipient_address")),
            "{address:?}"
        );
    }
    let mut letter = letter();
    letter.from.address = Email::from_store(String::new());
    assert_eq!(letter.mail().err(), Some(Unsendable("sender_address")));
}

#[test]
fn domains_beyond_ascii_travel_in_ascii() {
    let mut letter = letter();
    letter.to.address = Email::parse("ada@münchen.example").expect("an address");
    let mail = letter.mail().expect("sendable");
    let to = mail.envelope.to()[0].to_string();
    assert_eq!(to, "ada@xn--mnchen-3ya.example");
    assert!(mail.bytes.is_ascii());
}

#[test]
fn two_writings_of_a_message_have_one_id() {
    let ids: Vec<String> = [letter(), letter()]
        .iter()
        .flat_map(|letter| {
            headers(&written(letter))
                .into_iter()
                .filter(|line| line.starts_with("Message-ID"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}
