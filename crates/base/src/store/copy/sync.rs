//! Making one database hold what another holds, by the difference of their rows. Doing it again
//! costs reading, and writes only what changed meanwhile.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::super::session::Session;
use super::super::{Error, Value};
use super::reader::insert;
use super::row::{Copied, Digesting, Reading, TableDigest, write};
use super::shape::{Shape, Table};

/// Rows after which what was only added is committed, so that a copy that is cut short goes on from
/// there.
const ROWS_A_COMMIT: u64 = 5_000;

/// What one pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::store) struct Synced {
    /// Rows that were written or removed.
    pub changed: u64,
    /// What the source held, table by table in the order of the shape.
    pub digests: Vec<TableDigest>,
}

/// How a table differs.
#[derive(Default)]
struct Difference {
    /// Keys of rows that the target must lose, being gone or different.
    removed: Vec<Copied>,
    /// Rows that it lacks, among those it has.
    added: Vec<Copied>,
    /// From here on it has none: after this key, or at all.
    rest: Rest,
}

#[derive(Default)]
enum Rest {
    #[default]
    None,
    All,
    After(Copied),
}

/// Makes the tables of `target` equal to those of `source`, both within transactions of their own:
/// `source` a snapshot or held still, `target` one whose references may be broken until it commits
/// ([`let_references_wait`]). `commit` commits and begins anew; it is called only where what was
/// written so far may stand by itself. `told` is given rows read and rows to read.
pub(in crate::store) fn sync(
    (source, target): (&Session, &Session),
    shape: &Shape,
    mut commit: impl FnMut() -> Result<(), Error>,
    mut told: impl FnMut(u64) -> Result<(), Error>,
) -> Result<Synced, Error> {
    let mut synced = Synced::default();
    let mut differences = Vec::with_capacity(shape.tables.len());
    let mut read = 0;
    for table in &shape.tables {
        let (difference, digest) = compare(source, target, table, |rows| {
            read += rows;
            told(read)
        })?;
        synced.digests.push(digest);
        differences.push(difference);
    }
    for (table, difference) in shape.tables.iter().zip(&differences).rev() {
        remove(target, table, &difference.removed)?;
        synced.changed += difference.removed.len() as u64;
    }
    let only_adds = synced.changed == 0;
    let mut uncommitted = 0;
    for (table, difference) in shape.tables.iter().zip(&differences) {
        insert(target, table, &difference.added)?;
        synced.changed += difference.added.len() as u64;
        let mut reading = match &difference.rest {
            Rest::None => continue,
            Rest::All => Reading::new(table),
            Rest::After(key) => Reading::after(table, key.clone()),
        };
        loop {
            let rows = reading.next(source)?;
            if rows.is_empty() {
                break;
            }
            insert(target, table, &rows)?;
            synced.changed += rows.len() as u64;
            uncommitted += rows.len() as u64;
            if only_adds && !table.refers_to_itself && uncommitted >= ROWS_A_COMMIT {
                commit()?;
                uncommitted = 0;
            }
            told(read)?;
        }
    }
    Ok(synced)
}

/// Reads both tables beside each other.
fn compare(
    source: &Session,
    target: &Session,
    table: &Table,
    mut told: impl FnMut(u64) -> Result<(), Error>,
) -> Result<(Difference, TableDigest), Error> {
    let mut digesting = Digesting::default();
    let mut difference = Difference::default();
    let (mut ours, mut theirs) = (Reading::new(table), Reading::new(table));
    let mut known: VecDeque<Copied> = theirs.next(target)?.into();
    let mut is_over = known.is_empty();
    if is_over {
        difference.rest = Rest::All;
    }
    let mut last = None;
    let mut written = Vec::new();
    loop {
        let rows = ours.next(source)?;
        if rows.is_empty() {
            break;
        }
        told(rows.len() as u64)?;
        written.clear();
        for row in &rows {
            write(row, &mut written);
        }
        digesting.add(rows.len() as u64, &written);
        if is_over {
            continue;
        }
        for row in rows {
            loop {
                if known.is_empty() {
                    known = theirs.next(target)?.into();
                    if known.is_empty() && !is_over {
                        is_over = true;
                        // Nothing before this one is missing any more.
                        difference.rest = last.take().map_or(Rest::All, Rest::After);
                    }
                }
                let Some(first) = known.front() else { break };
                match order(first, &row, table.key) {
                    Ordering::Less => difference.removed.extend(known.pop_front()),
                    Ordering::Greater => {
                        difference.added.push(row.clone());
                        break;
                    }
                    Ordering::Equal if *first == row => {
                        known.pop_front();
                        break;
                    }
                    Ordering::Equal => {
                        difference.removed.extend(known.pop_front());
                        difference.added.push(row.clone());
                        break;
                    }
                }
            }
            if is_over {
                break;
            }
            last = Some(row);
        }
    }
    loop {
        difference.removed.extend(known.drain(..));
        known = theirs.next(target)?.into();
        if known.is_empty() {
            break;
        }
    }
    Ok((difference, digesting.end()))
}

/// The order of two rows by their keys, as the engines have it: texts and bytes by their bytes.
fn order(one: &[Value<'_>], other: &[Value<'_>], key: usize) -> Ordering {
    let pairs = one.iter().zip(other).take(key);
    let orders = pairs.map(|(one, other)| match (one, other) {
        (Value::Int(one), Value::Int(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        _ => kind(one).cmp(&kind(other)),
    });
    orders
        .into_iter()
        .find(|found| *found != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

fn kind(value: &Value<'_>) -> u8 {
    match value {
        Value::Null => 0,
        Value::Int(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    }
}

fn remove(target: &Session, table: &Table, rows: &[Copied]) -> Result<(), Error> {
    let places: Vec<String> = (table.columns[..table.key].iter().enumerate())
        .map(|(at, name)| format!("\"{name}\" = ${}", at + 1))
        .collect();
    let sql = format!(
        "delete from \"{}\" where {}",
        table.name,
        places.join(" and ")
    );
    for row in rows {
        target.execute(&sql, &row[..table.key])?;
    }
    Ok(())
}

/// Lets references of the target be broken until its transaction commits, or no longer.
pub(in crate::store) fn let_references_wait(target: &Session, wait: bool) -> Result<(), Error> {
    if let Session::Sqlite(_) = target {
        // Ends with the transaction.
        return target.batch("pragma defer_foreign_keys = on");
    }
    let found: Vec<(String, String)> = target.query(
        "select cast(r.relname as text), cast(c.conname as text)
         from pg_constraint c join pg_class r on r.oid = c.conrelid
         join pg_namespace n on n.oid = c.connamespace
         where c.contype = 'f' and n.nspname = current_schema() and c.condeferrable <> cast($1 as bool)
         order by 1, 2",
        crate::params![wait],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let how = if wait {
        "deferrable initially deferred"
    } else {
        "not deferrable"
    };
    for (table, constraint) in found {
        target.batch(&format!(
            "alter table \"{table}\" alter constraint \"{constraint}\" {how}"
        ))?;
    }
    Ok(())
}
