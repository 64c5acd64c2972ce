//! Where each role begins, what the organization takes from a role, and the page that says what one
//! member may do.

use axum::http::StatusCode;
use kept_app::access::{self, Role};

use super::reaching::{House, house, sheet};
use crate::support::TestApp;
use crate::support::desk::Staffer;

#[tokio::test]
async fn whoever_has_no_day_begins_where_they_may() {
    let (test, clinic) = TestApp::with_clinic().await;
    for (role, begins) in [
        (Role::Auditor, "/o/riverside/insight"),
        (Role::PrivacyOfficer, "/o/riverside/people"),
        (Role::FrontDesk, "/o/riverside"),
    ] {
        let member = Staffer::of(&test, &clinic, role).await;
        let page = member.get("/account").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains(&format!("href=\"{begins}\"")),
            "{role:?}"
        );
        let home = member.get(begins).await;
        assert_eq!(home.status, StatusCode::OK, "{role:?}");
    }
    let auditor = Staffer::named(&test, &clinic, Role::Auditor, "eye@riverside.example").await;
    for path in ["", "/calendar", "/people", "/settings", "/members"] {
        assert_eq!(
            auditor.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_organization_takes_parts_from_a_role_and_gives_them_back() {
    let House {
        test,
        clinic,
        at_hill,
        ..
    } = house().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let desk = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let page = owner.get("/members/roles").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Front desk"));
    let of_owners = [("owner.people", "none")];
    let refused = owner.post("/members/roles", &of_owners).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nonsense = [("front_desk.people", "some")];
    let refused = owner.post("/members/roles", &nonsense).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let narrow = [
        ("front_desk.people", "none"),
        ("front_desk.calendar", "view"),
    ];
    let saved = owner.post("/members/roles", &narrow).await;
    assert!(saved.location().contains("done=saved"));
    assert_eq!(desk.get("/people").await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.get("/calendar").await.status, StatusCode::OK);
    let sheet = sheet(at_hill);
    let shown = desk.get(&sheet).await;
    assert!(!shown.body.contains("/move\""));
    let refused = desk
        .post(&format!("{sheet}/status"), &[("to", "canceled")])
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(owner.get("/people").await.status, StatusCode::OK);
    assert_eq!(
        desk.get("/members/roles").await.status,
        StatusCode::FORBIDDEN
    );
    let back = [
        ("front_desk.people", "full"),
        ("front_desk.calendar", "full"),
    ];
    owner.post("/members/roles", &back).await;
    assert_eq!(desk.get("/people").await.status, StatusCode::OK);
    let done = desk
        .post(&format!("{sheet}/status"), &[("to", "canceled")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_lifts_what_holds_for_themselves() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    owner
        .post("/members/roles", &[("admin.people", "none")])
        .await;
    assert_eq!(admin.get("/people").await.status, StatusCode::FORBIDDEN);
    let lifted = admin
        .post("/members/roles", &[("admin.people", "full")])
        .await;
    assert_eq!(lifted.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get("/people").await.status, StatusCode::FORBIDDEN);
    let page = admin.get("/members/roles").await;
    assert!(!page.body.contains("admin.people") && page.body.contains("staff.people"));
}

#[tokio::test]
async fn whoever_has_no_customers_reads_none_in_the_form_of_a_booking() {
    let House {
        test,
        clinic,
        at_hill,
        ..
    } = house().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let desk = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let booked = test.read(clinic.id, move |tx| {
        kept_app::scheduling::appointment(tx, at_hill)
    });
    let noor = booked.await.expect("is there").person;
    let path = format!("/calendar/new?person={noor}");
    assert!(desk.get(&path).await.text().contains("Noor Haddad"));
    owner
        .post("/members/roles", &[("front_desk.people", "none")])
        .await;
    let form = desk.get(&path).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(!form.text().contains("Noor Haddad"));
}

#[tokio::test]
async fn a_page_says_what_a_member_may_do_and_where() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let member = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let path = format!("/members/{}", member.id);
    assert!(admin.get(&path).await.text().contains("Harbor"));
    let (hill, liu) = (clinic.hill.to_string(), clinic.liu.to_string());
    let form = [
        ("placed", "yes"),
        ("role", "manager"),
        ("location", hill.as_str()),
        ("staff", liu.as_str()),
    ];
    let saved = admin.post(&path, &form).await;
    assert!(saved.location().contains("undo="));
    let id = member.id;
    let read = || test.read(clinic.id, move |tx| access::member(tx, id));
    let now = read().await.expect("is there");
    assert_eq!(
        (now.role, now.locations.as_slice(), now.staff),
        (Role::Manager, &[clinic.hill][..], Some(clinic.liu))
    );
    for wrong in ["loc_7zzzzzzzzzzzzzzzzzzzzzzzzz", "nonsense"] {
        let refused = admin
            .post(&path, &[("placed", "yes"), ("location", wrong)])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for (count, expected) in [
        (access::MAX_MEMBER_LOCATIONS, StatusCode::SEE_OTHER),
        (
            access::MAX_MEMBER_LOCATIONS + 1,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let mut form = vec![("placed", "yes")];
        form.extend(std::iter::repeat_n(("location", hill.as_str()), count));
        assert_eq!(admin.post(&path, &form).await.status, expected);
    }
    // What only suspends leaves the rest as it is.
    admin.post(&path, &[("state", "suspended")]).await;
    let now = read().await.expect("is there");
    assert_eq!(now.locations, [clinic.hill]);
    let of_owner = format!("/members/{}", owner.id);
    assert_eq!(admin.get(&of_owner).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_admin_kept_from_customers_gets_at_none_by_another_way() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let auditor = Staffer::of(&test, &clinic, Role::Auditor).await;
    let sam = |role| {
        [
            ("name", "Sam Idris"),
            ("email", "sam@riverside.example"),
            ("role", role),
        ]
    };
    owner.post("/members", &sam("front_desk")).await;
    owner
        .post("/members/roles", &[("admin.people", "view")])
        .await;
    assert_eq!(admin.get("/export").await.status, StatusCode::FORBIDDEN);
    let lea = [
        ("name", "Lea Ostrow"),
        ("email", "lea@riverside.example"),
        ("role", "front_desk"),
    ];
    let refused = admin.post("/members", &lea).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("more than you may"));
    let path = format!("/members/{}", auditor.id);
    let refused = admin.post(&path, &[("role", "privacy_officer")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let all = test.read(clinic.id, access::members).await;
    let invited = all.iter().find(|one| one.role == Role::FrontDesk);
    let invited = invited.expect("was invited").id;
    let link = format!("/members/{invited}/link");
    assert!(owner.get("/members").await.body.contains(&link));
    assert!(!admin.get("/members").await.body.contains(&link));
    assert_eq!(admin.post(&link, &[]).await.status, StatusCode::CONFLICT);
    // Nor does anybody below them get what they have not.
    let lifted = [("staff.people", "view")];
    owner.post("/members/roles", &lifted).await;
    let lifted = admin
        .post("/members/roles", &[("staff.people", "full")])
        .await;
    assert_eq!(lifted.status, StatusCode::FORBIDDEN);
    // What is no more than they have, they give.
    let given = admin.post(&path, &[("role", "staff")]).await;
    assert!(given.location().contains("done=saved"));
}

#[tokio::test]
async fn whoever_has_no_customers_reads_nothing_of_them_beside_an_appointment() {
    let House {
        test,
        clinic,
        at_hill,
        ..
    } = house().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let desk = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let sheet = sheet(at_hill);
    let shown = desk.get(&sheet).await;
    assert!(shown.text().contains("somebody@example.org") && shown.body.contains("/people/per_"));
    owner
        .post("/members/roles", &[("front_desk.people", "none")])
        .await;
    let shown = desk.get(&sheet).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.text().contains("Noor Haddad"));
    assert!(!shown.text().contains("somebody@example.org") && !shown.body.contains("/people/per_"));
}

#[tokio::test]
async fn a_role_that_is_none_makes_no_member() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    for role in ["", "chief"] {
        let form = [
            ("name", "Sam Idris"),
            ("email", "sam@riverside.example"),
            ("role", role),
        ];
        let page = owner.post("/members", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("sam@riverside.example"));
    }
    let all = test.read(clinic.id, access::members).await;
    assert_eq!(all.len(), 1);
}

#[tokio::test]
async fn what_is_hidden_of_customers_is_read_nowhere_and_stays_as_it_is() {
    let House {
        test,
        clinic,
        at_hill,
        ..
    } = house().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let desk = Staffer::of(&test, &clinic, Role::FrontDesk).await;
    let person = (test.read(clinic.id, move |tx| {
        kept_app::scheduling::appointment(tx, at_hill)
    }))
    .await
    .expect("is there")
    .person;
    let (sheet, record) = (sheet(at_hill), format!("/people/{person}"));
    let note = [("note", "Comes by train")];
    owner.post(&format!("{record}/notes"), &note).await;
    let own = owner.get(&record).await.text();
    assert!(own.contains("somebody@example.org") && own.contains("Comes by train"));
    let nonsense = [("front_desk.contact", "view")];
    let refused = owner.post("/members/roles", &nonsense).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let hide = [("front_desk.contact", "none"), ("front_desk.notes", "none")];
    owner.post("/members/roles", &hide).await;
    for path in [&sheet, &record, "/people", "/calendar/new"] {
        let page = desk.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for hidden in ["somebody@example.org", "Comes by train"] {
            assert!(!page.body.contains(hidden), "{path}: {hidden}");
        }
    }
    assert!(desk.get(&record).await.text().contains("Noor Haddad"));
    // Nothing is changed by whoever does not see all of it.
    for path in [format!("{record}/edit"), "/people/export".to_owned()] {
        let status = desk.get(&path).await.status;
        assert_ne!(status, StatusCode::OK, "{path}");
    }
    let moved = [
        ("date", "2026-11-24"),
        ("time", "13:00"),
        ("minutes", "60"),
        ("tell", "yes"),
        ("override", "yes"),
    ];
    let done = desk.post(&format!("{sheet}/move"), &moved).await;
    assert!(done.location().contains("done=moved"), "{}", done.text());
    let own = owner.get(&record).await.text();
    assert!(own.contains("somebody@example.org") && own.contains("Comes by train"));
    // An admin from whom it is hidden gives nobody what shows it.
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    owner
        .post("/members/roles", &[("admin.contact", "none")])
        .await;
    let path = format!("/members/{}", desk.id);
    let refused = admin.post(&path, &[("role", "staff")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}
