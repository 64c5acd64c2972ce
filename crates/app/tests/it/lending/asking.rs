//! An operator asks; owners answer.

use axum::http::StatusCode;
use kept_base::store::Vetting;

use super::{House, PERSON, account, kinds, say, vet};
use crate::console::operator;

const ASK: &str = "/operator/organizations/riverside/access";
const WISH: [(&str, &str); 6] = [
    ("environment", "live"),
    ("calendar", "view"),
    ("people", "none"),
    ("reason", "Times are missing"),
    ("ticket", "T-9"),
    ("hours", "2"),
];

#[tokio::test]
async fn a_request_is_seen_answered_and_nothing_until_then() {
    let house = House::new().await;
    let page = house.robin.get(ASK).await;
    assert!(page.text().contains("Until they say yes you see nothing"));
    assert!(!page.body.contains("Riverside Clinic") && !page.body.contains(PERSON));
    let asked = house.robin.post(ASK, &WISH).await;
    assert_eq!(asked.location(), "/operator/access?done=access-asked");
    assert_eq!(kinds(&house).await, ["access-asked"]);
    let mine = house.robin.get("/operator/access").await;
    assert!(mine.text().contains("Asked for"), "{}", mine.text());
    assert!(!mine.body.contains("/entry"));
    let twice = house.robin.post(ASK, &WISH).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);

    let seen = house.owner.get("/access").await;
    for said in [
        "Times are missing (T-9)",
        "Calendar (to look at)",
        "for 2 hours",
    ] {
        assert!(seen.text().contains(said), "{said}: {}", seen.text());
    }
    let request = id_in(&seen.body, "?request=");
    let form = house.owner.get(&format!("/access?request={request}")).await;
    assert!(form.body.contains("value=\"Times are missing\""));
    let more = [("request", request.as_str()), ("hours", "2")];
    let granted = house.grant("robin", "live", "calendar:view", &more).await;
    assert!(granted.location().ends_with("done=access-granted"));
    let seen = house.owner.get("/access").await;
    assert!(!seen.body.contains("?request="), "it is answered");
    let mine = house.robin.get("/operator/access").await;
    assert!(mine.body.contains("/entry"), "{}", mine.text());
    // A request is answered once.
    let again = house.grant("robin", "live", "calendar:view", &more).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_is_declined() {
    let house = House::new().await;
    house.robin.post(ASK, &WISH).await;
    let seen = house.owner.get("/access").await;
    let request = id_in(&seen.body, "?request=");
    let path = format!("/access/requests/{request}/decline");
    let done = house.owner.post(&path, &[]).await;
    assert!(done.location().ends_with("done=access-declined"));
    assert_eq!(
        house.owner.post(&path, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let mine = house.robin.get("/operator/access").await;
    assert!(mine.text().contains("Declined") && !mine.body.contains("/entry"));
    // Another wish may follow.
    let again = house.robin.post(ASK, &WISH).await;
    assert_eq!(again.location(), "/operator/access?done=access-asked");
}

#[tokio::test]
async fn whoever_cannot_be_let_in_cannot_ask_and_is_not_offered() {
    let house = House::new().await;
    let ash = operator(&house.test, "ash").await;
    let page = ash.post(ASK, &WISH).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mine = ash.get("/operator/access").await;
    assert!(
        mine.text().contains("your qualification is missing"),
        "{}",
        mine.text()
    );
    let offered = house.owner.get("/access").await;
    assert!(offered.body.contains(">robin<") && !offered.body.contains(">ash<"));
    assert!(
        offered
            .text()
            .contains("1 person at the operator has signed")
    );
    let refused = house.grant("ash", "live", "calendar:view", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // By another operator's word, on their page.
    let id = account(&house.test, "ash").await.id;
    let path = format!("/operator/operators/{id}/vetting");
    let own = ash.post(&path, &[("qualified", "2027-01-31")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "not by oneself");
    let wrong = [("qualified", "soon"), ("signed", "2026-11-01")];
    let page = house.robin.post(&path, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [
        ("kind", "partner"),
        ("register", "Northern Support Ltd"),
        ("qualified", "2027-01-31"),
        ("signed", "2026-11-01"),
    ];
    let said = house.robin.post(&path, &right).await;
    assert_eq!(said.location(), "/operator/operators?done=saved");
    let offered = house.owner.get("/access").await;
    assert!(offered.body.contains("ash (Northern Support Ltd)"));
    assert!(offered.text().contains("2 people at the operator"));
    let vetting = account(&house.test, "ash").await.vetting;
    let nobody = Vetting {
        register_entry: None,
        ..vetting
    };
    say(&house.test, "ash", nobody).await;
    assert!(!house.owner.get("/access").await.body.contains(">ash"));
    vet(&house.test, "ash").await;
    assert!(house.owner.get("/access").await.body.contains(">ash<"));
}

/// What follows `mark` in a page, up to the next quote or number sign.
fn id_in(body: &str, mark: &str) -> String {
    let rest = body.split(mark).nth(1).expect("it is there");
    rest.split(['"', '#', '&', '/'])
        .next()
        .expect("an id")
        .to_owned()
}
