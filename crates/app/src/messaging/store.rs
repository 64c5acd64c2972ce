pub(super) mod notices;

use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use super::{About, Audience, Kind, Leased, State};
use crate::ids::{MessageId, PersonId, StaffId};

pub(super) fn insert(
    tx: &Tx<'_>,
    id: MessageId,
    kind: Kind,
    audience: Audience,
    about: &About,
) -> Result<(), Error> {
    let About {
        appointment,
        person,
        revision,
        previous_starts_at,
    } = about;
    tx.execute(
        "insert into message (id, kind, audience, appointment_id, person_id, staff_id, revision,
             previous_starts_at, state, attempts, due_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 0, $9, $9)",
        params![
            id,
            kind.code(),
            audience.code(),
            appointment,
            person,
            audience.staff(),
            revision,
            previous_starts_at,
            tx.now()
        ],
    )?;
    Ok(())
}

const COLUMNS: &str = "id, kind, audience, appointment_id, person_id, staff_id, revision,
    previous_starts_at, attempts";

fn leased(row: &Row<'_>) -> Result<Leased, Error> {
    let staff: Option<StaffId> = row.get(5)?;
    let audience = match (row.borrow(2)?, staff) {
        ("person", None) => Audience::Person,
        ("staff", Some(staff)) => Audience::Staff(staff),
        _ => return Err(Error::Decode("audience")),
    };
    Ok(Leased {
        id: row.get(0)?,
        kind: Kind::from_code(row.borrow(1)?).ok_or(Error::Decode("kind of message"))?,
        audience,
        about: About {
            appointment: row.get(3)?,
            person: row.get(4)?,
            revision: row.get(6)?,
            previous_starts_at: row.get(7)?,
        },
        attempt: row.get(8)?,
    })
}

/// Messages that were due at once when the clock was ahead of now are due now.
pub(super) fn pull_forward(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute(
        "update message set due_at = $1, created_at = $1
         where state = 'pending' and due_at > $1 and due_at = created_at",
        params![tx.now()],
    )?;
    Ok(())
}

pub(super) fn lease(tx: &Tx<'_>, until: Timestamp, limit: u32) -> Result<Vec<Leased>, Error> {
    // The state is asked for twice: an engine with several writers looks at it again when another
    // worker took the row in between. Outside, in a form that no index serves: else every pending
    // row is read to take a few.
    let sql = format!(
        "update message set state = 'sending', attempts = attempts + 1, lease_until = $2,
             handed_at = null
         where case state when 'pending' then 1 else 0 end = 1 and id in (
             select id from message where state = 'pending' and due_at <= $1
             order by due_at, id limit $3)
         returning {COLUMNS}, due_at"
    );
    let mut found: Vec<(Timestamp, Leased)> =
        tx.query(&sql, params![tx.now(), until, limit], |row| {
            Ok((row.get(9)?, leased(row)?))
        })?;
    // The engine gives them in any order.
    found.sort_by_key(|(due_at, message)| (*due_at, message.id));
    Ok(found.into_iter().map(|(_, message)| message).collect())
}

/// Messages whose lease ran out, and whether they were handed over before.
pub(super) fn lost(tx: &Tx<'_>, limit: u32) -> Result<Vec<(Leased, bool)>, Error> {
    let sql = format!(
        "select {COLUMNS}, case when handed_at is null then 0 else 1 end from message
         where state = 'sending' and lease_until <= $1 order by lease_until, id limit $2"
    );
    tx.query(&sql, params![tx.now(), limit], |row| {
        Ok((leased(row)?, row.get(9)?))
    })
}

/// When the next message is due or the next lease runs out.
pub(super) fn next_due(tx: &Tx<'_>) -> Result<Option<Timestamp>, Error> {
    let first = |sql| tx.query_opt(sql, &[], |row| row.get::<Option<Timestamp>>(0));
    let due = first("select min(due_at) from message where state = 'pending'")?;
    let lost = first("select min(lease_until) from message where state = 'sending'")?;
    Ok(due.into_iter().chain(lost).flatten().min())
}

pub(super) fn is_newest(tx: &Tx<'_>, message: &Leased) -> Result<bool, Error> {
    let later = tx.query_opt(
        "select 1 from message
         where appointment_id = $1 and audience = $2 and coalesce(staff_id, '') = coalesce($3, '')
           and revision > $4 limit 1",
        params![
            message.about.appointment,
            message.audience.code(),
            message.audience.staff(),
            message.about.revision
        ],
        |_| Ok(()),
    )?;
    Ok(later.is_none())
}

pub(super) fn any_sent(tx: &Tx<'_>) -> Result<bool, Error> {
    let any = |sql| tx.query_opt(sql, &[], |_| Ok(()));
    let told = any("select 1 from notice where state = 'sent' limit 1")?;
    let sent = any("select 1 from message where state = 'sent' limit 1")?;
    Ok(told.or(sent).is_some())
}

pub(super) fn hand_over(tx: &Tx<'_>, message: &Leased, until: Timestamp) -> Result<bool, Error> {
    let handed = tx.execute(
        "update message set handed_at = $3, lease_until = $4
         where id = $1 and attempts = $2 and state = 'sending'",
        params![message.id, message.attempt, tx.now(), until],
    )?;
    Ok(handed == 1)
}

/// Back to waiting. An answer that comes after the lease was lost still tells the truth.
pub(super) fn put_back(
    tx: &Tx<'_>,
    message: &Leased,
    due_at: Timestamp,
    code: Option<&str>,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update message set state = 'pending', due_at = $3, outcome = $4, lease_until = null,
             handed_at = null, settled_at = null
         where id = $1 and attempts = $2 and state in ('sending', 'unknown')",
        params![message.id, message.attempt, due_at, code],
    )?;
    Ok(changed == 1)
}

pub(super) fn settle(
    tx: &Tx<'_>,
    message: &Leased,
    state: State,
    code: Option<&str>,
) -> Result<bool, Error> {
    let changed = tx.execute(
        "update message set state = $3, outcome = $4, lease_until = null, settled_at = $5
         where id = $1 and attempts = $2 and (state = 'sending' or (state = 'unknown' and $3 <> 'unknown'))",
        params![message.id, message.attempt, state.code(), code, tx.now()],
    )?;
    Ok(changed == 1)
}

pub(super) fn release(tx: &Tx<'_>, message: &Leased) -> Result<(), Error> {
    tx.execute(
        "update message set state = 'pending', attempts = attempts - 1, lease_until = null
         where id = $1 and attempts = $2 and state = 'sending' and handed_at is null",
        params![message.id, message.attempt],
    )?;
    Ok(())
}

pub(super) fn state(tx: &Tx<'_>, id: MessageId) -> Result<Option<(State, Option<String>)>, Error> {
    tx.query_opt(
        "select state, outcome from message where id = $1",
        params![id],
        |row| {
            let state = State::from_code(row.borrow(0)?).ok_or(Error::Decode("state"))?;
            Ok((state, row.get(1)?))
        },
    )
}

pub(super) fn remove_settled(tx: &Tx<'_>, before: Timestamp, limit: u32) -> Result<usize, Error> {
    tx.execute(
        "delete from message where id in (
             select id from message
             where state in ('sent', 'dead', 'unknown', 'dropped') and due_at < $1 limit $2)",
        params![before, limit],
    )
}

pub(super) fn reassign(tx: &Tx<'_>, from: PersonId, to: PersonId) -> Result<Vec<MessageId>, Error> {
    tx.query(
        "update message set person_id = $2 where person_id = $1 returning id",
        params![from, to],
        |row| row.get(0),
    )
}

pub(super) fn assign(tx: &Tx<'_>, ids: &[MessageId], to: PersonId) -> Result<(), Error> {
    for id in ids {
        tx.execute(
            "update message set person_id = $2 where id = $1",
            params![id, to],
        )?;
    }
    Ok(())
}
