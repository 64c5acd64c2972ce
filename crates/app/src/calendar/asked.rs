//! Which part of the calendar somebody wants to see, as its address says it. Pure.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};
use kept_base::input::Fields;

use super::MAX_CHOSEN;
use crate::scheduling::staff::Resource;

/// How days are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The days of a week beside each other.
    Week,
    /// One day, its people beside each other.
    People,
    /// One day, its rooms beside each other.
    Rooms,
    /// Two weeks as a list.
    Agenda,
    /// A month, with how much there is each day.
    Month,
}

impl View {
    /// Every view, in the order shown.
    pub const ALL: [Self; 5] = [
        Self::Week,
        Self::People,
        Self::Rooms,
        Self::Agenda,
        Self::Month,
    ];

    /// Its name in addresses and texts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::People => "people",
            Self::Rooms => "rooms",
            Self::Agenda => "agenda",
            Self::Month => "month",
        }
    }

    fn step(self) -> Span {
        match self {
            Self::Week => 7.days(),
            Self::People | Self::Rooms => 1.day(),
            Self::Agenda => 14.days(),
            Self::Month => 1.month(),
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How.
    pub view: View,
    /// A day in it.
    pub date: Date,
    /// Whom and which rooms; all when empty.
    pub who: Vec<Resource>,
}

impl Asked {
    /// Reads a query. What cannot be read is as if it were not there.
    #[must_use]
    pub fn read(query: &Fields, today: Date) -> Self {
        let view = query.get("view");
        let view = View::ALL.into_iter().find(|v| Some(v.code()) == view);
        let date = query.filled("date").and_then(|date| date.parse().ok());
        let mut who: Vec<Resource> = query
            .get_all("who")
            .flat_map(|list| list.split(','))
            .filter_map(Resource::parse)
            .take(MAX_CHOSEN)
            .collect();
        who.sort_unstable();
        who.dedup();
        Self {
            view: view.unwrap_or(View::Week),
            date: date.unwrap_or(today),
            who,
        }
    }

    /// The first day shown and the first day after it.
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        let first = match self.view {
            View::Week => monday(self.date),
            View::Month => monday(self.date.first_of_month()),
            View::People | View::Rooms | View::Agenda => self.date,
        };
        let after = match self.view {
            View::Month => {
                let last = self.date.last_of_month();
                plus(monday(last), 7.days())
            }
            view => plus(first, view.step()),
        };
        (first, after)
    }

    /// The same with another day in it, backwards or forwards.
    #[must_use]
    pub fn turned(&self, forwards: bool) -> Self {
        let step = self.view.step();
        let date = if forwards {
            self.date.checked_add(step)
        } else {
            self.date.checked_sub(step)
        };
        Self {
            date: date.unwrap_or(self.date),
            ..self.clone()
        }
    }

    /// The same in another view.
    #[must_use]
    pub fn viewed(&self, view: View) -> Self {
        Self {
            view,
            ..self.clone()
        }
    }

    /// The same on another day.
    #[must_use]
    pub fn on(&self, date: Date) -> Self {
        Self {
            date,
            ..self.clone()
        }
    }

    /// The path below the organization's.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = format!("/calendar?view={}&date={}", self.view.code(), self.date);
        if !self.who.is_empty() {
            path.push_str("&who=");
            path.push_str(&self.chosen());
        }
        path
    }

    /// The chosen people and rooms, as sets keep them.
    #[must_use]
    pub fn chosen(&self) -> String {
        let who: Vec<String> = self.who.iter().map(ToString::to_string).collect();
        who.join(",")
    }

    /// Whether something of `resource` is shown.
    #[must_use]
    pub fn shows(&self, resource: Resource) -> bool {
        self.who.is_empty() || self.who.contains(&resource)
    }

    /// Whether something of any of `resources` is shown.
    #[must_use]
    pub fn shows_any(&self, mut resources: impl Iterator<Item = Resource>) -> bool {
        self.who.is_empty() || resources.any(|resource| self.who.contains(&resource))
    }
}

fn monday(date: Date) -> Date {
    let since = i64::from(date.weekday().since(Weekday::Monday));
    date.checked_sub(since.days()).unwrap_or(date)
}

fn plus(date: Date, span: Span) -> Date {
    date.checked_add(span).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::read(&Fields::parse(query.as_bytes(), 32), date(2026, 12, 3))
    }

    #[test]
    fn an_address_names_what_it_shows() {
        let week = asked("");
        assert_eq!(week.days(), (date(2026, 11, 30), date(2026, 12, 7)));
        assert_eq!(week.path(), "/calendar?view=week&date=2026-12-03");
        let month = asked("view=month&date=2026-12-24&who=nobody");
        assert_eq!(month.days(), (date(2026, 11, 30), date(2027, 1, 4)));
        assert!(month.who.is_empty());
        let next = month.turned(true);
        assert_eq!(next.date, date(2027, 1, 24));
        let day = asked("view=people&date=2026-12-31").turned(true);
        assert_eq!(day.days(), (date(2027, 1, 1), date(2027, 1, 2)));
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        for text in ["-9999-01-01", "9999-12-31"] {
            for view in View::ALL {
                let asked = asked(&format!("view={}&date={text}", view.code()));
                let _ = (asked.days(), asked.turned(true), asked.turned(false));
            }
        }
    }
}
