use super::*;

fn of(name: &str, emails: &[&str], phones: &[&str]) -> Vec<String> {
    let terms = terms(name, emails.iter().copied(), phones.iter().copied());
    let written = terms.into_iter().map(|term| {
        let mark = match term.domain {
            Domain::Word => "",
            Domain::Name => "=",
            Domain::Email => "@",
            Domain::EmailBegins => "@..",
            Domain::Phone => "+",
            Domain::PhoneEnds => "~",
            Domain::PhoneBegins => "+..",
        };
        format!("{mark}{}", term.text)
    });
    written.collect()
}

#[test]
fn names_are_folded() {
    for (name, folded, whole) in [
        ("Ama Okafor", "ama okafor", "ama okafor"),
        ("Okafor, AMA", "okafor ama", "ama okafor"),
        ("Jürgen Müller", "jurgen muller", "jurgen muller"),
        (
            "José García-López",
            "jose garcia lopez",
            "garcia jose lopez",
        ),
        ("Dr. O'Brien", "dr obrien", "dr obrien"),
        ("Łukasz Groß", "lukasz gross", "gross lukasz"),
        ("İnci", "inci", "inci"),
        ("李 小龍", "李 小龍", "小龍 李"),
        ("Anna Anna", "anna", "anna"),
    ] {
        assert_eq!(words(name).join(" "), folded);
        assert_eq!(super::whole(name).text, whole);
    }
}

#[test]
fn beginnings_are_terms_in_some_lengths() {
    assert_eq!(
        of("Ämilie Li", &[], &[]).join(" "),
        "a ae aemi am amil l li =amilie li"
    );
    assert_eq!(
        of("A", &["Ama@example.org"], &["+4930123456"]).join(" "),
        "a =a @ama@example.org @..ama@ @..ama@exampl @..ama@example.o +4930123456 ~654 ~654321 +..4930 +..4930123 +..49301234"
    );
}

#[test]
fn what_is_typed_is_read() {
    let read = |typed: &str| {
        sought(typed).map(|sought| {
            let part =
                |part: Part| format!("{:?} {} {}", part.term.domain, part.term.text, part.typed);
            let words: Vec<String> = sought.words.into_iter().map(part).collect();
            let or = sought.or.map(part).map(|or| format!(" or {or}"));
            format!("{}{}", words.join(" & "), or.unwrap_or_default())
        })
    };
    for (typed, expected) in [
        ("Ök", Some("Word ok ok")),
        ("am okafor", Some("Word okaf okafor & Word am am")),
        (
            "ama.o",
            Some("Word am ama & Word o o or EmailBegins ama. ama.o"),
        ),
        ("Ama@Ex", Some("EmailBegins ama@ ama@ex")),
        ("+49 30", Some("PhoneBegins 4930 4930")),
        ("0049 30 12", Some("PhoneBegins 4930 493012")),
        ("030 123-456", Some("PhoneEnds 654321 65432103")),
        ("42", Some("Word 42 42")),
        ("+4 93", None),
        ("a@", None),
        ("  ", None),
        ("?!", None),
    ] {
        assert_eq!(read(typed).as_deref(), expected, "{typed}");
    }
}

#[test]
fn whoever_is_known_is_compared_with_all_that_was_typed() {
    let known = Known::new(
        "Jürgen Müller",
        ["J.Mueller@example.org"].into_iter(),
        ["+4930123456"].into_iter(),
    );
    for (typed, is_meant) in [
        ("mulle", true),
        ("muelle", true),
        ("mullers", false),
        ("j.muel", true),
        ("j.mulx", false),
        ("+49301234", true),
        ("+49301235", false),
        ("03012345", false),
        ("030123456", true),
    ] {
        let sought = sought(typed).expect("something");
        let parts = sought.words.iter().all(|part| known.has(part));
        let or = sought.or.is_some_and(|part| known.has(&part));
        assert_eq!(parts || or, is_meant, "{typed}");
    }
}
