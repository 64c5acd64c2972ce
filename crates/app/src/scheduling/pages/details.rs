//! `GET /{org}/{service}/details`: what we ask, with the time kept meanwhile.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::args;
use kept_base::input::Fields;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, Token};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::super::rules::FieldError;
use super::super::{self as scheduling, Hold, SchedulingError, Wanted};
use super::fields::{self, Input, Shape};
use super::here::Here;
use super::picked::{Settled, Wish, service_by_slug};
use super::show::{self, When, Whereabouts};
use super::times::Alternative;
use super::visit::{Visit, Zone};
use super::{Answer, GONE, TO_CORRECT};
use crate::app::App;
use crate::ids::HoldId;
use crate::page::{Frame, LanguageChange, Words, see_other};

/// How it stands with the time that somebody wants to book.
pub(super) enum Standing {
    /// It is kept for them until then.
    Held(Timestamp),
    /// It is not kept any more, and free.
    Free,
    /// Somebody else has it; these are near.
    Gone(Vec<Timestamp>),
}

/// A time on its way to be booked.
pub(super) struct Booking {
    pub settled: Settled,
    pub at: Timestamp,
    pub hold: Option<Hold>,
    pub standing: Standing,
    pub zone: Zone,
    pub there: Zone,
}

impl Booking {
    /// What was wanted, as it was held.
    pub fn wanted(&self) -> Wanted {
        self.settled.wanted()
    }
}

/// What went wrong, for the top of the page.
struct Trouble {
    title: String,
    text: String,
    alternatives: Vec<Alternative>,
}

#[derive(askama::Template)]
#[template(path = "scheduling/details.html")]
struct DetailsPage<'p> {
    f: Frame<'p>,
    service: String,
    length: String,
    services_url: String,
    times_url: String,
    when: When,
    where_: Whereabouts,
    kept: Option<String>,
    kept_until: Option<String>,
    trouble: Option<Trouble>,
    can_book: bool,
    action: String,
    /// Stands for this form where no hold does, so that sending it twice books once.
    once: Option<String>,
    inputs: Vec<Input>,
    /// How many inputs need another look, in words.
    wrong: Option<String>,
    organization: String,
}

pub(super) async fn details(visit: Visit) -> Answer {
    match load(&visit, None).await? {
        Some(booking) => shown(&visit, &booking, &Fields::default(), &[]),
        None => Ok(see_other(&times_url(&visit, None))),
    }
}

/// The time in question: `chosen` now, or held, or named in the address. `None` when there is none.
pub(super) async fn load(
    visit: &Visit,
    chosen: Option<Timestamp>,
) -> Result<Option<Booking>, Problem> {
    let wish = Wish::read(&visit.query, visit.zone.clone());
    let id: Option<HoldId> = visit.query.filled("hold").and_then(|id| id.parse().ok());
    let slug = visit.segment("service").to_owned();
    let question = move |tx: &Tx<'_>, app: &Arc<App>| {
        let catalog = app.catalogs.get(tx)?;
        let service = service_by_slug(&catalog, &slug)?;
        let settled = Settled::new(catalog, service, &wish);
        let hold = match id {
            Some(id) => scheduling::find_hold(tx, id)?,
            None => None,
        };
        let hold = hold.filter(|hold| hold.service == settled.service().id);
        let held_at = hold.as_ref().map(|hold| hold.starts_at);
        let Some(at) = chosen.or(held_at).or(wish.at) else {
            return Ok(None);
        };
        let hold = hold.filter(|hold| hold.starts_at == at);
        let standing = standing(tx, app, &settled, hold.as_ref(), at)?;
        let there = settled.zone_there();
        Ok(Some(Booking {
            zone: wish.zone.clone().unwrap_or_else(|| there.clone()),
            there,
            settled,
            at,
            hold,
            standing,
        }))
    };
    Ok(visit.read(Actor::VISITOR, question).await?)
}

fn standing(
    tx: &Tx<'_>,
    app: &App,
    settled: &Settled,
    hold: Option<&Hold>,
    at: Timestamp,
) -> Result<Standing, SchedulingError> {
    if let Some(hold) = hold.filter(|hold| hold.expires_at > tx.now()) {
        return Ok(Standing::Held(hold.expires_at));
    }
    // Where its time ran out and nobody has freed it yet, booking would.
    let (wanted, ran_out) = (settled.wanted(), hold.map(|hold| hold.id));
    match scheduling::find_slot(tx, &app.catalogs, &wanted, at, ran_out) {
        Ok(_) => Ok(Standing::Free),
        Err(SchedulingError::SlotTaken { .. }) => {
            let near = scheduling::nearest(tx, &app.catalogs, &wanted, at)?;
            Ok(Standing::Gone(near))
        }
        Err(error) => Err(error),
    }
}

/// Back to day and time, at the day of `booking`.
fn times_url(visit: &Visit, booking: Option<&Booking>) -> String {
    let here = visit.here(&[visit.segment("service")]).without(&["at"]);
    match booking {
        Some(booking) => {
            let day = booking.zone.rules.to_datetime(booking.at).date();
            here.with("day", day).with("at", booking.at).url()
        }
        None => here.without(&["hold"]).url(),
    }
}

/// The page, with what was typed and what is wrong with it.
pub(super) fn shown(
    visit: &Visit,
    booking: &Booking,
    typed: &Fields,
    errors: &[FieldError],
) -> Answer {
    let catalog = &booking.settled.catalog;
    let service = booking.settled.service();
    let locale = visit.locale(catalog, None);
    let words = visit.words(catalog, locale);
    let here = visit.here(&[&service.slug, "details"]);
    let inputs = fields::inputs(service, words, typed, errors);
    let trouble = trouble(booking, words);
    let status = match (&trouble, errors.is_empty()) {
        (_, false) => TO_CORRECT,
        (Some(_), true) => GONE,
        (None, true) => StatusCode::OK,
    };
    let can_book = match &booking.standing {
        Standing::Gone(near) => !near.is_empty(),
        Standing::Held(_) | Standing::Free => true,
    };
    let (kept, kept_until) = kept(booking, words);
    let page = DetailsPage {
        f: frame(visit, booking, words, &here, status == StatusCode::OK),
        service: service.name.clone(),
        length: when::duration(locale, service.rules.length_minutes.into()),
        services_url: super::times::services_url(visit, &here),
        times_url: times_url(visit, Some(booking)),
        when: time_shown(booking, words),
        where_: whereabouts(booking, words),
        kept,
        kept_until,
        trouble,
        can_book,
        action: here.url(),
        once: once(visit, typed),
        wrong: (!errors.is_empty())
            .then(|| words.with("details-wrong", args!["count" => errors.len()])),
        inputs,
        organization: catalog.organization.name.clone(),
    };
    visit.respond(catalog, status, &page.f.nonce, &page)
}

/// `None` where the address names a hold, which stands for the form.
fn once(visit: &Visit, typed: &Fields) -> Option<String> {
    if visit.query.filled("hold").is_some() {
        return None;
    }
    let given = typed.filled("once").and_then(Token::presented);
    let token = given.unwrap_or_else(|| Token::new("", visit.app.store.entropy()));
    Some(token.expose().to_owned())
}

fn frame<'v>(
    visit: &'v Visit,
    booking: &'v Booking,
    words: Words<'_>,
    here: &Here,
    fine: bool,
) -> Frame<'v> {
    let service = booking.settled.service();
    let mut title = format!("{}: {}", words.say("details-title"), service.name);
    if !fine {
        title = format!("{} {title}", words.say("title-error"));
    }
    let catalog = &booking.settled.catalog;
    let mut frame = visit.frame(catalog, words.locale(), &title, here);
    frame.scripted = true;
    // What was typed goes along when the language is changed.
    frame.languages_of(&visit.offered(catalog), |other| LanguageChange::Form {
        form: "details",
        url: here.with("lang", other).url(),
    })
}

fn time_shown(booking: &Booking, words: Words<'_>) -> When {
    let length = booking.settled.service().rules.length_minutes;
    let ends_at = plus_minutes(booking.at, length.into());
    When::new(words, (booking.at, ends_at), &booking.zone, &booking.there)
}

fn whereabouts(booking: &Booking, words: Words<'_>) -> Whereabouts {
    let catalog = &booking.settled.catalog;
    match &booking.hold {
        Some(hold) => Whereabouts::of_hold(words, catalog, hold),
        None => {
            let staff: Vec<_> = booking.settled.staff.into_iter().collect();
            let place = booking.settled.place.map(|place| &catalog.locations[place]);
            let what = (&**catalog, booking.settled.service().id);
            match place {
                Some(location) => Whereabouts::new(words, what, &staff, location.id, None),
                None => Whereabouts::default(),
            }
        }
    }
}

/// Until when the time is kept, in words and as an instant.
fn kept(booking: &Booking, words: Words<'_>) -> (Option<String>, Option<String>) {
    match &booking.standing {
        Standing::Held(until) => {
            let time = when::time(words.locale(), *until, &booking.zone.rules);
            let text = words.with("kept-until", args!["time" => &time]);
            (Some(text), Some(until.to_string()))
        }
        Standing::Free => (Some(words.say("kept-no-more")), None),
        Standing::Gone(_) => (None, None),
    }
}

fn trouble(booking: &Booking, words: Words<'_>) -> Option<Trouble> {
    let Standing::Gone(near) = &booking.standing else {
        return None;
    };
    let id = if near.is_empty() {
        "details-gone-alone"
    } else {
        "details-gone"
    };
    let alternatives = near.iter().map(|at| Alternative {
        at: at.to_string(),
        text: show::moment(words, *at, &booking.zone, &booking.there),
    });
    Some(Trouble {
        title: words.say(id),
        text: words.say(&format!("{id}.advice")),
        alternatives: alternatives.collect(),
    })
}
