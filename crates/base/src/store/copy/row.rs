//! Rows as they are copied, and what they come to.

use sha2::{Digest as _, Sha256};

use super::super::session::Session;
use super::super::{Error, Row, Value, ValueRef};
use super::shape::Table;

/// Rows that are read at once.
pub(super) const ROWS_AT_ONCE: usize = 500;

/// A row that stands by itself.
pub(in crate::store) type Copied = Vec<Value<'static>>;

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;

/// The rows of a table and their digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct TableDigest {
    pub rows: u64,
    pub sha256: [u8; 32],
}

/// Counts and digests rows as they pass.
#[derive(Default)]
pub(super) struct Digesting {
    rows: u64,
    hash: Sha256,
}

impl Digesting {
    /// Takes rows as [`write`] wrote them.
    pub fn add(&mut self, rows: u64, written: &[u8]) {
        self.rows += rows;
        self.hash.update(written);
    }

    pub fn end(self) -> TableDigest {
        TableDigest {
            rows: self.rows,
            sha256: self.hash.finalize().into(),
        }
    }
}

/// The digest of a table as the session sees it.
pub(in crate::store) fn digest(session: &Session, table: &Table) -> Result<TableDigest, Error> {
    let (mut digesting, mut written) = (Digesting::default(), Vec::new());
    pages(session, table, |rows| {
        written.clear();
        for row in rows {
            write(row, &mut written);
        }
        digesting.add(rows.len() as u64, &written);
        Ok(())
    })?;
    Ok(digesting.end())
}

/// Hands all rows of a table to `take`, in the order of their keys, some at a time.
pub(in crate::store) fn pages(
    session: &Session,
    table: &Table,
    mut take: impl FnMut(&[Copied]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reading = Reading::new(table);
    loop {
        let rows = reading.next(session)?;
        if rows.is_empty() {
            return Ok(());
        }
        take(&rows)?;
    }
}

/// Reads a table from its first key to its last.
pub(super) struct Reading<'t> {
    table: &'t Table,
    first: String,
    next: String,
    last: Option<Copied>,
}

impl<'t> Reading<'t> {
    pub fn new(table: &'t Table) -> Self {
        let (columns, key) = (table.list(), table.key_list());
        let places: Vec<String> = (1..=table.key).map(|n| format!("${n}")).collect();
        let (name, places) = (&table.name, places.join(", "));
        let order = format!("order by {key} limit {ROWS_AT_ONCE}");
        Self {
            table,
            first: format!("select {columns} from \"{name}\" {order}"),
            next: format!("select {columns} from \"{name}\" where ({key}) > ({places}) {order}"),
            last: None,
        }
    }

    /// From the row after this one.
    pub fn after(table: &'t Table, row: Copied) -> Self {
        Self {
            last: Some(row),
            ..Self::new(table)
        }
    }

    /// The next rows; none when there are no more.
    pub fn next(&mut self, session: &Session) -> Result<Vec<Copied>, Error> {
        let columns = self.table.columns.len();
        let read = |row: &Row<'_>| copied(row, columns);
        let rows = match &self.last {
            None => session.query(&self.first, &[], read)?,
            Some(last) => session.query(&self.next, &last[..self.table.key], read)?,
        };
        if let Some(last) = rows.last() {
            self.last = Some(last.clone());
        }
        Ok(rows)
    }
}

fn copied(row: &Row<'_>, columns: usize) -> Result<Copied, Error> {
    (0..columns)
        .map(|at| {
            Ok(match row.value(at)? {
                ValueRef::Null => Value::Null,
                ValueRef::Int(int) => Value::Int(int),
                // As every engine can keep it.
                ValueRef::Text(text) => Value::Text(text.replace('\0', "\u{FFFD}").into()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec().into()),
            })
        })
        .collect()
}

/// Writes a row: the number of its values, then each with its kind and, but for null, its length
/// or its eight bytes; numbers are big-endian.
pub(super) fn write(row: &[Value<'_>], out: &mut Vec<u8>) {
    out.extend(u16::try_from(row.len()).unwrap_or(u16::MAX).to_be_bytes());
    for value in row {
        match value {
            Value::Null => out.push(NULL),
            Value::Int(int) => {
                out.push(INT);
                out.extend(int.to_be_bytes());
            }
            Value::Text(text) => write_bytes(TEXT, text.as_bytes(), out),
            Value::Blob(bytes) => write_bytes(BLOB, bytes, out),
        }
    }
}

fn write_bytes(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    // The engines keep no value of 4 GiB.
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(bytes);
}

/// Reads a row of `columns` values that [`write`] wrote, and what is left after it.
pub(super) fn read(written: &[u8], columns: usize) -> Result<(Copied, &[u8]), Error> {
    let (count, mut rest) = split::<2>(written)?;
    if usize::from(u16::from_be_bytes(count)) != columns {
        return Err(Error::Archive("a row has other columns than its table"));
    }
    let mut row = Vec::with_capacity(columns);
    for _ in 0..columns {
        let (value, after) = read_value(rest)?;
        row.push(value);
        rest = after;
    }
    Ok((row, rest))
}

fn read_value(written: &[u8]) -> Result<(Value<'static>, &[u8]), Error> {
    let ([kind], rest) = split::<1>(written)?;
    match kind {
        NULL => Ok((Value::Null, rest)),
        INT => {
            let (int, rest) = split::<8>(rest)?;
            Ok((Value::Int(i64::from_be_bytes(int)), rest))
        }
        TEXT => {
            let (bytes, rest) = take_bytes(rest)?;
            let text = std::str::from_utf8(bytes).map_err(|_| Error::Archive("a text is none"))?;
            Ok((Value::Text(text.to_owned().into()), rest))
        }
        BLOB => {
            let (bytes, rest) = take_bytes(rest)?;
            Ok((Value::Blob(bytes.to_vec().into()), rest))
        }
        _ => Err(Error::Archive("a value is of no known kind")),
    }
}

fn take_bytes(written: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let (length, rest) = split::<4>(written)?;
    let length = u32::from_be_bytes(length) as usize;
    rest.split_at_checked(length).ok_or(ENDS_EARLY)
}

fn split<const N: usize>(written: &[u8]) -> Result<([u8; N], &[u8]), Error> {
    let (first, rest) = written.split_first_chunk::<N>().ok_or(ENDS_EARLY)?;
    Ok((*first, rest))
}

const ENDS_EARLY: Error = Error::Archive("a row ends early");
