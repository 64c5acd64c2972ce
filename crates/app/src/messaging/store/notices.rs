use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use crate::ids::{MemberId, MessageId};
use crate::messaging::State;
use crate::messaging::notices::{LeasedNotice, Notice};

pub(in crate::messaging) fn insert(
    tx: &Tx<'_>,
    id: MessageId,
    notice: Notice,
    member: MemberId,
) -> Result<(), Error> {
    tx.execute(
        "insert into notice (id, kind, member_id, state, attempts, due_at, created_at)
         values ($1, $2, $3, 'pending', 0, $4, $4)",
        params![id, notice.code(), member, tx.now()],
    )?;
    Ok(())
}

pub(in crate::messaging) fn drop_waiting(
    tx: &Tx<'_>,
    notice: Notice,
    member: MemberId,
) -> Result<(), Error> {
    tx.execute(
        "update notice set state = 'dropped', outcome = 'superseded', settled_at = $3
         where member_id = $1 and kind = $2 and state = 'pending'",
        params![member, notice.code(), tx.now()],
    )?;
    Ok(())
}

fn leased(row: &Row<'_>) -> Result<LeasedNotice, Error> {
    Ok(LeasedNotice {
        id: row.get(0)?,
        notice: Notice::from_code(row.borrow(1)?).ok_or(Error::Decode("kind of notice"))?,
        member: row.get(2)?,
        attempt: row.get(3)?,
    })
}

/// Notices that were due at once when the clock was ahead of now are due now.
pub(in crate::messaging) fn pull_forward(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute(
        "update notice set due_at = $1, created_at = $1
         where state = 'pending' and due_at > $1 and due_at = created_at",
        params![tx.now()],
    )?;
    Ok(())
}

pub(in crate::messaging) fn lease(
    tx: &Tx<'_>,
    until: Timestamp,
    limit: u32,
) -> Result<Vec<LeasedNotice>, Error> {
    tx.query(
        "update notice set state = 'sending', attempts = attempts + 1, lease_until = $2,
             handed_at = null
         where state = 'pending' and id in (
             select id from notice where state = 'pending' and due_at <= $1
             order by due_at, id limit $3)
         returning id, kind, member_id, attempts",
        params![tx.now(), until, limit],
        leased,
    )
}

/// Notices whose lease ran out, and whether they were handed over before.
pub(in crate::messaging) fn lost(
    tx: &Tx<'_>,
    limit: u32,
) -> Result<Vec<(LeasedNotice, bool)>, Error> {
    tx.query(
        "select id, kind, member_id, attempts, case when handed_at is null then 0 else 1 end
         from notice where state = 'sending' and lease_until <= $1
         order by lease_until, id limit $2",
        params![tx.now(), limit],
        |row| Ok((leased(row)?, row.get(4)?)),
    )
}

pub(in crate::messaging) fn next_due(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let first = |sql| tx.query_opt(sql, &[], |row| row.get::<Option<Timestamp>>(0));
    let due = first("select min(due_at) from notice where state = 'pending'")?;
    let lost = first("select min(lease_until) from notice where state = 'sending'")?;
    Ok(due.into_iter().chain(lost).flatten().min())
}

pub(in crate::messaging) fn hand_over(
    tx: &Tx<'_>,
    leased: &LeasedNotice,
    until: Timestamp,
) -> Result<bool, Error> {
    let handed = tx.execute(
        "update notice set handed_at = $3, lease_until = $4
         where id = $1 and attempts = $2 and state = 'sending'",
        params![leased.id, leased.attempt, tx.now(), until],
    )?;
    Ok(handed == 1)
}

/// To its next state; back to waiting when it is due again.
pub(in crate::messaging) fn settle(
    tx: &Tx<'_>,
    leased: &LeasedNotice,
    state: State,
    due_at: Option<Timestamp>,
    code: Option<&str>,
) -> Result<bool, Error> {
    let settled_at = due_at.is_none().then(|| tx.now());
    let changed = tx.execute(
        "update notice set state = $3, due_at = coalesce($4, due_at), outcome = $5,
             lease_until = null, settled_at = $6
         where id = $1 and attempts = $2 and state = 'sending'",
        params![
            leased.id,
            leased.attempt,
            state.code(),
            due_at,
            code,
            settled_at
        ],
    )?;
    Ok(changed == 1)
}

pub(in crate::messaging) fn state(
    tx: &Tx<'_>,
    id: MessageId,
    member: MemberId,
) -> Result<Option<(State, Option<String>)>, Error> {
    tx.query_opt(
        "select state, outcome from notice where id = $1 and member_id = $2",
        params![id, member],
        |row| {
            let state = State::from_code(row.borrow(0)?).ok_or(Error::Decode("state"))?;
            Ok((state, row.get(1)?))
        },
    )
}

pub(in crate::messaging) fn remove_settled(tx: &Tx<'_>, before: Timestamp) -> Result<usize, Error> {
    tx.execute(
        "delete from notice where state in ('sent', 'dead', 'unknown', 'dropped') and due_at < $1",
        params![before],
    )
}
