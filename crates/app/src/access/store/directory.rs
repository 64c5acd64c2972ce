use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::DirectoryEntry;
use crate::access::directory::fold;
use crate::ids::{MemberId, ScimGroupId};

pub(in crate::access) fn all(tx: &Tx<'_>) -> Result<Vec<DirectoryEntry>, Error> {
    tx.query(
        "select member_id, user_name, external_id, given_name, family_name, left_groups,
             created_at, changed_at
         from directory_entry order by member_id",
        &[],
        |row| {
            Ok(DirectoryEntry {
                member: row.get(0)?,
                user_name: row.get(1)?,
                external_id: row.get(2)?,
                given_name: row.get(3)?,
                family_name: row.get(4)?,
                left_groups: row.get::<i64>(5)? == 1,
                created_at: row.get(6)?,
                changed_at: row.get(7)?,
            })
        },
    )
}

/// Whether a directory brought a member in.
pub(in crate::access) fn has(tx: &Tx<'_>, member: MemberId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from directory_entry where member_id = $1",
        params![member],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

pub(in crate::access) fn put(tx: &Tx<'_>, entry: &DirectoryEntry) -> Result<(), Error> {
    tx.execute(
        "delete from directory_entry where member_id = $1",
        params![entry.member],
    )?;
    tx.execute(
        "insert into directory_entry (member_id, user_name, folded_name, external_id, given_name,
             family_name, left_groups, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            entry.member,
            entry.user_name,
            fold(&entry.user_name),
            entry.external_id,
            entry.given_name,
            entry.family_name,
            i64::from(entry.left_groups),
            entry.created_at,
            entry.changed_at
        ],
    )?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from member_group where member_id = $1",
        params![member],
    )?;
    tx.execute(
        "delete from directory_entry where member_id = $1",
        params![member],
    )?;
    Ok(())
}

pub(in crate::access) fn memberships(tx: &Tx<'_>) -> Result<Vec<(ScimGroupId, MemberId)>, Error> {
    tx.query(
        "select group_id, member_id from member_group order by group_id, member_id",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(in crate::access) fn join(
    tx: &Tx<'_>,
    group: ScimGroupId,
    member: MemberId,
) -> Result<(), Error> {
    leave(tx, group, member)?;
    tx.execute(
        "insert into member_group (group_id, member_id) values ($1, $2)",
        params![group, member],
    )?;
    Ok(())
}

pub(in crate::access) fn leave(
    tx: &Tx<'_>,
    group: ScimGroupId,
    member: MemberId,
) -> Result<(), Error> {
    tx.execute(
        "delete from member_group where group_id = $1 and member_id = $2",
        params![group, member],
    )?;
    Ok(())
}
