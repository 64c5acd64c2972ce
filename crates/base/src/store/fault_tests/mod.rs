//! Faults of the ground: no room, damaged pages, files and keys that are gone.

mod damaged;
mod full;

use std::fs;
use std::path::{Path, PathBuf};

use super::tests::{Fixture, MIGRATIONS, organization, put, words};
use super::*;
use crate::params;

/// Bytes of a page.
const PAGE: usize = 4_096;

impl Fixture {
    fn file(&self, id: OrganizationId, ending: &str) -> PathBuf {
        self.folder.path().join(format!("{id}{ending}"))
    }
}

/// A text that fills about so many pages.
fn long(pages: usize) -> String {
    "seven words are enough for this sentence. ".repeat(pages * PAGE / 42)
}

async fn count(store: &Store, id: OrganizationId) -> Result<usize, Error> {
    let read = store.read(id, Actor::SYSTEM, words).await;
    read.map(|words| words.len())
}

async fn version(store: &Store, id: OrganizationId) -> Result<Option<u32>, Error> {
    let ask = |tx: &Tx<'_>| {
        tx.query_opt("select max(version) from schema_version", &[], |row| {
            row.get(0)
        })
    };
    store.read(id, Actor::SYSTEM, ask).await
}
