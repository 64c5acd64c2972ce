//! The SQL of the calendar: sets and feeds.

use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use super::{CalendarSet, Feed, MAX_SETS};
use crate::ids::{CalendarSetId, FeedId, MemberId, StaffId};

fn set(row: &Row<'_>) -> Result<CalendarSet, Error> {
    Ok(CalendarSet {
        id: row.get(0)?,
        name: row.get(1)?,
        shown: row.get(2)?,
    })
}

pub(super) fn sets(tx: &Tx<'_>, member: MemberId) -> Result<Vec<CalendarSet>, Error> {
    tx.query(
        "select id, name, shown from calendar_set where member_id = $1 order by name, id limit $2",
        params![member, u32::try_from(MAX_SETS).unwrap_or(u32::MAX)],
        set,
    )
}

pub(super) fn insert_set(tx: &Tx<'_>, member: MemberId, new: &CalendarSet) -> Result<(), Error> {
    tx.execute(
        "insert into calendar_set (id, member_id, name, shown, created_at)
         values ($1, $2, $3, $4, $5)",
        params![new.id, member, new.name, new.shown, tx.now()],
    )?;
    Ok(())
}

pub(super) fn take_set(
    tx: &Tx<'_>,
    member: MemberId,
    id: CalendarSetId,
) -> Result<Option<CalendarSet>, Error> {
    tx.query_opt(
        "delete from calendar_set where id = $1 and member_id = $2 returning id, name, shown",
        params![id, member],
        set,
    )
}

pub(super) fn insert_feed(
    tx: &Tx<'_>,
    id: FeedId,
    staff: StaffId,
    token: TokenHash,
) -> Result<(), Error> {
    tx.execute(
        "insert into feed (id, staff_id, token_hash, created_at, created_by)
         values ($1, $2, $3, $4, $5)",
        params![id, staff, token, tx.now(), tx.actor().to_string()],
    )?;
    Ok(())
}

/// The feeds in use of a staff member, oldest first.
pub(super) fn feeds(tx: &Tx<'_>, staff: StaffId) -> Result<Vec<Feed>, Error> {
    tx.query(
        "select id, created_at from feed where staff_id = $1 and revoked_at is null order by id",
        params![staff],
        |row| {
            Ok(Feed {
                id: row.get(0)?,
                created_at: row.get(1)?,
            })
        },
    )
}

pub(super) fn revoke_feed(
    tx: &Tx<'_>,
    staff: StaffId,
    id: FeedId,
    at: Option<Timestamp>,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update feed set revoked_at = $3 where id = $1 and staff_id = $2",
        params![id, staff, at],
    )?;
    Ok(changed == 1)
}

/// Ends what `author` made, and tells which.
pub(super) fn revoke_feeds_of(tx: &Tx<'_>, author: &str) -> Result<Vec<FeedId>, Error> {
    tx.query(
        "update feed set revoked_at = $2 where created_by = $1 and revoked_at is null returning id",
        params![author, tx.now()],
        |row| row.get(0),
    )
}

/// Who made a secret address, and whose calendar it opens.
pub(super) fn feed_staff(
    tx: &Tx<'_>,
    token: TokenHash,
) -> Result<Option<(String, StaffId)>, Error> {
    tx.query_opt(
        "select created_by, staff_id from feed where token_hash = $1 and revoked_at is null",
        params![token],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
