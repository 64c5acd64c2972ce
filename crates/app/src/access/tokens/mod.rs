//! Tokens by which programs come in. Each has a kind, scopes, an end and a member who answers for it;
//! it does what its scopes say, as far as that member may at that moment, and nothing while they may
//! not sign in. Kept as a hash; the text is shown once.

mod recognizing;
mod what;

use jiff::Timestamp;
use kept_base::kit::Token;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::store::{Error, Tx};

use super::members::members;
use super::{MemberState, Role, Scope, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, TokenId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::ManageTokens;

pub use recognizing::{TokenRefusal, authenticate, token_refusal};
pub use what::{Credential, NewToken, TokenEntry, TokenError, TokenKind, TokenState};

/// What every token begins with. The whole is `kept_<kind>_`, 32 characters of base64url, and a check
/// of six more (`Token::checked`): `kept_(api|scim|cal)_[A-Za-z0-9_-]{38}`.
pub const TOKEN_PREFIX: &str = "kept_";
/// Most tokens of one organization that are alive.
pub const MAX_TOKENS: usize = 50;
/// Longest name of a token, in characters.
pub const MAX_TOKEN_NAME_CHARS: usize = 80;
/// Longest life of a token that a member makes, in days.
pub const MAX_TOKEN_DAYS: u32 = 365;
/// How long a token lives where nobody says otherwise, in days.
pub const TOKEN_DAYS: u32 = 90;
/// Longest time for which the old secret goes on beside the new one, in days.
pub const MAX_OVERLAP_DAYS: u32 = 7;
/// So many days before a token ends, owners are told.
pub const TOKEN_NOTICE_DAYS: i64 = 14;
/// How long a token that ended is still listed, in days.
pub const ENDED_TOKEN_DAYS: i64 = 30;
/// A token's last use is written down at most this often, in minutes: often enough to see, during a
/// rotation, whether the old secret is still used; seldom enough that reading stays reading.
const LAST_USED_MINUTES: i64 = 10;
/// What a token's hash is made for.
const PURPOSE: &str = "api token";
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// What is stored of a token.
pub(super) struct Stored {
    pub id: TokenId,
    pub kind: TokenKind,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub made_by: Option<MemberId>,
    pub replaced_by: Option<TokenId>,
}

impl Stored {
    fn is_alive(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| now < at)
    }

    /// The whole days that it was made for.
    fn days(&self) -> u32 {
        let seconds = (self.expires_at).map(|at| at.as_second() - self.created_at.as_second());
        let days = seconds.and_then(|seconds| u32::try_from(seconds / DAY_SECONDS).ok());
        days.map_or(TOKEN_DAYS, |days| days.clamp(1, MAX_TOKEN_DAYS))
    }
}

/// Makes a token for which `by` answers; owners are written to. The secret is shown once and never
/// again.
///
/// # Errors
/// [`TokenError`]: what is wrong with it, or too many; those of the store.
pub fn make_token(
    tx: &Tx<'_>,
    _: &May<ManageTokens>,
    by: MemberId,
    new: &NewToken,
) -> Result<(TokenId, Token), TokenError> {
    new.check()?;
    if store::tokens::all(tx, tx.now())?.len() >= MAX_TOKENS {
        return Err(TokenError::TooMany);
    }
    let made = insert(tx, new, Some(by), None)?;
    let scopes: Vec<_> = new.scopes.iter().map(|scope| scope.code()).collect();
    let detail = format!("{} {} {}", new.kind.code(), new.days, scopes.join(" "));
    audit::record(tx, Act::TokenCreated, made.0, &detail)?;
    tell_owners(tx, Notice::TokenMade)?;
    Ok(made)
}

/// Makes a token of the JSON API that has no end and for which the installation answers; the secret
/// is shown once and never again.
///
/// # Errors
/// Those of the store.
pub fn create_token(tx: &Tx<'_>, name: &str, scopes: &[Scope]) -> Result<(TokenId, Token), Error> {
    let new = NewToken {
        name: name.to_owned(),
        kind: TokenKind::Api,
        scopes: scopes.to_vec(),
        days: 0,
    };
    let made = insert(tx, &new, None, None)?;
    audit::record(tx, Act::TokenCreated, made.0, "")?;
    Ok(made)
}

fn insert(
    tx: &Tx<'_>,
    new: &NewToken,
    made_by: Option<MemberId>,
    replaces: Option<TokenId>,
) -> Result<(TokenId, Token), Error> {
    tx.keep_revision();
    let stored = Stored {
        id: TokenId::new(tx.now(), tx.entropy()),
        kind: new.kind,
        name: new.name.clone(),
        scopes: new.scopes.clone(),
        created_at: tx.now(),
        expires_at: (new.days > 0).then(|| in_days(tx.now(), new.days)),
        last_used_at: None,
        revoked_at: None,
        made_by,
        replaced_by: None,
    };
    let token = Token::checked(&new.kind.prefix(), tx.entropy());
    store::tokens::insert(tx, &stored, token.hash(PURPOSE), replaces)?;
    Ok((stored.id, token))
}

fn in_days(now: Timestamp, days: u32) -> Timestamp {
    plus_seconds(now, i64::from(days) * DAY_SECONDS)
}

/// Makes a new secret in the place of a token, for as many days as that was made for; the old one
/// goes on for `overlap_days`, or ends now. `by` answers for the new one.
///
/// # Errors
/// [`TokenError::Unknown`], [`TokenError::Overlap`]; those of the store.
pub fn rotate_token(
    tx: &Tx<'_>,
    _: &May<ManageTokens>,
    by: MemberId,
    id: TokenId,
    overlap_days: u32,
) -> Result<(TokenId, Token), TokenError> {
    if overlap_days > MAX_OVERLAP_DAYS {
        return Err(TokenError::Overlap);
    }
    let old = store::tokens::by_id(tx, id)?;
    let old = old.filter(|old| old.is_alive(tx.now()) && old.replaced_by.is_none());
    let old = old.ok_or(TokenError::Unknown)?;
    let new = NewToken {
        days: old.days(),
        name: old.name,
        kind: old.kind,
        scopes: old.scopes,
    };
    let made = insert(tx, &new, Some(by), Some(id))?;
    if overlap_days == 0 {
        store::tokens::revoke(tx, id)?;
    } else {
        store::tokens::expire(tx, id, in_days(tx.now(), overlap_days))?;
    }
    audit::record(
        tx,
        Act::TokenRotated,
        made.0,
        &format!("{id} {overlap_days}"),
    )?;
    tell_owners(tx, Notice::TokenMade)?;
    Ok(made)
}

/// Revokes a token; it is dead from this instant, for good.
///
/// # Errors
/// Those of the store. Answers `false` when there is no such living token.
pub fn revoke_token(tx: &Tx<'_>, _: &May<ManageTokens>, id: TokenId) -> Result<bool, Error> {
    let revoked = store::tokens::revoke(tx, id)?;
    if revoked {
        audit::record(tx, Act::TokenRevoked, id, "")?;
    }
    Ok(revoked)
}

/// Revokes every token for which a member answers; owners are told when there was one.
///
/// # Errors
/// Those of the store.
pub fn revoke_tokens_of(tx: &Tx<'_>, member: MemberId) -> Result<usize, Error> {
    let revoked = store::tokens::revoke_of(tx, member)?;
    for id in &revoked {
        audit::record(tx, Act::TokenRevoked, id, &member.to_string())?;
    }
    if !revoked.is_empty() {
        tell_owners(tx, Notice::TokenEnded)?;
    }
    Ok(revoked.len())
}

/// The tokens that are alive, and those that ended in the last [`ENDED_TOKEN_DAYS`]; the newest first.
///
/// # Errors
/// Those of the store.
pub fn tokens(tx: &Tx<'_>) -> Result<Vec<TokenEntry>, Error> {
    let since = plus_minutes(tx.now(), -ENDED_TOKEN_DAYS * 24 * 60);
    let active: Vec<MemberId> = (members(tx)?.iter())
        .filter(|member| member.state == MemberState::Active)
        .map(|member| member.id)
        .collect();
    let entry = |stored: Stored| TokenEntry {
        state: if !stored.is_alive(tx.now()) {
            TokenState::Ended
        } else if stored.made_by.is_some_and(|by| !active.contains(&by)) {
            TokenState::Stopped
        } else {
            TokenState::Alive
        },
        id: stored.id,
        name: stored.name,
        kind: stored.kind,
        scopes: stored.scopes,
        created_at: stored.created_at,
        ends_at: stored.revoked_at.or(stored.expires_at),
        last_used_at: stored.last_used_at,
        made_by: stored.made_by,
        is_replaced: stored.replaced_by.is_some(),
    };
    let all = store::tokens::all(tx, since)?;
    Ok(all.into_iter().map(entry).collect())
}

fn noted_before(tx: &Tx<'_>) -> Timestamp {
    plus_minutes(tx.now(), -LAST_USED_MINUTES)
}

/// Writes down that a token was used, at most every ten minutes, in a transaction of its own: it
/// leaves cached answers as they are.
///
/// # Errors
/// Those of the store.
pub fn note_use(tx: &Tx<'_>, id: TokenId) -> Result<(), Error> {
    tx.keep_revision();
    store::tokens::note_use(tx, id, noted_before(tx))
}

/// Tells owners of tokens that end within [`TOKEN_NOTICE_DAYS`] and have no follower, each once; says
/// how many there were.
///
/// # Errors
/// Those of the store.
pub fn tell_of_ending_tokens(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let before = plus_minutes(tx.now(), TOKEN_NOTICE_DAYS * 24 * 60);
    let ending = store::tokens::take_ending(tx, before)?;
    if !ending.is_empty() {
        tell_owners(tx, Notice::TokenEnding)?;
    }
    Ok(ending.len())
}

fn tell_owners(tx: &Tx<'_>, notice: Notice) -> Result<(), Error> {
    for member in members(tx)? {
        if member.role == Role::Owner && member.state == MemberState::Active {
            messaging::notify(tx, notice, member.id)?;
        }
    }
    Ok(())
}
