//! The audit log: what is in it, how it is looked through, and that it leaves with ids alone.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::audit::{self, MAX_ACTS_AT_ONCE};
use kept_base::kit::Actor;
use kept_base::store::Error;

use super::door::{Door, code_of, turn_on};
use super::passkeys::{self, details};
use crate::support::authenticator::add_passkey;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::{Page, Visitor};
use crate::support::{Clinic, TestApp};

async fn house() -> (TestApp, Clinic, Staffer) {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    (test, clinic, owner)
}

async fn sign_in(test: &TestApp, email: &str, password: &str) -> Page {
    let fields = [("email", email), ("password", password)];
    Visitor::of(test)
        .post("/o/riverside/sign-in", &fields)
        .await
}

#[tokio::test]
async fn sign_ins_and_refusals_are_in_it() {
    let (test, clinic, owner) = house().await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    sign_in(&test, "owner@riverside.example", "a wrong one").await;
    sign_in(&test, "nobody@riverside.example", "a wrong one").await;
    sign_in(&test, "owner@riverside.example", PASSWORD).await;
    for _ in 0..3 {
        assert_eq!(staff.get("/members").await.status, StatusCode::FORBIDDEN);
    }
    // Once each, in whatever order they are asked for again.
    for _ in 0..2 {
        assert_eq!(staff.get("/settings").await.status, StatusCode::FORBIDDEN);
        assert_eq!(staff.get("/members").await.status, StatusCode::FORBIDDEN);
    }
    let all = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let seen: Vec<String> = all
        .iter()
        .filter(|entry| entry.act.starts_with("sign_in") || entry.act.starts_with("right"))
        .map(|entry| {
            let who = entry.subject.split('_').next().unwrap_or_default();
            format!(
                "{} {} {who} {}",
                entry.actor.split(':').next().unwrap_or(""),
                entry.act,
                entry.detail
            )
        })
        .collect();
    insta::assert_snapshot!(seen.join("\n"), @r"
    visitor sign_in.failed mem 
    visitor sign_in.failed org no account
    member right.refused mem members.manage
    member right.refused mem settings.change
    ");
    let page = owner.get("/audit-log?what=signing-in").await;
    for line in [
        "A wrong password was given.",
        "Something was asked for without the right to it.",
        "Somebody signed in.",
    ] {
        assert!(page.text().contains(line), "{line}: {}", page.text());
    }
    assert!(!page.body.contains("nobody@riverside.example"));
}

/// By which means the last session began.
async fn means(test: &TestApp, clinic: &Clinic) -> String {
    let all = details(test, clinic.id, "session.started").await;
    let last = all.last().expect("a session");
    let (member, means) = last.split_once(' ').expect("by some means");
    assert!(member.starts_with("mem_"), "{last}");
    means.to_owned()
}

#[tokio::test]
async fn sign_ins_say_by_which_means() {
    let (test, clinic, _) = house().await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    sign_in(&test, "staff@riverside.example", PASSWORD).await;
    assert_eq!(means(&test, &clinic).await, "password");
    let device = add_passkey(&staff, 1).await;
    passkeys::sign_in(&mut Door::of(&test), &device).await;
    assert_eq!(means(&test, &clinic).await, "passkey");
    let secret = turn_on(&test, &staff).await;
    test.clock.advance_minutes(1);
    let mut door = Door::of(&test);
    door.sign_in("staff@riverside.example").await;
    assert_eq!(
        means(&test, &clinic).await,
        "passkey",
        "not before the code"
    );
    let code = code_of(&test, &secret);
    door.post("/o/riverside/sign-in/code", &[("code", &code)])
        .await;
    assert_eq!(means(&test, &clinic).await, "password+code");
}

#[tokio::test]
async fn it_is_narrowed_by_who_what_thing_and_day() {
    let (test, clinic, owner) = house().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    owner.post("/skills", &[("name", "Ultrasound")]).await;
    test.clock.advance_minutes(16 * 60);
    admin.post("/look/color", &[("color", "#225588")]).await;
    for (query, changed, looked) in [
        ("", true, true),
        ("?what=offering", true, true),
        ("?what=people", false, false),
        (&format!("?who={}", owner.id), true, false),
        (&format!("?who={}", admin.id), false, true),
        ("?who=token", false, false),
        ("?until=2026-11-23", true, false),
        ("?from=2026-11-24", false, true),
        ("?from=2026-11-25", false, false),
        (&format!("?about={}", clinic.id), false, true),
    ] {
        let page = owner.get(&format!("/audit-log{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        let has = |line: &str| text.contains(line);
        assert_eq!(
            has("The look or the words of pages were changed."),
            looked,
            "{query}: {text}"
        );
        let by_form = text
            .lines()
            .any(|line| line.contains("What is offered, or when, was changed."));
        assert_eq!(
            by_form && query != format!("?about={}", clinic.id),
            changed,
            "{query}: {text}"
        );
    }
    let none = owner.get("/audit-log?from=2027-01-01").await;
    assert!(none.text().contains("Nothing here."), "{}", none.text());
}

#[tokio::test]
async fn a_long_log_goes_on_where_it_stopped_and_shows_each_act_once() {
    let (test, clinic, owner) = house().await;
    test.write::<_, Error, _>(clinic.id, |tx| {
        for number in 0..250 {
            audit::record(tx, audit::Act::HoldPlaced, format!("hld_{number}"), "")?;
        }
        Ok(())
    })
    .await;
    let (mut seen, mut next) = (Vec::new(), "/audit-log?what=appointments".to_owned());
    for _ in 0..9 {
        let page = owner.get(&next).await;
        let subjects = page.body.split("about=hld_").skip(1);
        let on_page: Vec<String> = subjects
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect();
        assert!(on_page.len() <= MAX_ACTS_AT_ONCE);
        seen.extend(on_page);
        match page.attribute("before=", "href") {
            Some(more) => next = more,
            None => break,
        }
    }
    let expected: Vec<String> = (0..250).rev().map(|number| number.to_string()).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn it_leaves_as_a_file_with_ids_alone_and_that_is_in_it_too() {
    let (_test, clinic, owner) = house().await;
    let invited = [
        ("name", "Mara Holt"),
        ("email", "mara@invited.example"),
        ("role", "staff"),
    ];
    owner.post("/members", &invited).await;
    let page = owner.post("/audit-log/file", &[("what", "members")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.body
            .starts_with("sequence,at,actor,act,subject,detail\r\n")
    );
    assert!(page.body.contains(",member.invited,mem_"), "{}", page.body);
    for personal in ["Mara", "Holt", "invited.example", "Robin"] {
        assert!(!page.body.contains(personal), "{personal}: {}", page.body);
    }
    let after = owner.get("/audit-log?what=files").await;
    assert!(after.text().contains("The audit log left as a file."));
    assert!(after.text().contains(&clinic.id.to_string()));
}

#[tokio::test]
async fn who_may_not_see_it_finds_no_way_to_it() {
    let (test, clinic, _) = house().await;
    for (role, may) in [
        (Role::Admin, true),
        (Role::PrivacyOfficer, true),
        (Role::Auditor, true),
        (Role::Manager, false),
        (Role::FrontDesk, false),
        (Role::Staff, false),
    ] {
        let member = Staffer::of(&test, &clinic, role).await;
        let account = member.get("/account").await;
        assert_eq!(account.body.contains("/audit-log"), may, "{}", role.code());
        let (page, file) = (
            member.get("/audit-log").await,
            member.post("/audit-log/file", &[]).await,
        );
        let expected = if may {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!((page.status, file.status), (expected, expected));
    }
}

#[tokio::test]
async fn acts_without_a_stop_and_operators_who_were_let_in_are_found_too() {
    let (test, clinic, owner) = house().await;
    let operator = Actor::on_grant("opr_1");
    let undone = test.app.store.write(clinic.id, operator, |tx| {
        audit::record(tx, audit::Act::Undone, tx.organization(), "")
    });
    undone.await.expect("is written");
    for query in ["what=upkeep", "who=operator_on_grant"] {
        let page = owner.get(&format!("/audit-log?{query}")).await;
        let text = page.text();
        assert!(text.contains("A change was taken back."), "{query}: {text}");
        assert!(
            text.contains("An operator who was let in opr_1"),
            "{query}: {text}"
        );
    }
}

#[tokio::test]
async fn nobody_changes_or_removes_a_line() {
    let (test, clinic, _) = house().await;
    let before = test
        .read::<_, Error, _>(clinic.id, |tx| audit::after(tx, 0, 1_000))
        .await;
    assert!(!before.is_empty());
    for sql in [
        "update act set actor = 'nobody'",
        "update act set at = 0 where sequence = 1",
        "delete from act",
    ] {
        let store = &test.app.store;
        let tried = store.write(clinic.id, Actor::OPERATOR, move |tx| {
            tx.execute(sql, &[]).map(drop)
        });
        assert!(tried.await.is_err(), "{sql}");
    }
    let after = test
        .read::<_, Error, _>(clinic.id, |tx| audit::after(tx, 0, 1_000))
        .await;
    assert_eq!(after, before);
}
