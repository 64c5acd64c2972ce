//! Language, zone, day, with whom and where.

use insta::assert_snapshot;
use kept_base::store::{Error, Tx};

use super::hold;
use crate::support::TestApp;
use crate::support::visitor::Visitor;

#[tokio::test]
async fn the_language_can_be_changed_on_every_screen_and_what_was_chosen_stays() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let times = visitor
        .get("/riverside/checkup?day=2026-11-24&zone=Asia/Tokyo")
        .await;
    let german = times.attribute("hreflang=\"de\"", "href").unwrap();
    assert_snapshot!(german, @"/riverside/checkup?day=2026-11-24&zone=Asia/Tokyo&lang=de");
    let page = visitor.get(&german).await;
    assert!(page.body.contains("<html lang=\"de\" dir=\"ltr\">"));
    let held = visitor
        .post(
            &page.attribute("\"post\"", "action").unwrap(),
            &[("at", "2026-11-24T09:00:00Z")],
        )
        .await;
    assert!(held.location().contains("lang=de"), "{}", held.location());

    // On the details the switch is a button, so that what was typed goes along.
    let details = visitor.get(&held.location()).await;
    let english = details.attribute("lang=\"en\"", "formaction").unwrap();
    let typed = [
        ("show", "again"),
        ("name", "Ama <b>Okafor</b> & Co"),
        ("email", "not yet"),
    ];
    let again = visitor.post(&english, &typed).await;
    assert_eq!(again.status, 200);
    assert!(again.body.contains("<html lang=\"en\""));
    let value = |mark| again.attribute(mark, "value").unwrap();
    assert_eq!(value("id=\"name\""), "Ama <b>Okafor</b> & Co");
    assert_eq!(value("id=\"email\""), "not yet");
    assert!(!again.body.contains("role=\"alert\""), "{}", again.text());
}

#[tokio::test]
async fn with_whom_and_where_can_be_chosen() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let url = format!("/riverside/checkup?staff={}&day=2026-11-24", clinic.vogt);
    let page = visitor.get(&url).await;
    assert!(
        page.text().contains("With Dr. Vogt at Harbor"),
        "{}",
        page.text()
    );
    // 12:00 to 13:00 is Dr. Vogt's alone to be away.
    assert!(!page.times().contains(&"2026-11-24T11:00:00Z".to_owned()));
    let url = format!("/riverside/therapy?location={}&day=2026-11-24", clinic.hill);
    let page = visitor.get(&url).await;
    assert!(
        page.text().contains("at Hill, Bergweg 3"),
        "{}",
        page.text()
    );
    assert_eq!(page.times()[0], "2026-11-24T08:00:00Z");
    let action = page.attribute("method=\"post\"", "action").unwrap();
    let held = visitor
        .post(&action, &[("at", "2026-11-24T08:00:00Z")])
        .await;
    let details = visitor.get(&held.location()).await.text();
    assert!(
        details.contains("Liu Wei") && details.contains("Room 2"),
        "{details}"
    );
    // What nobody knows counts as not chosen.
    let odd = "/riverside/checkup?staff=stf_nobody&location=x&day=never&month=13&zone=Mars/Base";
    assert_eq!(visitor.get(odd).await.status, 200);
}

#[tokio::test]
async fn another_zone_shows_both_sides() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let pick = visitor
        .get("/riverside/checkup?day=2026-11-24&pick=zone&find=tok")
        .await;
    assert!(
        pick.text().contains("->Asia/Tokyo (GMT+9)"),
        "{}",
        pick.text()
    );
    let tokyo = pick
        .links()
        .into_iter()
        .find(|link| link.contains("zone=Asia/Tokyo"));
    let page = visitor.get(&tokyo.unwrap()).await;
    assert_snapshot!(page.text(), @"
    ->Check-up, 30 min
    Time
    Your details
    When suits you?
    With anyone available at Harbor, Hafenstr. 12, Berlin. Change
    With whom?
    ->Anyone available
    ->Dr. VogtClinician
    ->Priya ShahClinician
    First available: ->Mon 23 Nov, 19:00
    November 2026
    ->Month
    -> › Later days
    -> Mon 23 November 2026, 10 free
    -> Tue 24 November 2026, 16 free
    -> Wed 25 November 2026, 16 free
    -> Thu 26 November 2026, 16 free
    -> Fri 27 November 2026, 2 free
    Times on Tuesday 24 November 2026
    Night
    [at=2026-11-23T15:00:00Z required] 00:0016:00 there
    [at=2026-11-23T15:30:00Z required] 00:3016:30 there
    Evening
    [at=2026-11-24T08:00:00Z required] 17:0009:00 there
    [at=2026-11-24T08:30:00Z required] 17:3009:30 there
    [at=2026-11-24T09:00:00Z required] 18:0010:00 there
    [at=2026-11-24T09:30:00Z required] 18:3010:30 there
    [at=2026-11-24T10:00:00Z required] 19:0011:00 there
    [at=2026-11-24T10:30:00Z required] 19:3011:30 there
    [at=2026-11-24T11:00:00Z required] 20:0012:00 there
    [at=2026-11-24T11:30:00Z required] 20:3012:30 there
    [at=2026-11-24T12:00:00Z required] 21:0013:00 there
    [at=2026-11-24T12:30:00Z required] 21:3013:30 there
    [at=2026-11-24T13:00:00Z required] 22:0014:00 there
    [at=2026-11-24T13:30:00Z required] 22:3014:30 there
    [at=2026-11-24T14:00:00Z required] 23:0015:00 there
    [at=2026-11-24T14:30:00Z required] 23:3015:30 there
    Times in Asia/Tokyo (GMT+9) · ->Change time zone
    The appointment takes place in Europe/Berlin (GMT+1).
    Your device uses another time zone: ->
    Kept for you for 10 minutes once you continue.
    Continue
    What we ask for, and why
    Your name and your e-mail address, so that we know whom to expect and can confirm. A phone number if you like.
    ");
    let action = page.attribute("method=\"post\"", "action").unwrap();
    let held = visitor
        .post(&action, &[("at", "2026-11-24T09:00:00Z")])
        .await;
    let details = visitor.get(&held.location()).await;
    assert!(
        details.text().contains("Tue 24 Nov 2026, 18:00–18:30"),
        "{}",
        details.text()
    );
    assert!(
        details
            .text()
            .contains("Tue 24 Nov 2026, 10:00–10:30 , Europe/Berlin (GMT+1)")
            || details
                .text()
                .contains("Tue 24 Nov 2026, 10:00–10:30, Europe/Berlin (GMT+1)")
    );
}

#[tokio::test]
async fn a_month_and_a_day_without_times_lead_on() {
    let (test, _) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let month = visitor.get("/riverside/checkup?month=2026-12").await;
    assert_snapshot!(month.text().lines().take(30).collect::<Vec<_>>().join("\n"), @"
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
    December 2026
    ->Week
    -> ‹ Earlier days
    -> › Later days
    Mon Monday
    Tue Tuesday
    Wed Wednesday
    Thu Thursday
    Fri Friday
    Sat Saturday
    Sun Sunday
    -> Tue 1 December 2026, 16 free
    -> Wed 2 December 2026, 16 free
    -> Thu 3 December 2026, 16 free
    Fri 4 December 2026, closed
    Sat 5 December 2026, closed
    Sun 6 December 2026, closed
    -> Mon 7 December 2026, 16 free
    -> Tue 8 December 2026, 16 free
    -> Wed 9 December 2026, 16 free
    ");
    let friday = visitor.get("/riverside/checkup?day=2026-11-27").await;
    assert!(
        friday.text().contains("Nothing is free on this day."),
        "{}",
        friday.text()
    );
    assert!(
        friday
            .text()
            .contains("First available: ->Mon 23 Nov, 11:00")
    );
    assert!(friday.times().is_empty());
}

#[tokio::test]
async fn going_back_for_another_time_gives_the_first_one_back() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let at = "2026-11-24T08:00:00Z";
    let details = visitor.get(&hold(&visitor, "checkup", at).await).await;
    let back = details.attribute("Choose another time", "href").unwrap();
    let times = visitor.get(&back).await;
    // Nobody else is free at nine; to the visitor their own time is still there, and marked.
    assert!(
        times.body.contains(&format!("value=\"{at}\"")),
        "{}",
        times.text()
    );
    assert!(
        times.text().contains("checked required] 09:00"),
        "{}",
        times.text()
    );
    assert!(
        !visitor
            .get("/riverside/checkup?day=2026-11-24")
            .await
            .times()
            .contains(&at.to_owned())
    );
    let action = times.attribute("method=\"post\"", "action").unwrap();
    visitor
        .post(&action, &[("at", "2026-11-24T10:00:00Z")])
        .await
        .location();
    let holds = |tx: &Tx<'_>| -> Result<_, Error> {
        let count = tx.query_opt("select count(*) from hold", &[], |row| row.get::<i64>(0))?;
        Ok(count)
    };
    assert_eq!(test.read(clinic.id, holds).await, Some(1));
    assert!(
        visitor
            .get("/riverside/checkup?day=2026-11-24")
            .await
            .times()
            .contains(&at.to_owned())
    );
}
