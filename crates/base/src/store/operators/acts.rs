//! What operators do, as it is recorded.

use jiff::Timestamp;

use super::super::Error;

macro_rules! acts {
    ($($(#[$meta:meta])* $name:ident = $code:literal;)+) => {
        /// What an operator did.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum OperatorActKind { $($(#[$meta])* $name,)+ }

        impl OperatorActKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable code, as stored.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

acts! {
    /// Made an organization.
    OrganizationCreated = "organization_created";
    /// Put one back from a backup.
    OrganizationRestored = "organization_restored";
    /// Suspended one.
    OrganizationSuspended = "organization_suspended";
    /// Let one go on.
    OrganizationResumed = "organization_resumed";
    /// Added an operator.
    OperatorAdded = "operator_added";
    /// Suspended one.
    OperatorSuspended = "operator_suspended";
    /// Let one in again.
    OperatorResumed = "operator_resumed";
    /// Made a link that sets a password.
    LinkMade = "link_made";
    /// Set a password.
    PasswordSet = "password_set";
    /// Signed in.
    SignedIn = "signed_in";
    /// Ended sessions, one's own or another's.
    SessionsEnded = "sessions_ended";
    /// Turned a second factor on.
    FactorAdded = "factor_added";
    /// Turned one off.
    FactorRemoved = "factor_removed";
    /// So many wrong codes were given that for a while only recovery codes are taken.
    FactorLocked = "factor_locked";
    /// Made new recovery codes.
    RecoveryCodesMade = "recovery_codes_made";
    /// Used one.
    RecoveryCodeUsed = "recovery_code_used";
    /// Said what an operator is, how long they are qualified, when they signed.
    OperatorVetted = "operator_vetted";
    /// Asked an organization for access.
    AccessAsked = "access_asked";
    /// Went into an organization on a grant.
    AccessEntered = "access_entered";
    /// Said what came of a use that an organization flagged.
    ConductSettled = "conduct_settled";
    /// Let an organization's members come in from anywhere again.
    NetworksCleared = "networks_cleared";
    /// Turned off the second factor of a member of one.
    MemberFactorRemoved = "member_factor_removed";
    /// Removed one: a sandbox, by the organization that it was made of.
    OrganizationRemoved = "organization_removed";
}

impl OperatorActKind {
    pub(in crate::store) fn from_code(code: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.code() == code)
            .ok_or(Error::Decode("act of an operator"))
    }
}

/// One act of an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorAct {
    /// When.
    pub at: Timestamp,
    /// Who: `operator:opr_..`, or `operator` by command line.
    pub author: String,
    /// What.
    pub act: OperatorActKind,
    /// To whom or what: an id.
    pub subject: String,
    /// Why, where it was asked.
    pub reason: String,
}
