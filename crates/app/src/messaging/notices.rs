//! Mail to members about their account or to owners about the organization: an invitation, a new
//! password, a second factor, an unknown browser, a trial, a package of everything. It goes the way of
//! every other message: a row with its cause, a lease, the gate twice, an intent, an outcome.

use jiff::Timestamp;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::store::{Error, Tx};

use super::rules::{self, Code, Outcome};
use super::{ANSWER_SECONDS, LEASE_SECONDS, State, store::notices as store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, MessageId};

/// How long a settled notice is kept after it was last due, in days.
pub const NOTICE_DAYS: i64 = 30;
/// Most notices taken, recovered or removed in one transaction.
const MAX_NOTICES_AT_ONCE: u32 = 100;

/// What a member is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// They can join.
    Join,
    /// They can set a new password.
    Reset,
    /// Mail works.
    Trial,
    /// A package of everything was asked for.
    Export,
    /// A package of everything was fetched.
    Download,
    /// Their second factor was turned on.
    FactorOn,
    /// Their second factor was turned off.
    FactorOff,
    /// A passkey was added to their account.
    PasskeyAdded,
    /// A passkey of theirs was removed, or all of them.
    PasskeyRemoved,
    /// A passkey of theirs may have a copy.
    PasskeyCount,
    /// Somebody signed in as them with a browser that was not known.
    NewBrowser,
    /// Their password was changed.
    NewPassword,
    /// They are asked to choose a new password at their next sign-in.
    PasswordAsked,
    /// An operator asks to be let in.
    AccessAsked,
    /// An operator was granted access.
    AccessGranted,
    /// An operator uses it for the first time.
    AccessUsed,
    /// It ended.
    AccessEnded,
    /// A token was made for the organization.
    TokenMade,
    /// A token of the organization is about to end.
    TokenEnding,
    /// Tokens of the organization ended with the member who made them.
    TokenEnded,
    /// They can come past the networks.
    Pass,
    /// Another owner came past the networks.
    NetworkOverridden,
    /// Whoever runs the installation removed all networks.
    NetworksCleared,
    /// Their account was linked to one at the provider.
    IdentityLinked,
    /// An owner signed in by password where members come in by the provider alone.
    OwnerPassword,
    /// They can take the address that this goes to.
    Address,
    /// The address that this goes to is theirs no more.
    AddressChanged,
}

impl Notice {
    /// Every kind.
    pub const ALL: [Self; 27] = [
        Self::Join,
        Self::Reset,
        Self::Trial,
        Self::Export,
        Self::Download,
        Self::FactorOn,
        Self::FactorOff,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::PasskeyCount,
        Self::NewBrowser,
        Self::NewPassword,
        Self::PasswordAsked,
        Self::AccessAsked,
        Self::AccessGranted,
        Self::AccessUsed,
        Self::AccessEnded,
        Self::TokenMade,
        Self::TokenEnding,
        Self::TokenEnded,
        Self::Pass,
        Self::NetworkOverridden,
        Self::NetworksCleared,
        Self::IdentityLinked,
        Self::OwnerPassword,
        Self::Address,
        Self::AddressChanged,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Reset => "reset",
            Self::Trial => "trial",
            Self::Export => "export",
            Self::Download => "download",
            Self::FactorOn => "factor-on",
            Self::FactorOff => "factor-off",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::PasskeyCount => "passkey-count",
            Self::NewBrowser => "new-browser",
            Self::NewPassword => "new-password",
            Self::PasswordAsked => "password-asked",
            Self::AccessAsked => "access-asked",
            Self::AccessGranted => "access-granted",
            Self::AccessUsed => "access-used",
            Self::AccessEnded => "access-ended",
            Self::TokenMade => "token-made",
            Self::TokenEnding => "token-ending",
            Self::TokenEnded => "token-ended",
            Self::Pass => "pass",
            Self::NetworkOverridden => "network-overridden",
            Self::NetworksCleared => "networks-cleared",
            Self::IdentityLinked => "identity-linked",
            Self::OwnerPassword => "owner-password",
            Self::Address => "address",
            Self::AddressChanged => "address-changed",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }
}

/// A notice in the worker's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeasedNotice {
    /// Its id.
    pub id: MessageId,
    /// What it tells.
    pub notice: Notice,
    /// Whom.
    pub member: MemberId,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// Enqueues a notice; an earlier one of its kind to the same member that still waits is dropped.
///
/// # Errors
/// Those of the store.
pub fn notify(tx: &Tx<'_>, notice: Notice, member: MemberId) -> Result<MessageId, Error> {
    store::drop_waiting(tx, notice, member)?;
    notify_each(tx, notice, member)
}

/// The same, beside what waits: each of them is meant for another reader.
///
/// # Errors
/// Those of the store.
pub fn notify_each(tx: &Tx<'_>, notice: Notice, member: MemberId) -> Result<MessageId, Error> {
    let id = MessageId::new(tx.now(), tx.entropy());
    store::insert(tx, id, notice, member)?;
    tx.wake_at(tx.now());
    Ok(id)
}

/// Whether a notice is due, or was lost by its worker; asks to be called when the next one is.
///
/// # Errors
/// Those of the store.
pub fn any_notice_due(tx: &Tx<'_>) -> Result<bool, Error> {
    Ok(store::next_due(tx)?.is_some_and(|at| at <= tx.now()))
}

/// Takes the notices that are due; those whose worker was lost are put right first.
///
/// # Errors
/// Those of the store.
pub fn lease_notices(tx: &Tx<'_>) -> Result<Vec<LeasedNotice>, Error> {
    tx.keep_revision();
    for (lost, handed_over) in store::lost(tx, MAX_NOTICES_AT_ONCE)? {
        settle_notice(
            tx,
            &lost,
            &rules::after_lost_lease(handed_over, lost.attempt),
        )?;
    }
    store::pull_forward(tx)?;
    let until = plus_seconds(tx.now(), LEASE_SECONDS);
    let leased = store::lease(tx, until, MAX_NOTICES_AT_ONCE)?;
    if let Some(next) = store::next_due(tx)? {
        tx.wake_at(next.max(tx.now()));
    }
    Ok(leased)
}

/// Records that a notice is about to be handed over; `false` when it is no longer this worker's.
///
/// # Errors
/// Those of the store.
pub fn hand_over_notice(tx: &Tx<'_>, leased: &LeasedNotice) -> Result<bool, Error> {
    tx.keep_revision();
    store::hand_over(tx, leased, plus_seconds(tx.now(), ANSWER_SECONDS))
}

/// Records how a try ended; a retry waits longer each time.
///
/// # Errors
/// Those of the store.
pub fn settle_notice(tx: &Tx<'_>, leased: &LeasedNotice, outcome: &Outcome) -> Result<(), Error> {
    tx.keep_revision();
    let spread = u32::from_le_bytes(tx.entropy().bytes());
    let next = rules::next(outcome, leased.attempt, tx.now(), spread);
    let code = next.code.as_ref().map(Code::as_str);
    if store::settle(tx, leased, next.state, next.due_at, code)? {
        match next.due_at {
            Some(due_at) => tx.wake_at(due_at),
            None => {
                let state = next.state.code();
                let detail =
                    code.map_or_else(|| state.to_owned(), |code| format!("{state} {code}"));
                audit::record(tx, Act::MessageSettled, leased.id, &detail)?;
            }
        }
    }
    Ok(())
}

/// The state of a member's own notice and its outcome's code.
///
/// # Errors
/// Those of the store.
pub fn notice_state(
    tx: &Tx<'_>,
    id: MessageId,
    member: MemberId,
) -> Result<Option<(State, Option<String>)>, Error> {
    store::state(tx, id, member)
}

/// Removes settled notices that were last due more than [`NOTICE_DAYS`] ago; tells how many.
///
/// # Errors
/// Those of the store.
pub fn remove_settled_notices(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let before: Timestamp = plus_minutes(tx.now(), -NOTICE_DAYS * 24 * 60);
    store::remove_settled(tx, before)
}
