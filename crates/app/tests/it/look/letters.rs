//! An organization's own letters.

use axum::http::StatusCode;

use super::House;

const PATH: &str = "/look/letters/booked/person/en";
const BODY: &str = "Dear {name},\r\nsee you {when}.\r\n\r\n{manage_url}";

#[tokio::test]
async fn a_letter_begins_with_our_words_and_is_taken_back() {
    let house = House::open().await;
    let ours = house.admin.get(PATH).await;
    assert!(ours.text().contains("Hello {name},"), "{}", ours.text());
    assert!(
        ours.text().contains("Hello Robin Sample,"),
        "{}",
        ours.text()
    );
    assert!(!ours.body.contains("/reset"));

    let page = house
        .done(PATH, &[("subject", "See you {when}"), ("body", BODY)])
        .await;
    assert!(
        page.text().contains("Dear Robin Sample,"),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("See you Wed 25 Nov 2026"),
        "{}",
        page.text()
    );
    let list = house.admin.get("/look/letters").await;
    assert_eq!(list.text().matches("Your words").count(), 1);

    let reset = house.done(&format!("{PATH}/reset"), &[]).await;
    assert!(reset.text().contains("Hello {name},"));
    house.take_back(&reset).await;
    assert!(house.admin.get(PATH).await.text().contains("Dear {name},"));
    house.take_back(&page).await;
    assert!(house.admin.get(PATH).await.text().contains("Hello {name},"));
}

#[tokio::test]
async fn every_starter_is_a_letter_that_can_be_saved() {
    let house = House::open().await;
    for kind in ["booked", "moved", "canceled"] {
        for reader in ["person", "staff"] {
            for locale in ["en", "de"] {
                let path = format!("/look/letters/{kind}/{reader}/{locale}");
                let page = house.admin.get(&path).await;
                let subject = page
                    .attribute("id=\"subject\"", "value")
                    .expect("a subject");
                let body = page
                    .body
                    .split("<textarea id=\"body\"")
                    .nth(1)
                    .expect("a body");
                let body = body.split_once(">\n").expect("its begin").1;
                let body = body.split("</textarea>").next().expect("its end");
                let answer = house
                    .admin
                    .post(&path, &[("subject", &subject), ("body", body)])
                    .await;
                assert_eq!(
                    answer.status,
                    StatusCode::SEE_OTHER,
                    "{path}: {}",
                    answer.text()
                );
            }
        }
    }
}

#[tokio::test]
async fn a_fault_is_told_by_its_line_and_nothing_typed_is_lost() {
    let house = House::open().await;
    let wrong = [
        ("subject", "Hello {name}"),
        ("body", "a\r\nbc {nome}\r\n{when}"),
    ];
    let answer = house.admin.post(PATH, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (subject, body, says, at) in [
        (
            "Hi",
            "a\r\nbc {nome}\r\n{when}",
            "Line 2, character 4",
            "body",
        ),
        (
            "Hi {",
            "{when} {manage_url}",
            "Subject, character 4",
            "subject",
        ),
        (
            "Hi {name}",
            "{when} {manage_url}",
            "{name} cannot stand in the subject",
            "subject",
        ),
        ("Hi", "{when}", "The text needs {manage_url}", "body"),
        (
            "",
            "{when} {manage_url}",
            "The subject is empty.",
            "subject",
        ),
        ("Hi", " ", "The text is empty.", "body"),
    ] {
        let answer = house
            .admin
            .post(PATH, &[("subject", subject), ("body", body)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(answer.text().contains(says), "{says}: {}", answer.text());
        assert_eq!(answer.links_within(), ["main", at]);
        assert_eq!(
            answer.attribute("id=\"subject\"", "value").as_deref(),
            Some(subject)
        );
        // A browser sends its line breaks as two characters and shows either as one.
        assert!(
            answer
                .body
                .contains(body.split("\r\n").next().expect("a line"))
        );
    }
    assert_eq!(house.acts().await, [""; 0]);
}

#[tokio::test]
async fn words_are_shown_before_they_are_kept() {
    let house = House::open().await;
    let typed = [("subject", "Hi"), ("body", BODY), ("show", "1")];
    let shown = house.admin.post(PATH, &typed).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("Dear Robin Sample,"));
    let live = house.admin.post(&format!("{PATH}/preview"), &typed).await;
    assert_eq!(
        live.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert!(
        live.body.starts_with("Hi\nDear Robin Sample,\n"),
        "{}",
        live.body
    );
    let faulty = house
        .admin
        .post(&format!("{PATH}/preview"), &[("subject", "Hi")])
        .await;
    assert!(faulty.body.starts_with("The text is empty."));
    assert_eq!(house.acts().await, [""; 0]);
}
