//! Nothing panics, and nothing takes forever, whatever is asked.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use kept_slots::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::table::{Person, RoomOf, Scene};
use crate::words::zone;

fn any_instant() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (
        Timestamp::MIN.as_nanosecond(),
        Timestamp::MAX.as_nanosecond(),
    );
    let edges = vec![
        Timestamp::MIN,
        Timestamp::MAX,
        Timestamp::UNIX_EPOCH,
        Timestamp::MAX - SignedDuration::from_hours(20),
        Timestamp::MIN + SignedDuration::from_hours(20),
    ];
    prop_oneof![
        select(edges),
        (first..=last).prop_map(|nanos| Timestamp::from_nanosecond(nanos).unwrap()),
    ]
}

fn any_date() -> impl Strategy<Value = Date> {
    let edges = vec![
        Date::MIN,
        Date::MAX,
        date(9999, 12, 30),
        date(-9999, 1, 2),
        Date::ZERO,
    ];
    let all = (-9999i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d));
    prop_oneof![select(edges), all]
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    select(vec![
        TimeZone::UTC,
        TimeZone::fixed(Offset::MIN),
        TimeZone::fixed(Offset::MAX),
        TimeZone::posix("EST5EDT,0/-24,365/24").unwrap(),
        TimeZone::posix("AAA-14BBB,J1/0,J2/0").unwrap(),
        zone("Africa/Casablanca"),
        zone("Asia/Manila"), // its first change skips or repeats a day
    ])
}

fn any_minutes() -> impl Strategy<Value = u16> {
    prop_oneof![
        select(vec![0, 1, 30, 1439, 1440, 1441, 2880, 2881, u16::MAX]),
        any::<u16>()
    ]
}

fn any_window() -> impl Strategy<Value = Window> {
    (any_instant(), any_instant()).prop_map(|(start, end)| Window { start, end })
}

fn any_span() -> impl Strategy<Value = DaySpan> {
    let place = select(vec![0, 1, u16::MAX]);
    (any_minutes(), any_minutes(), place).prop_map(|(opens, closes, place)| DaySpan {
        opens,
        closes,
        place,
    })
}

fn any_person() -> impl Strategy<Value = Person> {
    let weekly = (0i8..7, any_span());
    let whole = DaySpan {
        opens: 0,
        closes: 1440,
        place: 0,
    };
    let weekly = weekly.prop_map(move |(day, span)| {
        let weekday = Weekday::from_monday_zero_offset(day).unwrap();
        [
            WeeklySpan { weekday, span },
            WeeklySpan {
                weekday,
                span: whole,
            },
        ]
    });
    let own = (any_date(), vec(any_span(), 0..3));
    let own = own.prop_map(|(day, spans)| DayOverride { day, spans });
    let windows = || vec(any_window(), 0..3);
    (vec(weekly, 0..7), vec(own, 0..3), windows(), windows()).prop_map(
        |(weekly, overrides, time_off, busy)| {
            let hours = Hours {
                weekly: weekly.concat(),
                overrides,
                time_off,
            };
            Person { hours, busy }
        },
    )
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let minutes = (
        any_minutes(),
        any_minutes(),
        any_minutes(),
        any_minutes(),
        any_minutes(),
    );
    let notice = prop_oneof![Just(0), Just(u32::MAX), any::<u32>()];
    (minutes, notice, any::<u16>(), any::<Option<u32>>()).prop_map(
        |(minutes, notice_minutes, horizon_days, daily_limit)| Rules {
            length_minutes: minutes.0,
            buffer_before_minutes: minutes.1,
            buffer_after_minutes: minutes.2,
            step_minutes: minutes.3,
            step_offset_minutes: minutes.4,
            notice_minutes,
            horizon_days,
            daily_limit,
        },
    )
}

fn any_scene() -> impl Strategy<Value = Scene> {
    let place = (any_zone(), vec(any_date(), 0..2));
    let place = place.prop_map(|(zone, closed_days)| Place { zone, closed_days });
    let room = (select(vec![0, 1, u16::MAX]), vec(any_window(), 0..2));
    let room = room.prop_map(|(place, busy)| RoomOf {
        place,
        hours: None,
        busy,
    });
    (
        (any_rules(), any_instant(), vec(place, 0..3), any::<bool>()),
        (
            vec(any_person(), 0..3),
            proptest::option::of(vec(room, 0..3)),
        ),
        (
            any_zone(),
            any_zone(),
            vec((any_date(), any::<u32>()), 0..3),
        ),
    )
        .prop_map(
            |((rules, now, places, all), (staff, rooms), (viewer, limits, booked))| Scene {
                now: Some(now),
                rules,
                places,
                staffing: if all {
                    Staffing::AllOf
                } else {
                    Staffing::AnyOf
                },
                staff,
                rooms,
                viewer: Some(viewer),
                limit_zone: Some(limits),
                booked,
                asked: String::new(),
            },
        )
}

proptest! {
    #[test]
    fn no_question_panics(
        (scene, at, near) in (any_scene(), any_instant(), any::<bool>()),
        (from, to) in (any_date(), any_date()),
    ) {
        scene.ask(|q| {
            let zone = scene.viewer();
            // Half of the time where there can be slots.
            let at = if near { q.now } else { at };
            let today = zone.to_datetime(at).date();
            let from = if near { today } else { from };
            prop_assert!(days(q, from, to, zone).len() <= MAX_DAYS);
            for slot in times(q, from, zone) {
                prop_assert!(slot.start >= q.now && slot.start < slot.end);
            }
            let first = first(q, at);
            let starts = nearest(q, at, usize::MAX);
            prop_assert!(starts.len() <= MAX_NEAREST);
            for start in starts.iter().copied().chain([at]) {
                prop_assert_eq!(check(q, start).is_ok(), why(q, start).is_empty());
            }
            prop_assert_eq!(first.is_some(), starts.iter().any(|start| *start >= at));
            prop_assert!(valid_until(q) > q.now || q.now == Timestamp::MAX);
            Ok(())
        })?;
    }
}

#[test]
fn the_ends_of_time() {
    let rules = Rules {
        length_minutes: 60,
        step_minutes: 60,
        horizon_days: 9,
        ..Rules::default()
    };
    let mut scene = Scene::new(TimeZone::UTC, rules);
    let span = DaySpan {
        opens: 0,
        closes: 1440,
        place: 0,
    };
    let weekdays = Weekday::Monday.cycle_forward().take(7);
    scene.staff[0].hours.weekly = weekdays
        .map(|weekday| WeeklySpan { weekday, span })
        .collect();
    scene.now = Some(Timestamp::MIN);
    let first_day = scene.ask(|q| days(q, Date::MIN, date(-9999, 1, 4), &TimeZone::UTC));
    assert_eq!(
        first_day.iter().map(|day| day.free).collect::<Vec<_>>(),
        [0, 22, 24]
    );
    scene.now = Some(Timestamp::MAX - SignedDuration::from_hours(30));
    let last_days = scene.ask(|q| days(q, date(9999, 12, 29), Date::MAX, &TimeZone::UTC));
    assert_eq!(
        last_days.iter().map(|day| day.free).collect::<Vec<_>>(),
        [7, 22]
    );
    scene.now = Some(Timestamp::MAX);
    assert_eq!(scene.ask(valid_until), Timestamp::MAX);
    assert_eq!(scene.ask(|q| first(q, Timestamp::MIN)), None);
}

#[test]
fn limits_hold() {
    let rules = Rules {
        length_minutes: 1,
        step_minutes: 1,
        horizon_days: 900,
        ..Rules::default()
    };
    let mut scene = Scene::new(TimeZone::UTC, rules);
    let span = DaySpan {
        opens: 0,
        closes: 1440,
        place: 0,
    };
    let weekdays = Weekday::Monday.cycle_forward().take(7);
    scene.staff[0].hours.weekly = weekdays
        .map(|weekday| WeeklySpan { weekday, span })
        .collect();
    scene.now = Some(Timestamp::UNIX_EPOCH);
    scene.ask(|q| {
        let days = days(q, date(1970, 1, 1), date(1975, 1, 1), &TimeZone::UTC);
        assert_eq!(days.len(), MAX_DAYS);
        assert!(days.iter().all(|day| day.free == 1440));
        assert_eq!(nearest(q, q.now, 5_000).len(), MAX_NEAREST);
        let staff = vec![q.staff[0]; MAX_STAFF + 1];
        let just = Question {
            staff: &staff[..MAX_STAFF],
            ..*q
        };
        assert_eq!(check(&just, q.now).unwrap()[0].staff.len(), MAX_STAFF);
        let many = Question {
            staff: &staff,
            ..*q
        };
        assert_eq!(check(&many, q.now), Err(vec![Reason::NoStaff]));
        let mut rooms = vec![
            Room {
                place: 1,
                hours: None,
                busy: &[]
            };
            MAX_ROOMS
        ];
        rooms.push(Room {
            place: 0,
            hours: None,
            busy: &[],
        });
        assert!(
            check(
                &Question {
                    rooms: Some(&rooms[1..]),
                    ..*q
                },
                q.now
            )
            .is_ok()
        );
        let many = Question {
            rooms: Some(&rooms),
            ..*q
        };
        assert_eq!(check(&many, q.now), Err(vec![Reason::NoRoom]));
    });
}
