//! Signing in and out, by the forms.

use axum::body::Body;
use axum::http::{StatusCode, header};
use kept_app::access::{self, Member, MemberState, Role};
use kept_app::audit;
use kept_base::kit::Actor;

use crate::support::desk::{PASSWORD, Staffer};
use crate::support::may;
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp};

const DOOR: &str = "/o/riverside/sign-in";

async fn member(test: &TestApp, clinic: &Clinic) -> Staffer {
    Staffer::of(test, clinic, Role::Admin).await
}

fn right<'a>() -> [(&'a str, &'a str); 2] {
    [("email", "Admin@riverside.example"), ("password", PASSWORD)]
}

#[tokio::test]
async fn a_member_signs_in_comes_back_and_signs_out() {
    let (test, clinic) = TestApp::with_clinic().await;
    member(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    let door = format!("{DOOR}?next=%2Fo%2Friverside%2Faccount");
    let page = visitor.get(&door).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.headers.get(header::SET_COOKIE).is_none(),
        "nothing is set before the sign-in"
    );

    let page = visitor.post(&door, &right()).await;
    assert_eq!(page.location(), "/o/riverside/account");
    let cookie = page.headers[header::SET_COOKIE]
        .to_str()
        .expect("text")
        .to_owned();
    for part in [
        "__Host-kept-riverside=",
        "; Path=/;",
        "; Secure; HttpOnly; SameSite=Lax",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_not_told_apart() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    member(&test, &clinic).await;
    let gone = Staffer::named(&test, &clinic, Role::Staff, "gone@riverside.example").await;
    let path = format!("/members/{}", gone.id);
    let suspended = owner.post(&path, &[("state", "suspended")]).await;
    assert!(suspended.location().contains("done=saved"));
    let invited = [
        ("name", "Noah Berg"),
        ("email", "new@riverside.example"),
        ("role", "staff"),
    ];
    let invited = owner.post("/members", &invited).await;
    assert!(invited.location().contains("done=invited"));

    let visitor = Visitor::of(&test);
    let mut answers = vec![visitor.post(DOOR, &[]).await];
    for (email, password) in [
        ("admin@riverside.example", "maple lantern orbis"),
        ("nobody@riverside.example", PASSWORD),
        ("no address", PASSWORD),
        ("gone@riverside.example", PASSWORD),
        ("new@riverside.example", PASSWORD),
        ("new@riverside.example", ""),
    ] {
        let form = [("email", email), ("password", password)];
        answers.push(visitor.post(DOOR, &form).await);
    }
    for page in &answers {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains("do not belong together"));
        assert!(page.headers.get(header::SET_COOKIE).is_none());
    }
}

#[tokio::test]
async fn a_suspended_member_is_out_at_once_and_stays_out() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::named(&test, &clinic, Role::Owner, "owner@riverside.example").await;
    let admin = member(&test, &clinic).await;
    assert_ne!(admin.get("/account").await.status, StatusCode::SEE_OTHER);
    let id = admin.id;
    let suspend = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        let found = access::member(tx, id)?.expect("the member");
        access::change_member(
            tx,
            &may(),
            &Member {
                state: MemberState::Suspended,
                ..found
            },
        )
    });
    suspend.await.expect("suspended");
    assert_eq!(admin.get("/account").await.status, StatusCode::SEE_OTHER);
    let page = Visitor::of(&test).post(DOOR, &right()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_way_back_leads_nowhere_else() {
    let (test, clinic) = TestApp::with_clinic().await;
    member(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/o/riverside//evil.example",
        "/o/riversides/",
        "/o/northgate/",
        "/o/riverside/\\evil",
    ] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", next);
        let page = visitor
            .post(&format!("{DOOR}?{}", query.finish()), &right())
            .await;
        assert_eq!(page.location(), "/o/riverside", "{next}");
    }
}

#[tokio::test]
async fn many_tries_are_slowed_down() {
    let (test, clinic) = TestApp::with_clinic().await;
    member(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    let wrong = [("email", "admin@riverside.example"), ("password", "x")];
    for _ in 0..8 {
        assert_eq!(
            visitor.post(DOOR, &wrong).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(
        visitor.post(DOOR, &right()).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    test.clock.advance_minutes(16);
    assert_eq!(
        visitor.post(DOOR, &right()).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn whoever_hangs_up_has_tried_all_the_same() {
    let (test, clinic) = TestApp::with_clinic().await;
    member(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    let wrong = [("email", "admin@riverside.example"), ("password", "x")];
    for _ in 0..8 {
        tokio::select! {
            biased;
            page = visitor.post(DOOR, &wrong) => panic!("answered at once: {}", page.status),
            () = std::future::ready(()) => {}
        }
    }
    // Each is counted before it is written down.
    let failed = async || {
        let all = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
        let failed = all.iter().filter(|entry| entry.act == "sign_in.failed");
        failed.count()
    };
    while failed().await < 8 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        visitor.post(DOOR, &right()).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_at_leisure() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = member(&test, &clinic).await;
    let change = |present| [("present", present), ("password", "violet harbour ladder")];
    for _ in 0..8 {
        let page = admin.post("/account/password", &change("x")).await;
        assert!(
            page.text().contains("The present password is another one"),
            "{}",
            page.text()
        );
    }
    let page = admin.post("/account/password", &change(PASSWORD)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().contains("too many tries"));
    test.clock.advance_minutes(16);
    let page = admin.post("/account/password", &change(PASSWORD)).await;
    assert!(page.location().contains("done=password-set"));
}

#[tokio::test]
async fn many_tries_at_once_are_no_more_than_one_after_the_other() {
    let (test, clinic) = TestApp::with_clinic().await;
    member(&test, &clinic).await;
    let visitor = Visitor::of(&test);
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let visitor = visitor.clone();
        tries.spawn(async move {
            let wrong = Body::from("email=admin%40riverside.example&password=x");
            visitor.send("POST", DOOR, wrong).await.status
        });
    }
    let statuses = tries.join_all().await;
    let judged = |status: &&StatusCode| **status == StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(statuses.iter().filter(judged).count(), 8);
}

#[tokio::test]
async fn a_session_ends_by_itself_and_by_hand() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = member(&test, &clinic).await;
    assert_ne!(admin.get("/account").await.status, StatusCode::SEE_OTHER);
    let page = admin.send("POST", "/sign-out", Body::empty()).await;
    assert!(page.location().contains("done=signed-out"));
    assert_eq!(admin.get("/account").await.status, StatusCode::SEE_OTHER);

    let idle = Staffer::named(&test, &clinic, Role::Staff, "idle@riverside.example").await;
    test.clock.advance_minutes(25 * 60);
    assert_eq!(idle.get("/account").await.status, StatusCode::SEE_OTHER);
}
