//! The staff calendar in a real browser: by pointer, by keyboard, in every way of looking, and
//! while somebody else changes it.

use std::sync::Arc;

use fantoccini::key::Key;
use kept_app::access::Role;
use kept_app::ids::AppointmentId;
use kept_app::scheduling;
use kept_app::scheduling::staff::{self, Manner, NewBooking, Whose, Wish};
use kept_base::kit::Actor;

use super::{Stage, check};
use crate::browser::{Looks, Tab, browse};
use crate::support::at;
use crate::support::clinic::person;
use crate::support::desk::{PASSWORD, Staffer, anything};

pub(super) const WEEK: &str = "/o/riverside/calendar?view=week&date=2026-11-24";

/// Somebody is signed in, Ama Okafor is booked on Tuesday at ten, Noor Haddad at two.
pub(super) struct Day {
    pub(super) stage: Stage,
    colleague: Staffer,
    ama: AppointmentId,
}

impl Day {
    pub(super) async fn begin(tab: &Tab) -> Self {
        let stage = Stage::open().await;
        Staffer::of(&stage.test, &stage.clinic, Role::Admin).await;
        let colleague = Staffer::named(
            &stage.test,
            &stage.clinic,
            Role::Admin,
            "c@riverside.example",
        )
        .await;
        let ama = book(
            &stage,
            ("Ama Okafor", "ama@example.org"),
            "2026-11-24T09:00:00Z",
        )
        .await;
        book(
            &stage,
            ("Noor Haddad", "noor@example.org"),
            "2026-11-24T13:00:00Z",
        )
        .await;
        sign_in(tab, &stage, "admin@riverside.example").await;
        Self {
            stage,
            colleague,
            ama,
        }
    }

    pub(super) async fn place(&self) -> String {
        let (id, test) = (self.ama, &self.stage.test);
        let found = test.read(self.stage.clinic.id, move |tx| {
            scheduling::appointment(tx, id)
        });
        found.await.expect("is there").starts_at.to_string()
    }

    pub(super) fn link(&self) -> String {
        format!("#{}", self.ama)
    }
}

pub(super) async fn sign_in(tab: &Tab, stage: &Stage, email: &str) {
    tab.goto(&stage.url("/o/riverside/sign-in")).await;
    tab.fill("E-mail", email).await;
    tab.fill("Password", PASSWORD).await;
    tab.click("Sign in").await;
    tab.see("Monday 23 November 2026").await;
}

async fn book(stage: &Stage, (name, email): (&str, &str), starts_at: &str) -> AppointmentId {
    let new = NewBooking {
        wish: Wish {
            service: stage.clinic.checkup,
            staff: vec![stage.clinic.vogt],
            location: None,
            room: None,
            starts_at: at(starts_at),
            minutes: 30,
        },
        whose: Whose::New(person(name, email)),
        awaiting: name.starts_with("Noor"),
    };
    let manner = Manner {
        override_rules: true,
        tell: false,
    };
    let catalogs = Arc::clone(&stage.test.app.catalogs);
    let verb =
        move |tx: &kept_base::store::Tx<'_>| staff::book(tx, &anything(), &catalogs, &new, manner);
    let store = &stage.test.app.store;
    let booked = store.write(stage.clinic.id, Actor::SYSTEM, verb).await;
    booked.expect("is free").0.id
}

fn work(looks: &Looks, walk: impl AsyncFnOnce(&Tab, &Day)) {
    browse(looks, async |tab| {
        let day = Day::begin(tab).await;
        tab.goto(&day.stage.url(WEEK)).await;
        tab.see("Ama Okafor").await;
        walk(tab, &day).await;
        // Leaves the page that listens, so that the server can go before the browser.
        tab.goto(&day.stage.url("/o/riverside/account")).await;
    });
}

async fn focus(tab: &Tab, css: &str) {
    tab.ask_page(&format!(
        "document.querySelector('{css}').focus(); arguments[0](true)"
    ))
    .await;
}

#[test]
fn an_appointment_is_dragged_to_another_day_and_time_and_back() {
    work(&Looks::desktop(), async |tab, day| {
        check(tab).await;
        let width = tab
            .ask_page("arguments[0](document.querySelector('.cal-day').offsetWidth)")
            .await;
        let width = i32::try_from(width.as_i64().expect("a width")).expect("is small");
        // A column on, and an hour down: twelve rows of nine pixels.
        tab.drag(&day.link(), (0, 0), (width, 108)).await;
        tab.see("Moved.").await;
        assert_eq!(day.place().await, "2026-11-25T10:00:00Z");
        check(tab).await;
        tab.click("Undo").await;
        tab.see("Taken back.").await;
        assert_eq!(day.place().await, "2026-11-24T09:00:00Z");
        // By its lower edge it grows by a quarter of an hour.
        tab.drag(&day.link(), (0, 24), (0, 27)).await;
        tab.see("10:00–10:45").await;
        tab.see("Moved.").await;
    });
}

#[test]
fn what_is_in_the_way_opens_beside_the_calendar() {
    work(&Looks::desktop(), async |tab, day| {
        // Onto Noor Haddad, four hours down.
        tab.ask_page("scrollTo(0, 300); arguments[0](true)").await;
        tab.drag(&day.link(), (0, 0), (0, 432)).await;
        tab.see("The time is taken").await;
        tab.see("Dr. Vogt: Noor Haddad").await;
        tab.excuse("409").await;
        check(tab).await;
        tab.click("Close").await;
        assert_eq!(day.place().await, "2026-11-24T09:00:00Z");
        // At noon, when Dr. Vogt is at lunch, it can be done anyway.
        tab.drag(&day.link(), (0, 0), (0, 243)).await;
        tab.see("Rules speak against it").await;
        tab.excuse("422").await;
        tab.see("Dr. Vogt does not work then.").await;
        tab.click("Do it anyway. The record will say so.").await;
        tab.click("Move it").await;
        tab.see("Moved.").await;
        assert_eq!(day.place().await, "2026-11-24T11:15:00Z");
    });
}

#[test]
fn an_appointment_is_moved_with_the_keyboard_alone() {
    work(&Looks::desktop(), async |tab, day| {
        focus(tab, &day.link()).await;
        tab.type_text("m").await;
        tab.press(Key::Down).await;
        tab.press(Key::Right).await;
        tab.see("10:15–10:45").await;
        tab.press(Key::Escape).await;
        tab.see("10:00–10:30").await;
        assert_eq!(day.place().await, "2026-11-24T09:00:00Z");
        tab.type_text("m").await;
        tab.press(Key::Right).await;
        tab.press(Key::Down).await;
        tab.press(Key::Enter).await;
        tab.see("Moved.").await;
        assert_eq!(day.place().await, "2026-11-25T09:15:00Z");
        // The focus stays on what was moved.
        assert!(tab.focused().await.contains("Ama Okafor"));
        tab.type_text("r").await;
        tab.press(Key::Down).await;
        tab.press(Key::Enter).await;
        tab.see("10:15–11:00").await;
        tab.type_text("?").await;
        tab.see("these keys").await;
        check(tab).await;
        tab.press(Key::Escape).await;
        tab.type_text("n").await;
        tab.see("For whom").await;
        check(tab).await;
    });
}

#[test]
fn from_right_to_left_the_arrows_follow_the_eye() {
    work(&Looks::desktop(), async |tab, day| {
        tab.ask_page("document.documentElement.dir = 'rtl'; arguments[0](true)")
            .await;
        focus(tab, &day.link()).await;
        tab.type_text("m").await;
        tab.press(Key::Left).await;
        tab.screenshot("calendar-rtl");
        tab.press(Key::Enter).await;
        tab.see("Moved.").await;
        assert_eq!(day.place().await, "2026-11-25T09:00:00Z");
    });
}

#[test]
fn a_gap_is_clicked_and_booked() {
    work(&Looks::desktop(), async |tab, _| {
        // Wednesday, in the upper half of the day.
        tab.click_at("[data-date='2026-11-25'] .cal-list", (0, -200))
            .await;
        tab.see("For whom").await;
        check(tab).await;
        tab.fill("Name", "Sol Vega").await;
        tab.fill("E-mail (or a phone number)", "sol@example.org")
            .await;
        tab.click("Show the letter first").await;
        tab.see("This is what they would read").await;
        tab.click("Book").await;
        tab.see("Booked.").await;
        tab.see("Sol Vega").await;
    });
}

#[test]
fn one_sees_what_somebody_else_does_as_it_happens() {
    work(&Looks::desktop(), async |tab, day| {
        let path = format!("/calendar/appointments/{}/move", day.ama);
        let to = [("date", "2026-11-25"), ("time", "11:15")];
        let moved = day.colleague.post(&path, &to).await;
        assert!(moved.status.is_redirection(), "{}", moved.body);
        tab.see("11:15–11:45").await;
        // Never while one is moving something oneself.
        focus(tab, &day.link()).await;
        tab.type_text("m").await;
        tab.press(Key::Down).await;
        tab.see("11:30–12:00").await;
        let status = format!("/calendar/appointments/{}/status", day.ama);
        day.colleague.post(&status, &[("to", "arrived")]).await;
        tab.see_no("· Arrived").await;
        tab.press(Key::Escape).await;
        tab.see("· Arrived").await;
    });
}

#[test]
fn the_sheet_says_who_and_changes_how_it_stands() {
    work(&Looks::desktop(), async |tab, _| {
        tab.click("Noor Haddad").await;
        tab.see("noor@example.org").await;
        check(tab).await;
        tab.click("Confirm").await;
        tab.see("Confirmed.").await;
        tab.click("Undo").await;
        tab.see("· Unconfirmed").await;
    });
}

#[test]
fn every_view_holds_in_every_look() {
    for (name, looks) in [
        ("light", Looks::desktop()),
        ("dark", Looks::desktop().dark()),
        ("forced", Looks::desktop().forced_colors()),
        ("phone", Looks::phone()),
        ("plain", Looks::narrow().without_javascript()),
    ] {
        work(&looks, async |tab, day| {
            for view in ["week", "people", "rooms", "agenda", "month"] {
                let url = format!("/o/riverside/calendar?view={view}&date=2026-11-24");
                tab.goto(&day.stage.url(&url)).await;
                check(tab).await;
                tab.screenshot(&format!("calendar-{view}-{name}"));
            }
            for (page, path) in [
                ("today", String::new()),
                ("new", "/calendar/new".to_owned()),
                ("reserve", "/calendar/reserve".to_owned()),
                ("feeds", "/calendar/feeds".to_owned()),
                ("sheet", format!("/calendar/appointments/{}", day.ama)),
            ] {
                tab.goto(&day.stage.url(&format!("/o/riverside{path}")))
                    .await;
                check(tab).await;
                tab.screenshot(&format!("calendar-{page}-{name}"));
            }
        });
    }
}

#[test]
fn without_scripts_everything_is_a_page() {
    work(&Looks::narrow().without_javascript(), async |tab, day| {
        tab.click("Ama Okafor").await;
        tab.see("ama@example.org").await;
        tab.click("Move it").await;
        tab.see("Nothing was to be changed.").await;
        tab.goto(&day.stage.url("/o/riverside")).await;
        tab.see("Unconfirmed, later days").await;
        tab.click("Confirm: Noor Haddad").await;
        tab.see("Confirmed.").await;
        tab.see("Nothing waits for you today.").await;
    });
}
