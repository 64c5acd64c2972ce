//! Conduct cases: what an organization flagged of what an operator did in it. Each needs an outcome.

use jiff::Timestamp;

use super::By;
use crate::kit::{Actor, OperatorId, OrganizationId};
use crate::store::control::Control;
use crate::store::{Error, Store};

/// Most conduct cases that are listed.
pub const MAX_CONDUCT_CASES: u32 = 200;
/// Longest outcome of a conduct case, in characters.
pub const MAX_OUTCOME_CHARS: usize = 500;

/// A case that is filed.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The id of the use.
    pub use_id: String,
    /// Who flagged it.
    pub organization: OrganizationId,
    /// By which loan the operator was there.
    pub loan: String,
    /// Who did it.
    pub operator: OperatorId,
    /// What the organization says of it.
    pub note: String,
}

/// A case and what came of it.
#[derive(Debug, Clone)]
pub struct ConductCase {
    /// As it was filed.
    pub case: NewCase,
    /// When.
    pub flagged_at: Timestamp,
    /// What came of it, and when that was said.
    pub outcome: Option<(String, Timestamp)>,
}

impl Store {
    /// Files a case; one that is filed already stays as it is.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn file_case(&self, case: NewCase) -> Result<(), Error> {
        let now = self.shared.clock.now();
        self.with_control(move |control| control.file_case(&case, now))
            .await
    }

    /// Cases, those without an outcome first, then the newest; of one organization or of all. At most
    /// [`MAX_CONDUCT_CASES`].
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn cases(&self, of: Option<OrganizationId>) -> Result<Vec<ConductCase>, Error> {
        self.with_control(move |control| control.cases(of)).await
    }

    /// Says what came of a case. `false` when there is none without an outcome, or it is about the
    /// author or somebody who may be the author
    /// ([`Operator::is_apart_from`](super::Operator::is_apart_from)).
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn settle_case(
        &self,
        use_id: String,
        outcome: String,
        author: OperatorId,
    ) -> Result<bool, Error> {
        let settle =
            move |control: &Control, by: By<'_>| control.settle_case(&use_id, &outcome, author, by);
        self.as_operator(Actor::operator(author), settle).await
    }
}
