//! The pages on which the offering is changed, asked as a browser without scripts would.

use kept_app::access::{self, Role};
use kept_app::ids::StaffId;

use super::*;
use crate::pages::book;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::{Page, Visitor};

/// The fields that a form on a page would send as it stands: names and values, and what is ticked.
fn filled(page: &Page) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let form = page
        .body
        .split("<form")
        .find(|form| form.contains("confirm"));
    for input in form.expect("a form to confirm").split("<input").skip(1) {
        let tag = input.split('>').next().unwrap_or_default();
        let of = |name: &str| {
            let rest = tag.split(&format!("{name}=\"")).nth(1)?;
            Some(
                rest.split('"')
                    .next()?
                    .replace("&#38;", "&")
                    .replace("&amp;", "&"),
            )
        };
        fields.push((of("name").expect("a name"), of("value").unwrap_or_default()));
    }
    fields
}

pub async fn confirm(staffer: &Staffer, path: &str, page: &Page) -> Page {
    let fields = filled(page);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    staffer.post(path, &fields).await
}

/// Sends a form, and once more with what was shown.
pub async fn save(staffer: &Staffer, path: &str, fields: &[(&str, &str)]) -> Page {
    let shown = staffer.post(path, fields).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(
        shown.text().contains("What this changes"),
        "{}",
        shown.text()
    );
    confirm(staffer, path, &shown).await
}

pub fn undo_path(page: &Page) -> String {
    let location = page.location();
    let id = location.split("undo=").nth(1).expect("can be undone");
    format!("/undo/{id}")
}

#[tokio::test]
async fn every_page_is_shown_in_each_language() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let pages = [
        "/services".to_owned(),
        "/services/new".to_owned(),
        format!("/services/{}", clinic.therapy),
        format!("/services/{}/questions", clinic.therapy),
        "/places".to_owned(),
        "/places/new".to_owned(),
        format!("/places/{}", clinic.harbor),
        "/rooms/new".to_owned(),
        format!("/rooms/{}", clinic.room_1),
        "/staff".to_owned(),
        "/staff/new".to_owned(),
        format!("/staff/{}", clinic.shah),
        format!("/staff/{}/hours", clinic.shah),
        "/closed-days".to_owned(),
        "/stranded".to_owned(),
        "/hours".to_owned(),
    ];
    for language in ["en", "de"] {
        let id = admin.id;
        test.write(clinic.id, move |tx| {
            let before = access::member(tx, id)?.expect("known");
            let locale = language.to_owned();
            access::change_member(tx, &may(), &access::Member { locale, ..before })
        })
        .await;
        for path in &pages {
            let page = admin.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(
                page.body.contains(&format!("<html lang=\"{language}\"")),
                "{path}"
            );
        }
    }
    for path in [
        "/services/svc_00000000000000000000000000",
        "/places/x",
        "/staff/x/hours",
    ] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_service_is_made_changed_and_taken_back() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let shah = clinic.shah.to_string();
    let typed = [
        ("name", "Evening talk"),
        ("length", ""),
        ("staff", shah.as_str()),
        ("mode", "place"),
        ("price", "80,50"),
        ("currency", "EUR"),
    ];
    let wrong = admin.post("/services/new", &typed).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("value=\"Evening talk\""),
        "what was typed stays"
    );
    assert!(
        wrong.text().contains("Write a number of minutes"),
        "{}",
        wrong.text()
    );
    let mut typed = typed;
    typed[1].1 = "45";
    let made = save(&admin, "/services/new", &typed).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let list = Visitor::of(&test).get("/riverside").await.text();
    assert!(
        list.contains("Evening talk") && list.contains("80.50"),
        "{list}"
    );
    let undone = admin.post(&undo_path(&made), &[]).await;
    assert_eq!(undone.status, 303);
    let list = Visitor::of(&test).get("/riverside").await.text();
    assert!(!list.contains("Evening talk"), "{list}");
    // It is archived, and can be restored.
    let page = admin.get("/services").await.text();
    assert!(
        page.contains("Archived") && page.contains("Evening talk"),
        "{page}"
    );
}

#[tokio::test]
async fn whoever_is_stranded_by_hours_is_shown_before_they_are_saved() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    book(&Visitor::of(&test), "2026-11-26T08:00:00Z").await;
    let (harbor, path) = (
        clinic.harbor.to_string(),
        format!("/staff/{}/hours", clinic.vogt),
    );
    let week = |days: &[&str]| {
        let row = |day: &&str| {
            [
                ("day", *day),
                ("from", "9"),
                ("to", "17:00"),
                ("place", &harbor),
                ("service", ""),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        days.iter().flat_map(row).collect::<Vec<_>>()
    };
    let sent = |fields: Vec<(String, String)>| {
        let (admin, path) = (&admin, &path);
        async move {
            let fields: Vec<_> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            admin.post(path, &fields).await
        }
    };
    // Monday to Wednesday: the appointment of Thursday is in the way.
    let shown = sent(week(&["1", "2", "3"])).await;
    assert_eq!(shown.status, 200);
    let text = shown.text();
    assert!(
        text.contains("1 booked appointment would no longer fit"),
        "{text}"
    );
    assert!(text.contains("Dr. Vogt does not work then"), "{text}");
    assert!(text.contains("Ama Okafor"), "{text}");
    assert!(text.contains("bookable times now"), "{text}");
    assert!(shown.body.contains("/calendar/appointments/apt_"));
    let before = clinic.wants(clinic.checkup);
    assert!(
        times(&test, &clinic, before, 26).await.ends_with("16:30"),
        "nothing was kept"
    );
    let again = sent(
        [
            week(&["1", "2"]),
            vec![("again".to_owned(), "1".to_owned())],
        ]
        .concat(),
    );
    assert_eq!(again.await.status, 422, "the form, with what was typed");
    let kept = confirm(&admin, &path, &shown).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    assert!(times(&test, &clinic, before, 26).await.ends_with("15:30"));
    let list = admin.get("/stranded").await.text();
    assert!(list.contains("Dr. Vogt does not work then"), "{list}");
    // Something else than what was shown is not confirmed by it.
    let fields = filled(&shown);
    let seal = fields
        .iter()
        .find(|(name, _)| name == "confirm")
        .expect("a seal")
        .1
        .clone();
    let undone = admin.post(&undo_path(&kept), &[]).await;
    assert_eq!(undone.status, 303);
    assert!(times(&test, &clinic, before, 26).await.ends_with("16:30"));
    book(&Visitor::of(&test), "2026-11-26T15:30:00Z").await;
    let late = sent([week(&["1", "2", "3"]), vec![("confirm".to_owned(), seal)]].concat()).await;
    assert_eq!(late.status, 200);
    assert!(
        late.text()
            .contains("2 booked appointments would no longer fit")
    );
    let odd = sent(vec![
        ("day".to_owned(), "1".to_owned()),
        ("from".to_owned(), "late".to_owned()),
        ("to".to_owned(), "17".to_owned()),
        ("place".to_owned(), harbor.clone()),
        ("service".to_owned(), String::new()),
    ])
    .await;
    assert_eq!(odd.status, 422);
    assert!(odd.body.contains("value=\"late\""));
}

#[tokio::test]
async fn staff_change_their_own_hours_and_nobody_elses() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    for path in [
        "/services",
        "/staff",
        "/places",
        "/closed-days",
        "/stranded",
    ] {
        assert_eq!(staff.get(path).await.status, 403, "{path}");
    }
    let others = format!("/staff/{}/hours", clinic.vogt);
    assert_eq!(staff.get(&others).await.status, 404);
    assert_eq!(staff.post(&others, &[("day", "1")]).await.status, 404);
    assert!(staff.get("/hours").await.text().contains("not linked"));
    assert_eq!(
        staff
            .post("/hours/away", &[("first", "2026-11-26")])
            .await
            .status,
        404
    );
    link(&test, &clinic, &staff, clinic.shah).await;
    assert!(staff.get("/hours").await.text().contains("My hours"));
    let of_shah = Wanted {
        staff: Some(clinic.shah),
        ..clinic.wants(clinic.checkup)
    };
    let away = [("first", "2026-11-26"), ("first-time", "12:00")];
    let kept = save(&staff, "/hours/away", &away).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let free = times(&test, &clinic, of_shah, 26).await;
    assert!(free.ends_with("11:30"), "{free}");
    let page = staff.get("/hours").await;
    let id = page
        .body
        .split("name=\"away\" value=\"")
        .nth(1)
        .expect("time off");
    let id = id.split('"').next().expect("an id").to_owned();
    let back = save(&staff, "/hours/back", &[("away", &id)]).await;
    assert_eq!(back.status, 303);
    assert!(times(&test, &clinic, of_shah, 26).await.ends_with("15:30"));
    let off = [("date", "2026-11-26"), ("kind", "off")];
    assert_eq!(save(&staff, "/hours/day", &off).await.status, 303);
    assert_eq!(times(&test, &clinic, of_shah, 26).await, "");
    let usual = [("date", "2026-11-26"), ("kind", "usual")];
    assert_eq!(save(&staff, "/hours/day", &usual).await.status, 303);
    assert!(!times(&test, &clinic, of_shah, 26).await.is_empty());
}

async fn link(test: &TestApp, clinic: &Clinic, staffer: &Staffer, staff: StaffId) {
    let id = staffer.id;
    test.write(clinic.id, move |tx| {
        let before = access::member(tx, id)?.expect("known");
        let staff = Some(staff);
        access::change_member(tx, &may(), &access::Member { staff, ..before })
    })
    .await;
}
