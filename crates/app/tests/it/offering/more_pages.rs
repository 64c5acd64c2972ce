//! Closed days, questions, places, rooms and skills on their pages.

use kept_app::access::Role;

use super::pages::{confirm, save, undo_path};
use super::*;
use crate::support::desk::Staffer;
use crate::support::visitor::Page;

#[tokio::test]
async fn closed_days_come_one_by_one_by_law_or_from_a_file() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let one = [("date", "2026-11-25"), ("name", "Painters"), ("place", "")];
    let kept = save(&admin, "/closed-days", &one).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let checkup = clinic.wants(clinic.checkup);
    assert_eq!(times(&test, &clinic, checkup, 25).await, "");
    admin.post(&undo_path(&kept), &[]).await;
    assert!(!times(&test, &clinic, checkup, 25).await.is_empty());
    // No holiday within two weeks: nothing to show, so it is kept at once.
    let law = admin
        .post(
            "/closed-days/holidays",
            &[("region", "DE-BE"), ("place", "")],
        )
        .await;
    assert_eq!(law.status, 303, "{}", law.text());
    let page = admin.get("/closed-days").await.text();
    assert!(
        page.contains("Christmas Day") && page.contains("International Women"),
        "{page}"
    );
    let file = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261124\r\n\
                SUMMARY:Team day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let shown = upload(&admin, file).await;
    assert!(
        shown.text().contains("What this changes"),
        "{}",
        shown.text()
    );
    let kept = confirm(&admin, "/closed-days/file", &shown).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    assert_eq!(times(&test, &clinic, checkup, 24).await, "");
    for (file, text) in [
        ("hello", "no calendar file"),
        (
            "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
            "no event of a whole day",
        ),
    ] {
        let wrong = upload(&admin, file).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(text), "{}", wrong.text());
    }
}

#[tokio::test]
async fn questions_places_rooms_and_skills_are_changed() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let questions = format!("/services/{}/questions", clinic.checkup);
    let asked = [
        ("label", "Have you been here?"),
        ("reason", "So that we find your record."),
        ("kind", "choice"),
        ("choices", "Yes\nNo"),
        ("required", "yes"),
    ];
    assert_eq!(admin.post(&questions, &asked).await.status, 303);
    let page = admin.get(&questions).await;
    assert!(
        page.text().contains("Have you been here?"),
        "{}",
        page.text()
    );
    let wrong = admin.post(&questions, &[("label", "Only this")]).await;
    assert_eq!(wrong.status, 422);
    let link = page
        .links()
        .into_iter()
        .find(|link| link.contains("/questions/fld_"));
    let link = link.expect("the question");
    assert_eq!(admin.get(&link).await.status, 200);
    let removed = admin.post(&format!("{link}/remove"), &[]).await;
    assert_eq!(removed.status, 303);
    let page = admin.get(&questions).await.text();
    assert!(!page.contains("Have you been here?"), "{page}");
    let harbor = clinic.harbor.to_string();
    let floor = [
        ("name", "Upper floor"),
        ("address", ""),
        ("zone", "Europe/Berlin"),
        ("parent", harbor.as_str()),
    ];
    assert_eq!(admin.post("/places/new", &floor).await.status, 303);
    let room = [
        ("name", "Ultrasound"),
        ("location", harbor.as_str()),
        ("kind", "equipment"),
        ("capacity", ""),
        ("day", "1"),
        ("from", "9:00"),
        ("to", "12:00"),
    ];
    assert_eq!(admin.post("/rooms/new", &room).await.status, 303);
    let page = admin.get("/places").await.text();
    assert!(
        page.contains("Upper floor") && page.contains("Equipment"),
        "{page}"
    );
    assert!(page.contains("own hours"), "{page}");
    assert_eq!(
        admin
            .post("/skills", &[("name", "Speaks Polish")])
            .await
            .status,
        303
    );
    let page = admin.get("/staff").await.text();
    assert!(page.contains("Speaks Polish"), "{page}");
    let person = admin.get(&format!("/staff/{}", clinic.shah)).await.text();
    assert!(person.contains("Speaks Polish"), "{person}");
}

async fn upload(staffer: &Staffer, file: &str) -> Page {
    let body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"calendar\"; filename=\"a.ics\"\r\n\r\n{file}\r\n--x--\r\n"
    );
    let kind = "multipart/form-data; boundary=x";
    let path = "/closed-days/file";
    staffer.send_as("POST", path, kind, body.into()).await
}
