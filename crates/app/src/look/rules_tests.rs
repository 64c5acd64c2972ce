use proptest::prelude::*;

use super::*;

fn code(result: Result<Change, LookError>) -> String {
    match result {
        Ok(change) => format!("{change:?}"),
        Err(error) => error.to_string(),
    }
}

fn words_of(noun: &str, one: &str, many: &str) -> Change {
    let noun_of = Noun {
        one: one.to_owned(),
        many: many.to_owned(),
    };
    Change::Words(Locale::En, [(noun.to_owned(), noun_of)].into())
}

fn checked(change: &Change) -> String {
    code(check(change, Locale::En))
}

#[test]
fn nouns_come_in_pairs_of_one_line() {
    let long = "x".repeat(MAX_NOUN_CHARS + 1);
    let mut shown = Vec::new();
    for (noun, one, many) in [
        ("appointment", " session ", "sessions"),
        ("appointment", "", " "),
        ("appointment", "session", ""),
        ("staff", "", "hosts"),
        ("staff", "ho\nst", "hosts"),
        ("staff", "host", &long),
        ("staff", "host", &long[1..]),
        ("invoice", "bill", "bills"),
    ] {
        shown.push(checked(&words_of(noun, one, many)).replace(&long[1..], "40x"));
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn languages_hold_the_organizations_own() {
    let check = |chosen: &[Locale]| checked(&Change::Languages(chosen.to_vec()));
    assert_eq!(check(&[Locale::En]), "Languages([En])");
    assert_eq!(check(&[Locale::De, Locale::En]), "Languages([])");
    assert_eq!(check(&[Locale::De]), "languages: house");
    assert_eq!(check(&[]), "languages: house");
}

#[test]
fn texts_have_lines_and_an_end() {
    let texts = |welcome: &str| {
        let texts = Texts {
            welcome: welcome.to_owned(),
            done: String::new(),
        };
        check(&Change::Texts(Locale::De, texts, Vec::new()), Locale::En)
    };
    let kept = texts(" Guten Tag\r\n\r\nSchön. ").expect("accepted");
    assert!(format!("{kept:?}").contains("Guten Tag\\n\\nSchön."));
    assert!(texts(&"x".repeat(MAX_OWN_TEXT_CHARS)).is_ok());
    assert_eq!(
        code(texts(&"x".repeat(MAX_OWN_TEXT_CHARS + 1))),
        "welcome: long"
    );
    assert_eq!(code(texts("a\u{7}b")), "welcome: line");
}

#[test]
fn foot_links_lead_to_pages_over_tls() {
    let links = |pairs: &[(&str, &str)]| {
        let link = |(label, url): &(&str, &str)| FootLink {
            label: (*label).to_owned(),
            url: (*url).to_owned(),
        };
        let links = pairs.iter().map(link).collect();
        code(check(
            &Change::Texts(Locale::En, Texts::default(), links),
            Locale::En,
        ))
    };
    let good = "https://clinic.example/imprint?a=1#b";
    assert!(links(&[("Imprint", good), ("", " ")]).contains("imprint"));
    assert!(links(&[("Imprint", "https://münchen.example:8443")]).contains("8443"));
    assert_eq!(links(&[("", good)]), "label-1: label");
    assert_eq!(links(&[("A", good), ("B", "")]), "url-2: url");
    assert_eq!(
        links(&[("A", &format!("https://a.example/{}", "x".repeat(500)))]),
        "url-1: long"
    );
    assert_eq!(links(&[("A", good); MAX_FOOT_LINKS + 1]), "url-5: many");
    assert!(links(&[("A", good); MAX_FOOT_LINKS]).starts_with("Texts"));
    for url in [
        "http://clinic.example",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://a b.example",
        "https://user@clinic.example",
        "https://a.example/\"onclick",
        "https://-a.example",
        "//clinic.example",
        "https://a.example:0/",
        "clinic.example",
    ] {
        assert_eq!(links(&[("A", url)]), "url-1: url", "{url}");
    }
}

#[test]
fn origins_are_named_one_by_one() {
    for (site, kept) in [
        (
            "https://www.clinic.example",
            Some("https://www.clinic.example"),
        ),
        (
            "HTTPS://WWW.Clinic.example/",
            Some("https://www.clinic.example"),
        ),
        ("https://clinic.example:443", Some("https://clinic.example")),
        (
            "https://clinic.example:8443",
            Some("https://clinic.example:8443"),
        ),
        (
            "https://bücher.example",
            Some("https://xn--bcher-kva.example"),
        ),
        ("http://localhost:3000", Some("http://localhost:3000")),
        ("http://127.0.0.1", Some("http://127.0.0.1")),
        ("http://clinic.example", None),
        ("https://*.clinic.example", None),
        ("*", None),
        ("https://clinic.example/page", None),
        ("https://clinic.example; script-src *", None),
        ("https://clinic.example https://b.example", None),
        ("https://clinic.example:99999", None),
        ("https://a@clinic.example", None),
        ("clinic.example", None),
        ("data://x", None),
        ("'self'", None),
    ] {
        assert_eq!(origin(site).as_deref(), kept, "{site}");
    }
    let sites = |count: usize| -> Vec<String> {
        (0..count)
            .map(|n| format!("https://s{n}.example"))
            .collect()
    };
    assert!(origins(&sites(MAX_ORIGINS)).is_ok());
    assert!(origins(&sites(MAX_ORIGINS + 1)).is_err());
    let twice = ["https://a.example", " ", "https://A.example/"].map(str::to_owned);
    assert_eq!(origins(&twice).expect("accepted"), ["https://a.example"]);
    let long = format!(
        "https://{}.example",
        ["x".repeat(60), "y".repeat(60)].join(".")
    );
    assert!(origin(&long).is_some());
    let longer = format!("https://{}.example", vec!["x".repeat(60); 5].join("."));
    assert_eq!(origin(&longer), None);
}

proptest! {
    #[test]
    fn no_origin_breaks_out_of_the_policy(site in "(https?://)?[ -~ü*]{0,30}") {
        if let Some(origin) = origin(&site) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".:/-".contains(c);
            prop_assert!(origin.chars().all(plain), "{origin}");
            prop_assert_eq!(super::origin(&origin), Some(origin.clone()));
        }
    }
}
