//! The language of the tests: a scene and a question in, the answer out.
//!
//! ```text
//! zone Europe/Berlin  length 30m  step 15m  offset 5m  before 10m  after 5m
//! notice 2h  horizon 60d  limit 3  now 2027-03-01T08:00Z     # rules: any order, any line
//! viewer Asia/Tokyo            # the zone of the question and its answer; else `zone`
//! limits America/New_York      # the zone of horizon and limit; else `zone`
//! closed 2027-05-01            # of the last place
//! place Asia/Kolkata           # another one, number 1; `zone` is number 0
//! open Mon-Fri,Sun 09:00-12:00 13:00-17:00 at 1
//! override 2027-03-28 22:00-26:00
//! override 2027-03-29 closed
//! off 2027-03-28 10:00-12:00   # on the clock of `zone`, as is `busy`
//! busy 2027-03-28 10:00-12:00  # of the last staff member or room
//! busy 2027-03-28T10:00Z..2027-03-28T10:00:00.5Z
//! staff                        # the next one; the first need not be named
//! need all
//! room at 1                    # one of the set; without any, no room is needed
//! hours Mon-Fri 09:00-12:00 at 1   # of the last room; without any, it is always open
//! booked 2027-03-28 2
//! on 2027-03-28                # times; or: on A..B (days), first T, near T 3, why T, until
//! ```
//!
//! Lengths are in m, h or d. An instant T is `2027-03-28 10:00` on the clock of the viewer or
//! `2027-03-28T10:00+02:00`. Without `now`, it is a day before the first date of the question.

use std::fmt::Write as _;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kept_slots::*;

use crate::words::{self, zone};

/// Asks, and compares the answer, white space aside.
#[track_caller]
pub fn check(scene: &str, expected: &str) {
    let answer = Scene::parse(scene).answer();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&answer), words(expected), "in this scene:\n{scene}");
}

#[derive(Clone, Default, Debug)]
pub struct Person {
    pub hours: Hours,
    pub busy: Vec<Window>,
}

#[derive(Clone, Default, Debug)]
pub struct RoomOf {
    pub place: u16,
    pub hours: Option<Hours>,
    pub busy: Vec<Window>,
}

/// A question that owns its parts.
#[derive(Clone, Debug)]
pub struct Scene {
    pub now: Option<Timestamp>,
    pub rules: Rules,
    pub places: Vec<Place>,
    pub staffing: Staffing,
    pub staff: Vec<Person>,
    pub rooms: Option<Vec<RoomOf>>,
    pub viewer: Option<TimeZone>,
    pub limit_zone: Option<TimeZone>,
    pub booked: Vec<(Date, u32)>,
    pub asked: String,
}

impl Scene {
    pub fn new(zone: TimeZone, rules: Rules) -> Self {
        Self {
            now: None,
            rules,
            places: vec![Place {
                zone,
                closed_days: vec![],
            }],
            staffing: Staffing::AnyOf,
            staff: vec![Person::default()],
            rooms: None,
            viewer: None,
            limit_zone: None,
            booked: vec![],
            asked: String::new(),
        }
    }

    pub fn viewer(&self) -> &TimeZone {
        self.viewer.as_ref().unwrap_or_else(|| &self.places[0].zone)
    }

    /// Lends the question to `ask`.
    pub fn ask<T>(&self, ask: impl FnOnce(&Question) -> T) -> T {
        let staff = self.staff.iter().map(|one| Staff {
            hours: &one.hours,
            busy: &one.busy,
        });
        let rooms = self.rooms.as_ref().map(|rooms| {
            let rooms = rooms.iter().map(|room| Room {
                place: room.place,
                hours: room.hours.as_ref(),
                busy: &room.busy,
            });
            rooms.collect::<Vec<_>>()
        });
        ask(&Question {
            now: self.now.unwrap(),
            rules: &self.rules,
            places: &self.places,
            staffing: self.staffing,
            staff: &staff.collect::<Vec<_>>(),
            rooms: rooms.as_deref(),
            limit_zone: self
                .limit_zone
                .as_ref()
                .unwrap_or_else(|| &self.places[0].zone),
            booked_per_day: &self.booked,
        })
    }

    pub fn parse(text: &str) -> Self {
        let rules = Rules {
            length_minutes: 30,
            horizon_days: 400,
            ..Rules::default()
        };
        let mut scene = Self::new(TimeZone::UTC, rules);
        let mut in_room = false;
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<_> = line.split_whitespace().collect();
            match words[..] {
                [] => {}
                ["on" | "first" | "near" | "why" | "until", ..] => scene.asked = words.join(" "),
                ["staff"] => {
                    in_room = false;
                    scene.staff.push(Person::default());
                }
                ["nobody"] => scene.staff.clear(),
                ["room", ref at @ ..] => {
                    in_room = true;
                    let (place, _) = words::split_at(at);
                    scene.rooms.get_or_insert_default().push(RoomOf {
                        place,
                        hours: None,
                        busy: vec![],
                    });
                }
                ["hours", days, ref spans @ ..] => {
                    let rooms = scene.rooms.iter_mut().flatten();
                    let hours = rooms.last().unwrap().hours.get_or_insert_default();
                    for weekday in words::weekdays(days) {
                        let spans = words::spans(spans).into_iter();
                        let weekly = spans.map(|span| WeeklySpan { weekday, span });
                        hours.weekly.extend(weekly);
                    }
                }
                ["no", "rooms"] => scene.rooms = Some(vec![]),
                ["busy", ref times @ ..] => {
                    let window = scene.window(times);
                    let rooms = scene.rooms.iter_mut().flatten();
                    if in_room {
                        rooms.last().unwrap().busy.push(window);
                    } else {
                        scene.staff.last_mut().unwrap().busy.push(window);
                    }
                }
                _ => scene.line(&words),
            }
        }
        if scene.rules.step_minutes == 0 && !text.contains("step") {
            scene.rules.step_minutes = scene.rules.length_minutes;
        }
        if scene.now.is_none() {
            let day = scene
                .asked
                .split([' ', '.', 'T'])
                .find_map(|word| word.parse::<Date>().ok());
            let midnight = day.unwrap().to_zoned(TimeZone::UTC).unwrap().timestamp();
            scene.now = Some(midnight - 24.hours());
        }
        scene
    }

    fn line(&mut self, words: &[&str]) {
        let hours = self.staff.last_mut().map(|person| &mut person.hours);
        match *words {
            ["need", "all"] => self.staffing = Staffing::AllOf,
            ["closed", ref days @ ..] => {
                let days = days.iter().map(|day| day.parse::<Date>().unwrap());
                self.places.last_mut().unwrap().closed_days.extend(days);
            }
            ["place", name] => {
                self.places.push(Place {
                    zone: zone(name),
                    closed_days: vec![],
                });
            }
            ["open", days, ref spans @ ..] => {
                for weekday in words::weekdays(days) {
                    let spans = words::spans(spans);
                    let weekly = spans.into_iter().map(|span| WeeklySpan { weekday, span });
                    self.staff.last_mut().unwrap().hours.weekly.extend(weekly);
                }
            }
            ["override", day, ref spans @ ..] => {
                let spans = if spans == ["closed"] {
                    vec![]
                } else {
                    words::spans(spans)
                };
                hours.unwrap().overrides.push(DayOverride {
                    day: day.parse().unwrap(),
                    spans,
                });
            }
            ["off", ref times @ ..] => {
                let window = self.window(times);
                self.staff.last_mut().unwrap().hours.time_off.push(window);
            }
            ["booked", day, count] => {
                self.booked
                    .push((day.parse().unwrap(), count.parse().unwrap()));
            }
            _ => words.chunks(2).for_each(|pair| self.rule(pair[0], pair[1])),
        }
    }

    fn rule(&mut self, name: &str, value: &str) {
        let rules = &mut self.rules;
        match name {
            "zone" => self.places[0].zone = zone(value),
            "viewer" => self.viewer = Some(zone(value)),
            "limits" => self.limit_zone = Some(zone(value)),
            "now" => self.now = Some(value.parse().unwrap()),
            "length" => rules.length_minutes = words::minutes(value) as u16,
            "step" => rules.step_minutes = words::minutes(value) as u16,
            "offset" => rules.step_offset_minutes = words::minutes(value) as u16,
            "before" => rules.buffer_before_minutes = words::minutes(value) as u16,
            "after" => rules.buffer_after_minutes = words::minutes(value) as u16,
            "notice" => rules.notice_minutes = words::minutes(value),
            "horizon" => rules.horizon_days = (words::minutes(value) / 1440) as u16,
            "limit" => rules.daily_limit = Some(value.parse().unwrap()),
            _ => panic!("unknown word {name}"),
        }
    }

    fn window(&self, words: &[&str]) -> Window {
        let instant = |text: &str| text.parse::<Timestamp>().unwrap();
        let (start, end) = match *words {
            [instants] => {
                let (start, end) = instants.split_once("..").unwrap();
                (instant(start), instant(end))
            }
            [day, times] => {
                let midnight = day.parse::<Date>().unwrap().to_datetime(Time::midnight());
                let at = |text: &str| {
                    let civil = midnight + SignedDuration::from_mins(words::clock(text).into());
                    self.places[0].zone.to_timestamp(civil).unwrap()
                };
                let (start, end) = times.split_once('-').unwrap();
                (at(start), at(end))
            }
            _ => panic!("no window: {words:?}"),
        };
        Window::new(start, end).unwrap()
    }

    pub fn instant(&self, words: &[&str]) -> Timestamp {
        match words[..] {
            [instant] => instant.parse().unwrap(),
            [day, time] => {
                let civil = format!("{day}T{time}").parse().unwrap();
                self.viewer().to_timestamp(civil).unwrap()
            }
            _ => panic!("no instant: {words:?}"),
        }
    }

    fn answer(&self) -> String {
        let words: Vec<_> = self.asked.split(' ').collect();
        let zone = self.viewer();
        let read = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%F %H:%M").to_string();
        self.ask(|q| match words[..] {
            ["on", days] if days.contains("..") => {
                let (from, to) = days.split_once("..").unwrap();
                let days = kept_slots::days(q, from.parse().unwrap(), to.parse().unwrap(), zone);
                days.iter().fold(String::new(), |mut text, day| {
                    write!(text, "{}:{} ", day.date.strftime("%m-%d"), day.free).unwrap();
                    text
                })
            }
            ["on", day] => {
                let slots = times(q, day.parse().unwrap(), zone);
                slots
                    .iter()
                    .map(|slot| self.slot(slot)[11..].to_owned() + " ")
                    .collect()
            }
            ["first", ref at @ ..] => {
                first(q, self.instant(at)).map_or("none".into(), |slot| self.slot(&slot))
            }
            ["near", ref at @ .., count] => {
                let starts = nearest(q, self.instant(at), count.parse().unwrap());
                starts.iter().map(|start| read(*start) + " ").collect()
            }
            ["why", ref at @ ..] => explain(q, self.instant(at)),
            ["until"] => valid_until(q).to_string(),
            _ => panic!("unknown question {words:?}"),
        })
    }

    /// The start, and place, staff and rooms as far as there is more than one.
    fn slot(&self, slot: &Slot) -> String {
        let start = slot.start.to_zoned(self.viewer().clone());
        let mut text = start.strftime("%F %H:%M").to_string();
        let list = |who: &[u16]| {
            who.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(",")
        };
        if self.places.len() > 1 {
            write!(text, "@{}", slot.place).unwrap();
        }
        if self.staff.len() > 1 {
            write!(text, "[{}]", list(&slot.staff)).unwrap();
        }
        if self.rooms.is_some() {
            write!(text, "({})", list(&slot.rooms)).unwrap();
        }
        text
    }
}

fn explain(q: &Question, at: Timestamp) -> String {
    let reasons = why(q, at);
    assert_eq!(reasons.is_empty(), kept_slots::check(q, at).is_ok());
    let mut text = String::new();
    for one in &reasons {
        text += one.reason.code();
        if let Some(staff) = one.staff {
            write!(text, "[{staff}]").unwrap();
        }
        if let Some(room) = one.room {
            write!(text, "({room})").unwrap();
        }
        text += " ";
    }
    if reasons.is_empty() {
        "bookable".into()
    } else {
        text
    }
}
