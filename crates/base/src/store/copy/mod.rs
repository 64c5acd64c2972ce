//! Copying a database row by row, between whatever engines: for backups, restores and moves.
//!
//! A copy is made of the rows that one snapshot sees, in the order of their keys, and so carries
//! nothing of what was removed before. The digest of a table is that of its rows in this order, the
//! same on every engine: equal digests say that two tables hold the same.

mod archive;
pub mod plain;
mod reader;
mod row;
mod shape;
mod sync;
#[cfg(test)]
mod tests;

pub(super) use archive::Writer;
pub use archive::{Contents, MAX_FRAME_BYTES, TableContents};
pub use reader::Reader;
pub(super) use reader::load;
pub(super) use row::digest;
pub(super) use row::{Copied, pages};
pub(super) use shape::{Shape, Table};
pub(super) use sync::{Synced, let_references_wait, sync};
