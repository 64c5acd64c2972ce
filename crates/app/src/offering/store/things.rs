//! What all things have: being archived, a place among others.

use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::offering::Thing;

/// The table of a thing, and its id.
fn placed(thing: Thing) -> (&'static str, String) {
    match thing {
        Thing::Service(id) => ("service", id.to_string()),
        Thing::Location(id) => ("location", id.to_string()),
        Thing::Room(id) => ("room", id.to_string()),
        Thing::Staff(id) => ("staff", id.to_string()),
        Thing::Field(id) => ("field", id.to_string()),
    }
}

/// Whether it was archived; `None` when there is no such thing.
pub(in crate::offering) fn is_archived(tx: &Tx<'_>, thing: Thing) -> Result<Option<bool>, Error> {
    let (table, id) = placed(thing);
    let sql = format!("select archived_at from {table} where id = $1");
    let found = tx.query_opt(&sql, params![id], |row| row.get::<Option<i64>>(0))?;
    Ok(found.map(|at| at.is_some()))
}

pub(in crate::offering) fn set_archived(
    tx: &Tx<'_>,
    thing: Thing,
    at: Option<Timestamp>,
) -> Result<(), Error> {
    let (table, id) = placed(thing);
    let sql = format!("update {table} set archived_at = $2 where id = $1");
    tx.execute(&sql, params![id, at])?;
    Ok(())
}

pub(in crate::offering) fn set_position(
    tx: &Tx<'_>,
    thing: Thing,
    position: u32,
) -> Result<(), Error> {
    let (table, id) = placed(thing);
    let sql = format!("update {table} set position = $2 where id = $1");
    tx.execute(&sql, params![id, position])?;
    Ok(())
}

pub(in crate::offering) fn position(tx: &Tx<'_>, thing: Thing) -> Result<Option<u32>, Error> {
    let (table, id) = placed(thing);
    let sql = format!("select position from {table} where id = $1");
    tx.query_opt(&sql, params![id], |row| row.get(0))
}
