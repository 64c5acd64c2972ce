use std::cell::RefCell;

use super::*;

/// Asks two thousand users, each in ten groups; gives the answer, and how much was built, in turn.
fn ask(body: &Value) -> (Value, Vec<Parts>) {
    let mut body = body.clone();
    body["schemas"] = json!([SEARCH]);
    let query = Query::from_body(body.as_object().expect("an object")).expect("a query");
    let built = RefCell::new(Vec::new());
    let answer = query.answer((0..2_000).collect(), |row: &usize, parts| {
        built.borrow_mut().push(parts);
        let groups: Vec<Value> = (0..10).map(|group| json!({"value": group})).collect();
        let mut user = json!({"id": format!("{row:04}"), "userName": format!("u{}", row % 7)});
        if parts >= Parts::Linked {
            user["groups"] = groups.into();
        }
        user["meta"] = json!({"resourceType": "User"});
        if parts == Parts::Whole {
            user["meta"]["version"] = format!("v{row}").into();
        }
        user.as_object().expect("an object").clone()
    });
    (answer, built.into_inner())
}

fn count(built: &[Parts], parts: Parts) -> usize {
    built.iter().filter(|one| **one == parts).count()
}

#[test]
fn only_the_page_is_built_whole() {
    let (answer, built) = ask(&json!({"startIndex": 1_501, "count": 200}));
    assert_eq!(built, [Parts::Whole; 200]);
    assert_eq!(answer["totalResults"], 2_000);
    assert_eq!(answer["Resources"][0]["id"], "1500");
    for question in [
        json!({"filter": "userName sw \"u\"", "count": 30}),
        json!({"sortBy": "userName", "count": 30}),
        json!({"filter": "meta.resourceType eq \"User\" and not (id eq \"x\")", "count": 30}),
    ] {
        let (answer, built) = ask(&question);
        assert_eq!(answer["totalResults"], 2_000, "{question}");
        assert_eq!(count(&built, Parts::Plain), 2_000, "{question}");
        assert_eq!(count(&built, Parts::Whole), 30, "{question}");
        assert_eq!(built.len(), 2_030, "{question}");
    }
    let (_, built) = ask(&json!({"count": 0}));
    assert_eq!(built, []);
}

#[test]
fn what_the_filter_names_is_built_to_be_asked() {
    for (filter, found, parts) in [
        ("groups.value eq 3", 2_000, Parts::Linked),
        ("GROUPS[value eq 11]", 0, Parts::Linked),
        ("id eq \"0007\" or groups pr", 2_000, Parts::Linked),
        ("meta.version eq \"v7\"", 1, Parts::Whole),
        ("meta[version eq \"v7\"]", 1, Parts::Whole),
        ("not (members pr)", 2_000, Parts::Linked),
    ] {
        let (answer, built) = ask(&json!({"filter": filter, "count": 0}));
        assert_eq!(answer["totalResults"], found, "{filter}");
        assert_eq!(built, [parts; 2_000], "{filter}");
    }
}

#[test]
fn what_is_not_shown_is_not_built() {
    for (shown, parts) in [
        (json!({"attributes": ["userName"]}), Parts::Plain),
        (json!({"attributes": ["groups.value"]}), Parts::Linked),
        (json!({"attributes": ["meta.version"]}), Parts::Whole),
        (json!({"excludedAttributes": ["groups"]}), Parts::Whole),
        (json!({"excludedAttributes": ["meta"]}), Parts::Linked),
        (
            json!({"excludedAttributes": ["meta", "groups", "members"]}),
            Parts::Plain,
        ),
    ] {
        let (_, built) = ask(&shown);
        assert_eq!(built, [parts; SCIM_ROWS], "{shown}");
    }
}
