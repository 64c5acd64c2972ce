//! Days, or people and rooms of one day, beside each other: what stands where.

use std::cell::RefCell;
use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kept_base::page::{Locale, when};

use super::super::asked::{Asked, View};
use super::super::layout::{Lane, ROW_MINUTES, Span, classes, lanes};
use super::super::read::Found;
use super::what::{Entry, appointment, reserved, reserved_resources, resources};
use crate::access::Grant;
use crate::desk::Desk;
use crate::offering::Catalog;
use crate::page::Words;
use crate::scheduling::staff::Resource;
use crate::scheduling::{Taken, start_of};

/// Rows of a day.
const DAY_ROWS: u16 = 24 * 60 / ROW_MINUTES;
/// The hours shown when nothing says otherwise.
const USUAL_HOURS: (u16, u16) = (8, 18);

/// One column.
pub(super) struct Column {
    /// What it is.
    pub title: String,
    /// Where its title leads.
    pub url: String,
    /// The civil day.
    pub date: String,
    /// The person or room it is about; empty for a whole day.
    pub who: String,
    /// It is today.
    pub today: bool,
    /// Where the present is, as classes.
    pub now: Option<String>,
    /// What stands in it, in order.
    pub entries: Vec<Entry>,
}

/// The whole.
pub(super) struct Grid {
    /// The hours at the side.
    pub hours: Vec<String>,
    /// The first of them.
    pub from_hour: u16,
    /// The columns.
    pub columns: Vec<Column>,
}

/// Everything that lays out a grid.
pub(super) struct Drawing<'d> {
    pub desk: &'d Desk,
    pub catalog: &'d Catalog,
    pub words: Words<'d>,
    pub asked: &'d Asked,
    pub found: &'d Found,
    pub zone: &'d TimeZone,
    /// Times in words; many appointments of a week begin at the same ones.
    pub times: RefCell<HashMap<(Timestamp, Timestamp), String>>,
    /// What of it the member may change.
    pub change: Option<Grant>,
    /// The query of a page that leads back here.
    pub back: String,
}

/// A column before it is laid out.
struct Part {
    date: Date,
    who: Option<Resource>,
    placed: Vec<(Span, Entry)>,
}

impl Drawing<'_> {
    /// Whether the member may change an appointment.
    pub(super) fn may_change(&self, taken: &Taken) -> bool {
        let covers = |grant: &Grant| grant.covers(taken.location, &taken.staff);
        self.change.as_ref().is_some_and(covers)
    }

    pub(super) fn locale(&self) -> Locale {
        self.words.locale()
    }

    /// "09:00–09:45".
    pub(super) fn time_range(&self, from: Timestamp, to: Timestamp) -> String {
        let mut times = self.times.borrow_mut();
        let range = || when::time_range(self.locale(), from, to, self.zone);
        times.entry((from, to)).or_insert_with(range).clone()
    }

    /// Lays out what was found.
    pub(super) fn grid(&self) -> Grid {
        let mut parts: Vec<Part> = self.parts();
        let (mut from, mut to) = self.hours();
        for (span, _) in parts.iter().flat_map(|part| &part.placed) {
            from = from.min(span.from / 12);
            to = to.max(span.to.div_ceil(12));
        }
        let today = self.zone.to_datetime(self.found.now).date();
        let clock = |hour: u16| {
            let hour = i8::try_from(hour % 24).unwrap_or(0);
            when::clock(self.locale(), jiff::civil::time(hour, 0, 0, 0))
        };
        let columns = parts
            .drain(..)
            .map(|part| self.column(part, (from, to), today))
            .collect();
        Grid {
            hours: (from..to).map(clock).collect(),
            from_hour: from,
            columns,
        }
    }

    fn parts(&self) -> Vec<Part> {
        let part = |date, who| Part {
            date,
            who,
            placed: self.placed(date, who),
        };
        if self.asked.view == View::Week {
            let (first, after) = self.asked.days();
            let parts = first.series(1.day()).take_while(|day| *day < after);
            // Days on which nobody works and nothing is are left out.
            return parts
                .map(|date| part(date, None))
                .filter(|part| !part.placed.is_empty() || self.works(part.date))
                .collect();
        }
        let all: Vec<Resource> = if self.asked.view == View::Rooms {
            self.catalog
                .rooms
                .iter()
                .map(|r| Resource::Room(r.id))
                .collect()
        } else {
            self.catalog
                .staff
                .iter()
                .map(|s| Resource::Staff(s.id))
                .collect()
        };
        let chosen: Vec<Resource> = (all.iter().copied())
            .filter(|who| self.asked.who.contains(who))
            .collect();
        let shown = if chosen.is_empty() { all } else { chosen };
        (shown.into_iter())
            .map(|who| part(self.asked.date, Some(who)))
            .collect()
    }

    /// What touches a day and, where given, a person or room.
    fn placed(&self, date: Date, who: Option<Resource>) -> Vec<(Span, Entry)> {
        let next = date.tomorrow().unwrap_or(date);
        let day = (start_of(date, self.zone), start_of(next, self.zone));
        let of = |resources: &[Resource]| match who {
            Some(who) => resources.contains(&who),
            None => self.asked.shows_any(resources.iter().copied()),
        };
        let everything = who.is_none() && self.asked.who.is_empty();
        let touches = |from: Timestamp, to: Timestamp| from < day.1 && to > day.0;
        let appointments = (self.found.appointments.iter())
            .filter(|a| a.status != crate::scheduling::Status::Canceled)
            .filter(|a| touches(a.starts_at, a.ends_at))
            .filter(|a| everything || of(&resources(a)))
            .map(|a| {
                (
                    self.span(date, a.starts_at, a.ends_at),
                    appointment(self, a),
                )
            });
        let blocks = (self.found.blocks.iter())
            .filter(|b| touches(b.starts_at, b.ends_at))
            .filter(|b| of(&reserved_resources(b)))
            .map(|b| (self.span(date, b.starts_at, b.ends_at), reserved(self, b)));
        let mut placed: Vec<_> = appointments.chain(blocks).collect();
        placed.sort_by_key(|(span, _)| span.from);
        placed
    }

    /// The rows of a day that a stretch of time covers: at least one, none of another day.
    fn span(&self, date: Date, from: Timestamp, to: Timestamp) -> Span {
        let row = |at: Timestamp, up: bool| {
            let civil = self.zone.to_datetime(at);
            if civil.date() < date {
                return 0;
            }
            if civil.date() > date {
                return DAY_ROWS;
            }
            let minutes = u16::from(civil.hour().unsigned_abs()) * 60
                + u16::from(civil.minute().unsigned_abs());
            if up {
                minutes.div_ceil(ROW_MINUTES)
            } else {
                minutes / ROW_MINUTES
            }
        };
        let from = row(from, false).min(DAY_ROWS - 1);
        Span {
            from,
            to: row(to, true).max(from + 1),
        }
    }

    fn column(&self, part: Part, (from, to): (u16, u16), today: Date) -> Column {
        let spans: Vec<Span> = part.placed.iter().map(|(span, _)| *span).collect();
        let lanes = lanes(&spans);
        let shifted = |span: Span| Span {
            from: span.from - from * 12,
            to: span.to - from * 12,
        };
        let entries = (part.placed.into_iter().zip(lanes))
            .map(|((span, entry), lane)| Entry {
                place: classes(shifted(span), lane),
                ..entry
            })
            .collect();
        let present = (part.date == today)
            .then(|| self.span(today, self.found.now, self.found.now))
            .filter(|span| (from * 12..to * 12).contains(&span.from))
            .map(|span| classes(shifted(span), Lane { lane: 0, of: 1 }));
        let day = self.asked.on(part.date).viewed(View::People);
        Column {
            title: match part.who {
                Some(who) => name(self.catalog, who),
                None => when::day_short(self.locale(), part.date),
            },
            url: match part.who {
                Some(who) => self.desk.url(
                    &Asked {
                        who: vec![who],
                        ..self.asked.viewed(View::Week)
                    }
                    .path(),
                ),
                None => self.desk.url(&day.path()),
            },
            date: part.date.to_string(),
            who: part.who.map(|who| who.to_string()).unwrap_or_default(),
            today: part.date == today,
            now: present,
            entries,
        }
    }

    /// Whether anybody who is shown works on that day of the week.
    fn works(&self, date: Date) -> bool {
        let weekday = date.weekday();
        (self.catalog.staff.iter())
            .filter(|member| self.asked.shows(Resource::Staff(member.id)))
            .any(|member| member.hours.weekly.iter().any(|w| w.weekday == weekday))
            || self
                .catalog
                .staff
                .iter()
                .all(|member| member.hours.weekly.is_empty())
    }

    /// From the first opening to the last closing of the week, in whole hours.
    fn hours(&self) -> (u16, u16) {
        let spans = self
            .catalog
            .staff
            .iter()
            .flat_map(|member| &member.hours.weekly);
        let (mut from, mut to) = (24, 0);
        for weekly in spans {
            from = from.min(weekly.span.opens / 60);
            to = to.max(weekly.span.closes.min(24 * 60).div_ceil(60));
        }
        if from < to { (from, to) } else { USUAL_HOURS }
    }
}

/// What a person or a room is called.
pub(super) fn name(catalog: &Catalog, who: Resource) -> String {
    let found = match who {
        Resource::Staff(id) => catalog.staff_member(id).map(|member| member.name.clone()),
        Resource::Room(id) => catalog.room(id).map(|room| room.name.clone()),
    };
    found.unwrap_or_default()
}
