use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, KeyId, Tx};

use crate::access::factor::{Factor, Failures};
use crate::access::totp::TotpSecret;
use crate::ids::MemberId;

fn place(member: MemberId) -> String {
    format!("factor.sealed_secret {member}")
}

/// Writes a factor down that is not confirmed, with a fresh key.
pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    member: MemberId,
    secret: &TotpSecret,
) -> Result<(), Error> {
    let (key_id, key) = tx.person_keys()?.fresh()?;
    let sealed = key.seal_bytes(&place(member), secret.bytes(), tx.entropy());
    tx.execute(
        "insert into factor (member_id, key_id, sealed_secret, proposed_at, last_step, failures,
             failing_since)
         values ($1, $2, $3, $4, 0, 0, 0)",
        params![member, key_id, sealed, tx.now()],
    )?;
    Ok(())
}

/// Without its secret where its key was destroyed.
pub(in crate::access) fn load(tx: &Tx<'_>, member: MemberId) -> Result<Option<Factor>, Error> {
    let found = tx.query_opt(
        "select key_id, sealed_secret, proposed_at, confirmed_at, last_step, failures,
             failing_since
         from factor where member_id = $1",
        params![member],
        |row| {
            let factor = Factor {
                secret: None,
                proposed_at: row.get(2)?,
                is_confirmed: row.get::<Option<Timestamp>>(3)?.is_some(),
                last_step: row.get::<i64>(4)?.unsigned_abs(),
                failures: Failures {
                    count: row.get(5)?,
                    since: row.get(6)?,
                },
            };
            Ok((row.get::<KeyId>(0)?, row.get::<Vec<u8>>(1)?, factor))
        },
    )?;
    let Some((key_id, sealed, factor)) = found else {
        return Ok(None);
    };
    let secret = match tx.person_keys()?.get(key_id)? {
        Some(key) => {
            let bytes = key.open_bytes(&place(member), &sealed)?;
            Some(TotpSecret::from_bytes(&bytes).ok_or(Error::Decode("factor"))?)
        }
        None => None,
    };
    Ok(Some(Factor { secret, ..factor }))
}

pub(in crate::access) fn members(tx: &Tx<'_>) -> Result<Vec<MemberId>, Error> {
    tx.query(
        "select member_id from factor where confirmed_at is not null",
        &[],
        |row| row.get(0),
    )
}

pub(in crate::access) fn confirm(tx: &Tx<'_>, member: MemberId, step: u64) -> Result<(), Error> {
    tx.execute(
        "update factor set confirmed_at = $2, last_step = $3 where member_id = $1",
        params![member, tx.now(), stored(step)],
    )?;
    Ok(())
}

pub(in crate::access) fn note_step(tx: &Tx<'_>, member: MemberId, step: u64) -> Result<(), Error> {
    tx.execute(
        "update factor set last_step = $2, failures = 0, failing_since = 0 where member_id = $1",
        params![member, stored(step)],
    )?;
    Ok(())
}

fn stored(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

pub(in crate::access) fn note_failures(
    tx: &Tx<'_>,
    member: MemberId,
    failures: Failures,
) -> Result<(), Error> {
    tx.execute(
        "update factor set failures = $2, failing_since = $3 where member_id = $1",
        params![member, failures.count, failures.since],
    )?;
    Ok(())
}

/// The factor goes with its recovery codes; its key is destroyed once that is durable.
pub(in crate::access) fn remove(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    let key = tx.query_opt(
        "select key_id from factor where member_id = $1",
        params![member],
        |row| row.get::<KeyId>(0),
    )?;
    if let Some(key) = key {
        tx.retire_key(key)?;
        tx.execute("delete from factor where member_id = $1", params![member])?;
    }
    remove_recovery_codes(tx, member)
}

/// Factors that were begun before `before` and never confirmed.
pub(in crate::access) fn remove_stale(tx: &Tx<'_>, before: Timestamp) -> Result<usize, Error> {
    let stale = tx.query(
        "select member_id from factor where confirmed_at is null and proposed_at <= $1",
        params![before],
        |row| row.get::<MemberId>(0),
    )?;
    for member in &stale {
        remove(tx, *member)?;
    }
    Ok(stale.len())
}

pub(in crate::access) fn insert_recovery_code(
    tx: &Tx<'_>,
    member: MemberId,
    hash: TokenHash,
) -> Result<(), Error> {
    tx.execute(
        "insert into recovery_code (code_hash, member_id, made_at) values ($1, $2, $3)",
        params![hash, member, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn count_recovery_codes(
    tx: &Tx<'_>,
    member: MemberId,
) -> Result<usize, Error> {
    let count = tx.query_opt(
        "select count(*) from recovery_code where member_id = $1",
        params![member],
        |row| row.get::<i64>(0),
    )?;
    Ok(count
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0))
}

pub(in crate::access) fn remove_recovery_code(
    tx: &Tx<'_>,
    member: MemberId,
    hash: TokenHash,
) -> Result<bool, Error> {
    let removed = tx.execute(
        "delete from recovery_code where member_id = $1 and code_hash = $2",
        params![member, hash],
    )?;
    Ok(removed == 1)
}

pub(in crate::access) fn remove_recovery_codes(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from recovery_code where member_id = $1",
        params![member],
    )?;
    Ok(())
}
