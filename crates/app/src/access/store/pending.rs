use jiff::Timestamp;
use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::{identities, members};
use crate::access::identities::ByProvider;
use crate::access::sessions::Began;
use crate::access::{Member, Stage};
use crate::ids::{IdentityId, MemberId};

/// A sign-in that waits.
pub(in crate::access) struct Pending {
    pub member: Member,
    pub stage: Stage,
    pub began: Began,
}

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    hash: TokenHash,
    member: MemberId,
    (stage, began): (Stage, &Began),
    expires_at: Timestamp,
) -> Result<(), Error> {
    let by = began.by_provider;
    tx.execute(
        "insert into pending_sign_in (token_hash, member_id, stage, by_passkey, past_networks,
             failures, expires_at, identity_id, provider_sid, provider_factors)
         values ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)",
        params![
            hash,
            member,
            stage.code(),
            began.by_passkey,
            began.past_networks,
            expires_at,
            by.map(|by| by.identity),
            by.and_then(|by| by.sid),
            by.map_or(0, |by| by.factors())
        ],
    )?;
    Ok(())
}

/// The sign-in of that token, while it waits.
pub(in crate::access) fn load(tx: &Tx<'_>, hash: TokenHash) -> Result<Option<Pending>, Error> {
    let found = tx.query_opt(
        "select member_id, stage, by_passkey, past_networks, identity_id, provider_sid,
             provider_factors
         from pending_sign_in where token_hash = $1 and expires_at > $2",
        params![hash, tx.now()],
        |row| {
            let stage = Stage::from_code(row.borrow(1)?).ok_or(Error::Decode("stage"))?;
            let by_provider = match row.get::<Option<IdentityId>>(4)? {
                Some(identity) => Some(ByProvider {
                    identity,
                    sid: identities::sid(row.get(5)?)?,
                    two_factors: row.get::<i64>(6)? > 1,
                    is_fresh: true,
                }),
                None => None,
            };
            let began = Began {
                by_passkey: row.get(2)?,
                past_networks: row.get(3)?,
                by_provider,
            };
            Ok((row.get::<MemberId>(0)?, stage, began))
        },
    )?;
    let Some((id, stage, began)) = found else {
        return Ok(None);
    };
    let member = members::by_id(tx, id)?;
    Ok(member.map(|member| Pending {
        member,
        stage,
        began,
    }))
}

/// Lets it wait until then.
pub(in crate::access) fn extend(
    tx: &Tx<'_>,
    hash: TokenHash,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "update pending_sign_in set expires_at = $2 where token_hash = $1",
        params![hash, expires_at],
    )?;
    Ok(())
}

/// One more failure; tells how many there are.
pub(in crate::access) fn fail(tx: &Tx<'_>, hash: TokenHash) -> Result<u32, Error> {
    let counted = tx.query_opt(
        "update pending_sign_in set failures = failures + 1 where token_hash = $1
         returning failures",
        params![hash],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(u32::MAX))
}

pub(in crate::access) fn remove(tx: &Tx<'_>, hash: TokenHash) -> Result<(), Error> {
    tx.execute(
        "delete from pending_sign_in where token_hash = $1",
        params![hash],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_all(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from pending_sign_in where member_id = $1",
        params![member],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from pending_sign_in where expires_at <= $1",
        params![tx.now()],
    )
}
