//! From hours, time off and claims to the starts they leave open.
//!
//! All of it is said about the **start**: an open stretch is shortened by the length, a window
//! that must not be touched is widened by what the appointment claims. What is left is a set of
//! starts, and sets can be joined, intersected and subtracted without looking at a slot again.

use crate::clock::{Clock, DAY, number_of};
use crate::question::{DaySpan, Hours, Place, Question, Room, Rules, Window};
use crate::stretch::{Stretch, ceil, floor, join, subtract};

/// Civil days by which a span can outlast the day it opens on, one more for a clock set back.
const DAYS_BACK: i64 = 2;

/// The places of a question over a bounded time.
#[derive(Debug)]
pub(crate) struct Calendar<'q> {
    rules: &'q Rules,
    /// The starts that are asked about.
    pub time: Stretch,
    places: Vec<OpenPlace>,
    /// The civil days whose spans can matter, at any place.
    first_day: i64,
    last_day: i64,
}

#[derive(Debug)]
struct OpenPlace {
    clock: Clock,
    /// Starts whose appointment would touch a closed day.
    closed: Vec<Stretch>,
}

/// The starts of one staff member, or one room, at one place.
#[derive(Debug)]
pub(crate) struct Lane {
    pub place: u16,
    pub who: u16,
    pub starts: Vec<Stretch>,
}

impl<'q> Calendar<'q> {
    /// For the starts in `time`.
    pub fn new(question: &Question<'q>, time: Stretch) -> Self {
        let rules = question.rules;
        let end = time.to.saturating_add(i64::from(rules.length_minutes) * 60);
        let around = Stretch {
            from: time.from.saturating_sub((DAYS_BACK + 2) * DAY),
            to: end.saturating_add(2 * DAY),
        };
        let mut calendar = Self {
            rules,
            time,
            places: Vec::new(),
            first_day: i64::MAX,
            last_day: i64::MIN,
        };
        let nameable = usize::from(u16::MAX) + 1;
        for place in question.places.iter().take(nameable) {
            let clock = Clock::new(&place.zone, around);
            calendar.first_day = calendar.first_day.min(clock.day(time.from) - DAYS_BACK);
            calendar.last_day = calendar.last_day.max(clock.day(end) + 1);
            let closed = calendar.closed(place, &clock);
            calendar.places.push(OpenPlace { clock, closed });
        }
        calendar
    }

    /// The clock of a place.
    pub fn clock(&self, place: u16) -> Option<&Clock> {
        self.places
            .get(usize::from(place))
            .map(|place| &place.clock)
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// Whether the place is shut for an appointment that starts within the asked time.
    pub fn has_closed_day(&self, place: u16) -> bool {
        self.places
            .get(usize::from(place))
            .is_some_and(|place| !place.closed.is_empty())
    }

    /// The starts of a staff member, place by place.
    pub fn staff(&self, who: u16, hours: &Hours, busy: &[Window], lanes: &mut Vec<Lane>) {
        let mut gone = self.touching_appointment(&hours.time_off);
        self.add_touching_claim(busy, &mut gone);
        join(&mut gone);
        for (place, mut starts) in self.hours(hours) {
            let closed = &self.places[usize::from(place)].closed;
            for gone in [closed, &gone] {
                if !gone.is_empty() {
                    starts = subtract(&starts, gone);
                }
            }
            if !starts.is_empty() {
                lanes.push(Lane { place, who, starts });
            }
        }
    }

    /// The starts of a room.
    pub fn room(&self, room: &Room) -> Vec<Stretch> {
        let mut gone = self.touching_claim(room.busy);
        let open = match room.hours {
            None => vec![self.time],
            Some(hours) => {
                gone.extend(self.touching_appointment(&hours.time_off));
                join(&mut gone);
                let here = self.hours(hours);
                let here = here.into_iter().find(|(place, _)| *place == room.place);
                here.map(|(_, starts)| starts).unwrap_or_default()
            }
        };
        subtract(&open, &gone)
    }

    /// The starts that hours alone allow, place by place in order.
    pub fn hours(&self, hours: &Hours) -> Vec<(u16, Vec<Stretch>)> {
        let mut open = self.open(hours);
        open.sort_unstable_by_key(|(place, stretch)| (*place, stretch.from));
        let mut lanes = Vec::new();
        for spans in open.chunk_by(|one, next| one.0 == next.0) {
            let mut starts: Vec<_> = spans.iter().map(|(_, stretch)| *stretch).collect();
            join(&mut starts);
            let length = i64::from(self.rules.length_minutes) * 60;
            starts.retain_mut(|stretch| {
                stretch.to = stretch.to - length + 1;
                *stretch = stretch.clip(self.time);
                !stretch.is_empty()
            });
            if !starts.is_empty() {
                lanes.push((spans[0].0, starts));
            }
        }
        lanes
    }

    /// When a staff member is open, each span for itself.
    fn open(&self, hours: &Hours) -> Vec<(u16, Stretch)> {
        let days = self.first_day..=self.last_day;
        let overrides = hours
            .overrides
            .iter()
            .map(|day| (number_of(day.day), &day.spans));
        let mut overrides: Vec<_> = overrides.filter(|(day, _)| days.contains(day)).collect();
        overrides.sort_unstable_by_key(|(day, _)| *day);
        let mut overrides = overrides.as_slice();
        let mut open = Vec::new();
        for day in days {
            let own = overrides.partition_point(|(other, _)| *other == day);
            if own == 0 {
                // 1970-01-01 was a Thursday.
                let weekday = (day + 3).rem_euclid(7);
                let spans = hours
                    .weekly
                    .iter()
                    .filter(|weekly| i64::from(weekly.weekday.to_monday_zero_offset()) == weekday);
                open.extend(spans.filter_map(|weekly| self.resolve(day, weekly.span)));
            } else {
                let spans = overrides[..own].iter().flat_map(|(_, spans)| spans.iter());
                open.extend(spans.filter_map(|span| self.resolve(day, *span)));
                overrides = &overrides[own..];
            }
        }
        open
    }

    /// When a span of a civil day is open, if it is.
    fn resolve(&self, day: i64, span: DaySpan) -> Option<(u16, Stretch)> {
        let clock = self.clock(span.place).filter(|_| span.is_valid())?;
        if span.closes > 1440 && clock.whole_day(day).is_empty() {
            return None; // the zone skips the day on which it would open
        }
        let midnight = day * DAY;
        let from = clock.opens_at(midnight + i64::from(span.opens) * 60);
        let to = clock.closes_at(midnight + i64::from(span.closes) * 60);
        (from < to).then_some((span.place, Stretch { from, to }))
    }

    fn closed(&self, place: &Place, clock: &Clock) -> Vec<Stretch> {
        let length = i64::from(self.rules.length_minutes) * 60;
        let days = self.first_day..=self.last_day;
        let numbers = place.closed_days.iter().map(|day| number_of(*day));
        let whole = numbers
            .filter(|day| days.contains(day))
            .map(|day| clock.whole_day(day));
        let mut closed: Vec<_> = whole
            .filter(|day| !day.is_empty())
            .map(|day| {
                Stretch {
                    from: day.from - length + 1,
                    to: day.to,
                }
                .clip(self.time)
            })
            .filter(|starts| !starts.is_empty())
            .collect();
        join(&mut closed);
        closed
    }

    /// The starts whose appointment would touch one of the windows.
    pub fn touching_appointment(&self, windows: &[Window]) -> Vec<Stretch> {
        let mut starts = Vec::new();
        self.touching(
            windows,
            0,
            i64::from(self.rules.length_minutes),
            &mut starts,
        );
        join(&mut starts);
        starts
    }

    /// The starts whose claim, buffers included, would touch one of the windows.
    pub fn touching_claim(&self, windows: &[Window]) -> Vec<Stretch> {
        let mut starts = Vec::new();
        self.add_touching_claim(windows, &mut starts);
        join(&mut starts);
        starts
    }

    fn add_touching_claim(&self, windows: &[Window], starts: &mut Vec<Stretch>) {
        let before = i64::from(self.rules.buffer_before_minutes);
        let after =
            i64::from(self.rules.length_minutes) + i64::from(self.rules.buffer_after_minutes);
        self.touching(windows, before, after, starts);
    }

    fn touching(&self, windows: &[Window], before: i64, after: i64, starts: &mut Vec<Stretch>) {
        let real = windows.iter().filter(|window| window.start < window.end);
        starts.extend(real.filter_map(|window| {
            let from = floor(window.start) - after * 60 + 1;
            let to = ceil(window.end) + before * 60;
            let starts = Stretch { from, to }.clip(self.time);
            (!starts.is_empty()).then_some(starts)
        }));
    }
}
