//! Rows that go with a person, of whatever table the manifest names.

use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::PersonId;

pub(in crate::people) fn erase_rows(
    tx: &Tx<'_>,
    table: &'static str,
    column: &'static str,
    person: PersonId,
) -> Result<(), Error> {
    tx.execute(
        &format!("delete from {table} where {column} = $1"),
        params![person],
    )?;
    Ok(())
}

pub(in crate::people) fn erase_all_rows(tx: &Tx<'_>, table: &'static str) -> Result<(), Error> {
    tx.execute(&format!("delete from {table}"), &[])?;
    Ok(())
}
