use super::*;

fn checked(kind: Kind, reader: Reader, subject: &str, body: &str) -> String {
    let template = Template {
        subject: subject.to_owned(),
        body: body.to_owned(),
    };
    match check(kind, reader, &template) {
        Ok(template) => format!("ok: {} | {}", template.subject, template.body),
        Err(error) => error.to_string(),
    }
}

#[test]
fn templates_are_checked_when_saved() {
    use Kind::{Booked, Canceled};
    use Reader::{Person, Staff};
    let all = "{name} {service} {when} {where} {reference} {manage_url}";
    let long = "x".repeat(MAX_LETTER_BODY_CHARS + 1);
    let found: Vec<String> = [
        (Booked, Person, "See you {when}", all),
        (Booked, Person, " Hi ", " {when}\r\n\r\n{manage_url} "),
        (Booked, Person, "Hi", "{when}"),
        (Booked, Person, "Hi", "{manage_url}"),
        (Canceled, Person, "Gone", "{when} is free again"),
        (Canceled, Person, "Gone", "{when} {manage_url}"),
        (Booked, Staff, "New", "{when} for {name}"),
        (Booked, Staff, "New", "{when} {manage_url}"),
        (Booked, Staff, "New {name}", "{when}"),
        (Booked, Person, "{manage_url}", all),
        (Booked, Staff, "", "{when}"),
        (Booked, Staff, "New", "  "),
        (Booked, Staff, "New\r\nBcc: x@y.example", "{when}"),
        (Booked, Staff, "New", "{when}\u{0}"),
        (Booked, Staff, "New", "{when} {email}"),
        (Booked, Staff, "New", "{when} {"),
        (Booked, Staff, "New", "{when} }"),
        (Booked, Staff, "New", "ä {{when}}"),
        (Booked, Staff, "New", "{when"),
        (Booked, Staff, "New", "{ when }"),
        (Booked, Staff, "New", &long),
    ]
    .into_iter()
    .map(|(kind, reader, subject, body)| checked(kind, reader, subject, body))
    .collect();
    insta::assert_snapshot!(found.join("\n"));
}

proptest::proptest! {
    #[test]
    fn any_text_reads_or_is_refused(text in ".{0,60}|[{}a-z_]{0,40}") {
        if let Ok(pieces) = pieces(&text) {
            let again: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => (*text).to_owned(),
                    Piece::Slot(slot) => slot.to_string(),
                })
                .collect();
            proptest::prop_assert_eq!(again, text);
        }
    }
}
