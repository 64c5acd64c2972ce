//! Links by which operators set a password, and what becomes of an account whose password one sets:
//! from then on it is whoever redeemed the link, and nothing that was said of or lent to whoever had it
//! before counts.

use jiff::Timestamp;

use super::Control;
use super::operators::{By, COLUMNS, end_sessions, find, read};
use crate::kit::{Actor, Entropy, OperatorId, TokenHash};
use crate::params;
use crate::store::operators::{LentState, Operator, OperatorActKind, OperatorState, Origin};
use crate::store::session::Session;
use crate::store::{Error, Migration};

/// Nobody knows any more whose links the accounts of before were used with, where operators made some.
pub(super) const MIGRATION: Migration = Migration {
    version: 8,
    name: "origins of operators",
    common: "alter table operator_account add column origin text;
    alter table operator_account add column held_since bigint;
    alter table operator_link add column origin text;
    update operator_account set origin = 'unknown'
        where id in (
            select subject from operator_act
            where act in ('operator_added', 'link_made') and author like 'operator:%'
        );
    update operator_link set origin = (
        select a.origin from operator_account a where a.id = operator_link.operator_id
    )",
    sqlite: "",
    postgres: "",
    rows: None,
};

pub(super) fn put_link(
    session: &Session,
    id: OperatorId,
    (hash, expires_at): (TokenHash, Timestamp),
    origin: Origin,
) -> Result<(), Error> {
    session.execute(
        "insert into operator_link (operator_id, token_hash, expires_at, origin)
         values ($1, $2, $3, $4)
         on conflict (operator_id) do update set token_hash = $2, expires_at = $3, origin = $4",
        params![id, hash, expires_at, origin.stored()],
    )?;
    Ok(())
}

/// Ends what an account had: sessions, and the ways into organizations.
fn end_what_was_before(session: &Session, id: OperatorId) -> Result<(), Error> {
    end_sessions(session, id, None)?;
    session.execute(
        "delete from operator_entry where operator_id = $1",
        params![id],
    )?;
    session.execute(
        "update operator_lent set state = $2 where operator_id = $1 and state = $3",
        params![id, LentState::Ended.code(), LentState::Granted.code()],
    )?;
    Ok(())
}

impl Control {
    /// A new link for an active account; the one before is dead. An operator makes one only for an
    /// account that nobody has set a password of, or they could become somebody else by it.
    pub fn link_operator(
        &self,
        id: OperatorId,
        (hash, expires_at): (TokenHash, Timestamp),
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let found = find(session, id)?;
            let Some(one) = found.filter(|one| one.state == OperatorState::Active) else {
                return Ok(false);
            };
            let origin = by.origin(session)?;
            if !may_redeem(&one, origin) {
                return Err(Error::Constraint("operator.password".to_owned()));
            }
            put_link(session, id, (hash, expires_at), origin)?;
            by.record(session, OperatorActKind::LinkMade, &id.to_string(), "")?;
            Ok(true)
        })
    }

    /// Whose link it is, as long as it works.
    pub fn operator_of_link(
        &self,
        hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Operator>, Error> {
        let sql = format!(
            "select {COLUMNS} from operator_link l join operator_account a on a.id = l.operator_id
             where l.token_hash = $1 and l.expires_at > $2 and a.state = $3
                 and (a.password is null or l.origin is null)"
        );
        let active = OperatorState::Active.code();
        self.with(|session| session.query_opt(&sql, params![hash, now, active], read))
    }

    /// Uses a link up: sets the password, ends every session and way into an organization from before,
    /// and takes back what was said of the account.
    pub fn redeem_operator_link(
        &self,
        hash: TokenHash,
        password: &str,
        (now, entropy): (Timestamp, &Entropy),
    ) -> Result<Option<OperatorId>, Error> {
        self.with(|session| {
            let used = session.query_opt(
                "delete from operator_link where token_hash = $1 and expires_at > $2
                 returning operator_id, origin",
                params![hash, now],
                |row| Ok((row.get::<OperatorId>(0)?, Origin::from_stored(row.get(1)?)?)),
            )?;
            let Some((id, origin)) = used else {
                return Ok(None);
            };
            let found = find(session, id)?;
            let works =
                |one: &Operator| one.state == OperatorState::Active && may_redeem(one, origin);
            if !found.as_ref().is_some_and(works) {
                return Ok(None);
            }
            session.execute(
                "update operator_account set password = $2, origin = $3, held_since = $4,
                     kind = 'own', register_entry = null, qualified_until = null,
                     confidentiality_signed_at = null
                 where id = $1",
                params![id, password, origin.stored(), now],
            )?;
            end_what_was_before(session, id)?;
            let author = Actor::operator(id);
            let by = By {
                author: &author,
                now,
                entropy,
            };
            by.record(
                session,
                OperatorActKind::PasswordSet,
                &id.to_string(),
                "link",
            )?;
            Ok(Some(id))
        })
    }
}

/// Whether a link from there may set the account's password.
fn may_redeem(one: &Operator, origin: Origin) -> bool {
    !one.has_password || origin == Origin::Server
}
