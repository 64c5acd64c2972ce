use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

fn user() -> Map<String, Value> {
    let user = json!({
        "id": "mem_1",
        "userName": "Robin@Riverside.example",
        "externalId": "A-7",
        "active": true,
        "name": {"givenName": "Robin", "familyName": "Vale"},
        "emails": [
            {"value": "robin@riverside.example", "type": "work", "primary": true},
            {"value": "robin@home.example", "type": "home"},
        ],
        "groups": [],
        "meta": {"lastModified": "2026-11-23T08:00:00Z"},
    });
    user.as_object().expect("an object").clone()
}

#[test]
fn filters_hold_as_the_rfc_says() {
    for (text, holds) in [
        (r#"userName eq "robin@riverside.example""#, true),
        (r#"USERNAME EQ "robin@riverside.example""#, true),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "robin""#,
            true,
        ),
        (r#"externalId eq "a-7""#, false),
        (r#"externalId eq "A-7""#, true),
        (r#"externalId ne "A-7""#, false),
        (r#"name.familyName co "al""#, true),
        (r#"name.familyName ew "x""#, false),
        (r#"active eq true"#, true),
        (r#"active eq "True""#, true),
        (r#"active eq False"#, false),
        (r#"title pr"#, false),
        (r#"groups pr"#, false),
        (r#"emails pr and not (title pr)"#, true),
        (r#"emails eq "robin@home.example""#, true),
        (r#"emails[type eq "work" and value co "@riverside"]"#, true),
        (r#"emails[type eq "home" and value co "@riverside"]"#, false),
        (r#"emails.type eq "home""#, true),
        (r#"meta.lastModified gt "2026-01-01T00:00:00Z""#, true),
        (r#"meta.lastModified le "2026-01-01T00:00:00Z""#, false),
        // `and` binds closer than `or`.
        (
            r#"active eq true or active eq false and active eq false"#,
            true,
        ),
        (
            r#"(active eq true or active eq false) and active eq false"#,
            false,
        ),
        (r#"title eq null"#, true),
        (
            r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager pr"#,
            false,
        ),
        (r#"userName eq "a\"b""#, false),
    ] {
        let filter = read(text).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(filter.holds(&user()), holds, "{text}");
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    for text in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName eq ",
        "eq",
        "userName is \"x\"",
        "userName eq x",
        "userName eq \"x",
        "(userName pr",
        "userName pr)",
        "userName pr or",
        "and userName pr",
        "userName pr xor title pr",
        "emails[",
        "emails[]",
        "emails[type eq \"x\"",
        "not userName pr",
        "not",
        "()",
        "userName eq [1]",
        "userName eq {}",
        "active gt true",
        "user name eq \"x\"",
        "a.b.c eq \"x\"",
        "1a pr",
        "userName eq\"x\"",
        "urn:other:x pr",
        "userName eq \"x\"title pr",
        "name. pr",
        "userName gt null",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn a_filter_is_bounded() {
    let nested = |depth: usize| format!("{}title pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(&nested(MAX_FILTER_DEPTH)).is_ok());
    assert!(read(&nested(MAX_FILTER_DEPTH + 1)).is_err());
    assert!(read(&"(".repeat(MAX_FILTER_CHARS)).is_err());
    assert!(read(&"not (".repeat(MAX_FILTER_CHARS / 5)).is_err());
    assert!(read(&"a[".repeat(MAX_FILTER_CHARS / 2)).is_err());
    let many = |terms: usize| vec!["title pr"; terms].join(" or ");
    assert!(read(&many(MAX_FILTER_TERMS)).is_ok());
    assert!(read(&many(MAX_FILTER_TERMS + 1)).is_err());
    let long = |chars: usize| format!("id eq \"{}\"", "x".repeat(chars - 8));
    assert!(read(&long(MAX_FILTER_CHARS)).is_ok());
    assert!(read(&long(MAX_FILTER_CHARS + 1)).is_err());
}

fn filters() -> impl Strategy<Value = Filter> {
    let path = prop_oneof![
        Just("userName"),
        Just("emails.type"),
        Just("active"),
        Just("title")
    ];
    let path = path.prop_map(|name| AttributePath::read(name).expect("a name"));
    let value = prop_oneof![
        Just(json!("robin \"x\" \\ (")),
        Just(json!(true)),
        Just(json!(7)),
        Just(Value::Null)
    ];
    let equal = prop_oneof![Just(Operator::Eq), Just(Operator::Ne)];
    let leaf = prop_oneof![
        path.clone().prop_map(Filter::Present),
        (path, equal, value).prop_map(|(path, op, value)| Filter::Compare(path, op, value)),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let many = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            many.clone().prop_map(Filter::Or),
            many.prop_map(Filter::And),
            inner.prop_map(|one| Filter::Not(Box::new(one))),
        ]
    })
}

/// As somebody would write it, with every part in brackets.
fn written(filter: &Filter) -> String {
    let all = |all: &[Filter], word: &str| {
        let parts: Vec<String> = all
            .iter()
            .map(|one| format!("({})", written(one)))
            .collect();
        parts.join(word)
    };
    let named = |path: &AttributePath| match &path.part {
        Some(part) => format!("{}.{part}", path.name),
        None => path.name.clone(),
    };
    match filter {
        Filter::Or(parts) => all(parts, " or "),
        Filter::And(parts) => all(parts, " and "),
        Filter::Not(inner) => format!("not ({})", written(inner)),
        Filter::Present(path) => format!("{} pr", named(path)),
        Filter::Compare(path, Operator::Eq, value) => format!("{} eq {value}", named(path)),
        Filter::Compare(path, _, value) => format!("{} ne {value}", named(path)),
        Filter::Within(path, inner) => format!("{}[{}]", named(path), written(inner)),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(filter in filters()) {
        let text = written(&filter);
        prop_assume!(text.chars().count() <= MAX_FILTER_CHARS);
        prop_assert_eq!(read(&text).expect("is a filter"), filter);
    }

    /// Whatever arrives, it is read or refused, and asking it ends.
    #[test]
    fn no_text_is_too_strange(text in r#"([a-z."\\()\[\] ]|eq |and |not |pr|true){0,80}"#) {
        if let Ok(filter) = read(&text) {
            prop_assert_eq!(filter.holds(&user()), filter.holds(&user()));
        }
    }
}
