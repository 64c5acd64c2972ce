//! What tables a database has, as its schema steps make them: the same on every engine.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::super::keyring;
use super::super::migrate::migrate;
use super::super::session::Session;
use super::super::{Error, Migration};

/// The tables of a database, those that others refer to first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Shape {
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Table {
    pub name: String,
    /// Its columns, those of its key first.
    pub columns: Vec<String>,
    /// How many columns tell one row from another.
    pub key: usize,
    /// Whether rows refer to rows of the same table.
    pub refers_to_itself: bool,
}

impl Table {
    /// The columns as a list in a statement.
    pub fn list(&self) -> String {
        quoted(&self.columns)
    }

    /// The columns of the key as a list in a statement.
    pub fn key_list(&self) -> String {
        quoted(&self.columns[..self.key])
    }
}

fn quoted(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}

impl Shape {
    /// The shape of an organization's database after `steps`. It is found by making an empty one
    /// in memory, so that nothing has to be said twice.
    pub fn of_organization(steps: &[Migration]) -> Result<Self, Error> {
        Self::of(steps, keyring::TABLES)
    }

    /// The shape of a database after `steps` and `more`.
    pub fn of(steps: &[Migration], more: &str) -> Result<Self, Error> {
        let session = Session::Sqlite(Box::new(Connection::open_in_memory()?));
        // There are no rows yet that a step could change.
        migrate(&session, steps, |_| Ok(()))?;
        session.batch(more)?;
        let names: Vec<String> = session.query(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'
             order by name",
            &[],
            |row| row.get(0),
        )?;
        let mut left = BTreeMap::new();
        for name in names {
            let mut table = read_table(&session, &name)?;
            let parents = session.query(
                &format!("select \"table\" from pragma_foreign_key_list('{name}')"),
                &[],
                |row| row.get::<String>(0),
            )?;
            table.refers_to_itself = parents.contains(&name);
            let parents: BTreeSet<String> =
                parents.into_iter().filter(|one| *one != name).collect();
            left.insert(name, (table, parents));
        }
        Ok(Self {
            tables: in_order(left)?,
        })
    }
}

fn read_table(session: &Session, name: &str) -> Result<Table, Error> {
    let columns: Vec<(String, u32)> = session.query(
        &format!("select name, pk from pragma_table_info('{name}') order by cid"),
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut key: Vec<(String, u32)> = (columns.iter().filter(|(_, at)| *at > 0))
        .cloned()
        .collect();
    key.sort_by_key(|(_, at)| *at);
    let rest = columns.into_iter().filter(|(_, at)| *at == 0);
    let in_key = key.len();
    let columns: Vec<String> = key.into_iter().chain(rest).map(|(name, _)| name).collect();
    Ok(Table {
        name: name.to_owned(),
        // The few tables without a key hold no two equal rows, and no nulls.
        key: if in_key == 0 { columns.len() } else { in_key },
        refers_to_itself: false,
        columns,
    })
}

/// Tables after all those that they refer to.
fn in_order(mut left: BTreeMap<String, (Table, BTreeSet<String>)>) -> Result<Vec<Table>, Error> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left
            .iter()
            .find(|(_, (_, parents))| !parents.iter().any(|one| left.contains_key(one)));
        let Some(name) = free.map(|(name, _)| name.clone()) else {
            return Err(Error::Migration("tables refer to each other".to_owned()));
        };
        ordered.extend(left.remove(&name).map(|(table, _)| table));
    }
    Ok(ordered)
}
