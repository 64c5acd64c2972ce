//! Whatever is done in whatever order, the invariants of the main job hold: claims never overlap,
//! everything that stands has its claims and nothing else does, and shown means bookable.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use kept_app::ids::{AppointmentId, HoldId};
use kept_app::scheduling::{self, Authority, NewAppointment, SchedulingError, Wanted};
use kept_base::kit::Clock as _;
use kept_base::store::Tx;
use proptest::prelude::*;

use crate::support::clinic::person;
use crate::support::{Clinic, TestApp};

#[derive(Debug, Clone)]
enum Step {
    Hold {
        service: u8,
        staff: u8,
        day: i8,
        half_hour: i8,
    },
    Book {
        service: u8,
        staff: u8,
        day: i8,
        half_hour: i8,
        with_hold: bool,
    },
    BookHeld,
    Move {
        which: usize,
        day: i8,
        half_hour: i8,
    },
    Cancel {
        which: usize,
    },
    Wait {
        minutes: u8,
    },
    Release,
}

fn step() -> impl Strategy<Value = Step> {
    let time = || (23..27_i8, 17..34_i8);
    prop_oneof![
        4 => (0..3_u8, 0..3_u8, time()).prop_map(|(service, staff, (day, half_hour))|
            Step::Hold { service, staff, day, half_hour }),
        6 => (0..3_u8, 0..3_u8, time(), any::<bool>()).prop_map(|(service, staff, (day, half_hour), with_hold)|
            Step::Book { service, staff, day, half_hour, with_hold }),
        2 => Just(Step::BookHeld),
        4 => (0..20_usize, time()).prop_map(|(which, (day, half_hour))| Step::Move { which, day, half_hour }),
        2 => (0..20_usize).prop_map(|which| Step::Cancel { which }),
        1 => (1..15_u8).prop_map(|minutes| Step::Wait { minutes }),
        1 => Just(Step::Release),
    ]
}

struct Model {
    test: TestApp,
    clinic: Clinic,
    booked: Vec<AppointmentId>,
    last_hold: Option<(HoldId, Wanted, Timestamp)>,
}

fn instant(day: i8, half_hour: i8) -> Timestamp {
    let minute = i64::from(half_hour) * 30;
    let hour = i8::try_from(minute / 60).expect("within a day");
    let at = date(2026, 11, day).at(hour, if minute % 60 == 0 { 0 } else { 30 }, 0, 0);
    TimeZone::get("Europe/Berlin")
        .expect("known")
        .to_timestamp(at)
        .expect("exists")
}

impl Model {
    fn wanted(&self, service: u8, staff: u8) -> Wanted {
        let clinic = &self.clinic;
        let service = [clinic.checkup, clinic.therapy, clinic.review][usize::from(service % 3)];
        // Shah serves all three; nobody in particular is wanted otherwise.
        let staff = (staff == 0).then_some(clinic.shah);
        Wanted {
            service,
            staff,
            location: None,
        }
    }

    fn appointment(
        &self,
        wanted: Wanted,
        starts_at: Timestamp,
        hold: Option<HoldId>,
    ) -> NewAppointment {
        NewAppointment {
            wanted,
            starts_at,
            hold,
            person: person("Ama Okafor", "ama@example.org"),
            answers: Vec::new(),
        }
    }

    async fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Tx<'_>) -> Result<T, SchedulingError> + Clone + Send + 'static,
    ) -> Result<T, SchedulingError> {
        let visitor = kept_base::kit::Actor::VISITOR;
        self.test
            .app
            .store
            .write(self.clinic.id, visitor, verb)
            .await
    }

    async fn is_shown(&self, wanted: Wanted, starts_at: Timestamp) -> bool {
        let catalogs = Arc::clone(&self.test.app.catalogs);
        let zone = TimeZone::get("Europe/Berlin").expect("known");
        let day = zone.to_datetime(starts_at).date();
        let offers = self
            .test
            .read(self.clinic.id, move |tx| {
                scheduling::times(tx, &catalogs, &wanted, day, &zone, None)
            })
            .await;
        offers.iter().any(|offer| offer.starts_at == starts_at)
    }

    async fn book(&mut self, wanted: Wanted, starts_at: Timestamp, hold: Option<HoldId>) -> bool {
        let (catalogs, new) = (
            Arc::clone(&self.test.app.catalogs),
            self.appointment(wanted, starts_at, hold),
        );
        match self
            .write(move |tx| scheduling::book(tx, &catalogs, &new))
            .await
        {
            Ok(booked) => {
                self.booked.push(booked.appointment.id);
                true
            }
            Err(SchedulingError::SlotTaken { .. }) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    async fn run(&mut self, step: Step) {
        let catalogs = Arc::clone(&self.test.app.catalogs);
        match step {
            Step::Hold {
                service,
                staff,
                day,
                half_hour,
            } => {
                let (wanted, starts_at) = (self.wanted(service, staff), instant(day, half_hour));
                let shown = self.is_shown(wanted, starts_at).await;
                let verb = move |tx: &Tx<'_>| {
                    scheduling::place_hold(tx, &catalogs, &wanted, starts_at, None)
                };
                let held = self.write(verb).await;
                assert_eq!(held.is_ok(), shown, "shown means it can be held");
                if let Ok(hold) = held {
                    self.last_hold = Some((hold.id, wanted, starts_at));
                }
            }
            Step::Book {
                service,
                staff,
                day,
                half_hour,
                with_hold,
            } => {
                let (wanted, starts_at) = (self.wanted(service, staff), instant(day, half_hour));
                let shown = self.is_shown(wanted, starts_at).await;
                let brought = self.last_hold.filter(|_| with_hold).map(|(id, ..)| id);
                let booked = self.book(wanted, starts_at, brought).await;
                // Whoever brings a hold gives it up, which may free what was not shown.
                assert!(
                    booked == shown || (booked && brought.is_some()),
                    "shown means bookable"
                );
            }
            Step::BookHeld => {
                if let Some((id, wanted, starts_at)) = self.last_hold.take() {
                    let find = move |tx: &Tx<'_>| scheduling::find_hold(tx, id);
                    let found = self.test.read(self.clinic.id, find).await;
                    // One that ran out and was not freed yet gives no right.
                    let now = self.test.clock.now();
                    let stands = found.is_some_and(|hold| hold.expires_at > now);
                    let booked = self.book(wanted, starts_at, Some(id)).await;
                    assert!(booked || !stands, "a hold that stands can be booked");
                }
            }
            Step::Move {
                which,
                day,
                half_hour,
            } => {
                if let Some(id) = self.booked.get(which % self.booked.len().max(1)).copied() {
                    let to = instant(day, half_hour);
                    let authority = Authority::Organization;
                    let verb =
                        move |tx: &Tx<'_>| scheduling::reschedule(tx, &catalogs, id, to, authority);
                    // Refusals are fine; what they leave behind is checked below.
                    let _ = self.write(verb).await;
                }
            }
            Step::Cancel { which } => {
                if let Some(id) = self.booked.get(which % self.booked.len().max(1)).copied() {
                    let authority = Authority::Organization;
                    let verb =
                        move |tx: &Tx<'_>| scheduling::cancel(tx, &catalogs, id, None, authority);
                    let _ = self.write(verb).await;
                }
            }
            Step::Wait { minutes } => self.test.clock.advance_minutes(i64::from(minutes)),
            Step::Release => {
                self.test
                    .write(self.clinic.id, scheduling::release_expired_holds)
                    .await;
                let now = self.test.clock.now();
                let left = self
                    .count("select count(*) from hold where expires_at <= $1", now)
                    .await;
                assert_eq!(left, 0);
            }
        }
    }

    async fn count(&self, sql: &'static str, now: Timestamp) -> u32 {
        self.test
            .read(self.clinic.id, move |tx| {
                tx.query_opt(sql, kept_base::params![now], |row| row.get::<u32>(0))
            })
            .await
            .unwrap_or(0)
    }

    async fn check(&self) {
        let now = self.test.clock.now();
        for (what, sql) in [
            (
                "overlapping claims",
                "select count(*) from claim a join claim b on a.resource_id = b.resource_id
                 and a.starts_at < b.starts_at and a.ends_at > b.starts_at",
            ),
            (
                "claims without a standing holder",
                "select count(*) from claim
                 where not exists (select 1 from appointment
                     where appointment.id = claim.appointment_id and status = 'confirmed')
                   and not exists (select 1 from hold where hold.id = claim.hold_id)",
            ),
            (
                "standing appointments without a claim on each of their staff and their room",
                "select count(*) from appointment where status = 'confirmed' and
                 (select count(*) from claim where appointment_id = appointment.id) <>
                 (select count(*) from appointment_staff where appointment_id = appointment.id)
                 + case when room_id is null then 0 else 1 end",
            ),
            (
                "holds without claims",
                "select count(*) from hold
                 where not exists (select 1 from claim where hold_id = hold.id)",
            ),
            (
                "cancelled appointments without a record, or records without one",
                "select (select count(*) from appointment where status = 'canceled') <>
                 (select count(*) from cancellation)",
            ),
            (
                "days over the limit of four therapies",
                "select count(*) from (select 1 from appointment
                 join service on service.id = service_id and daily_limit is not null
                 where status = 'confirmed' group by substr(civil_start, 1, 10)
                 having count(*) > 4) as days",
            ),
        ] {
            assert_eq!(self.count(sql, now).await, 0, "{what}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_after_every_step(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let (test, clinic) = TestApp::with_clinic().await;
            let mut model = Model { test, clinic, booked: Vec::new(), last_hold: None };
            for step in steps {
                model.run(step).await;
                model.check().await;
            }
        });
    }
}
