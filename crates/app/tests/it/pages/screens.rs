//! From the services to the confirmation, as people read it.

use insta::assert_snapshot;

use super::{TYPED, book, hold};
use crate::support::TestApp;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn four_screens_in_english() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let services = visitor.get("/riverside").await;
    assert_snapshot!(services.text(), @"
    What can we do for you?
    Choose what you need. You then pick a day and a time.
    ->Check-up
    30 min
    Check-up, calmly.
    Harbor
    ->Therapy
    1 h
    Therapy, calmly.
    Harbor · Hill
    ->Joint review
    1 h
    Joint review, calmly.
    Harbor
    ");
    let times = visitor.get("/riverside/checkup").await;
    assert_snapshot!(times.text(), @"
    ->Check-up, 30 min
    Time
    Your details
    When suits you?
    With anyone available at Harbor, Hafenstr. 12, Berlin. Change
    With whom?
    ->Anyone available
    ->Dr. VogtClinician
    ->Priya ShahClinician
    First available: ->Mon 23 Nov, 11:00
    November 2026
    ->Month
    -> › Later days
    -> Mon 23 November 2026, 12 free
    -> Tue 24 November 2026, 16 free
    -> Wed 25 November 2026, 16 free
    -> Thu 26 November 2026, 16 free
    Fri 27 November 2026, closed
    Times on Monday 23 November 2026
    Morning
    [at=2026-11-23T10:00:00Z required] 11:00
    [at=2026-11-23T10:30:00Z required] 11:30
    Afternoon
    [at=2026-11-23T11:00:00Z required] 12:00
    [at=2026-11-23T11:30:00Z required] 12:30
    [at=2026-11-23T12:00:00Z required] 13:00
    [at=2026-11-23T12:30:00Z required] 13:30
    [at=2026-11-23T13:00:00Z required] 14:00
    [at=2026-11-23T13:30:00Z required] 14:30
    [at=2026-11-23T14:00:00Z required] 15:00
    [at=2026-11-23T14:30:00Z required] 15:30
    [at=2026-11-23T15:00:00Z required] 16:00
    [at=2026-11-23T15:30:00Z required] 16:30
    Times in Europe/Berlin (GMT+1) · ->Change time zone
    Your device uses another time zone: ->
    Kept for you for 10 minutes once you continue.
    Continue
    What we ask for, and why
    Your name and your e-mail address, so that we know whom to expect and can confirm. A phone number if you like.
    ");
    let action = times
        .attribute("method=\"post\"", "action")
        .expect("a form");
    let held = visitor.post(&action, &[("at", &times.times()[3])]).await;
    let details = visitor.get(&held.location()).await;
    assert_snapshot!(details.text(), @"
    ->Check-up, 30 min
    ->Time
    Your details
    Your details
    Mon 23 Nov 2026, 12:30–13:00
    Europe/Berlin (GMT+1)
    Priya Shah, Clinician
    Harbor, Hafenstr. 12, Berlin
    We keep this time for you until 09:10.
    ->Choose another time
    Your name
    So that we know whom to expect.
    [name required]
    E-mail address
    For the confirmation, and the link to move or cancel.
    [email required]
    Phone number (optional)
    To reach you if something changes at short notice. With country code, for example +49 30 123456.
    [phone]
    Book appointment
    What we ask for, and why
    Each question says why we ask it, and we need nothing more to book. Your details are for Riverside Clinic. No other site learns of this visit.
    ");
    let action = details
        .attribute("method=\"post\"", "action")
        .expect("a form");
    let booked = visitor.post(&action, TYPED).await.location();
    let done = visitor.get(&booked).await;
    assert_snapshot!(done.text(), @"
    Check-up
    Time
    Your details
    Done
    You are booked
    A confirmation is on its way to ama@example.org.
    When
    Mon 23 Nov 2026, 12:30–13:00
    Europe/Berlin (GMT+1)
    ->Change time zone
    What
    Check-up, 30 min
    With
    Priya Shah, Clinician
    Where
    Harbor, Hafenstr. 12, Berlin
    For
    Ama Okafor
    Reference
    BK-...
    ->Add to calendar
    It is too late to move it here.
    It is too late to cancel it here.
    You can write to us: ->desk@riverside.example
    This page is your key
    Its address opens your appointment, without a password. It also stands in your confirmation mail. Share it only with people who may move or cancel for you.
    ->Book another appointment
    ");
}

#[tokio::test]
async fn four_screens_in_german() {
    let (test, _) = TestApp::with_clinic().await;
    let mut visitor = Visitor::of(&test);
    visitor.language = "de-AT,de;q=0.9,en;q=0.5";
    assert_snapshot!(visitor.get("/riverside").await.text(), @"
    Was können wir für Sie tun?
    Wählen Sie, was Sie brauchen. Danach suchen Sie Tag und Uhrzeit aus.
    ->Check-up
    30 Min.
    Check-up, calmly.
    Harbor
    ->Therapy
    1 Std.
    Therapy, calmly.
    Harbor · Hill
    ->Joint review
    1 Std.
    Joint review, calmly.
    Harbor
    ");
    let times = visitor.get("/riverside/therapy?day=2026-11-24").await;
    assert_snapshot!(times.text(), @"
    ->Therapy, 1 Std.
    Zeit
    Ihre Angaben
    Wann passt es Ihnen?
    Egal, bei wem, Harbor, Hafenstr. 12, Berlin. Ändern
    Bei wem?
    ->Egal, bei wem
    ->Priya ShahClinician
    ->Liu WeiClinician
    Wo?
    ->HarborHafenstr. 12, Berlin
    ->HillBergweg 3, Berlin
    Nächster freier Termin: ->Mo., 23. Nov., 11:00
    November 2026
    ->Monat
    -> › Spätere Tage
    -> Mo 23 November 2026, 9 frei
    -> Di 24 November 2026, 11 frei
    -> Mi 25 November 2026, 11 frei
    -> Do 26 November 2026, 11 frei
    Fr 27 November 2026, zu
    Zeiten am Dienstag, 24. November 2026
    Vormittag
    [at=2026-11-24T09:00:00Z required] 10:00
    [at=2026-11-24T09:30:00Z required] 10:30
    [at=2026-11-24T10:00:00Z required] 11:00
    [at=2026-11-24T10:30:00Z required] 11:30
    Nachmittag
    [at=2026-11-24T11:00:00Z required] 12:00
    [at=2026-11-24T11:30:00Z required] 12:30
    [at=2026-11-24T12:00:00Z required] 13:00
    [at=2026-11-24T12:30:00Z required] 13:30
    [at=2026-11-24T13:00:00Z required] 14:00
    [at=2026-11-24T13:30:00Z required] 14:30
    [at=2026-11-24T14:00:00Z required] 15:00
    Zeiten in Europe/Berlin (GMT+1) · ->Zeitzone ändern
    Ihr Gerät nutzt eine andere Zeitzone: ->
    Nach „Weiter“ halten wir die Zeit 10 Minuten für Sie frei.
    Weiter
    Was wir fragen, und warum
    Ihren Namen und Ihre E-Mail-Adresse, damit wir wissen, wen wir erwarten, und bestätigen können. Wenn Sie mögen, eine Telefonnummer. Für diesen Termin fragen wir außerdem:
    What hurts? – So that we can prepare.
    Insurance – So that we can prepare.
    First visit – So that we can prepare.
    Date of birth – So that we can prepare.
    ");
    let details = hold(&visitor, "therapy", "2026-11-24T10:00:00Z").await;
    assert_snapshot!(visitor.get(&details).await.text(), @"
    ->Therapy, 1 Std.
    ->Zeit
    Ihre Angaben
    Ihre Angaben
    Di., 24.11.2026, 11:00–12:00
    Europe/Berlin (GMT+1)
    Priya Shah, Clinician
    Harbor, Hafenstr. 12, Berlin
    Room 1
    Wir halten diese Zeit bis 09:10 Uhr für Sie frei.
    ->Andere Zeit wählen
    Ihr Name
    Damit wir wissen, wen wir erwarten.
    [name required]
    E-Mail-Adresse
    Für die Bestätigung und den Link zum Verschieben oder Absagen.
    [email required]
    Telefonnummer (freiwillig)
    Damit wir Sie erreichen, wenn sich kurzfristig etwas ändert. Mit Landesvorwahl, zum Beispiel +49 30 123456.
    [phone]
    What hurts?
    So that we can prepare.
    [answer-concern required]
    Insurance
    So that we can prepare.
    [answer-insurance=Public required] Public
    [answer-insurance=Private required] Private
    [answer-insurance=None required] None
    [answer-first_visit=yes] First visit (freiwillig)
    So that we can prepare.
    Date of birth (freiwillig)
    So that we can prepare. Zum Beispiel 27 3 1984.
    Tag [answer-born-day]
    Monat [answer-born-month]
    Jahr [answer-born-year]
    Termin buchen
    Was wir fragen, und warum
    Bei jeder Frage steht, warum wir sie stellen. Mehr brauchen wir zum Buchen nicht. Ihre Angaben sind für Riverside Clinic. Keine andere Seite erfährt von diesem Besuch.
    ");
    let (_, done) = book(&visitor, "2026-11-26T10:00:00Z").await;
    assert_snapshot!(done.text(), @"
    Check-up
    Zeit
    Ihre Angaben
    Fertig
    Ihr Termin ist gebucht
    Eine Bestätigung ist unterwegs an ama@example.org.
    Wann
    Do., 26.11.2026, 11:00–11:30
    Europe/Berlin (GMT+1)
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
    Bis Mi., 25.11.2026, 11:00 Uhr können Sie verschieben oder absagen.
    Diese Seite ist Ihr Schlüssel
    Ihre Adresse öffnet den Termin ohne Passwort. Sie steht auch in der Bestätigung per E-Mail. Geben Sie sie nur Menschen, die für Sie verschieben oder absagen dürfen.
    ->Noch einen Termin buchen
    ");
}
