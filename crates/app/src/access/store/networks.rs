use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use crate::access::Role;
use crate::access::networks::Network;
use crate::ids::NetworkId;

const COLUMNS: &str = "id, role, range, note, created_by, created_at";

fn role(code: &str) -> Result<Option<Role>, Error> {
    match code {
        "" => Ok(None),
        code => Role::from_code(code).map(Some).ok_or(Error::Decode("role")),
    }
}

fn read(row: &Row<'_>) -> Result<Network, Error> {
    let range: &str = row.borrow(2)?;
    Ok(Network {
        id: row.get(0)?,
        role: role(row.borrow(1)?)?,
        range: range.parse().map_err(|_| Error::Decode("network"))?,
        note: row.get(3)?,
        created_by: row.get(4)?,
        created_at: row.get(5)?,
    })
}

pub(in crate::access) fn all(tx: &Tx<'_>) -> Result<Vec<Network>, Error> {
    let sql = format!("select {COLUMNS} from network order by role, created_at, id");
    tx.query(&sql, &[], read)
}

pub(in crate::access) fn by_id(tx: &Tx<'_>, id: NetworkId) -> Result<Option<Network>, Error> {
    let sql = format!("select {COLUMNS} from network where id = $1");
    tx.query_opt(&sql, params![id], read)
}

pub(in crate::access) fn insert(tx: &Tx<'_>, network: &Network) -> Result<(), Error> {
    tx.execute(
        "insert into network (id, role, range, note, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            network.id,
            network.role.map_or("", Role::code),
            network.range.to_string(),
            network.note,
            network.created_by,
            network.created_at
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn remove(tx: &Tx<'_>, id: NetworkId) -> Result<(), Error> {
    tx.execute("delete from network where id = $1", params![id])?;
    Ok(())
}
