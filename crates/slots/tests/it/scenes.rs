//! Scenes of all kinds, most with slots, around days on which clocks are set.

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kept_slots::*;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use crate::table::{Person, RoomOf, Scene};
use crate::words::zone;

/// Days on which things happen: before the base, and from it on.
pub const BEFORE: i64 = 2;
pub const AFTER: i64 = 4;

/// A zone, and a day on which something happens to its clock.
const TURNS: [(&str, Date); 12] = [
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2027, 10, 31)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("America/St_Johns", date(2006, 10, 29)),
    ("America/St_Johns", date(2006, 4, 2)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Africa/Casablanca", date(2026, 9, 20)),
    ("Asia/Kathmandu", date(2027, 5, 7)),
    ("UTC", date(2027, 5, 7)),
];

/// The start of a day of UTC.
pub fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    select(&TURNS[..]).prop_map(|(name, _)| zone(name))
}

fn any_day(base: Date) -> impl Strategy<Value = Date> {
    (-BEFORE..AFTER).prop_map(move |days| base + days.days())
}

/// Mostly the index of a place.
fn any_place(places: u16) -> impl Strategy<Value = u16> {
    prop_oneof![16 => 0..places, 1 => Just(places)]
}

/// Mostly valid.
fn any_span(places: u16) -> impl Strategy<Value = DaySpan> {
    let lengths = prop_oneof![1u16..30, 30u16..100, 100u16..200];
    (0u16..150, lengths, any_place(places), 0u16..3).prop_map(|(opens, length, place, odd)| {
        let (opens, closes) = (opens * 10 + odd, (opens + length) * 10 - odd.min(1));
        DaySpan {
            opens,
            closes,
            place,
        }
    })
}

/// To the nanosecond, and rarely empty or upside down.
fn any_window(base: Date) -> impl Strategy<Value = Window> {
    let minutes = -BEFORE * 1440..AFTER * 1440;
    let nanos = prop_oneof![
        Just(0),
        Just(-1),
        Just(1),
        -90_000_000_000..90_000_000_000i64
    ];
    let lengths = prop_oneof![Just(0i64), -5i64..600, 10i64..120];
    (minutes, nanos, lengths).prop_map(move |(minutes, nanos, length)| {
        let start = midnight(base) + SignedDuration::from_mins(minutes);
        let start = start + SignedDuration::from_nanos(nanos);
        Window {
            start,
            end: start + SignedDuration::from_mins(length),
        }
    })
}

fn any_hours(base: Date, places: u16) -> impl Strategy<Value = Hours> {
    let usual = vec(weighted(0.8, any_span(places)), 7);
    let more = vec((0usize..7, any_span(places)), 0..4);
    let own = (any_day(base), vec(any_span(places), 0..3));
    let own = own.prop_map(|(day, spans)| DayOverride { day, spans });
    let parts = (usual, more, vec(own, 0..3), vec(any_window(base), 0..3));
    parts.prop_map(|(usual, more, overrides, time_off)| {
        let usual = usual
            .into_iter()
            .enumerate()
            .filter_map(|(day, span)| Some((day, span?)));
        let weekly = usual.chain(more).map(|(day, span)| {
            let weekday = Weekday::from_monday_zero_offset(day as i8).unwrap();
            WeeklySpan { weekday, span }
        });
        Hours {
            weekly: weekly.collect(),
            overrides,
            time_off,
        }
    })
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let length = select(vec![5u16, 15, 15, 30, 30, 45, 60, 180, 1500]);
    let buffers = (select(vec![0u16, 0, 5, 30]), select(vec![0u16, 0, 10, 45]));
    let step = select(vec![5u16, 15, 20, 30, 60, 50, 97, 1440]);
    let offset = select(vec![0u16, 0, 5, 10, 70]);
    let notice = select(vec![0u32, 0, 60, 1441]);
    let horizon = prop_oneof![0u16..7, 4u16..7];
    let limit = weighted(0.3, 0u32..6);
    (length, buffers, step, offset, notice, horizon, limit).prop_map(
        |(length_minutes, buffers, step, offset, notice_minutes, horizon_days, daily_limit)| {
            Rules {
                length_minutes,
                buffer_before_minutes: buffers.0,
                buffer_after_minutes: buffers.1,
                step_minutes: step,
                step_offset_minutes: offset,
                notice_minutes,
                horizon_days,
                daily_limit,
            }
        },
    )
}

fn any_places(zone: TimeZone, base: Date, count: u16) -> impl Strategy<Value = Vec<Place>> {
    let others = vec(any_zone(), usize::from(count) - 1);
    let closed = vec(vec(any_day(base), 0..2), usize::from(count));
    (others, closed).prop_map(move |(others, closed)| {
        let zones = std::iter::once(zone.clone()).chain(others).zip(closed);
        zones
            .map(|(zone, closed_days)| Place { zone, closed_days })
            .collect()
    })
}

fn any_staff(base: Date, places: u16) -> impl Strategy<Value = Vec<Person>> {
    let person = (any_hours(base, places), vec(any_window(base), 0..6));
    let person = person
        .prop_map(|(hours, busy)| Person { hours, busy })
        .boxed();
    prop_oneof![1 => Just(0usize), 20 => 1usize..4]
        .prop_flat_map(move |count| vec(person.clone(), count))
}

fn any_rooms(base: Date, places: u16) -> impl Strategy<Value = Option<Vec<RoomOf>>> {
    let hours = weighted(0.3, any_hours(base, places));
    let room = (any_place(places), hours, vec(any_window(base), 0..6));
    let room = room.prop_map(|(place, hours, busy)| RoomOf { place, hours, busy });
    weighted(0.5, vec(room, 0..4))
}

/// A scene, and the day around which it is.
pub fn any_scene() -> impl Strategy<Value = (Date, Scene)> {
    (select(&TURNS[..]), 1u16..3).prop_flat_map(|((name, base), places)| {
        (
            (any_rules(), any_places(zone(name), base, places)),
            (
                any_staff(base, places),
                any_rooms(base, places),
                weighted(0.3, Just(())),
            ),
            (any_window(base), vec((any_day(base), 0u32..4), 0..5)),
            (weighted(0.5, any_zone()), weighted(0.5, any_zone())),
        )
            .prop_map(move |(how, who, when, zones)| {
                let mut scene = Scene::new(TimeZone::UTC, how.0);
                scene.places = how.1;
                (scene.staff, scene.rooms) = (who.0, who.1);
                scene.staffing = who.2.map_or(Staffing::AnyOf, |()| Staffing::AllOf);
                (scene.now, scene.booked) = (Some(when.0.start - 60.hours()), when.1);
                (scene.viewer, scene.limit_zone) = zones;
                (base, scene)
            })
    })
}
