//! Operators inside an organization. What an organization lent to whom stands in its own data and is
//! decided there; here is which browser of which operator went in by it, and a list of what was lent,
//! so that an operator can be told without looking into any organization.

use jiff::Timestamp;

use super::{By, Operator};
use crate::kit::{Actor, OperatorId, OperatorSessionId, OrganizationId, TokenHash};
use crate::store::control::Control;
use crate::store::{Error, Store, Tx};

/// Most rows of what was lent that are listed for one operator.
pub const MAX_LISTED_LENT: u32 = 100;

/// How access that was asked for or lent stands, as far as the installation was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LentState {
    /// Asked for, and not answered.
    Asked,
    /// The answer was no.
    Declined,
    /// The answer was yes: there is a row of its own for what was lent.
    Answered,
    /// Lent.
    Granted,
    /// Ended before its time.
    Ended,
}

impl LentState {
    const ALL: [Self; 5] = [
        Self::Asked,
        Self::Declined,
        Self::Answered,
        Self::Granted,
        Self::Ended,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Declined => "declined",
            Self::Answered => "answered",
            Self::Granted => "granted",
            Self::Ended => "ended",
        }
    }

    pub(in crate::store) fn from_code(code: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or(Error::Decode("state of what was lent"))
    }
}

/// What an operator was lent, or asked for. It opens nothing: the organization's own row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lent {
    /// The id of the loan or of the request.
    pub id: String,
    /// Whose data.
    pub organization: OrganizationId,
    /// Where it opens: the organization itself, or its sandbox.
    pub opens: OrganizationId,
    /// To whom.
    pub operator: OperatorId,
    /// How it stands.
    pub state: LentState,
    /// Since when.
    pub at: Timestamp,
    /// Until when; the instant it was asked for where nothing was lent.
    pub expires_at: Timestamp,
}

/// An operator's way into an organization, before it is taken.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Whose desk it opens.
    pub organization: OrganizationId,
    /// Who lent it: the same, or the organization whose sandbox it is.
    pub lender: OrganizationId,
    /// The id of the loan.
    pub loan: String,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
}

/// Proof that an operator is signed in, let in, and went in by a loan of that id. Only the store makes
/// one, each time anew; whether the loan holds is for the organization's own data to say.
#[derive(Debug, Clone)]
pub struct Entry {
    operator: Operator,
    loan: String,
    lender: OrganizationId,
    ends_at: Timestamp,
}

impl Entry {
    pub(in crate::store) fn found(
        operator: Operator,
        loan: String,
        lender: OrganizationId,
        ends_at: Timestamp,
    ) -> Self {
        Self {
            operator,
            loan,
            lender,
            ends_at,
        }
    }

    /// Who, as of this instant.
    #[must_use]
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// By which loan.
    #[must_use]
    pub fn loan(&self) -> &str {
        &self.loan
    }

    /// Which organization lent it.
    #[must_use]
    pub fn lender(&self) -> OrganizationId {
        self.lender
    }

    /// When it ends at the latest.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        self.ends_at
    }
}

impl Store {
    /// Lets the browser of a signed-in operator into an organization by a loan; it ends with their
    /// session. `false` when the session has ended meanwhile.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn start_entry(
        &self,
        session: OperatorSessionId,
        operator: OperatorId,
        token: TokenHash,
        entry: NewEntry,
    ) -> Result<bool, Error> {
        let start = move |control: &Control, by: By<'_>| {
            control.start_entry((session, operator), token, &entry, by)
        };
        self.as_operator(Actor::operator(operator), start).await
    }

    /// The entry of that token into the organization `id`; `None` when the operator has signed out, was
    /// suspended, or the entry is another organization's. Its use keeps the operator's session alive.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn find_entry(
        &self,
        id: OrganizationId,
        token: TokenHash,
    ) -> Result<Option<Entry>, Error> {
        let now = self.shared.clock.now();
        self.with_control(move |control| control.entry(id, token, now))
            .await
    }

    /// As [`Store::find_entry`], from within a transaction of some organization: what is found holds
    /// while the transaction looks.
    ///
    /// # Errors
    /// Those of the control database.
    pub fn entry_within(
        &self,
        tx: &Tx<'_>,
        id: OrganizationId,
        token: TokenHash,
    ) -> Result<Option<Entry>, Error> {
        self.control.entry(id, token, tx.now())
    }

    /// Ends the entries of an operator by that loan.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn end_entries(&self, operator: OperatorId, loan: String) -> Result<(), Error> {
        self.with_control(move |control| control.end_entries(operator, &loan))
            .await
    }

    /// Writes down, for the operator, how what they asked for or were lent stands; what they ask for is
    /// an act of theirs.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn note_lent(&self, lent: Lent) -> Result<(), Error> {
        let author = Actor::operator(lent.operator);
        let note = move |control: &Control, by: By<'_>| control.note_lent(&lent, by);
        self.as_operator(author, note).await
    }

    /// Notes how a row of [`Store::note_lent`] stands from now on.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn note_lent_state(&self, id: String, state: LentState) -> Result<(), Error> {
        self.with_control(move |control| control.note_lent_state(&id, state))
            .await
    }

    /// What an operator asked for or was lent, the newest first, at most [`MAX_LISTED_LENT`].
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn lent_to(&self, operator: OperatorId) -> Result<Vec<Lent>, Error> {
        self.with_control(move |control| control.lent_to(operator))
            .await
    }
}
