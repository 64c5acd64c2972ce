//! Numbers about appointments: how many, of what, with whom, when, how early booked, how many did
//! not come, and how much of the hours was used. Counts only: nothing here can name a person.

mod hours;
pub mod pages;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use kept_base::store::{Error, Tx};
use kept_slots::{DaySpan, Hours};

use crate::ids::{ServiceId, StaffId};
use crate::offering::Catalog;
use crate::policy::Grant;
use crate::scheduling::{self, LEAD_DAYS, Share, Span};

pub use hours::bookable_minutes;

/// Longest stretch that is counted at once, in weeks.
pub const MAX_INSIGHT_WEEKS: u16 = 53;

/// The statuses that count apart; every other one, known or not, is an appointment that stood.
const CANCELED: &str = "canceled";
const NO_SHOW: &str = "no_show";

/// Whole weeks, from Monday to Sunday, of which the last is this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first Monday.
    pub from: Date,
    /// The Monday after the last week.
    pub to: Date,
    /// Today: what starts later has not come yet.
    pub today: Date,
}

/// How many appointments, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that stood: not canceled.
    pub stood: u32,
    /// Those that were canceled.
    pub canceled: u32,
    /// Those of the first to which nobody came.
    pub no_show: u32,
}

/// One week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// Its appointments.
    pub tally: Tally,
    /// Those that stood on days that are over: of them no-shows are a part.
    pub past: u32,
}

/// One staff member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Who.
    pub staff: StaffId,
    /// Their appointments.
    pub tally: Tally,
    /// Minutes of those that stood.
    pub booked_minutes: i64,
    /// Minutes of their hours, by the hours that are set now.
    pub bookable_minutes: i64,
}

/// Everything that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Over which weeks.
    pub period: Period,
    /// Each week, in order.
    pub weeks: Vec<Week>,
    /// Each service that had any, the most asked first.
    pub services: Vec<(ServiceId, Tally)>,
    /// Each staff member who had any or has hours, in the catalog's order.
    pub staff: Vec<Served>,
    /// How many were booked how early, by class of [`LEAD_DAYS`].
    pub lead: [u32; LEAD_DAYS.len()],
    /// Those that stood by weekday, from Monday, and hour.
    pub heat: [[u32; 24]; 7],
}

impl Period {
    /// The last `weeks` weeks up to and with the one of `today`; at most [`MAX_INSIGHT_WEEKS`].
    #[must_use]
    pub fn last(weeks: u16, today: Date) -> Self {
        let weeks = i64::from(weeks.clamp(1, MAX_INSIGHT_WEEKS));
        let monday = monday(today);
        Self {
            from: monday.saturating_sub((weeks - 1).weeks()),
            to: monday.saturating_add(1.week()),
            today,
        }
    }

    fn instants(self, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Error> {
        let instant = |date: Date| {
            let start = date.to_zoned(zone.clone());
            start.map(|start| start.timestamp())
        };
        match (instant(self.from), instant(self.to)) {
            (Ok(from), Ok(to)) => Ok((from, to)),
            _ => Err(Error::Decode("period")),
        }
    }
}

fn monday(date: Date) -> Date {
    let since = date.weekday().since(Weekday::Monday);
    date.saturating_sub(i64::from(since).days())
}

impl Tally {
    fn add(&mut self, status: &str, count: u32) {
        match status {
            CANCELED => self.canceled += count,
            NO_SHOW => {
                self.no_show += count;
                self.stood += count;
            }
            _ => self.stood += count,
        }
    }
}

impl Facts {
    /// All appointments of the period.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for week in &self.weeks {
            total.stood += week.tally.stood;
            total.canceled += week.tally.canceled;
            total.no_show += week.tally.no_show;
        }
        total
    }

    /// Those that stood on days that are over.
    #[must_use]
    pub fn past(&self) -> u32 {
        self.weeks.iter().map(|week| week.past).sum()
    }
}

/// Counts the appointments of a period, as far as `grant` reaches: at its locations, where it is for those.
///
/// # Errors
/// Those of the store.
pub fn facts(
    tx: &Tx<'_>,
    (grant, catalog): (&Grant, &Catalog),
    period: Period,
) -> Result<Facts, Error> {
    let (from, to) = period.instants(&catalog.zone)?;
    let among = grant.locations();
    let span = Span { from, to, among };
    let mut weeks = weeks(period);
    let mut heat = [[0; 24]; 7];
    for one in scheduling::count_by_hour(tx, span)? {
        // A place in another zone may be a day ahead or behind at the edges.
        let day = one
            .day
            .clamp(period.from, period.to.saturating_sub(1.day()));
        let days = (day - period.from).get_days();
        let Some(week) = usize::try_from(days / 7)
            .ok()
            .and_then(|at| weeks.get_mut(at))
        else {
            continue;
        };
        week.tally.add(&one.status, one.count);
        if one.status != CANCELED {
            let weekday = usize::try_from(day.weekday().since(Weekday::Monday)).unwrap_or(0);
            heat[weekday.min(6)][usize::from(one.hour.min(23))] += one.count;
            if day < period.today {
                week.past += one.count;
            }
        }
    }
    let mut services = Vec::new();
    for (service, tally, _) in tallies(scheduling::count_by_service(tx, span)?) {
        services.push((service, tally));
    }
    services.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.stood));
    let served = tallies(scheduling::count_by_staff(tx, span)?);
    let places: Vec<_> = catalog
        .locations
        .iter()
        .map(|one| one.place.clone())
        .collect();
    let staff = catalog.staff.iter().map(|member| {
        let found = served.iter().find(|(id, _, _)| *id == member.id);
        let (tally, minutes) = found.map_or_else(Default::default, |(_, t, m)| (*t, *m));
        Served {
            staff: member.id,
            tally,
            booked_minutes: minutes,
            bookable_minutes: bookable_minutes(
                &within(&member.hours, grant, catalog),
                &places,
                period.from,
                period.to,
            ),
        }
    });
    Ok(Facts {
        period,
        weeks,
        services,
        staff: staff
            .filter(|one| one.bookable_minutes > 0 || one.tally != Tally::default())
            .collect(),
        lead: scheduling::count_by_lead(tx, span)?,
        heat,
    })
}

/// The hours at the locations that `grant` is for; all where it is not for locations.
fn within(hours: &Hours, grant: &Grant, catalog: &Catalog) -> Hours {
    let mut hours = hours.clone();
    let is_within = |span: &DaySpan| {
        let location = catalog.locations.get(usize::from(span.place));
        location.is_some_and(|location| grant.comes_to(location.id))
    };
    hours.weekly.retain(|one| is_within(&one.span));
    for day in &mut hours.overrides {
        day.spans.retain(is_within);
    }
    hours
}

fn weeks(period: Period) -> Vec<Week> {
    let mut weeks = Vec::new();
    let mut monday = period.from;
    while monday < period.to {
        weeks.push(Week {
            monday,
            tally: Tally::default(),
            past: 0,
        });
        monday = monday.saturating_add(1.week());
    }
    weeks
}

/// Counts and the minutes of those that stood, for each thing once.
fn tallies<T: Copy + PartialEq>(shares: Vec<Share<T>>) -> Vec<(T, Tally, i64)> {
    let mut tallies: Vec<(T, Tally, i64)> = Vec::new();
    for share in shares {
        let at = tallies.iter().position(|(of, _, _)| *of == share.of);
        let at = at.unwrap_or_else(|| {
            tallies.push((share.of, Tally::default(), 0));
            tallies.len() - 1
        });
        tallies[at].1.add(&share.status, share.count);
        if share.status != CANCELED {
            tallies[at].2 += share.minutes;
        }
    }
    tallies
}
