//! A whole Kept in a temporary folder, with a clock that stands still and a small clinic in it.

pub mod authenticator;
pub mod clinic;
pub mod desk;
pub mod ground;
pub mod visitor;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use kept_app::access::{Grants, Role};
use kept_app::app::App;
use kept_app::policy::{IsRight, May};
use kept_app::{manifest, migrations};
use kept_base::kit::{Actor, Clock, Entropy, ManualClock, OrganizationId};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Options, Place, RootKeyFile, Store, Tx};

pub use clinic::Clinic;
pub use ground::Ground;

/// Monday 23 November 2026, 09:00 in Berlin: when every test begins.
pub const START: &str = "2026-11-23T08:00:00Z";

/// A running Kept without sockets.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Arc<ManualClock>,
    pub folder: Arc<Ground>,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The proof that an owner may, for verbs that are called without a page.
pub fn may<R: IsRight>() -> May<R> {
    may_as(Role::Owner)
}

/// The same of another role, for all of the organization.
pub fn may_as<R: IsRight>(role: Role) -> May<R> {
    Grants::of_role(role).may().expect("the role has the right")
}

impl TestApp {
    /// An installation without organizations.
    pub fn empty() -> Self {
        let folder = Arc::new(Ground::new());
        Self::open(folder, at(START), true)
    }

    /// Opens the folder again as a new process would, with the clock at `now`.
    pub fn open(folder: Arc<Ground>, now: Timestamp, group_commit: bool) -> Self {
        let place = folder.place();
        Self::open_in(folder, &place, now, group_commit)
    }

    /// As [`TestApp::open`], with a place of the test's own.
    pub fn open_in(folder: Arc<Ground>, place: &Place, now: Timestamp, group_commit: bool) -> Self {
        let clock = Arc::new(ManualClock::new(now));
        let seed = now.as_second().unsigned_abs() + folder.turn() * 1_000_003;
        let entropy = Arc::new(Entropy::seeded(seed));
        let key = RootKeyFile(folder.path().join("root.key"))
            .load_or_create(&entropy)
            .expect("a root key");
        let options = Options {
            organization_migrations: migrations::ORGANIZATION,
            erase: manifest::erase,
            group_commit,
        };
        let clock_of_store: Arc<dyn Clock> = clock.clone();
        let store = Store::open(place, key, options, clock_of_store, entropy).expect("opens");
        let zones = Arc::new(Zones::bundled());
        let app = Arc::new(App::new(Arc::new(store), zones, "http://kept.test"));
        Self { app, clock, folder }
    }

    /// An installation with the small clinic `riverside`.
    pub async fn with_clinic() -> (Self, Clinic) {
        let test = Self::empty();
        let clinic = clinic::create(&test, "riverside").await;
        (test, clinic)
    }

    /// As [`TestApp::with_clinic`], for what is seen in the files themselves.
    pub async fn with_clinic_in_files() -> (Self, Clinic) {
        let test = Self::empty_in_files();
        let clinic = clinic::create(&test, "riverside").await;
        (test, clinic)
    }

    /// As [`TestApp::empty`], for what is seen in the files themselves.
    pub fn empty_in_files() -> Self {
        Self::open(Arc::new(Ground::in_files()), at(START), true)
    }

    /// Runs a verb as a visitor; the test ends when it fails.
    pub async fn write<T, E, F>(&self, id: OrganizationId, verb: F) -> T
    where
        T: Send + 'static,
        E: From<Error> + std::fmt::Debug + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Clone + Send + 'static,
    {
        self.app
            .store
            .write(id, Actor::VISITOR, verb)
            .await
            .expect("the verb succeeds")
    }

    /// Asks a question as a visitor; the test ends when it fails.
    pub async fn read<T, E, F>(&self, id: OrganizationId, question: F) -> T
    where
        T: Send + 'static,
        E: From<Error> + std::fmt::Debug + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.app
            .store
            .read(id, Actor::VISITOR, question)
            .await
            .expect("the question is answered")
    }

    /// Every table of an organization and how many rows it has.
    pub async fn rows(&self, id: OrganizationId) -> BTreeMap<String, i64> {
        let names = if self.folder.is_on_server() {
            "select table_name from information_schema.tables where table_schema = current_schema()"
        } else {
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
        };
        let count = move |tx: &Tx<'_>| -> Result<_, Error> {
            let tables: Vec<String> = tx.query(names, &[], |row| row.get(0))?;
            let mut rows = BTreeMap::new();
            for table in tables {
                let sql = format!("select count(*) from {table}");
                let count = tx.query_opt(&sql, &[], |row| row.get::<i64>(0))?;
                rows.insert(table, count.unwrap_or_default());
            }
            Ok(rows)
        };
        self.read(id, count).await
    }
}
