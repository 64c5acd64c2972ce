//! Why nobody comes in by the provider this time. Whoever tries is told one and the same; the code stands in
//! the audit log, for owners.

use kept_base::store::Error;

use super::oidc::Refusal;
use crate::outgoing::OutgoingError;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The provider could not be asked, or answered badly.
    #[error("the provider: {0}")]
    Outgoing(#[from] OutgoingError),
    /// What it says is not believed.
    #[error("the provider's word: {0}")]
    Refused(#[from] Refusal),
    /// What it says is believed, and does not let them in.
    #[error("{}", .0.code())]
    Not(Not),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Why somebody whom the provider vouches for is not let in, or came back wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Not {
    /// What came back is not what went out.
    State,
    /// The provider says that it did not work.
    ProviderError,
    /// There is no code.
    Code,
    /// The way back names another issuer, or none where it must.
    WrongIssuer,
    /// The provider does not vouch for the address.
    Unverified,
    /// The address is of no pinned domain.
    Domain,
    /// Nobody has the address, and nobody is made a member.
    Unknown,
    /// No role is given.
    Role,
    /// An owner links themselves, from within.
    Owner,
    /// The member has another account at this provider.
    OtherAccount,
    /// The account is another member's.
    Taken,
    /// The member is suspended.
    Inactive,
    /// There are too many members.
    TooMany,
    /// The session that asked is over, or another's.
    Session,
}

impl Not {
    fn code(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::ProviderError => "error",
            Self::Code => "code",
            Self::WrongIssuer => "iss_parameter",
            Self::Unverified => "email_verified",
            Self::Domain => "domain",
            Self::Unknown => "unknown",
            Self::Role => "role",
            Self::Owner => "owner",
            Self::OtherAccount => "other_account",
            Self::Taken => "taken",
            Self::Inactive => "not_active",
            Self::TooMany => "too_many",
            Self::Session => "session",
        }
    }
}

impl Trouble {
    /// What stands in the audit log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Outgoing(error) => error.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Not(not) => not.code(),
            Self::Store(_) => "store",
        }
    }
}
