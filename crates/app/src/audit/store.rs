use std::array;

use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use super::Entry;
use super::find::{Author, MAX_ACT_KINDS, Wanted};

pub(super) fn append(tx: &Tx<'_>, act: &str, subject: &str, detail: &str) -> Result<(), Error> {
    tx.execute(
        "insert into act (sequence, at, actor, act, subject, detail)
         values ((select coalesce(max(sequence), 0) + 1 from act), $1, $2, $3, $4, $5)",
        params![tx.now(), tx.actor().to_string(), act, subject, detail],
    )?;
    Ok(())
}

pub(super) fn after(tx: &Tx<'_>, sequence: i64, limit: u32) -> Result<Vec<Entry>, Error> {
    tx.query(
        "select sequence, at, actor, act, subject, detail from act
         where sequence > $1 order by sequence limit $2",
        params![sequence, limit],
        entry,
    )
}

/// The code stands in the statement itself: an index over acts of one kind serves only such.
pub(super) fn last(tx: &Tx<'_>, act: &'static str, detail: &str) -> Result<Option<Entry>, Error> {
    let sql = format!(
        "select sequence, at, actor, act, subject, detail from act
         where act = '{act}' and detail = $1 order by sequence desc limit 1"
    );
    tx.query_opt(&sql, params![detail], entry)
}

fn entry(row: &Row<'_>) -> Result<Entry, Error> {
    Ok(Entry {
        sequence: row.get(0)?,
        at: row.get(1)?,
        actor: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        detail: row.get(5)?,
    })
}

pub(super) fn of(tx: &Tx<'_>, subject: &str, limit: u32) -> Result<Vec<Entry>, Error> {
    tx.query(
        "select sequence, at, actor, act, subject, detail from act
         where subject = $1 order by sequence desc limit $2",
        params![subject, limit],
        entry,
    )
}

/// The number of the newest act; 0 when there is none.
pub(super) fn newest(tx: &Tx<'_>) -> Result<i64, Error> {
    let sql = "select sequence from act order by sequence desc limit 1";
    Ok(tx.query_opt(sql, &[], |row| row.get(0))?.unwrap_or(0))
}

/// When the act with that number was done.
pub(super) fn at(tx: &Tx<'_>, sequence: i64) -> Result<Option<Timestamp>, Error> {
    let sql = "select at from act where sequence = $1";
    tx.query_opt(sql, params![sequence], |row| row.get(0))
}

/// The acts numbered from `from` to before `to` that are wanted, newest first.
pub(super) fn matching(
    tx: &Tx<'_>,
    wanted: &Wanted,
    (from, to): (i64, i64),
    limit: usize,
) -> Result<Vec<Entry>, Error> {
    let (one, kind) = match &wanted.author {
        Some(Author::One(one)) => (Some(one.as_str()), None),
        Some(Author::Kind(kind)) => (None, Some(kind.code())),
        None => (None, None),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // Each a statement of its own, so that the one with a thing finds its index.
    let of_thing = match wanted.subject {
        Some(_) => "subject = $6",
        None => "cast($6 as text) is null",
    };
    let sql = format!(
        "select sequence, at, actor, act, subject, detail from act
         where sequence >= $1 and sequence < $2 and {of_thing}
           and (cast($3 as text) is null or actor = $3)
           and (cast($4 as text) is null or actor = $4 or actor like $4 || ':%')
           and (cast($9 as text) is null
                or act || '.' like $9 or act || '.' like $10 or act || '.' like $11 or act || '.' like $12
                or act || '.' like $13 or act || '.' like $14 or act || '.' like $15 or act || '.' like $16
                or act || '.' like $17 or act || '.' like $18 or act || '.' like $19 or act || '.' like $20)
           and (cast($5 as bigint) is null or at >= $5)
           and (cast($7 as bigint) is null or at < $7)
         order by sequence desc limit $8"
    );
    let starts = wanted.groups.unwrap_or_default();
    // Fewer kinds than places: the first one fills what is left.
    let kinds: [Option<String>; MAX_ACT_KINDS] = array::from_fn(|place| {
        let start = starts.get(place).or(starts.first());
        start.map(|start| format!("{start}.%"))
    });
    let [k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12] = &kinds;
    let (since, until, subject) = (wanted.from, wanted.until, wanted.subject.as_deref());
    tx.query(
        &sql,
        params![
            from, to, one, kind, since, subject, until, limit, k1, k2, k3, k4, k5, k6, k7, k8, k9,
            k10, k11, k12
        ],
        entry,
    )
}
