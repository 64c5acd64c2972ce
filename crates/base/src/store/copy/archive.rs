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

use std::io::{Read, Write};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::super::session::Session;
use super::super::{Error, Value};
use super::row::{self, Copied, Digesting, ROWS_AT_ONCE, TableDigest};
use super::shape::{Shape, Table};

const BEGINNING: &[u8] = b"kept archive 1\n";
/// Most bytes of one frame of an archive; larger ones are refused before they are read.
pub const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of rows after which a frame is closed.
const FRAME_BYTES: usize = 256 * 1024;
/// Rows that one statement inserts.
const ROWS_AN_INSERT: usize = 32;

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
    fn new(table: &Table, found: TableDigest) -> Self {
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
struct Begins {
    name: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Ends {
    rows: u64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct EndsAll {
    contents: Contents,
    sha256: String,
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

/// Reads an archive, and believes nothing in it before it was checked.
pub struct Reader<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Reader<R> {
    /// Reads the beginning and what the archive is about.
    ///
    /// # Errors
    /// [`Error::Archive`] for anything but an archive; [`Error::Copying`] when it cannot be read.
    pub fn new<A: for<'de> Deserialize<'de>>(mut input: R) -> Result<(Self, A), Error> {
        let mut beginning = [0; BEGINNING.len()];
        input.read_exact(&mut beginning).map_err(failed)?;
        if beginning != BEGINNING {
            return Err(Error::Archive("it is no archive of this program"));
        }
        let mut reader = Self {
            input,
            hash: Sha256::new(),
        };
        let (kind, about) = reader.frame()?;
        if kind != b'H' {
            return Err(OUT_OF_ORDER);
        }
        Ok((reader, parse(&about)?))
    }

    /// Reads to the end and checks everything, for a shape that need not be known.
    ///
    /// # Errors
    /// [`Error::Archive`] when something is missing, changed or too much.
    pub fn check(self) -> Result<Contents, Error> {
        self.walk(|_, _| Ok(()))
    }

    /// Hands the rows of each table to `take`; gives what was read when all of it is as it was written.
    pub(in crate::store) fn walk(
        mut self,
        mut take: impl FnMut(&Table, Vec<Copied>) -> Result<(), Error>,
    ) -> Result<Contents, Error> {
        let mut contents = Contents::default();
        loop {
            let before = self.hash.clone();
            let (kind, bytes) = self.frame()?;
            match kind {
                b'T' => {
                    let table = self.table(&parse(&bytes)?, &mut take)?;
                    contents.rows += table.rows;
                    contents.tables.push(table);
                }
                b'Z' => {
                    let said: EndsAll = parse(&bytes)?;
                    if said.contents != contents
                        || said.sha256 != HEXLOWER.encode(&before.finalize())
                    {
                        return Err(Error::Archive("it is not as it was written"));
                    }
                    break;
                }
                _ => return Err(OUT_OF_ORDER),
            }
        }
        match self.input.read(&mut [0]).map_err(failed)? {
            0 => Ok(contents),
            _ => Err(Error::Archive("something follows its end")),
        }
    }

    fn table(
        &mut self,
        begins: &Begins,
        take: &mut impl FnMut(&Table, Vec<Copied>) -> Result<(), Error>,
    ) -> Result<TableContents, Error> {
        let table = Table {
            name: begins.name.clone(),
            columns: begins.columns.clone(),
            key: 0,
        };
        let mut digesting = Digesting::default();
        loop {
            let (kind, bytes) = self.frame()?;
            match kind {
                b'R' => {
                    let (mut rest, mut rows) = (bytes.as_slice(), Vec::new());
                    while !rest.is_empty() {
                        let (row, after) = row::read(rest, table.columns.len())?;
                        rows.push(row);
                        rest = after;
                    }
                    digesting.add(rows.len() as u64, &bytes);
                    take(&table, rows)?;
                }
                b'E' => {
                    let found = TableContents::new(&table, digesting.end());
                    let said: Ends = parse(&bytes)?;
                    if (said.rows, &said.sha256) != (found.rows, &found.sha256) {
                        return Err(Error::Archive("a table is not as it was written"));
                    }
                    return Ok(found);
                }
                _ => return Err(OUT_OF_ORDER),
            }
        }
    }

    fn frame(&mut self) -> Result<(u8, Vec<u8>), Error> {
        let mut head = [0; 5];
        self.input.read_exact(&mut head).map_err(failed)?;
        let [kind, length @ ..] = head;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(Error::Archive("a part of it is too large"));
        }
        // Grows as bytes arrive: a length alone takes no memory.
        let mut bytes = Vec::new();
        let mut part = (&mut self.input).take(length as u64);
        part.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() < length {
            return Err(Error::Archive("it ends early"));
        }
        self.hash.update(head);
        self.hash.update(&bytes);
        Ok((kind, bytes))
    }
}

/// Puts the rows of an archive into empty tables of `shape`, within the transaction at hand.
pub(in crate::store) fn load<R: Read>(
    reader: Reader<R>,
    session: &Session,
    shape: &Shape,
    mut told: impl FnMut(u64) -> Result<(), Error>,
) -> Result<Contents, Error> {
    let mut rows = 0;
    reader.walk(|table, page| {
        let known = shape.tables.iter().find(|one| one.name == table.name);
        if known.is_none_or(|known| known.columns != table.columns) {
            return Err(Error::Archive(
                "it has a table that this program does not know",
            ));
        }
        insert(session, table, &page)?;
        rows += page.len() as u64;
        told(rows)
    })
}

/// Inserts rows, many in one statement.
pub(super) fn insert(session: &Session, table: &Table, rows: &[Copied]) -> Result<(), Error> {
    for part in rows.chunks(ROWS_AN_INSERT.min(ROWS_AT_ONCE)) {
        // Two texts for each table: of as many rows as fit, and of one.
        let several = if part.len() == ROWS_AN_INSERT {
            ROWS_AN_INSERT
        } else {
            1
        };
        let sql = insertion(table, several);
        for group in part.chunks(several) {
            let values: Vec<Value<'_>> = group.iter().flatten().cloned().collect();
            session.execute(&sql, &values)?;
        }
    }
    Ok(())
}

fn insertion(table: &Table, rows: usize) -> String {
    let columns = table.columns.len();
    let tuples: Vec<String> = (0..rows)
        .map(|row| {
            let places: Vec<String> = (1..=columns)
                .map(|at| format!("${}", row * columns + at))
                .collect();
            format!("({})", places.join(", "))
        })
        .collect();
    format!(
        "insert into \"{}\" ({}) values {}",
        table.name,
        table.list(),
        tuples.join(", ")
    )
}

const OUT_OF_ORDER: Error = Error::Archive("its parts are out of order");

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|_| Error::Archive("its description cannot be written"))
}

fn parse<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Archive("a description in it is none"))
}

fn failed(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::Archive("it ends early"),
        std::io::ErrorKind::StorageFull => Error::Full,
        kind => Error::Copying(kind.to_string()),
    }
}
