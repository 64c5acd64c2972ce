//! From whose hands an operator's account comes. Whoever gives somebody a link can use it themselves,
//! so that accounts which come from one operator may all be that operator.

use super::Operator;
use crate::kit::OperatorId;
use crate::store::Error;

const UNKNOWN: &str = "unknown";

/// Who made the link by which an account's password was set; until then, who added the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Whoever has the machine, by command line.
    Server,
    /// An operator, or one whose own account came from that operator.
    Operator(OperatorId),
    /// An operator of before this was kept.
    Unknown,
}

impl Origin {
    pub(in crate::store) fn stored(self) -> Option<String> {
        match self {
            Self::Server => None,
            Self::Operator(id) => Some(id.to_string()),
            Self::Unknown => Some(UNKNOWN.to_owned()),
        }
    }

    pub(in crate::store) fn from_stored(stored: Option<String>) -> Result<Self, Error> {
        match stored.as_deref() {
            None => Ok(Self::Server),
            Some(UNKNOWN) => Ok(Self::Unknown),
            Some(id) => {
                let id = id
                    .parse()
                    .map_err(|_| Error::Decode("origin of an operator"));
                id.map(Self::Operator)
            }
        }
    }
}

impl Operator {
    /// Where the accounts come from whose links this one makes.
    #[must_use]
    pub fn passed_on(&self) -> Origin {
        match self.origin {
            Origin::Server => Origin::Operator(self.id),
            other => other,
        }
    }

    /// Whether `other` is surely somebody else: neither account comes from the other, nor both from one
    /// operator, and of both it is known. What needs two people asks this.
    #[must_use]
    pub fn is_apart_from(&self, other: &Self) -> bool {
        match (self.passed_on(), other.passed_on()) {
            (Origin::Operator(one), Origin::Operator(another)) => one != another,
            _ => false,
        }
    }
}
