//! What a token is: its kind, what it may do, how it stands.

use jiff::Timestamp;
use kept_base::store::Error;

use super::{MAX_TOKEN_DAYS, MAX_TOKEN_NAME_CHARS, TOKEN_PREFIX};
use crate::access::{Integrator, Scope};
use crate::ids::{MemberId, TokenId};

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The JSON API.
    Api,
    /// The directory's way in (SCIM).
    Scim,
    /// A calendar program. Not offered: there is nothing yet that it opens.
    Calendar,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Api, Self::Scim, Self::Calendar];
    /// Those that can be made.
    pub const OFFERED: [Self; 2] = [Self::Api, Self::Scim];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Scim => "scim",
            Self::Calendar => "cal",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What its tokens can be allowed.
    #[must_use]
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Api => &Scope::API,
            Self::Scim => &[Scope::MembersProvision],
            Self::Calendar => &[],
        }
    }

    pub(super) fn prefix(self) -> String {
        format!("{TOKEN_PREFIX}{}_", self.code())
    }
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is called, so that people know it again.
    pub name: String,
    /// What it opens.
    pub kind: TokenKind,
    /// What it may do there.
    pub scopes: Vec<Scope>,
    /// How long it lives.
    pub days: u32,
}

/// Why a token is not made or replaced.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Empty, too long, or with characters that are no text.
    #[error("a token has a name of 1 to 80 characters")]
    Name,
    /// None, or one that its kind has not.
    #[error("a token has one or more scopes of its kind")]
    Scopes,
    /// Not 1 to [`MAX_TOKEN_DAYS`].
    #[error("a token lives 1 to 365 days")]
    Days,
    /// More than [`MAX_OVERLAP_DAYS`].
    #[error("an old secret goes on for at most 7 days")]
    Overlap,
    /// There are [`MAX_TOKENS`].
    #[error("the organization has as many tokens as it can")]
    TooMany,
    /// No such token is alive, or another one took its place already.
    #[error("there is no such token")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenState {
    /// It works.
    Alive,
    /// Whoever made it is suspended or gone: it opens nothing meanwhile.
    Stopped,
    /// It was revoked, or its time is over.
    Ended,
}

/// A token as a list shows it.
#[derive(Debug, Clone)]
pub struct TokenEntry {
    /// Its id.
    pub id: TokenId,
    /// What it is called.
    pub name: String,
    /// What it opens.
    pub kind: TokenKind,
    /// What it may do there.
    pub scopes: Vec<Scope>,
    /// How it stands.
    pub state: TokenState,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends or ended; `None` for one that the installation made and nobody revoked.
    pub ends_at: Option<Timestamp>,
    /// When it was used last, to within ten minutes.
    pub last_used_at: Option<Timestamp>,
    /// Who answers for it; `None` when whoever runs the installation made it.
    pub made_by: Option<MemberId>,
    /// Whether another one took its place.
    pub is_replaced: bool,
}

/// A presented token that is known and alive.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub id: TokenId,
    /// What it may do now.
    pub integrator: Integrator,
    /// Whether its use should be written down again ([`note_use`]).
    pub use_is_news: bool,
}

impl NewToken {
    pub(super) fn check(&self) -> Result<(), TokenError> {
        let chars = self.name.chars().count();
        let is_text = !self.name.contains(char::is_control) && self.name.trim() == self.name;
        if !(1..=MAX_TOKEN_NAME_CHARS).contains(&chars) || !is_text {
            return Err(TokenError::Name);
        }
        let known = self.kind.scopes();
        if self.scopes.is_empty() || !self.scopes.iter().all(|scope| known.contains(scope)) {
            return Err(TokenError::Scopes);
        }
        if !(1..=MAX_TOKEN_DAYS).contains(&self.days) {
            return Err(TokenError::Days);
        }
        Ok(())
    }
}
