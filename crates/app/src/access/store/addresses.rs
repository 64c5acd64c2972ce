use jiff::Timestamp;
use kept_base::kit::Email;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{MemberId, MessageId};

const WANTED: &str = "wanted";
const BEFORE: &str = "before";

fn insert(
    tx: &Tx<'_>,
    (letter, kind): (MessageId, &str),
    member: MemberId,
    address: &Email,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into address_letter (message_id, member_id, kind, address, expires_at)
         values ($1, $2, $3, $4, $5)",
        params![letter, member, kind, address, expires_at],
    )?;
    Ok(())
}

/// Keeps the one address that a member wants, in the place of another.
pub(in crate::access) fn put_wanted(
    tx: &Tx<'_>,
    letter: MessageId,
    member: MemberId,
    address: &Email,
    expires_at: Timestamp,
) -> Result<(), Error> {
    remove_wanted(tx, member)?;
    insert(tx, (letter, WANTED), member, address, expires_at)
}

pub(in crate::access) fn put_before(
    tx: &Tx<'_>,
    letter: MessageId,
    member: MemberId,
    address: &Email,
    expires_at: Timestamp,
) -> Result<(), Error> {
    insert(tx, (letter, BEFORE), member, address, expires_at)
}

pub(in crate::access) fn wanted(
    tx: &Tx<'_>,
    member: MemberId,
) -> Result<Option<(Email, Timestamp)>, Error> {
    tx.query_opt(
        "select address, expires_at from address_letter
         where member_id = $1 and kind = $2 and expires_at > $3",
        params![member, WANTED, tx.now()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Where a letter goes.
pub(in crate::access) fn of_letter(tx: &Tx<'_>, letter: MessageId) -> Result<Option<Email>, Error> {
    tx.query_opt(
        "select address from address_letter where message_id = $1 and expires_at > $2",
        params![letter, tx.now()],
        |row| row.get(0),
    )
}

/// Tells whether there was one.
pub(in crate::access) fn remove_wanted(tx: &Tx<'_>, member: MemberId) -> Result<bool, Error> {
    let removed = tx.execute(
        "delete from address_letter where member_id = $1 and kind = $2",
        params![member, WANTED],
    )?;
    Ok(removed > 0)
}

pub(super) fn remove_all(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from address_letter where member_id = $1",
        params![member],
    )?;
    Ok(())
}

pub(super) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from address_letter where expires_at <= $1",
        params![tx.now()],
    )
}
