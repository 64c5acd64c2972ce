use axum::http::StatusCode;

use super::{desk, person, undo};

const ADA: [(&str, &str); 5] = [
    ("name", "Ada King"),
    ("email-1", "ada@example.org"),
    ("phone-1", "+49 30 123456"),
    ("zone", "Europe/Berlin"),
    ("locale", "de"),
];

#[tokio::test]
async fn somebody_is_added_changed_and_all_of_it_taken_back() {
    let (_test, _clinic, admin) = desk().await;
    let added = admin.post("/people/new", &ADA).await.location();
    let path = added.split('?').next().expect("a path").to_owned();
    let page = admin.get(&path).await;
    for text in [
        "Ada King",
        "ada@example.org",
        "+4930123456",
        "Deutsch",
        "Nothing is booked.",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let mut to = ADA.to_vec();
    to[0].1 = "Ada Lovelace";
    to.push(("email-2", "ada@work.example"));
    let changed = admin.post(&format!("{path}/edit"), &to).await.location();
    let page = admin.get(&changed).await;
    assert!(page.text().contains("Ada Lovelace") && page.text().contains("ada@work.example"));
    assert!(page.body.contains("/undo/und_"));
    let same = admin.post(&format!("{path}/edit"), &to).await.location();
    assert!(same.ends_with("done=unchanged"), "{same}");
    let back = undo(&admin, &changed).await;
    let page = admin.get(&back).await;
    assert!(page.text().contains("Ada King"), "{}", page.text());
    assert!(!page.text().contains("ada@work.example"));
    let gone = undo(&admin, &added).await;
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
    let list = admin.get(&admin.get(&gone).await.location()).await;
    assert!(
        list.text().contains("Nobody is recorded yet."),
        "{}",
        list.text()
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    let (_test, _clinic, admin) = desk().await;
    let page = admin
        .post(
            "/people/new",
            &[
                ("name", "Ada"),
                ("email-1", "ada@"),
                ("phone-1", "030 1"),
                ("zone", "Mars"),
            ],
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for input in ["name", "email-1", "phone-1", "zone"] {
        assert!(page.body.contains(&format!("id=\"{input}\"")), "{input}");
    }
    for kept in [
        "value=\"Ada\"",
        "value=\"ada@\"",
        "value=\"030 1\"",
        "value=\"Mars\"",
    ] {
        assert!(page.body.contains(kept), "{kept}");
    }
    assert_eq!(
        page.body.matches("aria-invalid").count(),
        4,
        "e-mail, telephone, zone, language"
    );
}

#[tokio::test]
async fn what_was_changed_since_is_not_taken_back() {
    let (test, clinic, admin) = desk().await;
    let id = person(&test, &clinic, "Ada King", "ada@example.org", "").await;
    let path = format!("/people/{id}/edit");
    let mut to = ADA.to_vec();
    let first = admin.post(&path, &to).await.location();
    to[0].1 = "Ada Byron";
    admin.post(&path, &to).await.location();
    let back = undo(&admin, &first).await;
    assert!(back.contains("done=undo-in-the-way"), "{back}");
    let page = admin.get(&format!("/people/{id}")).await;
    assert!(page.text().contains("Ada Byron"), "{}", page.text());
}

#[tokio::test]
async fn notes_are_written_removed_and_brought_back() {
    let (test, clinic, admin) = desk().await;
    let id = person(&test, &clinic, "Ada King", "ada@example.org", "").await;
    let path = format!("/people/{id}");
    let empty = admin
        .post(&format!("{path}/notes"), &[("note", "  ")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = admin
        .post(&format!("{path}/notes"), &[("note", "Comes by bicycle")])
        .await;
    let page = admin.get(&added.location()).await;
    assert!(page.text().contains("Comes by bicycle"), "{}", page.text());
    let remove = page.attribute("/remove\"", "action").expect("a form");
    let removed = admin.post(&remove, &[]).await.location();
    assert!(!admin.get(&path).await.text().contains("Comes by bicycle"));
    undo(&admin, &removed).await;
    assert!(admin.get(&path).await.text().contains("Comes by bicycle"));
}

#[tokio::test]
async fn own_fields_are_asked_checked_and_shown() {
    let (test, clinic, admin) = desk().await;
    let id = person(&test, &clinic, "Ada King", "ada@example.org", "").await;
    let wrong = admin
        .post("/people/fields", &[("label", ""), ("kind", "choice")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let field = [
        ("label", "Insurance"),
        ("reason", "So that the invoice goes to the right place."),
        ("kind", "choice"),
        ("choices", "Public\nPrivate\n"),
        ("required", "yes"),
    ];
    let added = admin.post("/people/fields", &field).await.location();
    let page = admin.get(&added).await;
    assert!(page.text().contains("Insurance") && page.text().contains("right place"));
    let edit = admin.post(&format!("/people/{id}/edit"), &ADA).await;
    assert_eq!(
        edit.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the field is needed"
    );
    let mut to = ADA.to_vec();
    to.push(("own-insurance", "Private"));
    let changed = admin
        .post(&format!("/people/{id}/edit"), &to)
        .await
        .location();
    assert!(admin.get(&changed).await.text().contains("Private"));
    let own = page
        .attribute("/people/fields/pfd", "href")
        .expect("a link");
    let removed = admin.post(&format!("{own}/remove"), &[]).await.location();
    assert!(
        !admin
            .get(&format!("/people/{id}"))
            .await
            .text()
            .contains("Private")
    );
    undo(&admin, &removed).await;
    assert!(
        admin
            .get(&format!("/people/{id}"))
            .await
            .text()
            .contains("Private")
    );
}

#[tokio::test]
async fn many_are_changed_at_once_and_taken_back() {
    let (test, clinic, admin) = desk().await;
    let ada = person(&test, &clinic, "Ada King", "ada@example.org", "").await;
    let adam = person(&test, &clinic, "Adam Ito", "adam@example.org", "").await;
    let liu = person(&test, &clinic, "Liu Wei", "liu@example.org", "").await;
    let first = admin.post("/people/mass", &[("q", "ad")]).await;
    assert!(
        first.text().contains("2 customers, found by"),
        "{}",
        first.text()
    );
    let form = [("q", "ad"), ("act", "locale"), ("value", "Deutsch")];
    let wrong = [
        ("q", "ad"),
        ("act", "zone"),
        ("value", "Mars"),
        ("step", "preview"),
    ];
    let wrong = admin.post("/people/mass", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"Mars\""));
    let with = |step| {
        let mut form = form.to_vec();
        form.push(("step", step));
        form
    };
    let preview = admin.post("/people/mass", &with("preview")).await;
    assert!(
        preview.text().contains("2 of 2 would change"),
        "{}",
        preview.text()
    );
    assert!(preview.text().contains("English"), "{}", preview.text());
    let done = admin.post("/people/mass", &with("do")).await.location();
    for (id, language) in [(ada, "Deutsch"), (adam, "Deutsch"), (liu, "English")] {
        let page = admin.get(&format!("/people/{id}")).await;
        assert!(page.text().contains(language), "{}", page.text());
    }
    undo(&admin, &done).await;
    let page = admin.get(&format!("/people/{ada}")).await;
    assert!(page.text().contains("English"), "{}", page.text());
}
