//! How long questions take; above all, which days of a month have room.
//!
//! Monday to Friday, 9:00 to 17:00, a 30-minute service every 30 minutes, busy windows in no order.

#![expect(clippy::unwrap_used, reason = "fixed input that can be read")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::civil::{Weekday, date};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use kept_slots::*;

struct Office {
    zone: TimeZone,
    now: Timestamp,
    rules: Rules,
    hours: Hours,
    places: [Place; 1],
}

impl Office {
    fn new() -> Self {
        let zone = TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap();
        let span = DaySpan::new(9 * 60, 17 * 60, 0).unwrap();
        let weekdays = Weekday::Monday.cycle_forward().take(5);
        let weekly = weekdays
            .map(|weekday| WeeklySpan { weekday, span })
            .collect();
        let rules = Rules {
            length_minutes: 30,
            step_minutes: 30,
            horizon_days: 60,
            ..Rules::default()
        };
        Self {
            now: "2027-02-20T08:00:00Z".parse().unwrap(),
            rules,
            hours: Hours {
                weekly,
                ..Hours::default()
            },
            places: [Place {
                zone: zone.clone(),
                closed_days: vec![],
            }],
            zone,
        }
    }

    /// Quarter-hours, spread over the month.
    fn busy(&self, count: i64, seed: i64) -> Vec<Window> {
        let month: Timestamp = "2027-02-28T23:00:00Z".parse().unwrap();
        let windows = (0..count).map(|index| {
            let quarter = (index * 7919 + seed * 131) % (31 * 24 * 4);
            let start = month + SignedDuration::from_mins(quarter * 15);
            Window::new(start, start + SignedDuration::from_mins(15)).unwrap()
        });
        windows.collect()
    }

    fn question<'a>(
        &'a self,
        staffing: Staffing,
        staff: &'a [Staff<'a>],
        rooms: Option<&'a [Room<'a>]>,
    ) -> Question<'a> {
        Question {
            now: self.now,
            rules: &self.rules,
            places: &self.places,
            staffing,
            staff,
            rooms,
            limit_zone: &self.zone,
            booked_per_day: &[],
        }
    }
}

fn month(q: &Question) -> Vec<Day> {
    days(q, date(2027, 3, 1), date(2027, 4, 1), q.limit_zone)
}

fn one_person(c: &mut Criterion) {
    let office = Office::new();
    let mut group = c.benchmark_group("one_person_month");
    for count in [0, 50, 500] {
        let busy = office.busy(count, 0);
        let staff = [Staff {
            hours: &office.hours,
            busy: &busy,
        }];
        group.bench_function(BenchmarkId::from_parameter(count), |b| {
            b.iter(|| month(black_box(&office.question(Staffing::AnyOf, &staff, None))));
        });
    }
    group.finish();
}

fn ten_people(c: &mut Criterion) {
    let office = Office::new();
    let busy: Vec<_> = (0..10).map(|seed| office.busy(50, seed)).collect();
    let staff: Vec<_> = busy
        .iter()
        .map(|busy| Staff {
            hours: &office.hours,
            busy,
        })
        .collect();
    let rooms: Vec<_> = busy[..4]
        .iter()
        .map(|busy| Room {
            place: 0,
            hours: None,
            busy,
        })
        .collect();
    let mut group = c.benchmark_group("ten_people_month");
    for (name, staffing, rooms) in [
        ("any_of", Staffing::AnyOf, None),
        ("all_of", Staffing::AllOf, None),
        ("any_of_with_rooms", Staffing::AnyOf, Some(rooms.as_slice())),
        ("all_of_with_rooms", Staffing::AllOf, Some(rooms.as_slice())),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| month(black_box(&office.question(staffing, &staff, rooms))));
        });
    }
    group.finish();
}

/// The other questions, of any of ten people with 50 busy windows each.
fn ten_people_ask(c: &mut Criterion) {
    let office = Office::new();
    let busy: Vec<_> = (0..10).map(|seed| office.busy(50, seed)).collect();
    let staff: Vec<_> = busy
        .iter()
        .map(|busy| Staff {
            hours: &office.hours,
            busy,
        })
        .collect();
    let question = office.question(Staffing::AnyOf, &staff, None);
    let start: Timestamp = "2027-03-17T09:00:00Z".parse().unwrap();
    let evening = start + SignedDuration::from_hours(12);
    let mut group = c.benchmark_group("ten_people_ask");
    group.bench_function("times", |b| {
        b.iter(|| times(black_box(&question), date(2027, 3, 17), &office.zone));
    });
    group.bench_function("check", |b| b.iter(|| check(black_box(&question), start)));
    group.bench_function("why", |b| b.iter(|| why(black_box(&question), evening)));
    group.bench_function("first", |b| b.iter(|| first(black_box(&question), start)));
    group.bench_function("nearest", |b| {
        b.iter(|| nearest(black_box(&question), start, 3));
    });
    group.bench_function("valid_until", |b| {
        b.iter(|| valid_until(black_box(&question)));
    });
    group.finish();
}

criterion_group!(benches, one_person, ten_people, ten_people_ask);
criterion_main!(benches);
