//! Who does an act: travels with every transaction and stands in every act's record.

use std::fmt;

/// The kinds of actor; the code is what records keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorKind {
    /// Somebody unknown on a public page or a keyless API route.
    Visitor,
    /// A person acting through a capability link; the id names the link.
    Person,
    /// An API token; the id names the token.
    Token,
    /// Somebody with an account in the organization; the id names the membership.
    Member,
    /// Whoever runs the installation: by command line, or the operator that the id names.
    Operator,
    /// An operator to whom the organization granted access for a time; the id names that loan.
    OperatorOnGrant,
    /// Kept itself: a job of the worker.
    System,
}

impl ActorKind {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Person => "person",
            Self::Token => "token",
            Self::Member => "member",
            Self::Operator => "operator",
            Self::OperatorOnGrant => "operator_on_grant",
            Self::System => "system",
        }
    }
}

/// Who acts: a kind and, where there is one, the id of the account, link or token used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of actor.
    pub kind: ActorKind,
    /// An id in text form (`cap_..`, `tok_..`), never a name or an address.
    pub id: Option<String>,
}

impl Actor {
    /// Somebody unknown on a public page.
    pub const VISITOR: Self = Self {
        kind: ActorKind::Visitor,
        id: None,
    };
    /// Kept itself.
    pub const SYSTEM: Self = Self {
        kind: ActorKind::System,
        id: None,
    };
    /// Whoever runs the installation, by command line.
    pub const OPERATOR: Self = Self {
        kind: ActorKind::Operator,
        id: None,
    };

    /// The operator `id`, who is signed in.
    #[must_use]
    pub fn operator(id: impl fmt::Display) -> Self {
        Self {
            kind: ActorKind::Operator,
            id: Some(id.to_string()),
        }
    }

    /// The operator whom the loan `id` lets in.
    #[must_use]
    pub fn on_grant(id: impl fmt::Display) -> Self {
        Self {
            kind: ActorKind::OperatorOnGrant,
            id: Some(id.to_string()),
        }
    }

    /// A person who holds the capability link `id`.
    #[must_use]
    pub fn person(id: impl fmt::Display) -> Self {
        Self {
            kind: ActorKind::Person,
            id: Some(id.to_string()),
        }
    }

    /// The member `id`.
    #[must_use]
    pub fn member(id: impl fmt::Display) -> Self {
        Self {
            kind: ActorKind::Member,
            id: Some(id.to_string()),
        }
    }

    /// The API token `id`.
    #[must_use]
    pub fn token(id: impl fmt::Display) -> Self {
        Self {
            kind: ActorKind::Token,
            id: Some(id.to_string()),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{}:{id}", self.kind.code()),
            None => f.write_str(self.kind.code()),
        }
    }
}
