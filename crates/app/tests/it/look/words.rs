//! Nouns, languages, texts and foot links.

use axum::http::StatusCode;

use super::House;
use crate::pages::book;

#[tokio::test]
async fn own_nouns_stand_on_pages_and_in_letters() {
    let house = House::open().await;
    let page = house
        .done(
            "/look/words/en",
            &[
                ("one-appointment", "session"),
                ("many-appointment", "sessions"),
                ("one-staff", "therapist"),
                ("many-staff", "therapists"),
            ],
        )
        .await;
    let services = house.visitor.get("/riverside").await;
    assert!(
        services.body.contains("<title>Book your session"),
        "{}",
        services.body
    );
    let (own, done) = book(&house.visitor, "2026-11-24T09:00:00Z").await;
    assert!(done.text().contains("Therapist"), "{}", done.text());
    assert!(done.text().contains("Its address opens your session"));
    let cancel = format!("{}/cancel", own.split('?').next().expect("a path"));
    assert!(
        house
            .visitor
            .get(&cancel)
            .await
            .text()
            .contains("Cancel this session?")
    );
    // Other languages keep our words.
    let german = house.visitor.get(&format!("{cancel}?lang=de")).await;
    assert!(german.text().contains("Termin"), "{}", german.text());
    let letter = house.admin.get("/look/letters/booked/person/en").await;
    assert!(
        letter.text().contains("Your session is booked."),
        "{}",
        letter.text()
    );

    house.take_back(&page).await;
    let services = house.visitor.get("/riverside").await;
    assert!(services.body.contains("<title>Book an appointment"));
}

#[tokio::test]
async fn half_a_noun_is_refused_and_stays_typed() {
    let house = House::open().await;
    let typed = [
        ("one-service", "class"),
        ("many-service", ""),
        ("one-location", "studio"),
        ("many-location", "studios"),
    ];
    let answer = house.admin.post("/look/words/de", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Enter one and several"));
    assert_eq!(answer.links_within(), ["main", "de-many-service"]);
    assert_eq!(
        answer
            .attribute("id=\"de-one-location\"", "value")
            .as_deref(),
        Some("studio")
    );
    assert_eq!(
        answer
            .attribute("id=\"en-one-location\"", "value")
            .as_deref(),
        Some("")
    );
}

#[tokio::test]
async fn pages_are_offered_in_the_chosen_languages_alone() {
    let house = House::open().await;
    let german = |path: &'static str| {
        let mut visitor = house.visitor.clone();
        visitor.language = "de";
        async move { visitor.get(path).await }
    };
    assert!(german("/riverside").await.body.contains("lang=\"de\""));
    let page = house.done("/look/languages", &[("language", "en")]).await;
    for path in [
        "/riverside",
        "/riverside?lang=de",
        "/riverside/checkup?lang=de",
        "/riverside/checkup?pick=zone",
    ] {
        let page = german(path).await;
        assert!(page.body.contains("<html lang=\"en\""), "{path}");
        assert!(!page.body.contains("Deutsch"), "{path}");
    }
    house.take_back(&page).await;
    assert!(
        german("/riverside")
            .await
            .body
            .contains("<html lang=\"de\"")
    );

    for chosen in [&[][..], &[("language", "de")]] {
        let answer = house.admin.post("/look/languages", chosen).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer
                .text()
                .contains("Your own language is always offered.")
        );
    }
}

#[tokio::test]
async fn own_texts_and_links_stand_where_they_belong() {
    let house = House::open().await;
    let sent = [
        (
            "welcome",
            "Welcome <b>all</b>.\r\nStep in.\r\n\r\nBring your card.",
        ),
        ("done", "Third floor."),
        ("label-1", "Imprint"),
        ("url-1", "https://clinic.example/imprint?a=1&b=2"),
    ];
    let page = house.done("/look/texts/en", &sent).await;
    let services = house.visitor.get("/riverside").await;
    assert!(
        services
            .body
            .contains("<p class=\"own\">Welcome &#60;b&#62;all&#60;/b&#62;.\nStep in.</p>"),
        "{}",
        services.body
    );
    assert!(
        services
            .body
            .contains("<p class=\"own\">Bring your card.</p>")
    );
    assert_eq!(
        services.attribute("clinic.example", "href").as_deref(),
        Some("https://clinic.example/imprint?a=1&b=2")
    );
    let (own, done) = book(&house.visitor, "2026-11-24T09:00:00Z").await;
    assert!(done.text().contains("Third floor."));
    let later = house
        .visitor
        .get(own.split('?').next().expect("a path"))
        .await;
    assert!(!later.text().contains("Third floor."));
    let german = house.visitor.get("/riverside?lang=de").await;
    assert!(!german.body.contains("Bring your card.") && !german.body.contains("Imprint"));

    house.take_back(&page).await;
    assert!(
        !house
            .visitor
            .get("/riverside")
            .await
            .body
            .contains("Imprint")
    );
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_refused_and_stays_typed() {
    let house = House::open().await;
    let sent = [
        ("welcome", "Hello"),
        ("label-2", "Site"),
        ("url-2", "javascript:alert(1)"),
    ];
    let answer = house.admin.post("/look/texts/en", &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .text()
            .contains("Enter an address that begins with https://")
    );
    assert_eq!(answer.links_within(), ["main", "en-url-2"]);
    assert_eq!(
        answer.attribute("id=\"en-url-2\"", "value").as_deref(),
        Some("javascript:alert(1)")
    );
    assert!(answer.body.contains("\nHello</textarea>"));
}
