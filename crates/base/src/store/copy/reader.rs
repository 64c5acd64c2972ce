//! Reading archives, and putting what they hold into a database.

use std::io::Read;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::super::session::Session;
use super::super::{Error, Value};
use super::archive::{
    BEGINNING, Begins, Contents, Ends, EndsAll, MAX_FRAME_BYTES, TableContents, failed, parse,
};
use super::row::{self, Copied, Digesting, ROWS_AT_ONCE};
use super::shape::{Shape, Table};

/// Rows that one statement inserts.
const ROWS_AN_INSERT: usize = 32;
const OUT_OF_ORDER: Error = Error::Archive("its parts are out of order");

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
            refers_to_itself: false,
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
