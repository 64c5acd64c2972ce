//! What an organization says of its directory: how members come in, and what they are without a group.

use kept_base::store::{Error, Tx};

use super::store;
use crate::access::Role;
use crate::audit::{self, Act};
use crate::policy::May;
use crate::policy::rights::MapGroups;

/// How a member who was brought in comes in the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcome {
    /// By a letter with a link, and a password.
    Letter,
    /// Without a letter, by single sign-on.
    SingleSignOn,
}

impl Welcome {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Letter, Self::SingleSignOn];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::SingleSignOn => "sso",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What becomes of a member who was taken out of their last group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutGroup {
    /// They get the role of whoever has no group.
    DefaultRole,
    /// They are suspended, until they are in one again.
    Suspend,
}

impl WithoutGroup {
    /// Both.
    pub const ALL: [Self; 2] = [Self::DefaultRole, Self::Suspend];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DefaultRole => "default",
            Self::Suspend => "suspend",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How members come in.
    pub welcome: Welcome,
    /// What they are while no group of theirs gives a role. Never owner.
    pub default_role: Role,
    /// What becomes of whoever leaves the last group.
    pub without_group: WithoutGroup,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            welcome: Welcome::Letter,
            default_role: Role::Staff,
            without_group: WithoutGroup::DefaultRole,
        }
    }
}

/// The rules of the organization.
///
/// # Errors
/// Those of the store.
pub fn rules(tx: &Tx<'_>) -> Result<Rules, Error> {
    Ok(store::rules(tx)?.unwrap_or_default())
}

/// Sets the rules. They hold for what the directory does from now on.
///
/// # Errors
/// Those of the store.
pub fn set_rules(tx: &Tx<'_>, _: &May<MapGroups>, wanted: Rules) -> Result<(), Error> {
    if rules(tx)? == wanted || wanted.default_role == Role::Owner {
        return Ok(());
    }
    store::put_rules(tx, &wanted)?;
    let detail = format!(
        "{} {} {}",
        wanted.welcome.code(),
        wanted.default_role.code(),
        wanted.without_group.code()
    );
    audit::record(tx, Act::ProvisioningChanged, tx.organization(), &detail)
}
