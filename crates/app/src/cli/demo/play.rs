//! Plays the weeks before the demo starts: people book, move and cancel through the same verbs as
//! everybody, each at its time on a clock that stands in the past.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kept_base::kit::{Actor, ManualClock, Note, OrganizationId};
use kept_base::store::{MAX_BATCH, Store, Tx};

use super::seed::Script;
use super::wish::{self, Event, Step, Wish};
use crate::ids::AppointmentId;
use crate::jobs::Worker;
use crate::lending::sandbox::{self, Chance};
use crate::offering::{Catalog, Catalogs, Service};
use crate::people::NewPerson;
use crate::scheduling::{self, Authority, NewAppointment, Offer, SchedulingError, Wanted, rules};

/// How long before the present mail is turned on, in hours. Until then the worker drops every
/// message, as it does wherever no mail is set up; the letters since then wait for the demo, so
/// that its mailbox has a few.
const MAIL_HOURS: i64 = 6;

/// One organization while it is filled.
pub(super) struct Stage<'a> {
    pub store: &'a Store,
    pub catalogs: &'a Arc<Catalogs>,
    /// Drops the messages of the time without mail.
    pub worker: &'a Arc<Worker>,
    pub clock: &'a Arc<ManualClock>,
    pub organization: OrganizationId,
    pub zone: TimeZone,
    /// When the demo starts.
    pub now: Timestamp,
    pub script: &'static Script,
}

/// What every step may look at.
struct Cast {
    catalogs: Arc<Catalogs>,
    zone: TimeZone,
    script: &'static Script,
    people: Vec<NewPerson>,
    wishes: Vec<Wish>,
    /// What became of each wish.
    booked: Mutex<Vec<Option<AppointmentId>>>,
}

impl Stage<'_> {
    /// Books, moves and cancels until the present is reached.
    pub async fn play(&self, chance: &Chance) -> Result<(), SchedulingError> {
        let pace = &self.script.pace;
        let people = sandbox::invent(pace.people, &self.script.region, chance);
        let (wishes, events) = wish::all(pace, people.len(), (&self.zone, self.now), chance);
        let cast = Arc::new(Cast {
            catalogs: Arc::clone(self.catalogs),
            zone: self.zone.clone(),
            script: self.script,
            people,
            booked: Mutex::new(vec![None; wishes.len()]),
            wishes,
        });
        let mail_on_at = self.now - SignedDuration::from_hours(MAIL_HOURS);
        let (before, since) = events.split_at(events.partition_point(|e| e.at < mail_on_at));
        self.play_all(&cast, before).await?;
        self.clock.set(mail_on_at);
        // Not for the others, whose letters wait already: to them the clock was set back.
        self.store.wakes().ask(self.organization, mail_on_at);
        self.worker.run_due().await;
        self.play_all(&cast, since).await
    }

    async fn play_all(&self, cast: &Arc<Cast>, events: &[Event]) -> Result<(), SchedulingError> {
        for batch in events.chunks(MAX_BATCH) {
            self.play_batch(cast, batch).await?;
        }
        Ok(())
    }

    /// Hands many steps to the writer at once, so that they share a commit. It runs them in order,
    /// and each leaves the clock at the time of the next.
    async fn play_batch(&self, cast: &Arc<Cast>, batch: &[Event]) -> Result<(), SchedulingError> {
        let Some(first) = batch.first() else {
            return Ok(());
        };
        self.clock.set(first.at);
        let next = batch.iter().skip(1).map(|event| event.at);
        let mut writes: Vec<_> = batch
            .iter()
            .zip(next.chain([self.now]))
            .map(|(event, next)| {
                let (cast, event, clock) = (Arc::clone(cast), *event, Arc::clone(self.clock));
                let verb = move |tx: &Tx<'_>| {
                    let done = cast.perform(tx, &event);
                    clock.set(next);
                    done
                };
                // Nobody suspends what is still being filled; asking whether somebody did would let
                // one write wait and others overtake it.
                let id = self.organization;
                Box::pin(self.store.write_regardless(id, Actor::OPERATOR, verb))
            })
            .collect();
        // The first look at a write queues it; they are looked at in order.
        let mut outcomes: Vec<Option<Result<(), SchedulingError>>> = Vec::new();
        outcomes.resize_with(writes.len(), || None);
        std::future::poll_fn(|context| {
            for (write, outcome) in writes.iter_mut().zip(&mut outcomes) {
                if outcome.is_none()
                    && let std::task::Poll::Ready(done) = write.as_mut().poll(context)
                {
                    *outcome = Some(done);
                }
            }
            if outcomes.iter().all(Option::is_some) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        outcomes.into_iter().flatten().collect()
    }
}

impl Cast {
    fn perform(&self, tx: &Tx<'_>, event: &Event) -> Result<(), SchedulingError> {
        let wish = &self.wishes[event.wish];
        let known = self.booked()[event.wish];
        match (event.step, known) {
            (Step::Book, _) => {
                let id = self.book(tx, wish)?;
                self.booked()[event.wish] = id;
                Ok(())
            }
            (Step::Move { to }, Some(id)) => self.reschedule(tx, wish, id, to),
            (Step::Cancel { reason }, Some(id)) => self.cancel(tx, id, reason),
            (Step::Move { .. } | Step::Cancel { .. }, None) => Ok(()),
        }
    }

    fn booked(&self) -> std::sync::MutexGuard<'_, Vec<Option<AppointmentId>>> {
        self.booked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Books what fits the wish, when anything does.
    fn book(&self, tx: &Tx<'_>, wish: &Wish) -> Result<Option<AppointmentId>, SchedulingError> {
        let catalog = self.catalogs.get(tx)?;
        let service = catalog
            .service_by_slug(wish.service)
            .ok_or(SchedulingError::Unknown)?;
        let wanted = Wanted {
            service: service.id,
            staff: wish
                .named
                .then(|| favorite(&catalog, service, wish.pick))
                .flatten(),
            location: None,
        };
        let offers = scheduling::times(tx, &self.catalogs, &wanted, wish.day, &self.zone, None)?;
        let Some(offer) = choose(&offers, wish.pick) else {
            return Ok(None);
        };
        let person = self.people[wish.person].clone();
        let given = wish::answers(service, self.script.pace.answers, &person, wish.pick);
        let answers = rules::check_answers(&service.fields, &given);
        let new = NewAppointment {
            wanted,
            starts_at: offer.starts_at,
            hold: None,
            person,
            answers: answers.map_err(|_| SchedulingError::Unknown)?,
        };
        let booked = scheduling::book(tx, &self.catalogs, &new)?;
        Ok(Some(booked.appointment.id))
    }

    fn reschedule(
        &self,
        tx: &Tx<'_>,
        wish: &Wish,
        id: AppointmentId,
        to: Date,
    ) -> Result<(), SchedulingError> {
        let before = scheduling::appointment(tx, id)?.ok_or(SchedulingError::Unknown)?;
        let wanted = Wanted {
            service: before.service,
            staff: None,
            location: Some(before.location),
        };
        let offers = scheduling::times(tx, &self.catalogs, &wanted, to, &self.zone, Some(id))?;
        let Some(offer) = choose(&offers, wish.pick) else {
            return Ok(());
        };
        let to = offer.starts_at;
        unless_late(scheduling::reschedule(
            tx,
            &self.catalogs,
            id,
            to,
            Authority::Person,
        ))
    }

    fn cancel(
        &self,
        tx: &Tx<'_>,
        id: AppointmentId,
        reason: Option<&str>,
    ) -> Result<(), SchedulingError> {
        let reason = reason.and_then(|text| Note::parse(text).ok());
        unless_late(scheduling::cancel(
            tx,
            &self.catalogs,
            id,
            reason.as_ref(),
            Authority::Person,
        ))
    }
}

/// Who comes too late keeps the appointment, as in life.
fn unless_late<T>(changed: Result<T, SchedulingError>) -> Result<(), SchedulingError> {
    match changed {
        Ok(_) | Err(SchedulingError::TooLate { .. } | SchedulingError::Unchanged) => Ok(()),
        Err(error) => Err(error),
    }
}

fn favorite(catalog: &Catalog, service: &Service, pick: usize) -> Option<crate::ids::StaffId> {
    let index = service.staff.get(pick % service.staff.len())?;
    Some(catalog.staff[*index].id)
}

/// People like full and half hours, when there are any left.
fn choose(offers: &[Offer], pick: usize) -> Option<&Offer> {
    let round = |offer: &&Offer| offer.starts_at.as_second() % 1_800 == 0;
    let round: Vec<&Offer> = offers.iter().filter(round).collect();
    match round.len() {
        0 => offers.get(pick % offers.len().max(1)),
        count => round.get(pick % count).copied(),
    }
}
