//! Sessions: a member's signed-in browser, known by a token that is stored as a hash. A new one at
//! every sign-in, dead at sign-out, at once when the member is suspended or removed, and where the
//! member's role needs a second factor that they have not and no passkey stood for it. It is shown from
//! somewhere: outside of the networks of the member's role it opens nothing.

use std::net::IpAddr;

use jiff::Timestamp;
use kept_base::kit::Token;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::device::Device;
use super::identities::ByProvider;
use super::networks::{self, Standpoint};
use super::past_networks::PAST_NETWORKS_MINUTES;
use super::rules::{self, SignInRules};
use super::{FactorState, Grants, Member, MemberState, Role, factor_state, role_limits, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, SessionId};
use crate::policy::May;
use crate::policy::rights::UseAccount;

/// How long a session lives at most, in hours, where the organization says nothing else.
pub const SESSION_HOURS: u32 = 24 * 14;
/// How long a session lives without being used, in hours, where the organization says nothing else.
pub const SESSION_IDLE_HOURS: u32 = 24;
/// Acts that would let a stranger stay ask for the password or a code again when the last was given
/// longer ago than this, in minutes.
pub const PROOF_MINUTES: i64 = 15;

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
    /// When it ends, unless it is used again.
    pub ends_at: Timestamp,
}

/// What a session's token opens, from where it is shown.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Nothing: it is unknown or over.
    Nothing,
    /// Nothing from there: the session lives, and its member's role comes in from elsewhere.
    Outside(Box<Member>),
    /// The session.
    In(Box<Session>),
}

impl Shown {
    /// The session, where it opens one.
    #[must_use]
    pub fn session(self) -> Option<Session> {
        match self {
            Self::In(session) => Some(*session),
            Self::Nothing | Self::Outside(_) => None,
        }
    }
}

/// A session as its member sees it.
#[derive(Debug, Clone)]
pub struct SessionEntry {
    /// Its id.
    pub id: SessionId,
    /// The browser that it is in.
    pub device: Device,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was used last, to within some minutes.
    pub seen_at: Timestamp,
}

/// What is stored of a session, and of its member.
pub(super) struct Found {
    pub id: SessionId,
    pub member: Member,
    pub has_factor: bool,
    /// It began with a passkey, and the member has one still.
    pub by_passkey: bool,
    /// A link by mail stood for the network when it began.
    pub past_networks: bool,
    /// For so many factors the provider vouched; 0 where it began otherwise.
    pub provider_factors: u32,
    /// Whether the organization lets members in by the provider alone.
    pub is_provider_only_way: bool,
    pub began_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// How a session began.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Began {
    pub by_passkey: bool,
    /// It holds in spite of networks, and not for long.
    pub past_networks: bool,
    pub by_provider: Option<ByProvider>,
}

impl Found {
    fn is_alive(&self, rules: &SignInRules, now: Timestamp) -> bool {
        let is_strong = self.has_factor || self.by_passkey || self.provider_factors > 1;
        let is_beside_provider = self.is_provider_only_way
            && self.provider_factors == 0
            && self.member.role != Role::Owner;
        let lacks_factor = rules.needs_factor(self.member.role) && !is_strong;
        let ends_at = rules.ends(self.began_at, self.seen_at).min(self.expires_at);
        let is_allowed = !lacks_factor && !is_beside_provider;
        self.member.state == MemberState::Active && is_allowed && now < ends_at
    }
}

/// Starts a session; the token goes into the member's cookie and nowhere else.
///
/// # Errors
/// Those of the store.
pub fn start_session(tx: &Tx<'_>, member: MemberId, device: Device) -> Result<Token, Error> {
    start(tx, member, device, (&Began::default(), "password"))
}

/// The same, which knows how it began and by which means, as the audit log names them.
pub(super) fn start(
    tx: &Tx<'_>,
    member: MemberId,
    device: Device,
    (began, means): (&Began, &str),
) -> Result<Token, Error> {
    let id = SessionId::new(tx.now(), tx.entropy());
    let token = Token::session(tx.entropy());
    let minutes = i64::from(rules::sign_in_rules(tx)?.session_hours) * 60;
    let minutes = match began.past_networks {
        true => minutes.min(PAST_NETWORKS_MINUTES),
        false => minutes,
    };
    let expires_at = plus_minutes(tx.now(), minutes);
    // What the provider remembered from yesterday proves nothing about who sits there now.
    let is_proof = began.by_provider.is_none_or(|by| by.is_fresh);
    let proved_at = if is_proof {
        tx.now()
    } else {
        Timestamp::UNIX_EPOCH
    };
    store::sessions::insert(
        tx,
        (id, member),
        token.hash(PURPOSE),
        (&device.code(), began),
        (proved_at, expires_at),
    )?;
    audit::record(tx, Act::SessionStarted, id, &format!("{member} {means}"))?;
    Ok(token)
}

/// Recognizes the token of a living session of an active member, shown from that address.
///
/// # Errors
/// Those of the store.
pub fn session(tx: &Tx<'_>, token: &Token, from: Option<IpAddr>) -> Result<Shown, Error> {
    let Some(found) = store::sessions::load(tx, token.hash(PURPOSE))? else {
        return Ok(Shown::Nothing);
    };
    let (rules, now) = (rules::sign_in_rules(tx)?, tx.now());
    if !found.is_alive(&rules, now) {
        return Ok(Shown::Nothing);
    }
    let role = found.member.role;
    let who = Standpoint {
        role: Some(role),
        from,
    };
    let is_past_networks = found.past_networks && role == Role::Owner;
    if !is_past_networks && !networks::is_let_in(tx, who)? {
        return Ok(Shown::Outside(Box::new(found.member)));
    }
    let noted_before = plus_minutes(now, -rules.noted_every_minutes());
    let use_is_news = found.seen_at < noted_before;
    let seen_at = if use_is_news { now } else { found.seen_at };
    Ok(Shown::In(Box::new(Session {
        id: found.id,
        use_is_news,
        ends_at: rules.ends(found.began_at, seen_at).min(found.expires_at),
        grants: found.member.grants(role_limits::limits(tx)?),
        member: found.member,
    })))
}

/// Whether a session of a member would outlive a rule that their role needs a second factor: they
/// have one, or it began with a passkey that they have still.
///
/// # Errors
/// Those of the store.
pub fn is_by_two_factors(tx: &Tx<'_>, member: MemberId, id: SessionId) -> Result<bool, Error> {
    let (by_passkey, provider_factors) = store::sessions::began(tx, id)?;
    let by_passkey = by_passkey && store::passkeys::has_any(tx, member)?;
    Ok(by_passkey || provider_factors > 1 || factor_state(tx, member)? == FactorState::On)
}

/// Writes down that a session was used.
///
/// # Errors
/// Those of the store.
pub fn note_session(tx: &Tx<'_>, id: SessionId) -> Result<(), Error> {
    tx.keep_revision();
    store::sessions::note(tx, id)
}

/// When a session ends unless it is used again; `None` when there is no such session.
///
/// # Errors
/// Those of the store.
pub fn session_ends_at(tx: &Tx<'_>, id: SessionId) -> Result<Option<Timestamp>, Error> {
    let rules = rules::sign_in_rules(tx)?;
    let times = store::sessions::times(tx, id)?;
    Ok(times.map(|(began, seen, expires)| rules.ends(began, seen).min(expires)))
}

/// A member's sessions, the one used last first.
///
/// # Errors
/// Those of the store.
pub fn sessions_of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<SessionEntry>, Error> {
    let rules = rules::sign_in_rules(tx)?;
    let mut all = store::sessions::of(tx, member)?;
    all.retain(|session| tx.now() < rules.ends(session.began_at, session.seen_at));
    Ok(all)
}

/// Whether whoever uses the session has given the password or a code within [`PROOF_MINUTES`].
///
/// # Errors
/// Those of the store.
pub fn is_proved(tx: &Tx<'_>, id: SessionId) -> Result<bool, Error> {
    let proved_at = store::sessions::proved_at(tx, id)?;
    let since = plus_minutes(tx.now(), -PROOF_MINUTES);
    // One that lies ahead was given before the clock was set back.
    Ok(proved_at.is_some_and(|at| since < at && at <= tx.now()))
}

/// Writes down that whoever uses the session has just given the password or a code. It goes on by the token
/// that is answered: whoever knew the one before, from a browser or a log, has not given anything (ASVS 7.2.4).
///
/// # Errors
/// Those of the store.
pub fn prove_session(tx: &Tx<'_>, id: SessionId) -> Result<Token, Error> {
    tx.keep_revision();
    let token = Token::session(tx.entropy());
    store::sessions::prove(tx, id, token.hash(PURPOSE))?;
    audit::record(tx, Act::SessionProved, id, "")?;
    Ok(token)
}

/// Ends one session.
///
/// # Errors
/// Those of the store.
pub fn end_session(tx: &Tx<'_>, id: SessionId) -> Result<(), Error> {
    if store::sessions::end(tx, id)? {
        audit::record(tx, Act::SessionEnded, id, "")?;
    }
    Ok(())
}

/// Ends the session that a browser had when another one begins in it: whoever knew its token, from a cookie
/// that was set for somebody or taken, is out.
///
/// # Errors
/// Those of the store.
pub(super) fn end_replaced(tx: &Tx<'_>, token: &Token) -> Result<(), Error> {
    match store::sessions::load(tx, token.hash(PURPOSE))? {
        Some(found) => end_session(tx, found.id),
        None => Ok(()),
    }
}

/// Ends one session of `member`; `false` when they have no such one.
///
/// # Errors
/// Those of the store.
pub fn end_own_session(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    id: SessionId,
) -> Result<bool, Error> {
    let own = store::sessions::of(tx, member)?;
    let is_own = own.iter().any(|session| session.id == id);
    if is_own {
        end_session(tx, id)?;
    }
    Ok(is_own)
}

/// Ends every session of a member but `except`, and sign-ins that wait for their next step.
///
/// # Errors
/// Those of the store.
pub fn end_sessions(tx: &Tx<'_>, member: MemberId, except: Option<SessionId>) -> Result<(), Error> {
    if store::sessions::end_all(tx, member, except)? > 0 {
        audit::record(tx, Act::SessionEnded, member, "all")?;
    }
    Ok(())
}
