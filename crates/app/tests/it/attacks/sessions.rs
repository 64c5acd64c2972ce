//! Sessions and their cookies: never chosen by somebody else, never sent where they do not belong.

use axum::body::Body;
use axum::http::header;
use kept_app::access::Role;

use crate::access::door::{Door, with_factor};
use crate::console::operator;
use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::{Page, Visitor};

/// Session fixation: a token that somebody chose for a browser beforehand opens nothing afterwards.
#[tokio::test]
async fn session_fixation_a_token_from_before_is_worth_nothing_after_the_sign_in() {
    let (test, clinic) = TestApp::with_clinic().await;
    let known = Staffer::of(&test, &clinic, Role::Admin).await;
    let chosen = "A".repeat(43);
    let mut door = Door::of(&test).with_cookie(&format!("__Host-kept-riverside={chosen}; Path=/"));
    door.sign_in("admin@riverside.example").await.location();
    assert!(door.is_in(&test).await);
    let fresh = door.staffer(&test);
    assert!(!fresh.cookie().ends_with(&chosen));
    let fixed = Staffer::with_cookie(
        &test,
        "riverside",
        &format!("__Host-kept-riverside={chosen}"),
    );
    assert!(fixed.get("/account").await.location().contains("/sign-in"));

    // Signing in again makes another one, and ends the one that the browser had.
    door.sign_in("admin@riverside.example").await.location();
    assert_ne!(door.staffer(&test).cookie(), fresh.cookie());
    assert!(
        fresh.get("/account").await.location().contains("/sign-in"),
        "the one before"
    );
    assert_eq!(
        known.get("/account").await.status,
        200,
        "another browser's goes on"
    );
    assert!(door.is_in(&test).await);
}

/// A token that was taken before a proof is worth nothing after it, however the proof was given.
#[tokio::test]
async fn session_fixation_a_token_from_before_is_worth_nothing_after_a_proof() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let taken = |admin: &Staffer| Staffer::with_cookie(&test, "riverside", &admin.cookie());
    let wrong = [("password", "not theirs at all")];
    let before = admin.cookie();
    admin.post("/account/proof", &wrong).await;
    assert_eq!(admin.cookie(), before, "nothing was proved");
    let fresh = [
        ("present", PASSWORD),
        ("password", "violet harbour ladder"),
        ("again", "violet harbour ladder"),
    ];
    for (path, form) in [
        ("/account/proof", &[("password", PASSWORD)][..]),
        ("/account/password", &fresh[..]),
    ] {
        let thief = taken(&admin);
        assert_eq!(thief.get("/account").await.status, 200, "{path}");
        admin.post(path, form).await.location();
        assert_ne!(admin.cookie(), thief.cookie(), "{path}");
        assert!(
            thief.get("/account").await.location().contains("/sign-in"),
            "{path}"
        );
        assert_eq!(admin.get("/account").await.status, 200, "{path}");
    }
}

/// Every cookie that is set anywhere: of this host, over TLS, closed to scripts, not sent from elsewhere.
#[tokio::test]
async fn cookies_are_of_this_host_and_closed_to_scripts() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    with_factor(&test, &clinic, Role::Admin).await;
    let mut set = Vec::new();
    let mut take = |page: &Page| {
        let all = page.headers.get_all(header::SET_COOKIE).iter();
        let before = set.len();
        set.extend(all.map(|cookie| cookie.to_str().expect("text").to_owned()));
        assert!(set.len() > before, "nothing is set: {}", page.status);
    };
    let mut door = Door::of(&test);
    take(&door.sign_in("owner@riverside.example").await);
    take(&door.post("/o/riverside/sign-out", &[]).await);
    take(&Door::of(&test).sign_in("admin@riverside.example").await);
    let visitor = Visitor::of(&test);
    take(
        &visitor
            .send("POST", "/o/riverside/sign-in/passkey/begin", Body::empty())
            .await,
    );
    operator(&test, "robin").await;
    let sign_in = [("name", "robin"), ("password", PASSWORD)];
    take(&visitor.post("/operator/sign-in", &sign_in).await);
    let names: Vec<&str> = set
        .iter()
        .filter_map(|cookie| cookie.split('=').next())
        .collect();
    for name in [
        "__Host-kept-riverside",
        "__Host-kept-browser.riverside",
        "__Host-kept-pending.riverside",
        "__Host-kept-passkey.riverside",
        "__Secure-kept-operator",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for cookie in &set {
        let parts: Vec<&str> = cookie.split("; ").collect();
        let path = if cookie.starts_with("__Host-") {
            "Path=/"
        } else {
            "Path=/operator"
        };
        for part in [path, "Secure", "HttpOnly"] {
            assert!(parts.contains(&part), "{part}: {cookie}");
        }
        assert!(
            parts.contains(&"SameSite=Lax") || parts.contains(&"SameSite=Strict"),
            "{cookie}"
        );
        assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
        assert!(cookie.len() < 4_096);
    }
}
