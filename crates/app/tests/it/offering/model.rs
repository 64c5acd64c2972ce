//! Nested locations, rooms with hours, skills, hours of one service, ways to meet.

use jiff::civil::Weekday;
use kept_app::offering::hours::{self, RoomHours, WeeklyHours};
use kept_app::offering::{self, LocationChange, Mode, RoomChange, RoomKind, StaffChange};

use super::*;
use crate::pages::TYPED;
use crate::support::may;
use crate::support::visitor::Visitor;

fn room_change(clinic: &Clinic, weekly: Vec<RoomHours>) -> RoomChange {
    RoomChange {
        location: clinic.harbor,
        name: "Room 1".to_owned(),
        kind: RoomKind::Room,
        capacity: Some(4),
        weekly,
    }
}

#[tokio::test]
async fn hours_of_a_room_restrict_the_service() {
    let (test, clinic) = TestApp::with_clinic().await;
    let therapy = clinic.wants(clinic.therapy);
    let before = "10:00 10:30 11:00 11:30 12:00 12:30 13:00 13:30 14:00 14:30 15:00";
    assert_eq!(times(&test, &clinic, therapy, 25).await, before);
    let (room, weekly) = (
        clinic.room_1,
        vec![RoomHours {
            weekday: Weekday::Wednesday,
            opens: 10 * 60,
            closes: 12 * 60,
        }],
    );
    let to = room_change(&clinic, weekly);
    let (_, earlier) = change(&test, &clinic, move |tx, _| {
        offering::set_room(tx, &may(), Some(room), &to)
    })
    .await
    .expect("is changed");
    assert_eq!(
        times(&test, &clinic, therapy, 25).await,
        "10:00 10:30 11:00"
    );
    undo(&test, &clinic, earlier.clone()).await.expect("undone");
    assert_eq!(times(&test, &clinic, therapy, 25).await, before);
    let twice = undo(&test, &clinic, earlier).await;
    assert!(
        matches!(twice, Err(OfferingError::ChangedSince)),
        "{twice:?}"
    );
}

#[tokio::test]
async fn rooms_of_floors_serve_the_house_and_its_closed_days_close_them() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (harbor, room) = (clinic.harbor, clinic.room_1);
    let floor = change(&test, &clinic, move |tx, catalog| {
        let zones = kept_base::page::zone::Zones::bundled();
        let to = LocationChange {
            name: "Upper floor".to_owned(),
            address: String::new(),
            zone: "Europe/Berlin".to_owned(),
            parent: Some(harbor),
        };
        let (floor, _) = offering::set_location(tx, &may(), &zones, catalog, None, &to)?;
        let to = RoomChange {
            location: floor,
            name: "Room 1".to_owned(),
            kind: RoomKind::Room,
            capacity: None,
            weekly: Vec::new(),
        };
        offering::set_room(tx, &may(), Some(room), &to)?;
        Ok(floor)
    })
    .await
    .expect("a floor");
    let therapy = clinic.wants(clinic.therapy);
    assert!(
        times(&test, &clinic, therapy, 25)
            .await
            .starts_with("10:00")
    );
    let names = change(&test, &clinic, move |_, catalog| {
        let at = catalog.locations.iter().position(|l| l.id == floor);
        let at = at.expect("known");
        Ok((catalog.full_name(at), catalog.locations[at].address.clone()))
    });
    assert_eq!(
        names.await.expect("names"),
        (
            "Harbor, Upper floor".to_owned(),
            "Hafenstr. 12, Berlin".to_owned()
        )
    );
    let day = vec![(date(2026, 11, 25), "Painters".to_owned())];
    change(&test, &clinic, move |tx, _| {
        hours::close_days(tx, &may(), Some(floor), &day)
    })
    .await
    .expect("closed");
    assert_eq!(times(&test, &clinic, therapy, 25).await, "");
    assert!(!times(&test, &clinic, therapy, 26).await.is_empty());
    // A location stands in no location that stands in it.
    let circle = change(&test, &clinic, move |tx, catalog| {
        let zones = kept_base::page::zone::Zones::bundled();
        let to = LocationChange {
            name: "Harbor".to_owned(),
            address: String::new(),
            zone: "Europe/Berlin".to_owned(),
            parent: Some(floor),
        };
        offering::set_location(tx, &may(), &zones, catalog, Some(harbor), &to)
    });
    assert!(matches!(
        circle.await,
        Err(OfferingError::Invalid("parent"))
    ));
}

#[tokio::test]
async fn only_staff_with_the_skills_are_offered() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (checkup, shah) = (clinic.checkup, clinic.shah);
    let wanted = clinic.wants(checkup);
    assert!(times(&test, &clinic, wanted, 25).await.contains("09:00"));
    let skill = change(&test, &clinic, move |tx, catalog| {
        let (skill, _) = offering::add_skill(tx, &may(), catalog, "Speaks Polish")?;
        let to = StaffChange {
            name: "Priya Shah".to_owned(),
            title: "Clinician".to_owned(),
            email: None,
            skills: vec![skill],
        };
        offering::set_staff(tx, &may(), Some(shah), &to)?;
        let mut setup = as_it_is(catalog, checkup);
        setup.skills = vec![skill];
        setup.basic.staff.clear();
        offering::change_service(tx, &may(), checkup, &setup)?;
        Ok(skill)
    })
    .await
    .expect("is changed");
    // Shah works from ten, Vogt from nine.
    assert!(times(&test, &clinic, wanted, 25).await.starts_with("10:00"));
    let earlier = change(&test, &clinic, move |tx, _| {
        offering::remove_skill(tx, &may(), skill)
    });
    let earlier = earlier.await.expect("is removed");
    assert_eq!(
        times(&test, &clinic, wanted, 25).await,
        "",
        "nobody is listed"
    );
    undo(&test, &clinic, earlier).await.expect("is undone");
    assert!(times(&test, &clinic, wanted, 25).await.starts_with("10:00"));
}

#[tokio::test]
async fn hours_of_one_service_stand_in_place_of_the_others() {
    let (test, clinic) = TestApp::with_clinic().await;
    let (shah, harbor, therapy) = (clinic.shah, clinic.harbor, clinic.therapy);
    let earlier = change(&test, &clinic, move |tx, _| {
        let mut rows = hours::weekly_hours(tx, shah)?;
        rows.push(WeeklyHours {
            weekday: Weekday::Thursday,
            opens: 14 * 60,
            closes: 16 * 60,
            location: harbor,
            service: Some(therapy),
        });
        hours::set_weekly_hours(tx, &may(), shah, &rows)
    })
    .await
    .expect("is changed");
    let wanted = clinic.wants(therapy);
    assert_eq!(times(&test, &clinic, wanted, 25).await, "");
    assert_eq!(times(&test, &clinic, wanted, 26).await, "14:00 14:30 15:00");
    let of_shah = Wanted {
        staff: Some(shah),
        ..clinic.wants(clinic.checkup)
    };
    assert!(
        times(&test, &clinic, of_shah, 25)
            .await
            .starts_with("10:00")
    );
    // The same week again is no change; a wrong one is refused.
    let same = change(&test, &clinic, move |tx, _| {
        let mut rows = hours::weekly_hours(tx, shah)?;
        rows.reverse();
        assert!(hours::set_weekly_hours(tx, &may(), shah, &rows)?.is_nothing());
        rows[0].closes = rows[0].opens;
        hours::set_weekly_hours(tx, &may(), shah, &rows)
    });
    assert!(matches!(same.await, Err(OfferingError::Invalid("hours"))));
    undo(&test, &clinic, earlier).await.expect("is undone");
    assert!(times(&test, &clinic, wanted, 25).await.starts_with("10:00"));
}

#[tokio::test]
async fn a_telephone_service_shows_no_address_and_needs_a_number() {
    let (test, clinic) = TestApp::with_clinic().await;
    let checkup = clinic.checkup;
    change(&test, &clinic, move |tx, catalog| {
        let mut setup = as_it_is(catalog, checkup);
        setup.mode = Mode::Phone;
        offering::change_service(tx, &may(), checkup, &setup)
    })
    .await
    .expect("is changed");
    let visitor = Visitor::of(&test);
    let picker = visitor.get("/riverside/checkup").await.text();
    assert!(picker.contains("By telephone: we call you"), "{picker}");
    assert!(!picker.contains("Hafenstr."), "{picker}");
    let hold = "/riverside/checkup/hold";
    let details = visitor.post(hold, &[("at", "2026-11-25T09:00:00Z")]).await;
    let details = details.location();
    let without = visitor.post(&details, &TYPED[..2]).await;
    assert_eq!(without.status, 422);
    assert!(
        without.text().contains("we will call you"),
        "{}",
        without.text()
    );
    let done = visitor.post(&details, TYPED).await.location();
    let page = visitor.get(&done).await.text();
    assert!(page.contains("By telephone: we call you"), "{page}");
    assert!(!page.contains("Hafenstr."), "{page}");
    // A video room is shown once it is booked, and has to have an address.
    let video = change(&test, &clinic, move |tx, catalog| {
        let mut setup = as_it_is(catalog, checkup);
        setup.mode = Mode::Video;
        assert!(matches!(
            offering::change_service(tx, &may(), checkup, &setup),
            Err(OfferingError::Invalid("video link"))
        ));
        setup.video_link = Some("https://meet.example.org/riverside".to_owned());
        offering::change_service(tx, &may(), checkup, &setup)
    });
    video.await.expect("is changed");
    let page = visitor.get(&done).await;
    assert!(
        page.body
            .contains("href=\"https://meet.example.org/riverside\"")
    );
    let picker = visitor.get("/riverside/checkup").await;
    assert!(!picker.body.contains("meet.example.org"));
}
