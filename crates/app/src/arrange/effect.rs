//! Saving a change of the offering: what it does to bookable times and to booked appointments is
//! shown first, from the real search in a transaction that is then rolled back.

use jiff::civil::Date;
use kept_base::args;
use kept_base::input::Fields;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};
use sha2::{Digest as _, Sha256};

use axum::http::StatusCode;

use crate::access::{Grant, Right};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{ServiceId, UndoId};
use crate::offering::{self, Catalog, Earlier, OfferingError};
use crate::people;
use crate::policy::{IsRight, May};
use crate::scheduling::{self, Bookable, OUTLOOK_DAYS, SchedulingError, Strand, Stranded};

/// Most appointments that are listed; the rest is counted.
const MAX_LISTED: usize = 50;

/// What a change does.
#[derive(Debug, Default)]
pub(super) struct Effect {
    now: u32,
    then: u32,
    days: Vec<(Date, u32, u32)>,
    services: Vec<(String, u32, u32)>,
    /// Appointments that would be stranded, with whose they are.
    stranded: Vec<(Stranded, String)>,
    catalog: Option<std::sync::Arc<Catalog>>,
}

impl Effect {
    fn is_nothing(&self) -> bool {
        self.days.is_empty() && self.services.is_empty() && self.stranded.is_empty()
    }

    /// Stands for what was shown: whoever confirms something else is shown that first.
    fn seal(&self) -> String {
        let mut hash = Sha256::new();
        for (one, _) in &self.stranded {
            hash.update(one.appointment.id.to_string());
        }
        let hash = hash.finalize();
        format!(
            "{}-{}",
            self.stranded.len(),
            data_encoding::HEXLOWER.encode(&hash[..8])
        )
    }
}

/// Why nothing was kept.
pub(super) enum Halt {
    /// The effect is to be shown first.
    Effect(Box<Effect>),
    /// The change is refused.
    Refused(OfferingError),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<OfferingError> for Halt {
    fn from(error: OfferingError) -> Self {
        Self::Refused(error)
    }
}

impl From<SchedulingError> for Halt {
    fn from(error: SchedulingError) -> Self {
        match error {
            SchedulingError::Store(error) => error.into(),
            _ => Self::Refused(OfferingError::Unknown),
        }
    }
}

/// Runs a change. It is kept when it has no effect on bookable times and strands nobody, or when
/// the form confirms exactly what was shown.
///
/// # Errors
/// [`Halt`] inside; a problem of the member's or the store's outside.
pub(super) async fn save<R, T, F>(
    desk: &DeskTo<R>,
    form: &Fields,
    change: F,
) -> Result<Result<(T, Option<UndoId>), Halt>, Problem>
where
    R: IsRight,
    T: Send + 'static,
    F: FnOnce(&Tx<'_>, &App, (&Catalog, &May<R>)) -> Result<(T, Earlier), OfferingError>
        + Clone
        + Send
        + 'static,
{
    let confirmed = form.filled("confirm").map(str::to_owned);
    let only_look = form.get("look").is_some();
    desk.write(move |tx, app, by| {
        let before = app.catalogs.get(tx)?;
        let times = scheduling::outlook(tx, &app.catalogs)?;
        let known = scheduling::stranded(tx, &app.catalogs)?;
        let (made, earlier) = change(tx, app, (&before, by))?;
        if !earlier.is_nothing() || only_look {
            let effect = effect(tx, app, &before, &times, &known)?;
            let is_known = confirmed.is_some_and(|seal| seal == effect.seal());
            if only_look || !effect.is_nothing() && !is_known {
                return Err(Halt::Effect(Box::new(effect)));
            }
        }
        Ok((made, offering::offer_undo(tx, &earlier)?))
    })
    .await
}

fn effect(
    tx: &Tx<'_>,
    app: &App,
    before: &Catalog,
    times: &[Bookable],
    known: &[Stranded],
) -> Result<Effect, Halt> {
    let catalog = app.catalogs.get(tx)?;
    let after = scheduling::outlook(tx, &app.catalogs)?;
    let mut found = Effect {
        now: total(times),
        then: total(&after),
        days: by_day(times, &after),
        services: by_service(before, &catalog, times, &after),
        ..Effect::default()
    };
    for one in scheduling::stranded(tx, &app.catalogs)? {
        let was = known
            .iter()
            .find(|was| was.appointment.id == one.appointment.id);
        let is_new = |why: &Strand| was.is_none_or(|was| !was.why.contains(why));
        if one.why.iter().any(is_new) {
            let person = people::find(tx, one.appointment.person)?;
            let name = person.map(|person| person.name.expose().to_owned());
            found.stranded.push((one, name.unwrap_or_default()));
        }
    }
    found.catalog = Some(catalog);
    Ok(found)
}

fn total(times: &[Bookable]) -> u32 {
    times
        .iter()
        .flat_map(|one| &one.days)
        .map(|(_, free)| free)
        .sum()
}

/// The days on which the number of times differs.
fn by_day(before: &[Bookable], after: &[Bookable]) -> Vec<(Date, u32, u32)> {
    let on = |times: &[Bookable], day: Date| -> u32 {
        let days = times.iter().flat_map(|one| &one.days);
        days.filter(|(other, _)| *other == day)
            .map(|(_, free)| free)
            .sum()
    };
    let mut days: Vec<Date> = (before.iter().chain(after))
        .flat_map(|one| one.days.iter().map(|(day, _)| *day))
        .collect();
    days.sort_unstable();
    days.dedup();
    let each = days
        .into_iter()
        .map(|day| (day, on(before, day), on(after, day)));
    each.filter(|(_, now, then)| now != then).collect()
}

/// The services whose times differ in number.
fn by_service(
    known: &Catalog,
    catalog: &Catalog,
    before: &[Bookable],
    after: &[Bookable],
) -> Vec<(String, u32, u32)> {
    let of = |times: &[Bookable], id: ServiceId| -> u32 {
        let days = times.iter().filter(|one| one.service == id);
        days.flat_map(|one| &one.days).map(|(_, free)| free).sum()
    };
    let mut services: Vec<ServiceId> = before.iter().map(|one| one.service).collect();
    let new = after.iter().map(|one| one.service);
    services.extend(new.filter(|id| before.iter().all(|one| one.service != *id)));
    let named = services.into_iter().filter_map(|id| {
        let service = catalog.service(id).or_else(|| known.service(id))?;
        Some((service.name.clone(), of(before, id), of(after, id)))
    });
    named.filter(|(_, now, then)| now != then).collect()
}

/// A row of the tables.
struct Row {
    what: String,
    now: u32,
    then: u32,
}

/// An appointment that is in the way.
pub(super) struct InTheWay {
    pub when: String,
    pub service: String,
    pub person: String,
    pub reference: String,
    pub url: String,
    pub why: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "arrange/effect.html")]
struct EffectPage<'p> {
    d: DeskFrame<'p>,
    total: String,
    days: Vec<Row>,
    services: Vec<Row>,
    stranded: Vec<InTheWay>,
    stranded_text: String,
    more: Option<String>,
    action: String,
    seal: String,
    typed: Vec<(String, String)>,
    cancel_url: String,
}

/// The page that shows an effect and asks; nothing was kept. `cancel` is where leaving leads.
pub(super) fn show(desk: &Desk, form: &Fields, effect: &Effect, cancel: &str) -> Answer {
    let words = desk.words();
    let row = |what: String, now: u32, then: u32| Row { what, now, then };
    let own = |name: &str| !matches!(name, "confirm" | "look" | "again");
    let typed = form.iter().filter(|(name, _)| own(name));
    // A manager is shown what their locations reach, and how much else there is.
    let sees = desk.grant(Right::SeeCalendar);
    let is_seen = |(one, _): &&(Stranded, String)| {
        let booked = &one.appointment;
        let covers = |sees: &Grant| sees.covers(booked.location, &booked.staff);
        sees.as_ref().is_none_or(covers)
    };
    let listed: Vec<_> = (effect.stranded.iter().filter(is_seen))
        .take(MAX_LISTED)
        .collect();
    let catalog = effect.catalog.as_deref().unwrap_or(&desk.catalog);
    let count = effect.stranded.len();
    let page = EffectPage {
        d: desk.frame(&words.say("effect-title"), Section::Offering),
        total: words.with(
            "effect-total",
            args!["days" => i64::from(OUTLOOK_DAYS), "now" => effect.now, "then" => effect.then],
        ),
        days: (effect.days.iter())
            .map(|(day, now, then)| row(when::day(words.locale(), *day), *now, *then))
            .collect(),
        services: (effect.services.iter())
            .map(|(name, now, then)| row(name.clone(), *now, *then))
            .collect(),
        more: (count > listed.len())
            .then(|| words.with("effect-more", args!["count" => count - listed.len()])),
        stranded: (listed.into_iter())
            .map(|(one, person)| in_the_way(desk, catalog, one, person.clone()))
            .collect(),
        stranded_text: words.with("effect-stranded", args!["count" => count]),
        action: desk.here().to_owned(),
        seal: effect.seal(),
        typed: typed.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        cancel_url: desk.url(cancel),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// An appointment in words, with the way to move or cancel it.
pub(super) fn in_the_way(
    desk: &Desk,
    catalog: &Catalog,
    one: &Stranded,
    person: String,
) -> InTheWay {
    let words = desk.words();
    let booked = &one.appointment;
    let zone = catalog.location(booked.location);
    let zone = zone.map_or(&catalog.zone, |location| &location.place.zone);
    let why = one.why.iter().map(|why| {
        let who = why.staff().and_then(|id| catalog.staff_member(id));
        let who = who.map_or("", |member| member.name.as_str());
        words.with(&format!("strand-{}", why.code()), args!["who" => who])
    });
    InTheWay {
        when: when::date_time_range(words.locale(), booked.starts_at, booked.ends_at, zone),
        service: (catalog.service(booked.service)).map_or_else(String::new, |s| s.name.clone()),
        person: if desk.may(Right::SeeCalendar) {
            person
        } else {
            String::new()
        },
        reference: booked.reference.clone(),
        url: desk.url(&format!("/calendar/appointments/{}", booked.id)),
        why: why.collect(),
    }
}
