//! Rows outside of their database: read and inserted table by table, and set down in a plain
//! database in memory that can be handed over.

use rusqlite::Connection;

use super::super::migrate::migrate;
use super::super::session::Session;
use super::super::{Error, Migration, Tx, Value, ValueRef};
use super::reader;
use super::row::{self, Copied};
use super::shape::{Shape, Table};
use crate::store::keyring;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// A table of an organization's database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its columns, those of its key first.
    pub columns: Vec<Column>,
    table: Table,
}

impl Known {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.table.name
    }

    /// The columns that tell one row from another.
    #[must_use]
    pub fn key(&self) -> &[Column] {
        &self.columns[..self.table.key]
    }

    /// Where a column stands among the columns.
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// The same with some of its columns, in their order. The key stays whole or is given up.
    #[must_use]
    pub fn with(&self, keep: impl Fn(&str) -> bool) -> Self {
        let columns: Vec<Column> = (self.columns.iter())
            .filter(|column| keep(&column.name))
            .cloned()
            .collect();
        let key_stays = self.key().iter().all(|column| keep(&column.name));
        let key = if key_stays {
            self.table.key
        } else {
            columns.len()
        };
        let table = Table {
            name: self.table.name.clone(),
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            key,
            refers_to_itself: self.table.refers_to_itself,
        };
        Self { columns, table }
    }

    /// Inserts rows within a transaction.
    ///
    /// # Errors
    /// [`Error::Constraint`] when the schema refuses one; the engine's.
    pub fn insert(&self, tx: &Tx<'_>, rows: &[Copied]) -> Result<(), Error> {
        reader::insert(tx.session(), &self.table, rows)
    }

    /// Hands all rows that a transaction sees to `take`, in the order of their keys, some at a time.
    ///
    /// # Errors
    /// Those of `take` and the engine's.
    pub fn read(
        &self,
        tx: &Tx<'_>,
        take: impl FnMut(&[Copied]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        row::pages(tx.session(), &self.table, take)
    }

    /// How many rows a transaction sees.
    ///
    /// # Errors
    /// The engine's.
    pub fn count(&self, tx: &Tx<'_>) -> Result<u64, Error> {
        let sql = format!("select count(*) from \"{}\"", self.table.name);
        let counted: Option<i64> = tx.query_opt(&sql, &[], |row| row.get(0))?;
        Ok(counted.unwrap_or(0).unsigned_abs())
    }
}

/// The tables of an organization's database after `steps`, those that others refer to first.
///
/// # Errors
/// [`Error::Migration`] when the steps do not make one.
pub fn tables(steps: &[Migration]) -> Result<Vec<Known>, Error> {
    let shape = Shape::of_organization(steps)?;
    let session = Session::Sqlite(Box::new(Connection::open_in_memory()?));
    migrate(&session, steps, |_| Ok(()))?;
    session.batch(keyring::TABLES)?;
    let described = shape.tables.into_iter().map(|table| {
        let mut columns = describe(&session, &table.name)?;
        // In the order of the shape.
        columns.sort_by_key(|column| table.columns.iter().position(|name| *name == column.name));
        Ok(Known { columns, table })
    });
    described.collect()
}

fn describe(session: &Session, table: &str) -> Result<Vec<Column>, Error> {
    session.query(
        &format!("select name, lower(type), \"notnull\", pk from pragma_table_info('{table}')"),
        &[],
        |row| {
            let kind = match row.borrow(1)? {
                "text" => Kind::Text,
                "bigint" | "integer" | "smallint" => Kind::Int,
                "bytea" => Kind::Bytes,
                _ => return Err(Error::Decode("kind of column")),
            };
            let (required, in_key): (bool, i64) = (row.get(2)?, row.get(3)?);
            Ok(Column {
                name: row.get(0)?,
                kind,
                nullable: !required && in_key == 0,
            })
        },
    )
}

/// A database in memory, not encrypted, that holds what was put into it and nothing else.
pub struct Plain(Box<Connection>);

impl std::fmt::Debug for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plain(..)")
    }
}

/// Bytes of a page of a plain database.
const PAGE_BYTES: u64 = 4096;

impl Plain {
    /// An empty one, which grows to `max_bytes` and no further.
    ///
    /// # Errors
    /// The engine's.
    pub fn new(max_bytes: u64) -> Result<Self, Error> {
        let connection = Connection::open_in_memory()?;
        // Nothing of it ever touches a disk.
        connection.execute_batch(&format!(
            "pragma temp_store = memory; pragma page_size = {PAGE_BYTES};
             pragma max_page_count = {}; pragma journal_mode = off",
            max_bytes / PAGE_BYTES
        ))?;
        Ok(Self(Box::new(connection)))
    }

    /// Makes an empty table.
    ///
    /// # Errors
    /// The engine's.
    pub fn create(&self, known: &Known) -> Result<(), Error> {
        let columns: Vec<String> = (known.columns.iter())
            .map(|column| {
                let kind = match column.kind {
                    Kind::Int => "integer",
                    Kind::Text => "text",
                    Kind::Bytes => "blob",
                };
                let required = if column.nullable { "" } else { " not null" };
                format!("\"{}\" {kind}{required}", column.name)
            })
            .collect();
        let (table, key) = (known.name(), known.table.key_list());
        self.0.execute_batch(&format!(
            "create table \"{table}\" ({}, primary key ({key})) without rowid",
            columns.join(", ")
        ))?;
        Ok(())
    }

    /// Puts rows into a table; all of them, or none.
    ///
    /// # Errors
    /// [`Error::Full`] when it has grown as far as it may; the engine's.
    pub fn insert(&self, known: &Known, rows: &[Copied]) -> Result<(), Error> {
        let places: Vec<String> = (1..=known.columns.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "insert into \"{}\" ({}) values ({})",
            known.name(),
            known.table.list(),
            places.join(", ")
        );
        for row in rows {
            super::super::sqlite::execute(&self.0, &sql, row)?;
        }
        Ok(())
    }

    /// Reads a table from its first key to its last.
    ///
    /// # Errors
    /// Those of `take` and the engine's.
    pub fn each<E: From<Error>>(
        &self,
        known: &Known,
        mut take: impl FnMut(&[ValueRef<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!(
            "select {} from \"{}\" order by {}",
            known.table.list(),
            known.name(),
            known.table.key_list()
        );
        let mut failed = None;
        super::super::sqlite::each(&self.0, &sql, &[], |row| {
            let values: Result<Vec<_>, Error> = (0..known.columns.len())
                .map(|at| super::super::sqlite::value(row, at))
                .collect();
            failed = take(&values?).err();
            Ok(failed.is_none())
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// The whole of it as a file that any program for SQLite opens.
    ///
    /// # Errors
    /// The engine's, and [`Error::Copying`] when there is not memory enough for it.
    pub fn bytes(&mut self) -> Result<impl std::ops::Deref<Target = [u8]> + use<'_>, Error> {
        Ok(self.0.serialize("main")?)
    }
}

/// A value that stands by itself.
#[must_use]
pub fn owned(value: ValueRef<'_>) -> Value<'static> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Int(int) => Value::Int(int),
        ValueRef::Text(text) => Value::Text(text.to_owned().into()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec().into()),
    }
}
