//! How far a role reaches: a manager's locations, what staff serve in person.

use axum::http::StatusCode;
use kept_app::access::{self, Member, MemberError, Role};
use kept_app::ids::{AppointmentId, LocationId, MemberId, StaffId};
use kept_app::scheduling::staff::{self, Manner, NewBooking, Whose, Wish};
use kept_base::kit::Actor;

use crate::support::clinic::person;
use crate::support::desk::{Staffer, anything};
use crate::support::may;
use crate::support::{Clinic, TestApp, at};

/// A member with `role` of these locations, who serves as `staff`.
pub async fn placed(
    test: &TestApp,
    clinic: &Clinic,
    role: Role,
    locations: Vec<LocationId>,
    staff: Option<StaffId>,
) -> Staffer {
    let member = Staffer::of(test, clinic, role).await;
    place(test, clinic, member.id, (locations, staff)).await;
    member
}

/// Has a member work for these locations and serve as `staff`.
pub async fn place(
    test: &TestApp,
    clinic: &Clinic,
    id: MemberId,
    (locations, staff): (Vec<LocationId>, Option<StaffId>),
) {
    let changed = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
        let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
        let after = Member {
            locations,
            staff,
            ..before
        };
        access::change_member(tx, &may(), &after)
    });
    changed.await.expect("is changed");
}

/// Somebody has therapy with `with`, on a Tuesday.
async fn therapy(
    test: &TestApp,
    clinic: &Clinic,
    name: &str,
    with: StaffId,
    starts_at: &str,
) -> AppointmentId {
    let new = NewBooking {
        wish: Wish {
            service: clinic.therapy,
            staff: vec![with],
            location: None,
            room: None,
            starts_at: at(starts_at),
            minutes: 60,
        },
        whose: Whose::New(person(name, "somebody@example.org")),
        awaiting: false,
    };
    let manner = Manner {
        override_rules: true,
        tell: false,
    };
    let catalogs = std::sync::Arc::clone(&test.app.catalogs);
    let booked = test.app.store.write(clinic.id, Actor::SYSTEM, move |tx| {
        staff::book(tx, &anything(), &catalogs, &new, manner)
    });
    booked.await.expect("is free").0.id
}

pub(super) struct House {
    pub test: TestApp,
    pub clinic: Clinic,
    /// With Priya Shah at Harbor.
    pub at_harbor: AppointmentId,
    /// With Liu Wei at Hill.
    pub at_hill: AppointmentId,
}

pub(super) async fn house() -> House {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::named(&test, &clinic, Role::Owner, "first@riverside.example").await;
    let at_harbor = "2026-11-24T10:00:00Z";
    let at_harbor = therapy(&test, &clinic, "Ama Okafor", clinic.shah, at_harbor).await;
    let at_hill = "2026-11-24T11:00:00Z";
    let at_hill = therapy(&test, &clinic, "Noor Haddad", clinic.liu, at_hill).await;
    House {
        test,
        clinic,
        at_harbor,
        at_hill,
    }
}

pub(super) fn sheet(id: AppointmentId) -> String {
    format!("/calendar/appointments/{id}")
}

#[tokio::test]
async fn a_manager_has_their_locations_and_no_others() {
    let House {
        test,
        clinic,
        at_harbor,
        at_hill,
    } = house().await;
    test.clock.set(at("2026-11-24T08:00:00Z"));
    let manager = placed(&test, &clinic, Role::Manager, vec![clinic.hill], None).await;
    for view in ["week", "people", "agenda"] {
        let path = format!("/calendar?date=2026-11-24&view={view}");
        let text = manager.get(&path).await.text();
        assert!(text.contains("Noor Haddad"), "{view}");
        assert!(!text.contains("Ama Okafor"), "{view}");
    }
    let today = manager.get("").await.text();
    assert!(today.contains("Noor Haddad") && !today.contains("Ama Okafor"));
    assert_eq!(manager.get(&sheet(at_hill)).await.status, StatusCode::OK);
    let never = sheet(AppointmentId::new(
        at("2026-11-24T08:00:00Z"),
        test.app.store.entropy(),
    ));
    let (out_of_sight, unknown) = (
        manager.get(&sheet(at_harbor)).await,
        manager.get(&never).await,
    );
    assert_eq!(out_of_sight.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let status = [("to", "arrived"), ("tell", "yes")];
    for (id, expected) in [
        (at_hill, StatusCode::SEE_OTHER),
        (at_harbor, StatusCode::NOT_FOUND),
    ] {
        let path = format!("{}/status", sheet(id));
        assert_eq!(manager.post(&path, &status).await.status, expected);
    }
    // What somebody has at other places is not told on their page either.
    let ama = test.read(clinic.id, move |tx| {
        kept_app::scheduling::appointment(tx, at_harbor)
    });
    let ama = ama.await.expect("is there").person;
    let page = manager.get(&format!("/people/{ama}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("Therapy"), "{}", page.text());
}

#[tokio::test]
async fn nothing_is_booked_or_reserved_beyond_the_locations() {
    let House { test, clinic, .. } = house().await;
    let manager = placed(&test, &clinic, Role::Manager, vec![clinic.hill], None).await;
    let (shah, liu) = (clinic.shah.to_string(), clinic.liu.to_string());
    let service = clinic.therapy.to_string();
    let mut wish = vec![
        ("service", service.as_str()),
        ("date", "2026-11-24"),
        ("time", "14:00"),
        ("staff", shah.as_str()),
        ("override", "yes"),
        ("sent", "yes"),
        ("name", "Sol Vega"),
        ("phone", "+49 30 7654321"),
    ];
    let refused = manager.post("/calendar/new", &wish).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(refused.text().contains("This is not yours to change"));
    wish[3] = ("staff", liu.as_str());
    let booked = manager.post("/calendar/new", &wish).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    for (who, expected) in [
        (&shah, StatusCode::FORBIDDEN),
        (&liu, StatusCode::SEE_OTHER),
    ] {
        let keep = [
            ("label", "Team"),
            ("date", "2026-11-26"),
            ("time", "10:00"),
            ("until", "11:00"),
            ("who", who.as_str()),
        ];
        let kept = manager.post("/calendar/reserve", &keep).await;
        assert_eq!(kept.status, expected, "{}", kept.text());
    }
}

#[tokio::test]
async fn time_that_is_out_of_sight_answers_as_time_that_never_was() {
    let House { test, clinic, .. } = house().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let manager = placed(&test, &clinic, Role::Manager, vec![clinic.hill], None).await;
    let shah = clinic.shah.to_string();
    let keep = [
        ("label", "Team"),
        ("date", "2026-11-26"),
        ("time", "10:00"),
        ("until", "11:00"),
        ("who", shah.as_str()),
    ];
    owner.post("/calendar/reserve", &keep).await;
    let week = (at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z"));
    let read = || {
        test.read(clinic.id, move |tx| {
            kept_app::scheduling::blocks_between(tx, week, 9)
        })
    };
    let kept = read().await[0].id.to_string();
    let mut answers = Vec::new();
    for id in [kept.as_str(), "blk_7zzzzzzzzzzzzzzzzzzzzzzzzz"] {
        let path = format!("/calendar/reserved/{id}");
        let (shown, released) = (manager.get(&path).await, manager.post(&path, &[]).await);
        answers.push((
            shown.status,
            released.status,
            released.location().to_owned(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(read().await.len(), 1, "it stays");
}

#[tokio::test]
async fn staff_change_what_they_serve_in_person() {
    let House {
        test,
        clinic,
        at_harbor,
        at_hill,
    } = house().await;
    let liu = placed(&test, &clinic, Role::Staff, Vec::new(), Some(clinic.liu)).await;
    let own = liu.get(&sheet(at_hill)).await;
    let others = liu.get(&sheet(at_harbor)).await;
    assert_eq!(others.status, StatusCode::OK, "the calendar is for all");
    assert!(own.body.contains("/move\"") && !others.body.contains("/move\""));
    let away = [("to", "canceled")];
    let refused = liu
        .post(&format!("{}/status", sheet(at_harbor)), &away)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = liu.post(&format!("{}/status", sheet(at_hill)), &away).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    // Whoever is free is nobody but they.
    let service = clinic.therapy.to_string();
    let wish = [
        ("service", service.as_str()),
        ("date", "2026-11-24"),
        ("time", "13:00"),
        ("sent", "yes"),
        ("name", "Sol Vega"),
        ("phone", "+49 30 7654321"),
    ];
    let form = liu.get("/calendar/new").await.text();
    assert!(form.contains("Liu Wei") && !form.contains("Priya Shah"));
    let booked = liu.post("/calendar/new", &wish).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    let (day, after) = (at("2026-11-24T12:00:00Z"), at("2026-11-24T12:30:00Z"));
    let taken = test.read(clinic.id, move |tx| {
        kept_app::scheduling::taken_between(tx, (day, after), None, None, 10)
    });
    let with: Vec<_> = taken.await.into_iter().map(|one| one.staff).collect();
    assert_eq!(with, [vec![clinic.liu]]);
}
