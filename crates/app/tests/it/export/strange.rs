//! Packages that somebody else made: each is refused by name, and nothing of it stays.

use serde_json::{Value, json};

use super::opened::Opened;
use super::{Shelf, furnished};
use crate::support::TestApp;

/// Changes one row of a table.
fn row(package: &mut Opened, table: &str, change: impl FnOnce(&mut Value)) {
    let mut rows = package.rows(table);
    change(rows.last_mut().expect("a row"));
    put(package, table, &rows);
}

fn put(package: &mut Opened, table: &str, rows: &[Value]) {
    let lines: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
    let name = format!("json/{table}.ndjson");
    package.0.insert(name, lines.concat().into_bytes());
}

fn schema(package: &mut Opened, change: impl FnOnce(&mut Value)) {
    let mut schema = serde_json::from_str(package.text("schema.json")).expect("JSON");
    change(&mut schema);
    let bytes = serde_json::to_vec(&schema).expect("JSON");
    package.0.insert("schema.json".to_owned(), bytes);
}

type Change = fn(&mut Opened);

const CHANGES: &[(Change, &str)] = &[
    (
        |p| schema(p, |s| s["format"] = json!(2)),
        "newer than this program",
    ),
    (
        |p| schema(p, |s| s["schema_version"] = json!(1)),
        "version 1 of the tables",
    ),
    (
        |p| schema(p, |s| s["more"] = json!([[[[]]]])),
        "schema.json",
    ),
    (
        |p| schema(p, |s| s["tables"][0]["name"] = json!("sqlite_master")),
        "a table sqlite_master",
    ),
    (
        |p| schema(p, |s| s["tables"][0]["rows"] = json!(u64::MAX)),
        "more than 50000000 rows",
    ),
    (
        |p| row(p, "service", |r| r["name"] = json!({"a": [1]})),
        "json/service.ndjson, line 3",
    ),
    (
        |p| row(p, "service", |r| r["name"] = json!(7)),
        "service.name",
    ),
    (
        |p| row(p, "service", |r| r["name"] = json!(null)),
        "service.name",
    ),
    (
        |p| row(p, "service", |r| r["evil\"; drop"] = json!(7)),
        "is not as it must be",
    ),
    (
        |p| row(p, "service", |r| r["slug"] = json!("../x")),
        "service.slug",
    ),
    (
        |p| row(p, "service", |r| r["video_link"] = json!("javascript:1")),
        "service.video_link",
    ),
    (
        |p| row(p, "look_link", |r| r["url"] = json!("javascript:1")),
        "look_link.url",
    ),
    (
        |p| row(p, "look", |r| r["origins"] = json!("https://a.example; x")),
        "look.origins",
    ),
    (
        |p| row(p, "look_logo", |r| r["hash"] = json!("../../x")),
        "a picture's hash",
    ),
    (
        |p| row(p, "look_logo", |r| r["kind"] = json!("svg")),
        "files/look_logo",
    ),
    (
        |p| row(p, "organization", |r| r["zone"] = json!("Moon/Sea")),
        "organization.zone",
    ),
    (
        |p| row(p, "organization", |r| r["id"] = json!("org_other")),
        "does not hold a id",
    ),
    (
        |p| row(p, "member", |r| r["role"] = json!("emperor")),
        "role",
    ),
    (
        |p| row(p, "package", |r| r["state"] = json!("emperor")),
        "package's state",
    ),
    (
        |p| row(p, "package", |r| r["sealed_lock"] = json!("x")),
        "sealed_lock",
    ),
    (
        |p| row(p, "member", |r| r["password_hash"] = json!("x")),
        "password_hash",
    ),
    (
        |p| row(p, "note", |r| r["person_id"] = json!("prs_nobody")),
        "note.value",
    ),
    (
        |p| row(p, "claim", |r| r["ends_at"] = json!(0)),
        "constraint",
    ),
    (|p| put(p, "act", &[]), "act has other rows than it says"),
    (
        |p| {
            let path = "json/act.ndjson".to_owned();
            p.0.insert(path, vec![b' '; 2 * 1024 * 1024]);
        },
        "more than 1048576 bytes",
    ),
    (
        |p| {
            let mut places = p.rows("location");
            places[0]["parent_id"] = places[1]["id"].clone();
            places[1]["parent_id"] = places[0]["id"].clone();
            put(p, "location", &places);
        },
        "in a circle",
    ),
    (
        |p| {
            let name = p.files()[0].0.clone();
            p.0.insert(name, b"<svg onload=alert(1)>".to_vec());
        },
        "a picture is not the one",
    ),
    (
        |p| {
            p.0.remove("json/person.ndjson");
        },
        "json/person.ndjson",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named_and_nothing_stays() {
    let (test, clinic, _) = furnished().await;
    let shelf = Shelf::new();
    let (path, _, sound) = shelf.export(&test, clinic.id, "sound").await;
    let other = TestApp::empty();
    for (change, expected) in CHANGES {
        let mut package = sound.clone();
        change(&mut package);
        let path = shelf.folder.path().join("strange");
        std::fs::write(&path, package.packed(&shelf.identity.to_public())).expect("is written");
        let refused = shelf.import(&other, &path, None).await;
        let refused = refused.expect_err(expected).to_string();
        assert!(refused.contains(expected), "{expected}: {refused}");
        assert_eq!(other.app.store.organizations().await, Ok(Vec::new()));
    }
    // Locked bytes that were changed do not open.
    let mut bytes = std::fs::read(&path).expect("is read");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    let broken = shelf.folder.path().join("broken");
    std::fs::write(&broken, bytes).expect("is written");
    assert!(shelf.import(&other, &broken, None).await.is_err());
    assert_eq!(other.app.store.organizations().await, Ok(Vec::new()));
    // The sound one is taken, so that it was the changes.
    shelf
        .import(&other, &path, None)
        .await
        .expect("is imported");
}
