use insta::assert_snapshot;
use serde_json::json;

use super::{Api, booking};
use crate::support::at;
use crate::support::may;

const WEEK: &str = "days?service=checkup&from=2026-11-23&to=2026-11-28&zone=Europe/Berlin";

#[tokio::test]
async fn days_and_slots_tell_the_same() {
    let api = Api::new().await;
    assert_snapshot!(api.show(&api.get(WEEK).await), @r#"
    200
    {
      "data": [
        {"date":"2026-11-23","free":12},
        {"date":"2026-11-24","free":16},
        {"date":"2026-11-25","free":16},
        {"date":"2026-11-26","free":16},
        {"date":"2026-11-27","free":0}
      ]
    }
    "#);
    assert_snapshot!(api.show(&api.get("slots?service=checkup&date=2026-11-26").await), @r#"
    200
    {
      "data": [
        {"ends_at":"2026-11-26T08:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt"],"starts_at":"2026-11-26T08:00:00Z"},
        {"ends_at":"2026-11-26T09:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt"],"starts_at":"2026-11-26T08:30:00Z"},
        {"ends_at":"2026-11-26T09:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T09:00:00Z"},
        {"ends_at":"2026-11-26T10:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T09:30:00Z"},
        {"ends_at":"2026-11-26T10:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T10:00:00Z"},
        {"ends_at":"2026-11-26T11:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T10:30:00Z"},
        {"ends_at":"2026-11-26T11:30:00Z","locations":["loc_harbor"],"staff":["stf_shah"],"starts_at":"2026-11-26T11:00:00Z"},
        {"ends_at":"2026-11-26T12:00:00Z","locations":["loc_harbor"],"staff":["stf_shah"],"starts_at":"2026-11-26T11:30:00Z"},
        {"ends_at":"2026-11-26T12:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T12:00:00Z"},
        {"ends_at":"2026-11-26T13:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T12:30:00Z"},
        {"ends_at":"2026-11-26T13:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T13:00:00Z"},
        {"ends_at":"2026-11-26T14:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T13:30:00Z"},
        {"ends_at":"2026-11-26T14:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T14:00:00Z"},
        {"ends_at":"2026-11-26T15:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt","stf_shah"],"starts_at":"2026-11-26T14:30:00Z"},
        {"ends_at":"2026-11-26T15:30:00Z","locations":["loc_harbor"],"staff":["stf_vogt"],"starts_at":"2026-11-26T15:00:00Z"},
        {"ends_at":"2026-11-26T16:00:00Z","locations":["loc_harbor"],"staff":["stf_vogt"],"starts_at":"2026-11-26T15:30:00Z"}
      ]
    }
    "#);
    for date in ["2026-11-23", "2026-11-24", "2026-11-27"] {
        for rest in ["", "&zone=Asia/Kolkata", "&zone=America/New_York"] {
            let next = format!(
                "{}{}",
                &date[..8],
                date[8..].parse::<u8>().expect("a day") + 1
            );
            let days = format!("days?service=therapy&from={date}&to={next}{rest}");
            let slots = format!("slots?service=therapy&date={date}{rest}");
            let (days, slots) = (api.get(&days).await.json(), api.get(&slots).await.json());
            let listed = slots["data"].as_array().expect("a list").len();
            assert_eq!(days["data"][0]["free"], json!(listed), "{date} {rest}");
        }
    }
}

#[tokio::test]
async fn times_can_be_narrowed_to_a_place_and_a_member() {
    let api = Api::new().await;
    let (hill, liu, vogt) = (api.clinic.hill, api.clinic.liu, api.clinic.vogt);
    let tuesday = "slots?service=therapy&date=2026-11-24";
    let at_hill = api.get(&format!("{tuesday}&location={hill}")).await;
    let with_liu = api.get(&format!("{tuesday}&staff={liu}")).await;
    assert_eq!(at_hill.body, with_liu.body);
    assert_snapshot!(api.show(&at_hill), @r#"
    200
    {
      "data": [
        {"ends_at":"2026-11-24T09:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T08:00:00Z"},
        {"ends_at":"2026-11-24T09:30:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T08:30:00Z"},
        {"ends_at":"2026-11-24T10:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T09:00:00Z"},
        {"ends_at":"2026-11-24T10:30:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T09:30:00Z"},
        {"ends_at":"2026-11-24T11:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T10:00:00Z"},
        {"ends_at":"2026-11-24T11:30:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T10:30:00Z"},
        {"ends_at":"2026-11-24T12:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T11:00:00Z"},
        {"ends_at":"2026-11-24T12:30:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T11:30:00Z"},
        {"ends_at":"2026-11-24T13:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T12:00:00Z"},
        {"ends_at":"2026-11-24T13:30:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T12:30:00Z"},
        {"ends_at":"2026-11-24T14:00:00Z","locations":["loc_hill"],"staff":["stf_liu"],"starts_at":"2026-11-24T13:00:00Z"}
      ]
    }
    "#);
    let days = "days?service=therapy&from=2026-11-23&to=2026-11-25";
    assert_snapshot!(api.show(&api.get(&format!("{days}&staff={liu}")).await), @r#"
    200
    {"data":[{"date":"2026-11-23","free":0},{"date":"2026-11-24","free":11}]}
    "#);
    assert_snapshot!(api.show(&api.get(&format!("{days}&location={hill}")).await), @r#"
    200
    {"data":[{"date":"2026-11-23","free":0},{"date":"2026-11-24","free":11}]}
    "#);
    assert_snapshot!(api.show(&api.get(&format!("{days}&staff={vogt}")).await), @r#"
    404
    {
      "code": "not_found",
      "errors": [{"code":"unknown","detail":"What this names does not exist here.","parameter":"staff"}],
      "request_id": "req_.",
      "status": 404,
      "title": "There is nothing at this address",
      "type": "/api#not_found"
    }
    "#);
}

#[tokio::test]
async fn starts_at_two_places_are_one_slot() {
    let api = Api::new().await;
    let tuesday = api
        .get("slots?service=therapy&date=2026-11-24")
        .await
        .json();
    let both = &tuesday["data"][2];
    assert_eq!(both["starts_at"], "2026-11-24T09:00:00Z");
    assert_eq!(
        both["locations"],
        json!([api.clinic.harbor, api.clinic.hill])
    );
    assert_eq!(both["staff"], json!([api.clinic.shah, api.clinic.liu]));
}

#[tokio::test]
async fn why_tells_strangers_no_more_than_they_may_know() {
    let api = Api::new().await;
    let why = |at: &str| format!("slots/why?service=checkup&starts_at={at}");
    let free = api.get(&why("2026-11-24T09:00:00Z")).await;
    assert_snapshot!(api.show(&free), @r#"
    200
    {"bookable":true,"reasons":[]}
    "#);
    let (clinic, vogt) = (api.clinic.id, api.clinic.vogt);
    let away = kept_slots::Window::new(at("2026-11-24T00:00:00Z"), at("2026-11-25T00:00:00Z"));
    let away = away.expect("a day");
    api.test
        .write(clinic, move |tx| {
            kept_app::offering::add_time_off(tx, &may(), vogt, away)
        })
        .await;
    api.book("2026-11-24T09:00:00Z").await;
    let taken = why("2026-11-24T09:00:00Z");
    assert_snapshot!(api.show(&api.get(&taken).await), @r#"
    200
    {
      "bookable": false,
      "reasons": [
        {"code":"outside_hours","detail":"Somebody who could serve does not work then, or not for long enough."},
        {"code":"staff_busy","detail":"Somebody who could serve is taken."}
      ]
    }
    "#);
    assert_snapshot!(api.show(&api.get_as_clinic(&taken).await), @r#"
    200
    {
      "bookable": false,
      "reasons": [
        {"code":"time_off","detail":"Somebody who could serve is away.","staff":"stf_vogt"},
        {"code":"staff_busy","detail":"Somebody who could serve is taken.","staff":"stf_shah"}
      ]
    }
    "#);
    assert_snapshot!(api.show(&api.get(&why("2026-11-22T09:07:00Z")).await), @r#"
    200
    {
      "bookable": false,
      "reasons": [
        {"code":"in_the_past","detail":"It is in the past."},
        {"code":"off_grid","detail":"No appointment of this service starts at this minute."},
        {"code":"outside_hours","detail":"Somebody who could serve does not work then, or not for long enough."}
      ]
    }
    "#);
    assert_snapshot!(api.show(&api.get(&why("2027-11-23T09:00:00Z")).await), @r#"
    200
    {"bookable":false,"reasons":[{"code":"beyond_horizon","detail":"It is too far ahead to be booked yet."}]}
    "#);
}

#[tokio::test]
async fn a_repeated_hour_is_offered_twice_and_a_skipped_one_never() {
    let api = Api::new().await;
    let (clinic, vogt, harbor) = (api.clinic.id, api.clinic.vogt, api.clinic.harbor);
    api.test.clock.set(at("2027-03-20T08:00:00Z"));
    api.test
        .write(clinic, move |tx| {
            let night = |day| {
                kept_app::offering::add_override(tx, &may(), vogt, day, Some((harbor, 60, 240)))
            };
            night(jiff::civil::date(2027, 3, 28))
        })
        .await;
    let forward = api.get("slots?service=checkup&date=2027-03-28").await;
    assert_snapshot!(starts(&forward), @"2027-03-28T00:00:00Z 2027-03-28T00:30:00Z 2027-03-28T01:00:00Z 2027-03-28T01:30:00Z");
    api.test.clock.set(at("2027-10-20T08:00:00Z"));
    api.test
        .write(clinic, move |tx| {
            let day = jiff::civil::date(2027, 10, 31);
            kept_app::offering::add_override(tx, &may(), vogt, day, Some((harbor, 60, 240)))
        })
        .await;
    let back = api.get("slots?service=checkup&date=2027-10-31").await;
    assert_snapshot!(starts(&back), @"2027-10-30T23:00:00Z 2027-10-30T23:30:00Z 2027-10-31T00:00:00Z 2027-10-31T00:30:00Z 2027-10-31T01:00:00Z 2027-10-31T01:30:00Z 2027-10-31T02:00:00Z 2027-10-31T02:30:00Z");
    let days = api
        .get("days?service=checkup&from=2027-10-31&to=2027-11-01")
        .await;
    assert_snapshot!(days.text(), @r#"{"data":[{"date":"2027-10-31","free":8}]}"#);
    let second = api
        .post("appointments", booking("2027-10-31T01:30:00Z"))
        .await;
    assert_eq!(second.status, 201, "{}", second.text());
}

fn starts(answer: &super::Answer) -> String {
    let slots = answer.json();
    let starts = slots["data"].as_array().expect("a list").iter();
    let starts: Vec<&str> = starts
        .filter_map(|slot| slot["starts_at"].as_str())
        .collect();
    starts.join(" ")
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused() {
    let api = Api::new().await;
    for (path, status, code, parameter) in [
        ("days", 400, "invalid_query", "service"),
        ("days?service=checkup", 400, "invalid_query", "from"),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-23",
            400,
            "invalid_query",
            "to",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-22",
            400,
            "invalid_query",
            "to",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2027-01-25",
            400,
            "invalid_query",
            "to",
        ),
        (
            "days?service=checkup&from=0000-01-01&to=9999-12-31",
            400,
            "invalid_query",
            "to",
        ),
        (
            "days?service=checkup&from=2026-02-30&to=2026-03-01",
            400,
            "invalid_query",
            "from",
        ),
        (
            "days?service=nothing&from=2026-11-23&to=2026-11-24",
            404,
            "not_found",
            "service",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-24&zone=Mars",
            400,
            "invalid_query",
            "zone",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-24&zone=",
            400,
            "invalid_query",
            "zone",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-24&staff=x",
            400,
            "invalid_query",
            "staff",
        ),
        (
            "days?service=checkup&from=2026-11-23&to=2026-11-24&x=1",
            400,
            "invalid_query",
            "x",
        ),
        (
            "days?service=checkup&service=checkup&from=2026-11-23&to=2026-11-24",
            400,
            "invalid_query",
            "service",
        ),
        ("slots?service=checkup", 400, "invalid_query", "date"),
        (
            "slots?service=checkup&date=today",
            400,
            "invalid_query",
            "date",
        ),
        (
            "slots/why?service=checkup&starts_at=2026-11-23",
            400,
            "invalid_query",
            "starts_at",
        ),
        (
            "slots/why?service=checkup&starts_at=2026-11-23T09:00:00%2B01:00&from=1",
            400,
            "invalid_query",
            "from",
        ),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, status, "{path} {}", answer.text());
        assert_eq!(answer.at("/code"), code, "{path}");
        assert_eq!(
            answer.at("/errors/0/parameter"),
            parameter,
            "{path} {}",
            answer.text()
        );
    }
    // The limits themselves, and the ends of the calendar.
    for path in [
        "days?service=checkup&from=2026-11-23&to=2027-01-24",
        "days?service=checkup&from=9999-12-30&to=9999-12-31",
        "days?service=checkup&from=0000-01-01&to=0000-01-02",
        "slots?service=checkup&date=9999-12-31",
        "slots?service=checkup&date=0000-01-01",
        "slots/why?service=checkup&starts_at=9999-12-30T22:00:00Z",
        "slots/why?service=checkup&starts_at=-009999-01-02T01:59:59Z",
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 200, "{path} {}", answer.text());
    }
    let refused = api
        .get("slots?service=checkup&date=2026-11-23&zone=Mars%20%3Cb%3E")
        .await;
    assert_snapshot!(api.show(&refused), @r#"
    400
    {
      "code": "invalid_query",
      "errors": [{"code":"unknown_zone","detail":"Send an IANA name such as Europe/Berlin.","parameter":"zone"}],
      "request_id": "req_.",
      "status": 400,
      "title": "A query parameter is not right",
      "type": "/api#invalid_query"
    }
    "#);
    let unknown = api.get("slots?service=nothing&date=2026-11-23").await;
    assert_snapshot!(api.show(&unknown), @r#"
    404
    {
      "code": "not_found",
      "errors": [{"code":"unknown","detail":"What this names does not exist here.","parameter":"service"}],
      "request_id": "req_.",
      "status": 404,
      "title": "There is nothing at this address",
      "type": "/api#not_found"
    }
    "#);
}
