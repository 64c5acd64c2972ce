//! Why something was not done, in words, with links to what is in the way.

use std::collections::HashMap;

use axum::http::StatusCode;
use kept_base::args;
use kept_base::kit::PersonName;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::grid::name;
use crate::access::Grant;
use crate::desk::Desk;
use crate::ids::PersonId;
use crate::people;
use crate::scheduling::staff::{Conflict, Holder, StaffError};
use crate::scheduling::{self, Status};

/// One thing in the way.
pub(super) struct Line {
    pub text: String,
    /// Its page, when it has one.
    pub url: Option<String>,
}

/// Why something was not done.
pub(super) struct Refusal {
    pub heading: String,
    pub lines: Vec<Line>,
    /// Only rules speak against it, so that it can be done anyway.
    pub can_override: bool,
    pub status: StatusCode,
}

/// What stops a verb of these pages.
pub(super) enum Stopped {
    /// It was refused, and who the people are that stand in the way.
    Refused(
        StaffError,
        HashMap<PersonId, PersonName>,
        Vec<(Conflict, Option<PersonId>)>,
    ),
    /// Nothing was to be done but to show the letter.
    Letter(super::letter::Preview),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        StaffError::from(error).into()
    }
}

impl From<StaffError> for Stopped {
    fn from(error: StaffError) -> Self {
        Self::Refused(error, HashMap::new(), Vec::new())
    }
}

/// Looks up who is in the way, as far as the member sees them, while the transaction that was refused
/// still stands.
pub(super) fn explain(tx: &Tx<'_>, sees: Option<&Grant>, error: StaffError) -> Stopped {
    let StaffError::Taken(conflicts) = &error else {
        return error.into();
    };
    let mut whose = Vec::new();
    for conflict in conflicts {
        let person = match conflict.holder {
            Holder::Appointment(id) => scheduling::appointment(tx, id).ok().flatten(),
            Holder::Hold | Holder::Block(_) => None,
        };
        let person =
            person.filter(|one| sees.is_some_and(|grant| grant.covers(one.location, &one.staff)));
        whose.push((*conflict, person.map(|appointment| appointment.person)));
    }
    let ids: Vec<PersonId> = whose.iter().filter_map(|(_, person)| *person).collect();
    let names = people::names(tx, &ids).unwrap_or_default();
    Stopped::Refused(error, names, whose)
}

/// The refusal in words.
///
/// # Errors
/// What is no refusal: something that is not there, a store that failed.
pub(super) fn refusal(
    desk: &Desk,
    error: StaffError,
    names: &HashMap<PersonId, PersonName>,
    whose: &[(Conflict, Option<PersonId>)],
) -> Result<Refusal, Problem> {
    let words = desk.words();
    let (lines, status) = match &error {
        StaffError::Unknown => return Err(Problem::not_found()),
        StaffError::Store(error) => return Err(error.clone().into()),
        StaffError::Taken(_) => {
            let lines = whose.iter().map(|(conflict, person)| {
                let person = person.and_then(|id| names.get(&id));
                in_the_way(desk, conflict, person.map_or("", PersonName::expose))
            });
            (lines.collect(), StatusCode::CONFLICT)
        }
        StaffError::Against(objections) => {
            let lines = objections.iter().map(|objection| {
                let who = objection.staff.and_then(|id| desk.catalog.staff_member(id));
                let who = who.map_or("", |member| member.name.as_str());
                let id = format!("against-{}", objection.code);
                let text = words.with(&id, args!["who" => who]);
                Line { text, url: None }
            });
            (lines.collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        StaffError::NotNow { from, to } => (vec![not_now(desk, *from, *to)], StatusCode::CONFLICT),
        StaffError::Changed => (Vec::new(), StatusCode::CONFLICT),
        StaffError::Beyond => (Vec::new(), StatusCode::FORBIDDEN),
        StaffError::Bounds(input) => {
            let text = words.say(&format!("bounds-{input}"));
            (
                vec![Line { text, url: None }],
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
    };
    Ok(Refusal {
        heading: words.say(&format!("refused-{}", error.code())),
        lines,
        can_override: matches!(error, StaffError::Against(_)),
        status,
    })
}

fn in_the_way(desk: &Desk, conflict: &Conflict, person: &str) -> Line {
    let (words, zone) = (desk.words(), &desk.catalog.zone);
    let (id, url) = match conflict.holder {
        Holder::Appointment(id) => (
            "taken-appointment",
            // Who is out of sight has no page.
            Some(format!("/calendar/appointments/{id}")).filter(|_| !person.is_empty()),
        ),
        Holder::Block(id) => ("taken-block", Some(format!("/calendar/reserved/{id}"))),
        Holder::Hold => ("taken-hold", None),
    };
    let time = when::date_time_range(desk.locale(), conflict.starts_at, conflict.ends_at, zone);
    let who = name(&desk.catalog, conflict.resource);
    Line {
        text: words.with(
            id,
            args!["who" => &who, "time" => &time, "person" => person],
        ),
        url: url.map(|path| desk.url(&path)),
    }
}

fn not_now(desk: &Desk, from: Status, to: Status) -> Line {
    let words = desk.words();
    let said = |status: Status| words.say(&format!("state-{}", status.code()));
    let (from, to) = (said(from), said(to));
    Line {
        text: words.with("not-now-line", args!["from" => &from, "to" => &to]),
        url: None,
    }
}
