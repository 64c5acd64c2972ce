//! Who may not, what is not taken, and what is over.

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::export::{MAX_PASSPHRASE_CHARS, MIN_PASSPHRASE_CHARS};
use kept_app::packages::{
    Ending, MAX_PACKAGE_REASON_CHARS, MAX_PACKAGES_A_DAY, PACKAGE_HOURS, State,
};

use kept_base::kit::Clock as _;
use kept_base::kit::time::plus_seconds;

use super::{DOWNLOAD, Office, PASSPHRASE, address, passphrase};
use crate::support::clinic;
use crate::support::desk::Staffer;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn a_form_that_is_wrong_says_where() {
    let office = Office::new().await;
    let long = |chars: usize| "x".repeat(chars);
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let (least, most) = (MIN_PASSPHRASE_CHARS, MAX_PASSPHRASE_CHARS);
    let (too_short, too_long) = (long(least - 1), long(most + 1));
    let long_reason = long(MAX_PACKAGE_REASON_CHARS + 1);
    let wrong = "Write a passphrase of 12 to 1000 characters.";
    for (first, again, to, reason, said) in [
        ("", "", "", "Why", "or name a recipient below"),
        (PASSPHRASE, PASSPHRASE, &*recipient, "Why", "not both"),
        ("", PASSPHRASE, &*recipient, "Why", "not both"),
        (&*too_short, &*too_short, "", "Why", wrong),
        (&*too_long, &*too_long, "", "Why", wrong),
        (
            PASSPHRASE,
            "quiet copper evening",
            "",
            "Why",
            "not the same",
        ),
        (PASSPHRASE, "", "", "Why", "not the same"),
        ("", "", "age1nonsense", "Why", "no age recipient"),
        ("", "", &recipient[1..], "Why", "no age recipient"),
        (PASSPHRASE, PASSPHRASE, "", " ", "Say why"),
        (PASSPHRASE, PASSPHRASE, "", &*long_reason, "Say why"),
        (PASSPHRASE, PASSPHRASE, "", "a\u{7}b", "Say why"),
    ] {
        let form = [
            ("passphrase", first),
            ("again", again),
            ("recipient", to),
            ("reason", reason),
        ];
        let page = office.owner.post("/export", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(page.text().contains(said), "{said}: {}", page.text());
        assert!(!page.body.contains(PASSPHRASE), "{said}");
    }
    assert_eq!(office.acts().await, Vec::<String>::new());
    for (first, reason) in [
        (long(least), long(1)),
        (long(most), long(MAX_PACKAGE_REASON_CHARS)),
    ] {
        let form = [
            ("passphrase", &*first),
            ("again", &*first),
            ("reason", &*reason),
        ];
        let now = office.test.clock.now();
        office.test.clock.set(plus_seconds(now, 1));
        let asked = office.owner.post("/export", &form).await;
        assert!(asked.location().ends_with("done=export-asked"));
        let id = office.newest().await.id;
        office.owner.post(&address(id, "/removal"), &[]).await;
    }
}

#[tokio::test]
async fn so_many_are_made_within_a_day() {
    let office = Office::new().await;
    for _ in 0..MAX_PACKAGES_A_DAY {
        let id = office.ask().await;
        let removed = office.owner.post(&address(id, "/removal"), &[]).await;
        assert!(removed.location().ends_with("done=export-removed"));
        // One that is being made is gone at once.
        assert_eq!(office.kept().await, (0, 0));
    }
    let refused = office.owner.post("/export", &passphrase(PASSPHRASE)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("No more than 5 packages"));
    office.pass_seconds(24 * 3_600).await;
    let owner = Staffer::named(
        &office.test,
        &office.clinic,
        Role::Owner,
        "later@riverside.example",
    );
    let asked = owner.await.post("/export", &passphrase(PASSPHRASE)).await;
    assert!(asked.location().ends_with("done=export-asked"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_fetches_it_and_a_foreign_id_is_an_unknown_one() {
    let office = Office::new().await;
    let id = office.made().await;
    let (test, here) = (&office.test, &office.clinic);
    let away = clinic::create(test, "northgate").await;
    let other = Staffer::of(test, &away, Role::Owner).await;
    let path = address(id, DOWNLOAD);
    // As if there were none of that id.
    let unknown = address(
        kept_app::ids::PackageId::random(test.app.store.entropy()),
        DOWNLOAD,
    );
    for what in [&*path, &*unknown, "/export/nothing/download"] {
        let page = other.post(what, &[]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{what}");
        assert_eq!(page.body, other.post(&unknown, &[]).await.body);
        let removal = what.replace(DOWNLOAD, "/removal");
        assert_eq!(
            other.post(&removal, &[]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let suspended = Staffer::named(test, here, Role::Owner, "gone@riverside.example").await;
    let out = Staffer::named(test, here, Role::Admin, "out@riverside.example").await;
    let member = format!("/members/{}", suspended.id);
    office.owner.post(&member, &[("state", "suspended")]).await;
    out.post("/sign-out", &[]).await;
    for (who, outsider) in [
        ("another's owner", other.at("riverside")),
        ("suspended", suspended),
        ("signed out", out),
    ] {
        let page = outsider.post(&path, &[]).await;
        assert!(page.location().starts_with("/o/riverside/sign-in"), "{who}");
    }
    let stranger = Visitor::of(test);
    let page = stranger.post(&format!("/o/riverside{path}"), &[]).await;
    assert!(page.location().starts_with("/o/riverside/sign-in"));
    let staff = Staffer::of(test, here, Role::Staff).await;
    assert_eq!(staff.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(staff.get("/export").await.status, StatusCode::FORBIDDEN);
    // Looking is no fetching.
    let looked = office.owner.get(&path).await;
    assert_eq!(looked.status, StatusCode::METHOD_NOT_ALLOWED);
    let acts = office.acts().await;
    assert!(
        !acts.iter().any(|act| act.contains("downloaded")),
        "{acts:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_its_time_it_answers_as_an_unknown_one_and_is_destroyed() {
    let office = Office::new().await;
    let id = office.made().await;
    let unknown = office.owner.post("/export/nothing/download", &[]).await;
    office.test.clock.set(
        jiff::Timestamp::from_second(office.newest().await.expires_at.as_second() - 1)
            .expect("an instant"),
    );
    let late = Staffer::named(
        &office.test,
        &office.clinic,
        Role::Owner,
        "late@riverside.example",
    )
    .await;
    let (status, ..) = late.fetch(&address(id, DOWNLOAD)).await;
    assert_eq!(status, StatusCode::OK, "a second before");
    office.test.clock.set(office.newest().await.expires_at);
    let page = late.post(&address(id, DOWNLOAD), &[]).await;
    assert_eq!(
        (page.status, &page.body),
        (StatusCode::NOT_FOUND, &unknown.body)
    );
    assert!(
        late.get("/export")
            .await
            .text()
            .contains("Its time is over.")
    );
    assert!(office.kept().await.0 > 0, "the hourly pass has not come by");
    office.pass_seconds(3_600).await;
    assert_eq!(office.kept().await, (0, 0));
    let package = office.newest().await;
    assert_eq!(
        (package.state, package.ending),
        (State::Removed, Some(Ending::Expired))
    );
    let acts = office.acts().await;
    assert_eq!(
        acts.last().map(String::as_str),
        Some("system package.removed expired")
    );
    assert_eq!(PACKAGE_HOURS, 24);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removing_can_be_taken_back_until_its_time_is_over() {
    let office = Office::new().await;
    let id = office.made().await;
    let owner = &office.owner;
    let removed = owner.post(&address(id, "/removal"), &[]).await.location();
    assert!(
        removed.contains("done=export-removed&undo=und_"),
        "{removed}"
    );
    let page = owner.post(&address(id, DOWNLOAD), &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let again = owner.post(&address(id, "/removal"), &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let (_, undo) = removed.split_once("undo=").expect("an offer");
    let undone = owner
        .post(&format!("/undo/{undo}"), &[("back", "/o/riverside/export")])
        .await;
    assert!(undone.location().contains("done=undone"));
    let (status, _, bytes) = owner.fetch(&address(id, DOWNLOAD)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        bytes.expect("is whole").len() as u64,
        office.newest().await.bytes
    );

    let removed = owner.post(&address(id, "/removal"), &[]).await.location();
    let (_, undo) = removed.split_once("undo=").expect("an offer");
    let expires_at = office.newest().await.expires_at;
    office.test.clock.set(expires_at);
    let late = owner.post(&format!("/undo/{undo}"), &[]).await.location();
    assert!(
        !late.contains("done=undone&") && !late.ends_with("done=undone"),
        "{late}"
    );
    office.pass_seconds(3_600).await;
    assert_eq!(office.kept().await, (0, 0));
}
