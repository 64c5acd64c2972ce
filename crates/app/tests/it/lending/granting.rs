//! What an owner grants, and what it opens until it ends.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_base::kit::Actor;

use super::{House, PERSON, kinds, now, refused};
use crate::support::at;
use crate::support::desk::Staffer;

#[tokio::test]
async fn without_a_grant_there_is_nothing() {
    let house = House::new().await;
    let test = &house.test;
    // The console's own cookie opens no desk, and is not even sent there.
    let page = house.robin.get("/o/riverside").await;
    assert!(page.location().starts_with("/o/riverside/sign-in"));
    let access = house.robin.get("/operator/access").await;
    assert!(access.text().contains("No organization has let you in"));
    let unknown = house.robin.post("/operator/access/lon_1/entry", &[]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let made_up = format!("__Host-on-grant-riverside={}", "a".repeat(43));
    let made_up = Staffer::with_cookie(test, "riverside", &made_up);
    for path in [
        "/",
        "/calendar",
        "/people",
        "/settings",
        "/access",
        "/account",
    ] {
        refused(&made_up.get(path).await, path);
    }
}

#[tokio::test]
async fn a_grant_opens_what_it_says_and_ends_at_once() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view people:view").await;
    let home = inside.get("/").await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.text());
    for said in ["Operator robin is here on a grant (ticket T-7)", "/leave"] {
        assert!(home.body.contains(said), "{said}");
    }
    for absent in ["/account", "/sign-out", "/settings", "/services"] {
        assert!(
            !home.body.contains(&format!("/o/riverside{absent}\"")),
            "{absent}"
        );
    }
    let sheet = inside.get(&house.sheet()).await;
    assert!(sheet.body.contains(PERSON), "{}", sheet.text());
    refused(&inside.get("/settings").await, "settings");
    refused(&inside.get("/members").await, "members");
    refused(
        &inside.post("/calendar/sets", &[("name", "x")]).await,
        "sets",
    );

    let seen = house.owner.get("/access").await;
    for said in [
        "robin",
        "The calendar is empty (T-7)",
        "/calendar/appointments/{id}",
        &house.appointment.to_string(),
        "1 person by name",
        "Refused: not granted",
    ] {
        assert!(seen.text().contains(said), "{said}: {}", seen.text());
    }
    let ended = house
        .owner
        .post(&format!("/access/grants/{loan}/end"), &[])
        .await;
    assert!(ended.location().ends_with("done=access-ended"));
    let after = inside.get("/").await;
    refused(&after, "ended");
    assert!(
        after
            .header("set-cookie")
            .expect("an end")
            .contains("Max-Age=0")
    );
    let again = house
        .owner
        .post(&format!("/access/grants/{loan}/end"), &[])
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_a_grant_is_said() {
    let house = House::new().await;
    let long = "x".repeat(301);
    let longer = "x".repeat(61);
    for (parts, more, text) in [
        (
            "calendar:view",
            &[("reason", " ")][..],
            "Write in one line why",
        ),
        (
            "calendar:view",
            &[("reason", &long)],
            "Write in one line why",
        ),
        ("calendar:view", &[("ticket", "")], "Name the ticket"),
        ("calendar:view", &[("ticket", &longer)], "Name the ticket"),
        ("calendar:view", &[("hours", "0")], "from 1 to 72 hours"),
        ("calendar:view", &[("hours", "73")], "from 1 to 72 hours"),
        ("calendar:none", &[], "at least one part"),
        ("members:full", &[], "at least one part"),
        (
            "calendar:view",
            &[("environment", "sandbox")],
            "no sandbox yet",
        ),
        (
            "calendar:view",
            &[("operator", "opr_1")],
            "Choose an operator",
        ),
    ] {
        let page = house.grant("robin", "live", parts, more).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let fits = "x".repeat(300);
    let more = [("reason", fits.as_str()), ("hours", "72")];
    let page = house.grant("robin", "live", "calendar:view", &more).await;
    assert!(page.location().ends_with("done=access-granted"));
    // Without a password given just now nobody grants anything.
    house.test.clock.advance_minutes(16);
    let fields = [("environment", "live"), ("calendar", "view")];
    let page = house.owner.post("/access/grants", &fields).await;
    assert!(page.location().contains("/account/proof"));
}

#[tokio::test]
async fn only_owners_and_admins_grant() {
    let house = House::new().await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Owner) {
        let member = Staffer::of(&house.test, &house.clinic, role).await;
        let page = member.get("/access").await;
        let expected = if role == Role::Admin {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!(page.status, expected, "{}", role.code());
    }
    let page = house.owner.get("/access").await;
    insta::assert_snapshot!("access_empty", page.text());
}

#[tokio::test]
async fn a_grant_runs_out_and_owners_are_written_to() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view").await;
    assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
    assert_eq!(kinds(&house).await, ["access-granted", "access-used"]);
    // What is used keeps the operator's session alive; the grant's own end stays.
    for _ in 0..4 {
        house.test.clock.advance_minutes(50);
        assert_eq!(inside.get("/calendar").await.status, StatusCode::OK);
    }
    house.test.clock.advance_minutes(40);
    refused(&inside.get("/calendar").await, "expired");
    let ended = house
        .test
        .app
        .store
        .write(house.clinic.id, Actor::SYSTEM, |tx| {
            kept_app::lending::end_expired(tx)
        });
    assert_eq!(ended.await.expect("is done"), 1);
    assert_eq!(
        kinds(&house).await,
        ["access-ended", "access-granted", "access-used"]
    );
    let seen = house.owner.get(&format!("/access?grant={loan}")).await;
    assert!(seen.text().contains("its time was over"), "{}", seen.text());
    let at_the_door = at("2026-11-23T12:00:00Z");
    assert_eq!(now(&house.test), at_the_door);
}
