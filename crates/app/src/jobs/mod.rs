//! The worker: what Kept does by itself. It frees holds that ran out, applies retention, delivers
//! mail and makes packages, for each organization when it is due, in the same process as the server.
//!
//! Every decision is taken by the store's clock, so that tests move time instead of waiting.

mod delivery;
mod notices;
mod packing;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use packing::Packing;

use crate::app::App;
use crate::letters::{Desk, Texts};
use crate::messaging::transport::{MAX_CONNECTIONS, Transport};
use crate::{access, lending, messaging, packages, people, scheduling, sso, undo};

/// How often every organization is looked at, due or not, in minutes; also at start.
pub const SWEEP_MINUTES: i64 = 60;
/// How often retention is applied to one organization at most, in minutes.
pub const RETENTION_MINUTES: i64 = 60;
/// Organizations whose holds and retention are looked after at once.
pub const MAX_ORGANIZATIONS_AT_ONCE: usize = 8;
/// Organizations that deliver at once, for each letter that can be on its way.
const DELIVERING_PER_LANE: usize = 2;
/// How long an organization whose work failed is left alone, in seconds.
pub const FAILURE_PAUSE_SECONDS: i64 = 60;
/// Longest the worker rests without looking at the clock, in seconds: a machine that slept has
/// another time when it wakes.
pub const MAX_REST_SECONDS: i64 = 30;
/// As [`MAX_REST_SECONDS`], where other processes write to the same organizations: what they leave
/// to be done is only seen by looking.
pub const SHARED_REST_SECONDS: i64 = 1;

/// Does the work of all organizations.
pub struct Worker {
    store: Arc<Store>,
    desk: Desk,
    transport: Arc<Transport>,
    /// One permit for each letter on its way.
    lanes: Semaphore,
    keeping_house: Semaphore,
    delivering: Semaphore,
    /// Organizations being looked after; `true` when they became due again meanwhile.
    busy: Mutex<HashMap<OrganizationId, bool>>,
    retained: Mutex<HashMap<OrganizationId, Timestamp>>,
    packing: Packing,
    stopping: AtomicBool,
}

impl Worker {
    /// A worker that sends through `transport`.
    ///
    /// # Panics
    /// Never: the texts of letters are compiled in, and a test reads them.
    #[must_use]
    pub fn new(app: &App, transport: Arc<Transport>) -> Self {
        Self {
            store: Arc::clone(&app.store),
            desk: Desk {
                texts: Texts::load().expect("the texts are fixed and a test reads them"),
                zones: Arc::clone(&app.zones),
                catalogs: Arc::clone(&app.catalogs),
                base_url: app.base_url.clone(),
                mail_on: transport.is_on(),
            },
            lanes: Semaphore::new(MAX_CONNECTIONS),
            keeping_house: Semaphore::new(MAX_ORGANIZATIONS_AT_ONCE),
            delivering: Semaphore::new(MAX_CONNECTIONS * DELIVERING_PER_LANE),
            busy: Mutex::default(),
            retained: Mutex::default(),
            packing: Packing::default(),
            stopping: AtomicBool::new(false),
            transport,
        }
    }

    /// Works until `stop` is ready, then finishes the letters in hand and gives back the others, and
    /// the package in hand.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut running = JoinSet::new();
        let mut sweep_at = self.now();
        let mut seen = sweep_at;
        loop {
            let now = self.now();
            // A clock that was set back leaves everything due later than it should be.
            if sweep_at <= now || now < seen {
                self.ask_for_all().await;
                sweep_at = plus_minutes(now, SWEEP_MINUTES);
            }
            seen = now;
            for organization in self.store.take_due(now).await {
                let worker = Arc::clone(&self);
                running.spawn(async move { worker.look_after(organization).await });
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.store.wakes().changed() => {}
                () = tokio::time::sleep(self.rest(sweep_at)) => {}
                Some(_) = running.join_next() => {}
            }
        }
        self.stopping.store(true, Ordering::SeqCst);
        while running.join_next().await.is_some() {}
        self.packing.ended().await;
        self.transport.close().await;
    }

    /// Looks after every organization that is due now, and after those that become due by it.
    /// Answers how many were looked after.
    pub async fn run_due(self: &Arc<Self>) -> usize {
        let mut looked_after = 0;
        loop {
            let due = self.store.take_due(self.now()).await;
            if due.is_empty() && self.packing.ended().await == 0 {
                return looked_after;
            }
            for organization in due {
                Arc::clone(self).look_after(organization).await;
                looked_after += 1;
            }
        }
    }

    /// Makes every organization due.
    pub async fn ask_for_all(&self) {
        match self.store.organizations().await {
            Ok(all) => {
                for placed in all {
                    self.store.wakes().ask(placed.id, self.now());
                }
            }
            Err(error) => {
                tracing::error!(error = %error, "The list of organizations cannot be read");
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.store.clock().now()
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// How long nothing is due.
    fn rest(&self, sweep_at: Timestamp) -> Duration {
        let now = self.now();
        let next = self
            .store
            .wakes()
            .next()
            .map_or(sweep_at, |at| at.min(sweep_at));
        let longest = if self.store.is_shared() {
            SHARED_REST_SECONDS
        } else {
            MAX_REST_SECONDS
        };
        let next = next.min(plus_seconds(now, longest));
        Duration::try_from(next.duration_since(now)).unwrap_or_default()
    }

    /// One pass over one organization at a time; what becomes due during a pass makes another.
    async fn look_after(self: Arc<Self>, organization: OrganizationId) {
        if self.is_busy_with(organization) {
            return;
        }
        loop {
            // In a task of its own: a panic must not leave the organization busy for ever.
            let worker = Arc::clone(&self);
            let pass = tokio::spawn(async move { worker.pass(organization).await });
            let passed = pass.await.unwrap_or(Err(Error::Panicked));
            if matches!(passed, Err(Error::Suspended)) {
                // Nothing is sent meanwhile. Whoever resumes it in another process wakes nobody here.
                let later = plus_seconds(self.now(), FAILURE_PAUSE_SECONDS);
                self.store.wakes().ask(organization, later);
            } else if let Err(error) = passed {
                tracing::error!(
                    organization.id = %organization,
                    error = %error,
                    "The work of {organization} failed"
                );
                let later = plus_seconds(self.now(), FAILURE_PAUSE_SECONDS);
                self.store.wakes().ask(organization, later);
            }
            let mut busy = lock(&self.busy);
            match busy.get_mut(&organization) {
                Some(again) if *again && !self.is_stopping() => *again = false,
                _ => {
                    busy.remove(&organization);
                    return;
                }
            }
        }
    }

    /// Whether somebody is at it, who then makes another pass; else the caller is.
    fn is_busy_with(&self, organization: OrganizationId) -> bool {
        match lock(&self.busy).entry(organization) {
            Entry::Occupied(mut again) => {
                again.insert(true);
                true
            }
            Entry::Vacant(free) => {
                free.insert(false);
                false
            }
        }
    }

    async fn pass(self: &Arc<Self>, organization: OrganizationId) -> Result<(), Error> {
        let kept = self.keep_house(organization).await;
        self.notify(organization).await?;
        self.pack(organization).await?;
        // Mail goes out even when the house cannot be kept.
        self.deliver(organization).await.and(kept)
    }

    /// Frees holds and applies retention.
    async fn keep_house(&self, organization: OrganizationId) -> Result<(), Error> {
        let _permit = self.keeping_house.acquire().await;
        self.write(organization, scheduling::release_expired_holds)
            .await?;
        self.write(organization, lending::end_expired).await?;
        let now = self.now();
        let applied_at = lock(&self.retained).get(&organization).copied();
        let is_recent = |at| at <= now && now < plus_minutes(at, RETENTION_MINUTES);
        if applied_at.is_some_and(is_recent) {
            return Ok(());
        }
        self.write(organization, |tx| {
            let removed = access::remove_expired(tx)?;
            access::tell_of_ending_tokens(tx)?;
            Ok(removed
                + undo::remove_expired(tx)?
                + people::remove_expired(tx)?
                + packages::remove_expired(tx)?
                + sso::remove_expired(tx)?
                + messaging::remove_settled_notices(tx)?
                + messaging::remove_settled(tx)?)
        })
        .await?;
        self.store.destroy_retired_keys(organization).await?;
        self.store.clear_up_moves(organization).await?;
        lock(&self.retained).insert(organization, now);
        Ok(())
    }

    async fn write<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        verb: impl FnOnce(&kept_base::store::Tx<'_>) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        self.store.write(organization, Actor::SYSTEM, verb).await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
