//! The pages of an operator who is signed in.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::kit::Actor;
use kept_base::store::{Error, JobKind, OperatorState};

use super::{Browser, account, operator, set_state};
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::Page;
use crate::support::{TestApp, clinic};

const NEW: [(&str, &str); 5] = [
    ("name", "Harbor Advising"),
    ("slug", "harbor"),
    ("zone", "europe/berlin"),
    ("locale", "de"),
    ("mail_from", ""),
];

/// What a page says, without sizes and ids, which engines have differently.
fn plain(page: &Page) -> String {
    let words = page.text();
    let lines = words.lines().map(|line| {
        let is_size = line.trim_end().ends_with("kB") || line.trim_end().ends_with("MB");
        match line.find("org_") {
            Some(at) => format!("{}org_...", &line[..at]),
            None if is_size => "(size)".to_owned(),
            None => line.replace("PostgreSQL: main", "A file"),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the page of operators says, but for what they did: acts of one instant have no order.
fn without_acts(page: &Page) -> String {
    let words = page.text();
    match words.split_once("What operators did") {
        Some((before, _)) => before.to_owned(),
        None => words,
    }
}

#[tokio::test]
async fn an_empty_installation_says_what_to_do_next() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let mut said = String::new();
    for path in ["", "/jobs", "/backups", "/operators"] {
        let page = robin.get(&format!("/operator{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        said += &format!("== {path}\n{}\n", without_acts(&page));
    }
    insta::assert_snapshot!(said);
}

#[tokio::test]
async fn an_organization_is_made_and_its_links_are_shown_once() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let page = robin.get("/operator/organizations/new").await;
    assert_eq!(page.status, StatusCode::OK);
    let wrong = [
        ("name", " "),
        ("slug", "operator"),
        ("zone", "Berlin"),
        ("locale", "tlh"),
        ("mail_from", "nobody"),
    ];
    let page = robin.post("/operator/organizations", &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    insta::assert_snapshot!(page.text());

    let page = robin.post("/operator/organizations", &NEW).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("value=\"http://kept.test/harbor\""));
    let own = page.attribute("id=\"own\"", "value").expect("a link");
    let own = own.strip_prefix("http://kept.test").expect("is ours");
    assert!(own.starts_with("/o/harbor/own/"), "{own}");
    let stranger = Browser::of(&test, "");
    let fields = [
        ("name", "Ama Okafor"),
        ("email", "ama@harbor.example"),
        ("password", PASSWORD),
    ];
    let owner = stranger.post(own, &fields).await;
    assert_eq!(owner.location(), "/o/harbor/set-up");

    let again = robin.post("/operator/organizations", &NEW).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again
            .text()
            .contains("Another organization has this address")
    );
    let page = robin.get("/operator").await;
    assert!(!page.body.contains("Harbor Advising"), "names are not told");
    insta::assert_snapshot!(plain(&page));
}

#[tokio::test]
async fn organizations_are_found_by_a_part_of_their_slug_page_by_page() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let store = &test.app.store;
    for number in 0..52 {
        let slug = format!("clinic-{number:02}");
        let made = store.create_organization(&slug, Actor::OPERATOR, |_| Ok::<_, Error>(()));
        made.await.expect("is made");
    }
    let page = robin.get("/operator").await;
    assert!(page.body.contains(">clinic-49<") && !page.body.contains(">clinic-50<"));
    let next = page.attribute("rel=\"next\"", "href").expect("a link");
    let page = robin.get(&next).await;
    assert!(page.body.contains(">clinic-51<") && !page.body.contains(">clinic-49<"));
    assert!(page.attribute("rel=\"next\"", "href").is_none());
    let page = robin.get("/operator?q=c-5").await;
    assert!(page.body.contains(">clinic-50<") && !page.body.contains(">clinic-49<"));
    for nothing in ["nobody", "%25", "%3Cscript%3E"] {
        let page = robin.get(&format!("/operator?q={nothing}")).await;
        assert!(
            page.text().contains("No organization has this"),
            "{nothing}"
        );
        assert!(!page.body.contains("<script>"));
    }
    let page = robin.get("/operator/organizations/nobody").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn jobs_and_backups_tell_what_ran_and_what_failed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let robin = operator(&test, "robin").await;
    let store = Arc::clone(&test.app.store);
    let quiet = || -> kept_base::store::Told { Arc::new(|_, _| {}) };
    let kept = store.run_job(JobKind::Backup, None, Actor::OPERATOR, quiet(), |_| {
        Ok((
            (),
            r#"{"organizations": 1, "folder": "2026-11-23"}"#.to_owned(),
        ))
    });
    kept.await.expect("runs");
    test.clock.advance_minutes(1);
    let failed = store.run_job(JobKind::Drill, None, Actor::OPERATOR, quiet(), |_| {
        Err::<((), String), _>(Error::Full)
    });
    assert!(failed.await.is_err());
    test.clock.advance_minutes(1);
    let (tell, told) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let clock = Arc::clone(&test.clock);
    let running = tokio::spawn(async move {
        let work = move |progress: &kept_base::store::Progress| {
            clock.advance_minutes(1);
            progress.tell(3, 8)?;
            let _ = tell.send(());
            let _ = may_go_on.recv();
            Ok(((), "{}".to_owned()))
        };
        let told = quiet();
        store
            .run_job(JobKind::Move, Some(clinic.id), Actor::OPERATOR, told, work)
            .await
    });
    told.await.expect("is told");
    let jobs = robin.get("/operator/jobs").await;
    let home = robin.get("/operator").await;
    go_on.send(()).expect("it waits");
    running.await.expect("no panic").expect("runs");
    assert!(jobs.body.contains("<progress value=\"3\" max=\"8\""));
    insta::assert_snapshot!(jobs.text());
    assert!(home.text().contains("1 job is running"), "{}", home.text());
    assert!(
        home.text()
            .contains("Last backup Mon 23 Nov 2026, 08:00 UTC")
    );
    let page = robin.get("/operator/backups").await;
    insta::assert_snapshot!(page.text());
}

#[tokio::test]
async fn operators_add_suspend_and_help_each_other() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let page = robin.post("/operator/operators", &[("name", "sam")]).await;
    assert_eq!(page.status, StatusCode::OK);
    let link = page.attribute("id=\"link\"", "value").expect("a link");
    let link = link.strip_prefix("http://kept.test").expect("is ours");
    let stranger = Browser::of(&test, "");
    let answer = stranger.post(link, &[("password", PASSWORD)]).await;
    let sam = stranger.signed_in(&answer);
    for (name, error) in [
        ("sam", "Another operator has this name"),
        ("Sam Vale", "Use 2 to 40 small letters"),
        ("sam@example.org", "Use 2 to 40 small letters"),
    ] {
        let page = robin.post("/operator/operators", &[("name", name)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(error), "{}", page.text());
    }
    let of =
        |id: kept_base::kit::OperatorId, what: &str| format!("/operator/operators/{id}/{what}");
    let (me, other) = (
        account(&test, "robin").await.id,
        account(&test, "sam").await.id,
    );
    let page = robin.post(&of(me, "suspension"), &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("You cannot suspend yourself"));

    assert_eq!(sam.get("/operator").await.status, StatusCode::OK);
    let page = robin.post(&of(other, "sessions"), &[]).await;
    assert_eq!(page.location(), "/operator/operators?done=sessions-ended");
    assert_eq!(sam.get("/operator").await.status, StatusCode::SEE_OTHER);
    let page = robin.post("/operator/operators", &[("name", "kim")]).await;
    let first = page.attribute("id=\"link\"", "value").expect("a link");
    let kim = account(&test, "kim").await.id;
    let page = robin.post(&of(kim, "link"), &[]).await;
    let again = page.attribute("id=\"link\"", "value").expect("a link");
    assert_ne!(again, first);
    for one in [other, kim] {
        let page = robin.post(&of(one, "suspension"), &[]).await;
        assert_eq!(page.location(), "/operator/operators?done=saved");
    }
    let gone = stranger.get(again.trim_start_matches("http://kept.test"));
    assert_eq!(gone.await.status, StatusCode::NOT_FOUND);
    let page = robin.post(&of(kim, "link"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let page = robin.get("/operator/operators?done=saved").await;
    insta::assert_snapshot!(without_acts(&page));
    for act in [
        "Operator added\nsam\nrobin\n",
        "Operator added\nrobin\non the server\n",
        "Link made\nkim\nrobin\n",
        "Signed out\nsam\nrobin\n",
        "Operator suspended\nsam\nrobin\n",
        "Password set\nsam\nsam\n",
    ] {
        assert!(page.text().contains(act), "{act}");
    }
    robin.post(&of(other, "resumption"), &[]).await;
    assert_eq!(account(&test, "sam").await.state, OperatorState::Active);
    let nobody = robin.post("/operator/operators/nobody/link", &[]).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_own_password_is_changed_by_whoever_knows_it() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let door = [("name", "robin"), ("password", PASSWORD)];
    let stranger = Browser::of(&test, "");
    let elsewhere = stranger.signed_in(&stranger.post("/operator/sign-in", &door).await);
    let path = "/operator/account/password";
    let change = |present| [("present", present), ("password", "violet harbour ladder")];
    for _ in 0..8 {
        let page = robin.post(path, &change("x")).await;
        assert!(page.text().contains("The present password is another one"));
    }
    let page = robin.post(path, &change(PASSWORD)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    test.clock.advance_minutes(16);
    let short = [("present", PASSWORD), ("password", "short")];
    let page = robin.post(path, &short).await;
    assert!(page.text().contains("at least 10 characters"));
    let page = robin.post(path, &change(PASSWORD)).await;
    assert_eq!(page.location(), "/operator/account?done=password-set");
    assert_eq!(robin.get("/operator").await.status, StatusCode::OK);
    let ended = elsewhere.get("/operator").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    let page = stranger.post("/operator/sign-in", &door).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_page_speaks_german_too() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, kept_app::access::Role::Owner).await;
    clinic::create(&test, "northgate").await;
    let robin = operator(&test, "robin").await;
    operator(&test, "sam").await;
    set_state(&test, "sam", OperatorState::Suspended).await;
    for path in [
        "",
        "/organizations/riverside",
        "/organizations/new",
        "/jobs",
        "/backups",
        "/operators",
        "/account",
    ] {
        let page = robin.get(&format!("/operator{path}?lang=de")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("<html lang=\"de\""), "{path}");
        assert!(page.body.contains(">Sicherungen</a>"), "{path}");
    }
}
