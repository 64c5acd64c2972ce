//! What organizations are told of an operator before they let them in: how long the operator is
//! qualified, when they signed a confidentiality agreement, whose they are.

use jiff::Timestamp;

use super::By;
use crate::kit::{Actor, OperatorId};
use crate::store::control::Control;
use crate::store::{Error, Store};

/// Longest entry of a partner in the register of subprocessors, in characters.
pub const MAX_REGISTER_CHARS: usize = 120;

/// Whose an operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorKind {
    /// The operator's own.
    Own,
    /// A contracted partner's, which stands in the register of subprocessors.
    Partner,
}

impl OperatorKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Own, Self::Partner];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Partner => "partner",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub(in crate::store) fn from_stored(code: &str) -> Result<Self, Error> {
        Self::from_code(code).ok_or(Error::Decode("kind of operator"))
    }
}

/// What is known of an operator beside the account. Nothing of it opens anything by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vetting {
    /// Whose they are.
    pub kind: OperatorKind,
    /// The partner's entry in the register of subprocessors: at most [`MAX_REGISTER_CHARS`].
    pub register_entry: Option<String>,
    /// Until when they are qualified.
    pub qualified_until: Option<Timestamp>,
    /// When they signed the confidentiality agreement.
    pub confidentiality_signed_at: Option<Timestamp>,
}

impl Store {
    /// Says what is known of an operator. `false` when there is no such operator.
    ///
    /// # Errors
    /// [`Error::Constraint`] `operator.invited` when nobody has set the account's password yet,
    /// `operator.apart` when the author is an operator who may be the same person
    /// ([`Operator::is_apart_from`](super::Operator::is_apart_from)); those of the control database.
    pub async fn vet_operator(
        &self,
        id: OperatorId,
        vetting: Vetting,
        author: Actor,
    ) -> Result<bool, Error> {
        let vet = move |control: &Control, by: By<'_>| control.vet_operator(id, &vetting, by);
        self.as_operator(author, vet).await
    }
}
