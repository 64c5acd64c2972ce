//! Sessions: a member's signed-in browser, known by a token that is stored as a hash. A new one at
//! every sign-in, dead at sign-out, at once when the member is suspended or removed.

use kept_base::kit::Token;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::{Grants, Member, MemberState, role_limits, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, SessionId};

/// How long a session lives at most, in hours.
pub const SESSION_HOURS: i64 = 24 * 14;
/// How long a session lives without being used, in hours.
pub const SESSION_IDLE_HOURS: i64 = 24;
/// A session's last use is written down at most this often, in minutes.
const SEEN_MINUTES: i64 = 10;

const PURPOSE: &str = "session";

/// A session that is alive, and whose.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub member: Member,
    /// What they may do.
    pub grants: Grants,
    /// Whether its use should be written down again ([`note_session`]).
    pub use_is_news: bool,
}

/// Starts a session; the token goes into the member's cookie and nowhere else.
///
/// # Errors
/// Those of the store.
pub fn start_session(tx: &Tx<'_>, member: MemberId) -> Result<Token, Error> {
    let id = SessionId::new(tx.now(), tx.entropy());
    let token = Token::session(tx.entropy());
    let expires_at = plus_minutes(tx.now(), SESSION_HOURS * 60);
    store::members::insert_session(tx, id, token.hash(PURPOSE), member, expires_at)?;
    audit::record(tx, Act::SessionStarted, id, &member.to_string())?;
    Ok(token)
}

/// Recognizes the token of a living session of an active member.
///
/// # Errors
/// Those of the store.
pub fn session(tx: &Tx<'_>, token: &Token) -> Result<Option<Session>, Error> {
    let idle_since = plus_minutes(tx.now(), -SESSION_IDLE_HOURS * 60);
    let noted_before = plus_minutes(tx.now(), -SEEN_MINUTES);
    let found = store::members::session(tx, token.hash(PURPOSE), idle_since)?;
    let active = found.filter(|(_, _, member)| member.state == MemberState::Active);
    let Some((id, seen_at, member)) = active else {
        return Ok(None);
    };
    Ok(Some(Session {
        id,
        use_is_news: seen_at < noted_before,
        grants: member.grants(role_limits::limits(tx)?),
        member,
    }))
}

/// Writes down that a session was used.
///
/// # Errors
/// Those of the store.
pub fn note_session(tx: &Tx<'_>, id: SessionId) -> Result<(), Error> {
    tx.keep_revision();
    store::members::note_session(tx, id)
}

/// Ends one session.
///
/// # Errors
/// Those of the store.
pub fn end_session(tx: &Tx<'_>, id: SessionId) -> Result<(), Error> {
    if store::members::end_session(tx, id)? {
        audit::record(tx, Act::SessionEnded, id, "")?;
    }
    Ok(())
}

/// Ends every session of a member but `except`.
///
/// # Errors
/// Those of the store.
pub fn end_sessions(tx: &Tx<'_>, member: MemberId, except: Option<SessionId>) -> Result<(), Error> {
    if store::members::end_sessions(tx, member, except)? > 0 {
        audit::record(tx, Act::SessionEnded, member, "all")?;
    }
    Ok(())
}
