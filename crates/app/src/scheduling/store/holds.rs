use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::HoldId;
use crate::scheduling::Hold;

pub(in crate::scheduling) fn insert_hold(tx: &Tx<'_>, hold: &Hold) -> Result<(), Error> {
    tx.execute(
        "insert into hold (id, service_id, location_id, starts_at, ends_at, chosen_because,
             created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            hold.id,
            hold.service,
            hold.location,
            hold.starts_at,
            hold.ends_at,
            hold.chosen_because,
            tx.now(),
            hold.expires_at
        ],
    )?;
    Ok(())
}

pub(in crate::scheduling) fn delete_hold(tx: &Tx<'_>, id: HoldId) -> Result<(), Error> {
    tx.execute("delete from hold where id = $1", params![id])?;
    Ok(())
}

pub(in crate::scheduling) fn live_holds(tx: &Tx<'_>) -> Result<u32, Error> {
    Ok(tx
        .query_opt("select count(*) from hold", &[], |row| row.get(0))?
        .unwrap_or(0))
}

pub(in crate::scheduling) fn hold(tx: &Tx<'_>, id: HoldId) -> Result<Option<Hold>, Error> {
    let found = tx.query_opt(
        "select id, service_id, location_id, starts_at, ends_at, expires_at, chosen_because
         from hold where id = $1",
        params![id],
        |row| {
            Ok(Hold {
                id: row.get(0)?,
                service: row.get(1)?,
                location: row.get(2)?,
                staff: Vec::new(),
                room: None,
                starts_at: row.get(3)?,
                ends_at: row.get(4)?,
                expires_at: row.get(5)?,
                chosen_because: row.get(6)?,
            })
        },
    )?;
    let Some(mut hold) = found else {
        return Ok(None);
    };
    tx.query(
        "select resource_id from claim where hold_id = $1 order by resource_id",
        params![id],
        |row| {
            let resource: &str = row.borrow(0)?;
            match resource.parse() {
                Ok(staff) => hold.staff.push(staff),
                Err(_) => hold.room = resource.parse().ok(),
            }
            Ok(())
        },
    )?;
    Ok(Some(hold))
}

/// No hold lasts longer than until `latest`, whatever the clock was when it was placed.
pub(in crate::scheduling) fn shorten_holds(tx: &Tx<'_>, latest: Timestamp) -> Result<(), Error> {
    tx.execute(
        "update hold set expires_at = $1 where expires_at > $1",
        params![latest],
    )?;
    Ok(())
}

/// Holds that ran out by now, and when the next one will.
pub(in crate::scheduling) fn expired_holds(tx: &Tx<'_>, limit: u32) -> Result<Vec<HoldId>, Error> {
    tx.query(
        "select id from hold where expires_at <= $1 order by expires_at limit $2",
        params![tx.now(), limit],
        |row| row.get(0),
    )
}

pub(in crate::scheduling) fn next_expiry(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    Ok(tx
        .query_opt("select min(expires_at) from hold", &[], |row| row.get(0))?
        .flatten())
}
