//! The person's own page: seeing, moving, cancelling.

use insta::assert_snapshot;
use kept_app::scheduling::{self, Filter};
use kept_base::store::Tx;

use super::book;
use crate::support::TestApp;
use crate::support::visitor::Visitor;

/// Friday of the second week, far enough for every policy.
const FAR: &str = "2026-12-01T09:00:00Z";

fn plain(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

#[tokio::test]
async fn the_page_in_both_languages() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, FAR).await;
    let page = visitor.get(plain(&url)).await;
    assert_snapshot!(page.text(), @"
    Your appointment
    ● Confirmed
    When
    Tue 1 Dec 2026, 10:00–10:30
    Europe/Berlin (GMT+1)
    ->Change time zone
    What
    Check-up, 30 min
    With
    Dr. Vogt, Clinician
    Where
    Harbor, Hafenstr. 12, Berlin
    For
    Ama Okafor
    Reference
    BK-...
    ->Add to calendar
    ->Move
    ->Cancel
    Free to move or cancel until Mon 30 Nov 2026, 10:00.
    This page is your key
    Its address opens your appointment, without a password. It also stands in your confirmation mail. Share it only with people who may move or cancel for you.
    ");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(
        page.body
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
    let german = visitor
        .get(&format!("{}?lang=de&zone=America/New_York", plain(&url)))
        .await;
    assert_snapshot!(german.text(), @"
    Ihr Termin
    ● Bestätigt
    Wann
    Di., 01.12.2026, 04:00–04:30
    America/New York (GMT-5)
    Di., 01.12.2026, 10:00–10:30
    Europe/Berlin (GMT+1), am Ort des Termins
    ->Zeitzone ändern
    Was
    Check-up, 30 Min.
    Bei
    Dr. Vogt, Clinician
    Wo
    Harbor, Hafenstr. 12, Berlin
    Für
    Ama Okafor
    Nummer
    BK-...
    ->In den Kalender
    ->Verschieben
    ->Absagen
    Bis Mo., 30.11.2026, 04:00 Uhr können Sie verschieben oder absagen.
    Diese Seite ist Ihr Schlüssel
    Ihre Adresse öffnet den Termin ohne Passwort. Sie steht auch in der Bestätigung per E-Mail. Geben Sie sie nur Menschen, die für Sie verschieben oder absagen dürfen.
    ");
}

#[tokio::test]
async fn moving() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, FAR).await;
    let page = visitor.get(plain(&url)).await;
    let to_move = page
        .links()
        .into_iter()
        .find(|l| l.ends_with("/move"))
        .unwrap();
    let picker = visitor.get(&format!("{to_move}?day=2026-12-01")).await;
    assert_snapshot!(picker.text(), @"
    ->Back to your appointment
    When suits you better?
    Now
    Check-up
    Tue 1 Dec 2026, 10:00–10:30
    Europe/Berlin (GMT+1)
    With Dr. Vogt, Clinician where possible, at Harbor, Hafenstr. 12, Berlin.
    First available: ->Mon 23 Nov, 11:00
    30 Nov – 6 Dec
    ->Month
    -> ‹ Earlier days
    -> › Later days
    -> Mon 30 November 2026, 16 free
    -> Tue 1 December 2026, 16 free
    -> Wed 2 December 2026, 16 free
    -> Thu 3 December 2026, 16 free
    Fri 4 December 2026, closed
    Times on Tuesday 1 December 2026
    Morning
    [at=2026-12-01T08:00:00Z required] 09:00
    [at=2026-12-01T08:30:00Z required] 09:30
    [at=2026-12-01T09:30:00Z required] 10:30
    [at=2026-12-01T10:00:00Z required] 11:00
    [at=2026-12-01T10:30:00Z required] 11:30
    Afternoon
    [at=2026-12-01T11:00:00Z required] 12:00
    [at=2026-12-01T11:30:00Z required] 12:30
    [at=2026-12-01T12:00:00Z required] 13:00
    [at=2026-12-01T12:30:00Z required] 13:30
    [at=2026-12-01T13:00:00Z required] 14:00
    [at=2026-12-01T13:30:00Z required] 14:30
    [at=2026-12-01T14:00:00Z required] 15:00
    [at=2026-12-01T14:30:00Z required] 15:30
    [at=2026-12-01T15:00:00Z required] 16:00
    [at=2026-12-01T15:30:00Z required] 16:30
    Times in Europe/Berlin (GMT+1) · ->Change time zone
    Your device uses another time zone: ->
    Your old time becomes free once you move.
    Move here
    ");
    assert!(
        !picker.times().contains(&FAR.to_owned()),
        "where it is is no move"
    );
    let action = picker.attribute("method=\"post\"", "action").unwrap();
    let none = visitor.post(&action, &[]).await;
    assert_eq!(none.status, 422);
    let new = [("at", "2026-12-01T13:30:00Z")];
    let moved = visitor.post(&action, &new).await.location();
    // Sent twice, it is where it was to go.
    assert_eq!(visitor.post(&action, &new).await.location(), moved);
    let page = visitor.get(&moved).await.text();
    assert!(page.contains("Tue 1 Dec 2026, 14:30–15:00"), "{page}");
    let found = test
        .read(clinic.id, |tx: &Tx<'_>| {
            scheduling::appointments(tx, &Filter::default(), 10)
        })
        .await;
    assert_eq!(found[0].revision, 1);
    // The old time is free again; a taken one brings alternatives.
    book(&visitor, FAR).await;
    book(&visitor, FAR).await;
    let taken = visitor.post(&action, &[("at", FAR)]).await;
    assert_eq!(taken.status, 409);
    assert!(
        taken.text().contains("This time was just taken"),
        "{}",
        taken.text()
    );
}

#[tokio::test]
async fn cancelling() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, FAR).await;
    let cancel = format!("{}/cancel", plain(&url));
    assert_snapshot!(visitor.get(&cancel).await.text(), @"
    ->Back to your appointment
    Cancel this appointment?
    Check-up
    Tue 1 Dec 2026, 10:00–10:30
    Europe/Berlin (GMT+1)
    Dr. Vogt, Clinician
    Your time becomes free for others at once, and we cannot promise to give it back.
    ->Move it to another time instead
    Why do you cancel? (optional)
    It helps us to do better. Only we read it.
    [reason]
    Cancel appointment
    ->Keep it
    ");
    let long = "y".repeat(2_001);
    let refused = visitor.post(&cancel, &[("reason", &long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains(&long) && refused.text().contains("at most 2000 characters"));
    let done = visitor
        .post(&cancel, &[("reason", "I am well again")])
        .await
        .location();
    assert_eq!(visitor.post(&cancel, &[]).await.location(), done);
    let page = visitor.get(&done).await;
    assert_snapshot!(page.text(), @"
    Your appointment was canceled
    ■ Canceled
    The time is free for others again.
    When
    Tue 1 Dec 2026, 10:00–10:30
    Europe/Berlin (GMT+1)
    ->Change time zone
    What
    Check-up, 30 min
    With
    Dr. Vogt, Clinician
    Where
    Harbor, Hafenstr. 12, Berlin
    For
    Ama Okafor
    Reference
    BK-...
    ->Book another time
    ");
    assert!(
        !page.body.contains("well again"),
        "the reason is the organization's"
    );
    assert_eq!(
        visitor.get(&format!("{}/move", plain(&url))).await.status,
        200
    );
    let free = visitor.get("/riverside/checkup?day=2026-12-01").await;
    assert!(free.times().contains(&FAR.to_owned()));
    let note = move |tx: &Tx<'_>| {
        let found = scheduling::appointments(tx, &Filter::default(), 1)?;
        kept_app::people::note(
            tx,
            found[0].id,
            kept_app::people::NoteKind::CancellationReason,
        )
    };
    let note = test
        .read(clinic.id, note)
        .await
        .expect("the reason is kept");
    assert_eq!(note.expose(), "I am well again");
}

#[tokio::test]
async fn too_late_is_said_with_what_to_do() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, "2026-11-23T15:00:00Z").await;
    let page = visitor.get(plain(&url)).await.text();
    assert!(page.contains("It is too late to move it here."), "{page}");
    for (below, fields) in [("move", [("at", FAR)]), ("cancel", [("reason", "")])] {
        let url = format!("{}/{below}", plain(&url));
        let seen = visitor.get(&url).await;
        assert!(seen.text().contains("cannot be"), "{}", seen.text());
        assert!(seen.text().contains("desk@riverside.example"));
        assert!(!seen.body.contains("<form method=\"post\""));
        let sent = visitor.post(&url, &fields).await;
        assert_eq!(sent.status, 409, "{}", sent.text());
    }
}

#[tokio::test]
async fn a_link_that_opens_nothing_is_one_calm_page() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, FAR).await;
    let unknown = visitor.get("/riverside/appointment/0123456789").await;
    assert_eq!(unknown.status, 404);
    assert_snapshot!(unknown.text(), @"
    This link opens nothing
    It may be incomplete, or its appointment was long ago. Open the link from your newest mail once more, and check that all of it was copied.
    You can write to us: ->desk@riverside.example
    ->See what can be booked
    ");
    // Long after the appointment the link is dead, and looks the same.
    test.clock.advance_minutes(60 * 24 * 60);
    for below in ["", "/move", "/cancel", "/calendar.ics"] {
        let dead = visitor.get(&format!("{}{below}", plain(&url))).await;
        assert_eq!(dead.status, 404);
        assert_eq!(dead.text(), unknown.text());
        assert_eq!(dead.header("cache-control"), Some("no-store"));
    }
    for below in ["/move", "/cancel"] {
        let dead = visitor
            .post(&format!("{}{below}", plain(&url)), &[("at", FAR)])
            .await;
        assert_eq!(dead.status, 404);
    }
}

#[tokio::test]
async fn the_calendar_file() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (url, _) = book(&visitor, FAR).await;
    let file = visitor.get(&format!("{}/calendar.ics", plain(&url))).await;
    assert_eq!(
        file.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let token = plain(&url).rsplit('/').next().unwrap();
    assert!(
        !file.body.contains(token),
        "calendars are shared, the link is not"
    );
    let stable: Vec<&str> = file
        .body
        .lines()
        .filter(|l| !l.starts_with("UID:") && !l.starts_with("DESCRIPTION:") && !l.starts_with(' '))
        .collect();
    assert_snapshot!(stable.join("\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Kept//Kept//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    BEGIN:VEVENT
    SEQUENCE:0
    DTSTAMP:20261123T080000Z
    DTSTART:20261201T090000Z
    DTEND:20261201T093000Z
    SUMMARY:Riverside Clinic
    LOCATION:Harbor\, Hafenstr. 12\, Berlin
    ORGANIZER;CN="Riverside Clinic":mailto:desk@riverside.example
    STATUS:CONFIRMED
    TRANSP:OPAQUE
    END:VEVENT
    END:VCALENDAR
    "#);
}
