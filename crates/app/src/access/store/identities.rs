use kept_base::kit::TokenHash;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::Identity;
use crate::ids::{IdentityId, MemberId};

pub(in crate::access) fn find(
    tx: &Tx<'_>,
    issuer: &str,
    subject: &str,
) -> Result<Option<Identity>, Error> {
    tx.query_opt(
        "select id, member_id, issuer, linked_at from identity
         where issuer = $1 and subject = $2",
        params![issuer, subject],
        |row| {
            Ok(Identity {
                id: row.get(0)?,
                member: row.get(1)?,
                issuer: row.get(2)?,
                linked_at: row.get(3)?,
            })
        },
    )
}

pub(in crate::access) fn of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<Identity>, Error> {
    tx.query(
        "select id, member_id, issuer, linked_at from identity where member_id = $1
         order by linked_at, id",
        params![member],
        |row| {
            Ok(Identity {
                id: row.get(0)?,
                member: row.get(1)?,
                issuer: row.get(2)?,
                linked_at: row.get(3)?,
            })
        },
    )
}

pub(in crate::access) fn insert(
    tx: &Tx<'_>,
    (id, member): (IdentityId, MemberId),
    issuer: &str,
    subject: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into identity (id, member_id, issuer, subject, linked_at)
         values ($1, $2, $3, $4, $5)",
        params![id, member, issuer, subject, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn note(tx: &Tx<'_>, id: IdentityId) -> Result<(), Error> {
    tx.execute(
        "update identity set used_at = $2 where id = $1",
        params![id, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_all(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute("delete from identity where member_id = $1", params![member])?;
    Ok(())
}

/// Of this identity and of this session of the provider, where they are given; what began by the identity in a
/// session that the provider did not name may be it.
pub(in crate::access) fn end_sessions(
    tx: &Tx<'_>,
    identity: Option<IdentityId>,
    sid: Option<TokenHash>,
) -> Result<usize, Error> {
    let mut ended = 0;
    for table in ["session", "pending_sign_in"] {
        let all = format!("delete from {table} where identity_id is not null");
        ended += match (identity, sid) {
            (Some(identity), Some(sid)) => tx.execute(
                &format!(
                    "{all} and identity_id = $1
                       and (provider_sid = $2 or provider_sid is null)"
                ),
                params![identity, sid],
            )?,
            (Some(identity), None) => {
                tx.execute(&format!("{all} and identity_id = $1"), params![identity])?
            }
            (None, Some(sid)) => {
                tx.execute(&format!("{all} and provider_sid = $1"), params![sid])?
            }
            (None, None) => tx.execute(&all, &[])?,
        };
    }
    Ok(ended)
}

/// Reads what is stored of a provider's session.
pub(super) fn sid(stored: Option<Vec<u8>>) -> Result<Option<TokenHash>, Error> {
    let hash = stored.map(|bytes| bytes.try_into().map(TokenHash));
    hash.transpose()
        .map_err(|_| Error::Decode("provider session"))
}
