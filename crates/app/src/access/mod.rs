//! Who may do what: the policy table, members with their passwords, second factors and sessions, API
//! tokens, capability links, and answers kept for repeated requests (idempotency).

mod attempts;
mod browsers;
mod change_back;
mod device;
mod factor;
pub mod idempotency;
mod links;
mod members;
mod owners;
pub mod pages;
mod passwords;
mod pending;
mod policy;
mod records;
mod recovery;
mod role_limits;
mod rules;
mod sessions;
mod store;
mod totp;

use jiff::Timestamp;
use kept_base::kit::{Entropy, Token};
use kept_base::store::{Error, Tx};

pub use attempts::{Attempt, Attempts};
pub use browsers::{Browser, KNOWN_BROWSER_DAYS, MAX_KNOWN_BROWSERS};
pub use change_back::take_back as undo;
pub use device::Device;
pub use factor::{
    Checked, FACTOR_SET_UP_MINUTES, FACTOR_WINDOW_HOURS, FactorError, FactorState, Given,
    MAX_FACTOR_FAILURES, check_factor, confirm_factor, factor_state, members_with_factor,
    propose_factor, proposed_secret, remove_factor, remove_factor_of,
};
pub use links::{
    INVITATION_HOURS, LinkPurpose, RESET_HOURS, invite_again, issue_link, open_link, record_link,
    use_link,
};
pub use members::{
    MAX_MEMBER_LOCATIONS, MAX_MEMBERS, Member, MemberError, MemberState, NewMember, add_member,
    author, change_member, member, member_by_email, members, remove_member, rename_member,
    set_password, sign_in_data,
};
pub use owners::{assign, reassign};
pub use passwords::{
    HashError, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordError, PasswordHash, check_password,
    hash_password, verify_password,
};
pub use pending::{
    Admitted, CodeOutcome, MAX_CODE_TRIES, PENDING_MINUTES, Stage, admit, confirm_at_sign_in,
    give_factor, pending_member, propose_at_sign_in, set_password_at_sign_in,
};
pub use policy::{
    Area, Denied, Extent, Grant, Grants, Level, Limits, Right, Role, Scope, allow, extent, table,
};
pub use records::RECORDS;
pub use recovery::{RECOVERY_CODES, make_recovery_codes, recovery_codes_left};
pub use role_limits::{limits, set_limit};
pub use rules::{
    MAX_IDLE_MINUTES, MAX_PASSWORD_DAYS, MAX_SESSION_HOURS, MIN_IDLE_MINUTES, MIN_PASSWORD_DAYS,
    RuleError, SignInRules, change_sign_in_rules, expire_password_of, expire_passwords,
    sign_in_rules,
};
pub use sessions::{
    PROOF_MINUTES, SESSION_HOURS, SESSION_IDLE_HOURS, Session, SessionEntry, end_own_session,
    end_session, end_sessions, is_proved, note_session, prove_session, session, session_ends_at,
    sessions_of, start_session,
};
pub use totp::{CODE_DIGITS, CODE_SECONDS, TotpSecret};

use crate::audit::{self, Act};
use crate::ids::{AppointmentId, CapabilityId, PersonId, TokenId};

/// What every API token begins with, so that secret scanners know one.
pub const TOKEN_PREFIX: &str = "kept_";
/// How long a capability link outlives the end of its appointment, in days.
pub const CAPABILITY_DAYS_AFTER: i64 = 30;
/// A token's last use is written down at most this often, in minutes.
const LAST_USED_MINUTES: i64 = 10;

const TOKEN_PURPOSE: &str = "api token";

/// What a capability link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The person's own page of one appointment: see, move, cancel.
    Manage,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Manage => "manage",
        }
    }
}

/// A presented API token that is known and alive.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub id: TokenId,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Whether its use should be written down again ([`note_use`]).
    pub use_is_news: bool,
}

/// A presented capability link that is known and alive.
#[derive(Debug, Clone, Copy)]
pub struct Capability {
    /// Its id.
    pub id: CapabilityId,
    /// The appointment it opens.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
}

/// Makes an API token; the returned secret is shown once and never again.
///
/// # Errors
/// Those of the store.
pub fn create_token(tx: &Tx<'_>, name: &str, scopes: &[Scope]) -> Result<(TokenId, Token), Error> {
    let id = TokenId::new(tx.now(), tx.entropy());
    let token = Token::new(TOKEN_PREFIX, tx.entropy());
    store::insert_token(tx, id, token.hash(TOKEN_PURPOSE), name, scopes)?;
    audit::record(tx, Act::TokenCreated, id, "")?;
    Ok((id, token))
}

/// Revokes an API token; it is dead from this instant.
///
/// # Errors
/// Those of the store. Answers `false` when there is no such living token.
pub fn revoke_token(tx: &Tx<'_>, id: TokenId) -> Result<bool, Error> {
    let revoked = store::revoke_token(tx, id)?;
    if revoked {
        audit::record(tx, Act::TokenRevoked, id, "")?;
    }
    Ok(revoked)
}

/// Recognizes a presented API token; `None` when it is unknown, expired or revoked.
///
/// # Errors
/// Those of the store.
pub fn authenticate(tx: &Tx<'_>, token: &Token) -> Result<Option<Credential>, Error> {
    store::living_token(tx, token.hash(TOKEN_PURPOSE), noted_before(tx))
}

fn noted_before(tx: &Tx<'_>) -> Timestamp {
    kept_base::kit::time::plus_minutes(tx.now(), -LAST_USED_MINUTES)
}

/// Writes down that a token was used, at most every ten minutes, in a transaction of its own: it
/// leaves cached answers as they are.
///
/// # Errors
/// Those of the store.
pub fn note_use(tx: &Tx<'_>, id: TokenId) -> Result<(), Error> {
    tx.keep_revision();
    store::note_use(tx, id, noted_before(tx))
}

/// Makes a capability link for a person's appointment that ends at `ends_at`; the secret is handed
/// out once, in an answer or a mail.
///
/// # Errors
/// Those of the store.
pub fn issue_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    appointment: AppointmentId,
    person: PersonId,
    ends_at: Timestamp,
) -> Result<Token, Error> {
    let token = fresh_capability(tx.entropy());
    record_capability(tx, purpose, &token, (appointment, person), ends_at)?;
    Ok(token)
}

/// A secret that opens nothing until [`record_capability`] has committed: so that a letter can be
/// written first, and its link exists only when it is sent.
#[must_use]
pub fn fresh_capability(entropy: &Entropy) -> Token {
    Token::new("", entropy)
}

/// Makes `token` open a person's appointment that ends at `ends_at`.
///
/// # Errors
/// Those of the store.
pub fn record_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    token: &Token,
    (appointment, person): (AppointmentId, PersonId),
    ends_at: Timestamp,
) -> Result<(), Error> {
    let id = CapabilityId::new(tx.now(), tx.entropy());
    let expires_at = link_expiry(tx, ends_at);
    let capability = Capability {
        id,
        appointment,
        person,
    };
    store::insert_capability(
        tx,
        &capability,
        purpose.code(),
        hash(purpose, token),
        expires_at,
    )?;
    audit::record(tx, Act::CapabilityIssued, id, &appointment.to_string())
}

/// Lets the links of an appointment that was moved live as long as those made for its new end.
///
/// # Errors
/// Those of the store.
pub fn extend_capabilities(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    ends_at: Timestamp,
) -> Result<(), Error> {
    store::extend_capabilities(tx, appointment, link_expiry(tx, ends_at))
}

fn link_expiry(tx: &Tx<'_>, ends_at: Timestamp) -> Timestamp {
    kept_base::kit::time::plus_minutes(ends_at.max(tx.now()), CAPABILITY_DAYS_AFTER * 24 * 60)
}

/// Recognizes a presented capability link; `None` when it is unknown or expired.
///
/// # Errors
/// Those of the store.
pub fn open_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    token: &Token,
) -> Result<Option<Capability>, Error> {
    store::living_capability(tx, purpose.code(), hash(purpose, token))
}

/// Removes expired links and kept answers; tells how many rows went.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let before = kept_base::kit::time::plus_minutes(tx.now(), -FACTOR_SET_UP_MINUTES);
    let removed = store::remove_expired(tx)? + store::factor::remove_stale(tx, before)?;
    if removed > 0 {
        audit::record(
            tx,
            Act::RetentionApplied,
            tx.organization(),
            &format!("access {removed}"),
        )?;
    }
    Ok(removed)
}

fn hash(purpose: Purpose, token: &Token) -> kept_base::kit::TokenHash {
    token.hash(&format!("capability {}", purpose.code()))
}
