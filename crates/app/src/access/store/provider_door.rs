use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::ProviderDoor;

/// With whether it is open.
pub(in crate::access) fn load(tx: &Tx<'_>) -> Result<Option<(ProviderDoor, bool)>, Error> {
    tx.query_opt(
        "select name, is_only_way, is_open from provider_door",
        &[],
        |row| {
            let door = ProviderDoor {
                name: row.get(0)?,
                is_only_way: row.get(1)?,
            };
            Ok((door, row.get(2)?))
        },
    )
}

pub(in crate::access) fn put(tx: &Tx<'_>, door: &ProviderDoor, is_open: bool) -> Result<(), Error> {
    remove(tx)?;
    tx.execute(
        "insert into provider_door (organization_id, name, is_open, is_only_way, changed_at)
         values ($1, $2, $3, $4, $5)",
        params![
            tx.organization(),
            door.name,
            is_open,
            door.is_only_way,
            tx.now()
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn remove(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute("delete from provider_door", &[])?;
    Ok(())
}
