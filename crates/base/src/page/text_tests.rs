use proptest::prelude::*;

use super::*;

const EN: &str = "
free = { $count ->
    [0] full
    [one] { $count } time free
   *[other] { $count } times free
}
greeting = Hello { $name }, see you { $day }.
field = Email
    .hint = So that we can write to you
    .why = We send { $count ->
        [one] one mail
       *[other] { $count } mails
    }
only-english = Only here
-brand = Kept
by = by { -brand }
";
const DE: &str = "
free = { $count ->
    [0] belegt
    [one] { $count } Termin frei
   *[other] { $count } Termine frei
}
greeting = Guten Tag { $name }, bis { $day }.
field = E-Mail
    .hint = Damit wir Ihnen schreiben können
only-german = Nur hier
by = von Kept
";

fn catalog() -> Catalog {
    Catalog::new(&[(Locale::En, &[EN]), (Locale::De, &[DE])]).unwrap()
}

#[test]
fn texts_follow_the_plural_of_their_language() {
    let catalog = catalog();
    let mut shown = String::new();
    for &locale in Locale::ALL {
        for count in [0, 1, 2] {
            shown += &format!(
                "{locale}: {}\n",
                catalog.text(locale, "free", args!["count" => count])
            );
        }
        let args = args!["name" => "Mei", "day" => "Tue 1 Dec"];
        shown += &format!("{locale}: {}\n", catalog.text(locale, "greeting", args));
        shown += &format!("{locale}: {}\n", catalog.text(locale, "field.hint", &[]));
        shown += &format!("{locale}: {}\n", catalog.text(locale, "by", &[]));
    }
    insta::assert_snapshot!(shown, @"
    en: full
    en: 1 time free
    en: 2 times free
    en: Hello Mei, see you Tue 1 Dec.
    en: So that we can write to you
    en: by Kept
    de: belegt
    de: 1 Termin frei
    de: 2 Termine frei
    de: Guten Tag Mei, bis Tue 1 Dec.
    de: Damit wir Ihnen schreiben können
    de: von Kept
    ");
}

#[test]
fn what_is_missing_falls_back_and_is_found() {
    let catalog = catalog();
    assert_eq!(catalog.text(Locale::De, "only-english", &[]), "Only here");
    assert_eq!(
        catalog.text(Locale::De, "field.why", args!["count" => 1u8]),
        "We send one mail"
    );
    assert_eq!(catalog.text(Locale::De, "nowhere", &[]), "nowhere");
    assert_eq!(catalog.text(Locale::En, "only-german", &[]), "only-german");
    assert_eq!(
        catalog.text(Locale::En, "greeting.none", &[]),
        "greeting.none"
    );
    let missing: Vec<String> = catalog
        .missing()
        .iter()
        .map(|gap| format!("{} {}", gap.locale, gap.id))
        .collect();
    assert_eq!(
        missing,
        ["de field.why", "de only-english", "en only-german"]
    );
    assert!(catalog.has(Locale::De, "only-german") && !catalog.has(Locale::En, "only-german"));
}

#[test]
fn an_argument_that_is_not_given_leaves_its_name() {
    let text = catalog().text(Locale::En, "greeting", args!["name" => "Mei"]);
    assert_eq!(text, "Hello Mei, see you {$day}.");
}

#[test]
fn all_problems_of_the_sources_are_told_at_once() {
    let broken: &[&str] = &["a = A\nb = { $x\nc = C\n", "a = again\n"];
    let error = Catalog::new(&[(Locale::En, broken), (Locale::De, &["= d"])]).unwrap_err();
    insta::assert_snapshot!(error.0.join("\n"), @r#"
    en, near line 3: Expected a token starting with "}"
    en: Attempt to override an existing message: "a".
    de, near line 1: Expected one of "a-zA-Z"
    "#);
}

#[test]
fn only_text_that_could_turn_the_line_is_isolated() {
    let catalog = catalog();
    let greet = |name| {
        catalog.text(
            Locale::En,
            "greeting",
            args!["name" => name, "day" => "1 Dec"],
        )
    };
    assert_eq!(greet("Núñez 歯 😀"), "Hello Núñez 歯 😀, see you 1 Dec.");
    assert_eq!(greet("مريم"), "Hello \u{2068}مريم\u{2069}, see you 1 Dec.");
    assert_eq!(greet("a\u{202e}b\u{2066}"), "Hello ab, see you 1 Dec.");
    assert_eq!(isolated(Direction::Rtl, "Mei"), "\u{2068}Mei\u{2069}");
    assert_eq!(isolated(Direction::Rtl, "مريم"), "مريم");
}

proptest! {
    #[test]
    fn any_argument_is_text_and_never_a_pattern(name in "[{}$\\-\"a-z\\n=.]{0,30}|.*") {
        let text = catalog().text(Locale::En, "greeting", args!["name" => &name, "day" => "x"]);
        let shown = text.strip_prefix("Hello ").and_then(|t| t.strip_suffix(", see you x.")).unwrap();
        prop_assert_eq!(shown, isolated(Direction::Ltr, &name));
    }

    #[test]
    fn any_source_is_read_or_refused(source in "[a-z={}$ \\n.*\\[\\]>-]{0,80}|.*") {
        let source: &'static str = Box::leak(source.into_boxed_str());
        if let Ok(catalog) = Catalog::new(&[(Locale::En, &[source])]) {
            for id in &catalog.bundles[&Locale::En].ids {
                prop_assert!(catalog.has(Locale::En, id));
                let _ = catalog.text(Locale::En, id, &[]);
            }
        }
    }
}
