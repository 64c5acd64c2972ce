//! `/{org}/appointment/{token}`: a person's own appointment, which their link alone opens; and
//! cancelling it. Nothing changes on GET.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::args;
use kept_base::kit::{Actor, ActorKind, Token};
use kept_base::page::{Locale, when};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::super::{self as scheduling, Appointment, SchedulingError, rules};
use super::picked::service_by_id;
use super::show::{When, Whereabouts};
use super::visit::{Visit, Zone};
use super::{Answer, gone, services};
use crate::access::{self, Capability, Purpose, Right};
use crate::app::App;
use crate::offering::{Catalog, Service};
use crate::page::{Frame, Words};
use crate::people::{self, Person};

/// What a person's link opens.
pub(super) struct Opened {
    pub capability: Capability,
    pub appointment: Appointment,
    pub person: Person,
    pub catalog: Arc<Catalog>,
    pub service: usize,
    pub now: Timestamp,
}

impl Opened {
    pub fn service(&self) -> &Service {
        &self.catalog.services[self.service]
    }

    /// The zone of the place.
    pub fn there(&self) -> Zone {
        match self.catalog.location(self.appointment.location) {
            Some(location) => Zone {
                name: location.zone.clone(),
                rules: location.place.zone.clone(),
            },
            None => Zone {
                name: self.catalog.organization.zone.clone(),
                rules: self.catalog.zone.clone(),
            },
        }
    }

    /// The zone in which times are shown: asked for, else the person's own.
    pub fn zone(&self, visit: &Visit) -> Zone {
        let own = || {
            let (name, rules) = visit.app.zones.parse_zone(&self.person.zone)?;
            Some(Zone { name, rules })
        };
        visit
            .zone
            .clone()
            .or_else(own)
            .unwrap_or_else(|| self.there())
    }

    pub fn locale(&self, visit: &Visit) -> Locale {
        visit.locale(&self.catalog, Some(&self.person.locale))
    }

    pub fn stands(&self) -> bool {
        self.appointment.status.takes_time()
    }

    /// Until when it can be moved, while it can be.
    pub fn movable_until(&self) -> Option<Timestamp> {
        self.open_until(self.service().move_until_minutes)
    }

    /// Until when it can be cancelled, while it can be.
    pub fn cancelable_until(&self) -> Option<Timestamp> {
        self.open_until(self.service().cancel_until_minutes)
    }

    fn open_until(&self, minutes: u32) -> Option<Timestamp> {
        let closes_at = rules::change_closes_at(self.appointment.starts_at, minutes);
        (self.stands() && self.now <= closes_at).then_some(closes_at)
    }

    pub fn when(&self, visit: &Visit, words: Words<'_>) -> When {
        let times = (self.appointment.starts_at, self.appointment.ends_at);
        When::new(words, times, &self.zone(visit), &self.there())
    }
}

/// The token as presented; `None` for a text that is none.
pub(super) fn token(visit: &Visit) -> Option<Token> {
    Token::presented(visit.segment("token"))
}

/// Recognizes the link inside a transaction.
///
/// # Errors
/// [`SchedulingError::Unknown`] when it opens nothing; those of the store.
pub(super) fn recognize(
    tx: &Tx<'_>,
    token: &Token,
    right: Right,
) -> Result<Capability, SchedulingError> {
    if access::allow(ActorKind::Person, &[], right).is_err() {
        return Err(SchedulingError::Unknown);
    }
    access::open_capability(tx, Purpose::Manage, token)?.ok_or(SchedulingError::Unknown)
}

/// Opens a person's page; `None` when the link opens nothing.
pub(super) async fn open(visit: &Visit) -> Result<Option<Opened>, Problem> {
    let Some(token) = token(visit) else {
        return Ok(None);
    };
    let question = move |tx: &Tx<'_>, app: &Arc<App>| read(tx, app, &token);
    match visit.read(Actor::VISITOR, question).await {
        Ok(opened) => Ok(Some(opened)),
        Err(SchedulingError::Unknown) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn read(tx: &Tx<'_>, app: &App, token: &Token) -> Result<Opened, SchedulingError> {
    let capability = recognize(tx, token, Right::SeeOwnAppointment)?;
    let catalog = app.catalogs.get(tx)?;
    let appointment =
        scheduling::appointment(tx, capability.appointment)?.ok_or(SchedulingError::Unknown)?;
    let person = people::find(tx, capability.person)?.ok_or(SchedulingError::Unknown)?;
    Ok(Opened {
        service: service_by_id(&catalog, appointment.service)?,
        capability,
        appointment,
        person,
        catalog,
        now: tx.now(),
    })
}

#[derive(askama::Template)]
#[template(path = "scheduling/appointment.html")]
struct AppointmentPage<'p> {
    f: Frame<'p>,
    heading: String,
    /// The last of the booking's steps.
    done: bool,
    mailed: Option<String>,
    /// The organization's own words, as paragraphs.
    own: Vec<String>,
    /// What a page around this one is told: the appointment's id and start.
    told: Option<(String, String)>,
    canceled: bool,
    service: String,
    length: String,
    person: String,
    reference: String,
    when: When,
    where_: Whereabouts,
    policy: Vec<String>,
    move_url: Option<String>,
    cancel_url: Option<String>,
    calendar_url: Option<String>,
    zone_url: String,
    again_url: String,
    services_url: String,
    contact: String,
}

pub(super) async fn appointment(visit: Visit) -> Answer {
    let Some(opened) = open(&visit).await? else {
        return gone::no_such_link(&visit).await;
    };
    let here = visit.here(&["appointment", visit.segment("token")]);
    if visit.query.get("pick") == Some("zone") {
        return super::zones::page(&visit, &here, Some(&opened.person)).await;
    }
    let locale = opened.locale(&visit);
    let words = visit.words(&opened.catalog, locale);
    let done = visit.query.get("booked").is_some() && opened.stands();
    let heading = words.say(match (done, opened.stands()) {
        (true, _) => "done-heading",
        (false, true) => "appointment-heading",
        (false, false) => "canceled-heading",
    });
    let mut frame = visit.frame(&opened.catalog, locale, &heading, &here);
    frame.private = true;
    let plain = here.without(&["booked"]);
    let service = opened.service();
    let mailed = opened.person.email.as_ref().filter(|_| done);
    let page = AppointmentPage {
        f: frame,
        heading,
        done,
        mailed: mailed.map(|email| email.expose().to_owned()),
        own: if done {
            services::paragraphs(&opened.catalog.look.texts_in(locale).done)
        } else {
            Vec::new()
        },
        told: (done && visit.embedded()).then(|| {
            let Appointment { id, starts_at, .. } = &opened.appointment;
            (id.to_string(), starts_at.to_string())
        }),
        canceled: !opened.stands(),
        service: service.name.clone(),
        length: when::duration(locale, service.rules.length_minutes.into()),
        person: opened.person.name.expose().to_owned(),
        reference: opened.appointment.reference.clone(),
        when: opened.when(&visit, words),
        where_: Whereabouts::of(words, &opened.catalog, &opened.appointment),
        policy: policy(&opened, &visit, words),
        move_url: opened.movable_until().map(|_| plain.below("move").url()),
        cancel_url: opened
            .cancelable_until()
            .map(|_| plain.below("cancel").url()),
        calendar_url: opened.stands().then(|| plain.below("calendar.ics").url()),
        zone_url: here.link().with("pick", "zone").to_string(),
        again_url: plain.at(&[&visit.slug, &service.slug]).url(),
        services_url: plain.at(&[&visit.slug]).url(),
        contact: services::contact(&opened.catalog),
    };
    visit.respond(&opened.catalog, StatusCode::OK, &page.f.nonce, &page)
}

/// Until when what can be changed, or that it cannot any more.
fn policy(opened: &Opened, visit: &Visit, words: Words<'_>) -> Vec<String> {
    if !opened.stands() {
        return Vec::new();
    }
    if opened.appointment.starts_at <= opened.now {
        return vec![words.say("policy-over")];
    }
    let zone = opened.zone(visit);
    let until = |id: &str, at: Timestamp| {
        let at = when::date_time(words.locale(), at, &zone.rules);
        words.with(id, args!["until" => &at])
    };
    match (opened.movable_until(), opened.cancelable_until()) {
        (Some(moving), Some(cancel)) if moving == cancel => vec![until("policy-both", moving)],
        (moving, cancel) => {
            let moving = moving.map_or_else(
                || words.say("policy-no-move"),
                |at| until("policy-move", at),
            );
            let cancel = cancel.map_or_else(
                || words.say("policy-no-cancel"),
                |at| until("policy-cancel", at),
            );
            vec![moving, cancel]
        }
    }
}
