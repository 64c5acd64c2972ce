//! Copies as a stream of bytes: a backup before it is packed and encrypted.
//!
//! ```text
//! kept archive 1\n
//! 'H' length { about: what was copied }
//! 'T' length { name, columns }       one for each table, followed by
//! 'R' length rows ..                 its rows in the order of their keys, then
//! 'E' length { rows, sha256 }
//! 'Z' length { tables, rows, and the SHA-256 of all before }
//! ```
//! Lengths are four bytes, big-endian; what stands in braces is JSON.

use std::io::Write;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::Error;
use super::super::session::Session;
use super::row::{self, Digesting, TableDigest};
use super::shape::Table;

pub(super) const BEGINNING: &[u8] = b"kept archive 1\n";
/// Most bytes of one frame of an archive; larger ones are refused before they are read.
pub const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of rows after which a frame is closed.
const FRAME_BYTES: usize = 256 * 1024;

/// What an archive says that it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Each table.
    pub tables: Vec<TableContents>,
    /// The rows of all.
    pub rows: u64,
}

/// One table of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableContents {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// The SHA-256 of its rows as they stand in the archive, in hexadecimal.
    pub sha256: String,
}

impl TableContents {
    pub(super) fn new(table: &Table, found: TableDigest) -> Self {
        Self {
            name: table.name.clone(),
            rows: found.rows,
            sha256: HEXLOWER.encode(&found.sha256),
        }
    }

    /// Whether the table of a database holds the same.
    pub(in crate::store) fn is(&self, found: TableDigest) -> bool {
        self.rows == found.rows && self.sha256 == HEXLOWER.encode(&found.sha256)
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Begins {
    pub name: String,
    pub columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Ends {
    pub rows: u64,
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EndsAll {
    pub contents: Contents,
    pub sha256: String,
}

/// Writes an archive.
pub(in crate::store) struct Writer<W> {
    out: W,
    hash: Sha256,
    contents: Contents,
}

impl<W: Write> Writer<W> {
    /// Begins an archive; `about` says what is copied.
    pub fn new<A: Serialize>(mut out: W, about: &A) -> Result<Self, Error> {
        out.write_all(BEGINNING).map_err(failed)?;
        let mut writer = Self {
            out,
            hash: Sha256::new(),
            contents: Contents::default(),
        };
        writer.frame(b'H', &json(about)?)?;
        Ok(writer)
    }

    /// Copies a table as the session sees it. `told` is given the number of rows so far.
    pub fn table(
        &mut self,
        session: &Session,
        table: &Table,
        mut told: impl FnMut(u64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let begins = Begins {
            name: table.name.clone(),
            columns: table.columns.clone(),
        };
        self.frame(b'T', &json(&begins)?)?;
        let mut digesting = Digesting::default();
        let mut written = Vec::with_capacity(FRAME_BYTES);
        let before = self.contents.rows;
        let mut rows = 0;
        row::pages(session, table, |page| {
            for one in page {
                let at = written.len();
                row::write(one, &mut written);
                digesting.add(1, &written[at..]);
                if written.len() >= FRAME_BYTES {
                    self.frame(b'R', &written)?;
                    written.clear();
                }
            }
            rows += page.len() as u64;
            told(before + rows)
        })?;
        if !written.is_empty() {
            self.frame(b'R', &written)?;
        }
        let ended = TableContents::new(table, digesting.end());
        let ends = Ends {
            rows: ended.rows,
            sha256: ended.sha256.clone(),
        };
        self.frame(b'E', &json(&ends)?)?;
        self.contents.rows += ended.rows;
        self.contents.tables.push(ended);
        Ok(())
    }

    /// Ends the archive; gives where it was written to, and what it holds.
    pub fn end(mut self) -> Result<(W, Contents), Error> {
        let all = EndsAll {
            contents: self.contents.clone(),
            sha256: HEXLOWER.encode(&self.hash.clone().finalize()),
        };
        self.frame(b'Z', &json(&all)?)?;
        self.out.flush().map_err(failed)?;
        Ok((self.out, self.contents))
    }

    fn frame(&mut self, kind: u8, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(Error::Archive("a row is too large"));
        }
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
        self.hash.update([kind]);
        self.hash.update(length);
        self.hash.update(bytes);
        (self.out.write_all(&[kind]))
            .and_then(|()| self.out.write_all(&length))
            .and_then(|()| self.out.write_all(bytes))
            .map_err(failed)
    }
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|_| Error::Archive("its description cannot be written"))
}

pub(super) fn parse<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Archive("a description in it is none"))
}

pub(super) fn failed(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::Archive("it ends early"),
        std::io::ErrorKind::StorageFull => Error::Full,
        kind => Error::Copying(kind.to_string()),
    }
}
