//! Where the data of a test is: a temporary folder and, when the environment names a PostgreSQL
//! server, a database of its own there. The whole suite runs on either engine.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use kept_base::store::{Place, Scratch};

/// Most connections of a test to its database.
const CONNECTIONS: usize = 6;

/// Gone with the test.
pub struct Ground {
    folder: tempfile::TempDir,
    database: Option<Scratch>,
    /// How often it was opened.
    opened: AtomicU64,
}

impl Ground {
    /// Empty.
    pub fn new() -> Self {
        Self {
            database: Scratch::for_test("it"),
            ..Self::in_files()
        }
    }

    /// Empty, and in files whatever the environment names.
    pub fn in_files() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            database: None,
            opened: AtomicU64::new(0),
        }
    }

    /// How often it was opened before: each process has randomness of its own.
    pub fn turn(&self) -> u64 {
        self.opened.fetch_add(1, Ordering::Relaxed)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where a store is to be opened.
    pub fn place(&self) -> Place {
        Place {
            postgres: self
                .database
                .as_ref()
                .map(|database| database.dsn().clone()),
            connections: CONNECTIONS,
            ..Place::folder(self.path())
        }
    }

    /// Whether the data is on a server.
    pub fn is_on_server(&self) -> bool {
        self.database.is_some()
    }
}
