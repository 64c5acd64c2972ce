use axum::body::Body;
use axum::http::StatusCode;

use super::{desk, person, undo};
use crate::support::desk::Staffer;
use crate::support::visitor::Page;

const LIST: &str = "First name;Surname;E-Mail;Telefon;Bemerkung\n\
    Ama;Okafor;ama@example.org;'+4930123456;Comes by train\n\
    Liu;Wei;liu@;+4930765432;\n\
    Jo;;;030 1234;\n\
    Ama;Okafor;ama@example.org;;\n\
    Zoe;Abt;;;\n";

async fn upload(desk: &Staffer, file: &str) -> Page {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{file}\r\n--x--\r\n"
    );
    let kind = "multipart/form-data; boundary=x";
    desk.send_as("POST", "/people/import", kind, Body::from(body))
        .await
}

/// Uploads, takes the guessed columns, and gives the address of the import.
async fn checked(desk: &Staffer, file: &str) -> String {
    let uploaded = upload(desk, file).await.location();
    let path = uploaded.split('?').next().expect("a path").to_owned();
    let page = desk.get(&uploaded).await;
    let guessed: Vec<(String, String)> = page
        .body
        .split("<select id=\"")
        .skip(1)
        .map(|rest| {
            let name = rest.split('"').next().unwrap_or_default().to_owned();
            let chosen = rest.split(" selected>").next().unwrap_or_default();
            let value = chosen.rsplit("value=\"").next().unwrap_or_default();
            (name, value.trim_end_matches('"').to_owned())
        })
        .collect();
    let form: Vec<(&str, &str)> = guessed
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    desk.post(&format!("{path}/columns"), &form)
        .await
        .location();
    path
}

#[tokio::test]
async fn a_list_is_looked_at_corrected_recorded_and_taken_back() {
    let (_test, _clinic, admin) = desk().await;
    let path = checked(&admin, LIST).await;
    let page = admin.get(&path).await;
    let text = page.text();
    for line in [
        "2 customers are new",
        "2 rows have faults",
        "1 row repeats one before it and is left out",
        "Row 2",
        "E-Mail: this cannot be read.",
        "Row 3",
        "Telefon: this is no telephone number.",
        "Record 2 customers",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(page.body.contains("value=\"liu@\"") && page.body.contains("value=\"030 1234\""));
    let none = admin.get("/people").await;
    assert!(
        none.text().contains("Nobody is recorded yet."),
        "nothing is recorded before"
    );

    let fixed = [
        ("row", "2"),
        ("cell-2-2", "liu@example.org"),
        ("row", "3"),
        ("out-3", "yes"),
    ];
    let again = admin.post(&format!("{path}/rows"), &fixed).await.location();
    let text = admin.get(&again).await.text();
    assert!(text.contains("3 customers are new"), "{text}");
    assert!(text.contains("1 row is left out"), "{text}");
    let done = admin.post(&format!("{path}/run"), &[]).await.location();
    let list = admin.get("/people").await.text();
    for name in ["Ama Okafor", "Liu Wei", "Zoe Abt"] {
        assert!(list.contains(name), "{name}: {list}");
    }
    assert!(!list.contains("Jo"), "{list}");
    let ama = admin.post("/people/search", &[("q", "ama")]).await;
    let own = ama.attribute("/people/per_", "href").expect("a link");
    assert!(admin.get(&own).await.text().contains("Comes by train"));

    let again = checked(&admin, LIST).await;
    let text = admin.get(&again).await.text();
    assert!(
        text.contains("3 customers are recorded already"),
        "the first, fourth, fifth: {text}"
    );
    assert!(!text.contains("Record "), "nothing to record: {text}");

    undo(&admin, &done).await;
    let list = admin.get("/people").await.text();
    assert!(list.contains("Nobody is recorded yet."), "{list}");
}

#[tokio::test]
async fn what_is_missing_is_added_and_nothing_is_overwritten() {
    let (test, clinic, admin) = desk().await;
    let id = person(&test, &clinic, "Ama Okafor", "ama@example.org", "").await;
    let path = checked(
        &admin,
        "Name,Email,Phone,Language\nAma Okafor,AMA@example.org,+4930123456,de\n",
    )
    .await;
    let text = admin.get(&path).await.text();
    assert!(text.contains("1 known customer gets something"), "{text}");
    let done = admin.post(&format!("{path}/run"), &[]).await.location();
    let page = admin.get(&format!("/people/{id}")).await.text();
    assert!(
        page.contains("+4930123456") && page.contains("English"),
        "{page}"
    );
    undo(&admin, &done).await;
    let page = admin.get(&format!("/people/{id}")).await.text();
    assert!(
        !page.contains("+4930123456") && page.contains("Ama Okafor"),
        "{page}"
    );
}

#[tokio::test]
async fn who_was_changed_since_stays_when_the_list_is_taken_back() {
    let (_test, _clinic, admin) = desk().await;
    let path = checked(&admin, "Name\nAma Okafor\nLiu Wei\n").await;
    let done = admin.post(&format!("{path}/run"), &[]).await.location();
    let liu = admin.post("/people/search", &[("q", "liu")]).await;
    let own = liu.attribute("/people/per_", "href").expect("a link");
    admin
        .post(&format!("{own}/notes"), &[("note", "Called")])
        .await
        .location();
    undo(&admin, &done).await;
    let list = admin.get("/people").await.text();
    assert!(
        list.contains("Liu Wei") && !list.contains("Ama Okafor"),
        "{list}"
    );
}

#[tokio::test]
async fn what_is_no_list_says_so() {
    let (_test, _clinic, admin) = desk().await;
    for (file, said) in [
        ("", "nothing in this file"),
        ("Name\n", "nothing in this file"),
        ("PK\u{3}\u{4}\u{0}", "not a CSV file"),
    ] {
        let page = upload(&admin, file).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let nameless = upload(&admin, "Email\na@example.org\n").await.location();
    let path = nameless.split('?').next().expect("a path");
    let page = admin
        .post(&format!("{path}/columns"), &[("column-0", "email")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text().contains("No column holds a name."),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_and_other_forms_stay_small() {
    let (_test, _clinic, admin) = desk().await;
    let large = upload(
        &admin,
        &"x\n".repeat(kept_base::input::MAX_UPLOAD_BYTES / 2),
    )
    .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let form = "q=".to_owned() + &"x".repeat(kept_base::input::MAX_BODY_BYTES);
    let large = admin.send("POST", "/people/search", Body::from(form)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}
