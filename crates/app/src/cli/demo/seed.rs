//! Fills a data folder: opens the organizations some weeks ago and lets the time pass.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kept_base::kit::{Actor, Entropy, ManualClock};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Key, Options, Place, Store, Tx};

use super::play::Stage;
use super::wish::Pace;
use super::{northgate, riverside};
use crate::access::{Grants, Role};
use crate::app::App;
use crate::jobs::Worker;
use crate::lending::sandbox::{Chance, Region};
use crate::messaging::transport::Transport;
use crate::offering::OfferingError;
use crate::policy::May;
use crate::policy::rights::ChangeOffering;
use crate::scheduling::SchedulingError;

/// How long before the present the organizations were opened, in days: earlier than the first
/// booking of the first appointment.
const OPENED_DAYS_AGO: i64 = 60;

/// Whoever sets the demo up does it as an owner would.
pub(super) fn owner() -> Result<May<ChangeOffering>, OfferingError> {
    let owner = Grants::of_role(Role::Owner);
    owner.may().ok_or(OfferingError::Unknown)
}

/// Why a demo could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// What it offers was refused.
    #[error(transparent)]
    Offering(#[from] OfferingError),
    /// A booking was refused.
    #[error(transparent)]
    Scheduling(#[from] SchedulingError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
    /// The zone data lacks a zone of the demo.
    #[error("the time zone data has no {0}")]
    Zone(&'static str),
}

/// An organization of the demo: what it is and what happens in it.
pub(super) struct Script {
    pub slug: &'static str,
    pub zone: &'static str,
    pub region: Region<'static>,
    pub pace: Pace,
    /// Makes the organization and all it offers, seen from the day the demo starts.
    pub open: fn(&Tx<'_>, &Zones, Date) -> Result<(), OfferingError>,
}

/// Fills the empty data folder at `folder` as if the demo had been open for weeks at `now`. The
/// same day gives the same organizations; ids and links are random all the same.
///
/// # Errors
/// [`SeedError`].
pub async fn seed(
    folder: &Path,
    root: Key,
    options: Options,
    zones: &Arc<Zones>,
    now: Timestamp,
) -> Result<(), SeedError> {
    let clock = Arc::new(ManualClock::new(now));
    let entropy = Entropy::from_system().map_err(|e| Error::Key(e.to_string()))?;
    let time: Arc<ManualClock> = Arc::clone(&clock);
    let store = Store::open(
        &Place::folder(folder),
        root,
        options,
        time,
        Arc::new(entropy),
    )?;
    let app = App::new(Arc::new(store), Arc::clone(zones), "http://demo.invalid");
    let worker = Arc::new(Worker::new(&app, Arc::new(Transport::Off)));
    for script in [&riverside::SCRIPT, &northgate::SCRIPT] {
        let zone = zones.get(script.zone).ok_or(SeedError::Zone(script.zone))?;
        let today = zone.to_datetime(now).date();
        clock.set(now - SignedDuration::from_hours(24 * OPENED_DAYS_AGO));
        let (known, open) = (Arc::clone(zones), script.open);
        let first = move |tx: &Tx<'_>| open(tx, &known, today);
        let made = app
            .store
            .create_organization(script.slug, Actor::OPERATOR, first);
        let (organization, ()) = made.await?;
        let stage = Stage {
            store: &app.store,
            catalogs: &app.catalogs,
            worker: &worker,
            clock: &clock,
            organization,
            zone,
            now,
            script,
        };
        stage.play(&Chance::new(seed_of(today))).await?;
    }
    app.store.close();
    Ok(())
}

/// The day itself: 20261201.
fn seed_of(day: Date) -> u64 {
    let part = |number: i16| u64::from(number.unsigned_abs());
    part(day.year()) * 10_000 + part(day.month().into()) * 100 + part(day.day().into())
}
