//! Mail: what is sent, when, and what becomes of it when something fails.

mod delivery;
mod flow;
mod mailbox;
mod outbox;
mod suspended;
mod workers;

use std::sync::Arc;

use kept_app::ids::{AppointmentId, ServiceId};
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Captured, Transport};
use kept_app::messaging::{self, Leased};
use kept_app::scheduling::{self, Appointment, Authority, Booked, SchedulingError};
use kept_base::kit::Clock as _;
use kept_base::kit::time::plus_seconds;
use kept_base::store::{Error, Tx};

use crate::support::{Clinic, TestApp, at};

/// A clinic with a worker that sends its mail.
struct Post {
    test: TestApp,
    clinic: Clinic,
    transport: Arc<Transport>,
    worker: Arc<Worker>,
}

impl Post {
    /// A clinic whose mail is captured.
    async fn captured() -> Self {
        Self::with(Transport::Capture(Capture::default())).await
    }

    async fn with(transport: Transport) -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        Self::over(test, clinic, Arc::new(transport))
    }

    fn over(test: TestApp, clinic: Clinic, transport: Arc<Transport>) -> Self {
        let worker = Arc::new(Worker::new(&test.app, Arc::clone(&transport)));
        Self {
            test,
            clinic,
            transport,
            worker,
        }
    }

    /// Ends the process without a word and starts another one `seconds` later.
    async fn crash(self, seconds: i64) -> Self {
        let Self {
            test,
            clinic,
            transport,
            worker,
        } = self;
        let now = plus_seconds(test.clock.now(), seconds);
        let folder = Arc::clone(&test.folder);
        drop((worker, test));
        let post = Self::over(TestApp::open(folder, now, true), clinic, transport);
        post.worker.ask_for_all().await;
        post
    }

    /// What the worker does of what is due.
    async fn run(&self) {
        self.worker.run_due().await;
    }

    async fn pass_seconds(&self, seconds: i64) {
        self.advance(seconds);
        self.run().await;
    }

    fn advance(&self, seconds: i64) {
        let now = self.test.clock.now();
        self.test.clock.set(plus_seconds(now, seconds));
    }

    async fn book(&self, service: ServiceId, starts_at: &str) -> Booked {
        let new = self.clinic.booking(service, starts_at);
        let catalogs = Arc::clone(&self.test.app.catalogs);
        self.write(move |tx| scheduling::book(tx, &catalogs, &new))
            .await
    }

    async fn reschedule(&self, id: AppointmentId, to: &str) -> Appointment {
        let (catalogs, to) = (Arc::clone(&self.test.app.catalogs), at(to));
        self.write::<_, SchedulingError>(move |tx| {
            scheduling::reschedule(tx, &catalogs, id, to, Authority::Person)
        })
        .await
    }

    async fn cancel(&self, id: AppointmentId) -> Appointment {
        let catalogs = Arc::clone(&self.test.app.catalogs);
        self.write::<_, SchedulingError>(move |tx| {
            scheduling::cancel(tx, &catalogs, id, None, Authority::Person)
        })
        .await
    }

    async fn write<T, E>(
        &self,
        verb: impl FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    ) -> T
    where
        T: Send + 'static,
        E: From<Error> + std::fmt::Debug + Send + 'static,
    {
        self.test.write(self.clinic.id, verb).await
    }

    async fn lease(&self, limit: u32) -> Vec<Leased> {
        self.write(move |tx| messaging::lease(tx, limit)).await
    }

    /// The captured letters, oldest first.
    fn letters(&self) -> Vec<Captured> {
        let Transport::Capture(capture) = &*self.transport else {
            panic!("this mail is not captured");
        };
        let mut letters = capture.letters(self.clinic.id);
        letters.reverse();
        letters
    }

    /// Every message as `kind audience revision: state outcome, tries`, in order of creation.
    async fn states(&self) -> Vec<String> {
        let read = |tx: &Tx<'_>| {
            tx.query::<String>(
                "select kind, audience, revision, state, coalesce(outcome, '-'), attempts
                 from message order by created_at, revision, audience, id",
                &[],
                |row| {
                    let (kind, audience): (String, String) = (row.get(0)?, row.get(1)?);
                    let (revision, state): (u32, String) = (row.get(2)?, row.get(3)?);
                    let (outcome, tries): (String, u32) = (row.get(4)?, row.get(5)?);
                    Ok(format!(
                        "{kind} {audience} {revision}: {state} {outcome}, {tries}"
                    ))
                },
            )
        };
        self.test.read(self.clinic.id, read).await
    }
}
