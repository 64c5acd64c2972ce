//! The outbox: a message is a row that commits with its cause and names what it is about by id
//! only. The worker leases it, asks [`rules::may_send`], writes the letter, records that it is
//! about to hand it over, sends, and settles.
//!
//! ```text
//! pending -> sending -> sent | dead | unknown | dropped
//!    ^----------'   a retry, or a lease that ran out before anything was handed over
//! ```

pub mod letter;
mod notices;
mod outbox;
mod records;
pub mod rules;
mod store;
pub mod transport;

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

pub use notices::{
    LeasedNotice, NOTICE_DAYS, Notice, any_notice_due, hand_over_notice, lease_notices,
    notice_state, notify, notify_each, remove_settled_notices, settle_notice,
};
pub use outbox::{
    ANSWER_SECONDS, LEASE_SECONDS, MESSAGE_DAYS, any_sent, hand_over, is_newest, lease, release,
    remove_settled, settle, state,
};
pub use records::RECORDS;

use crate::ids::{AppointmentId, MessageId, PersonId, StaffId};

/// What happened to the appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It was booked.
    Booked,
    /// It was moved to another time.
    Moved,
    /// It was cancelled, or is no longer this staff member's.
    Canceled,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Booked, Self::Moved, Self::Canceled];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Canceled => "canceled",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The person who booked.
    Person,
    /// A staff member who serves.
    Staff(StaffId),
}

impl Audience {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Staff(_) => "staff",
        }
    }

    /// The staff member, when it is one.
    #[must_use]
    pub fn staff(self) -> Option<StaffId> {
        match self {
            Self::Person => None,
            Self::Staff(staff) => Some(staff),
        }
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
    /// The appointment's revision that caused the message (iTIP `SEQUENCE`).
    pub revision: u32,
    /// Where it was before, when it was moved.
    pub previous_starts_at: Option<Timestamp>,
}

/// A message in the worker's hands for [`LEASE_SECONDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leased {
    /// Its id.
    pub id: MessageId,
    /// What happened.
    pub kind: Kind,
    /// Who is told.
    pub audience: Audience,
    /// Of what.
    pub about: About,
    /// Which try this is, from 1. Only the holder of the latest try can settle the message.
    pub attempt: u32,
}

/// The states of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits until it is due.
    Pending,
    /// A worker has it.
    Sending,
    /// The mail server took it.
    Sent,
    /// It was refused for good, or tried as often as it may be.
    Dead,
    /// It was handed over and nobody knows whether it was taken. Never sent again by itself.
    Unknown,
    /// There was no longer a reason to send it; the outcome says which.
    Dropped,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Pending,
        Self::Sending,
        Self::Sent,
        Self::Dead,
        Self::Unknown,
        Self::Dropped,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Unknown => "unknown",
            Self::Dropped => "dropped",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Enqueues one message for each of `audience`, in the transaction of its cause.
///
/// # Errors
/// Those of the store.
pub fn enqueue(
    tx: &Tx<'_>,
    kind: Kind,
    about: &About,
    audience: impl IntoIterator<Item = Audience>,
) -> Result<(), Error> {
    for audience in audience {
        let id = MessageId::new(tx.now(), tx.entropy());
        store::insert(tx, id, kind, audience, about)?;
    }
    tx.wake_at(tx.now());
    Ok(())
}

/// Makes all messages to a person somebody else's, and tells which.
///
/// # Errors
/// Those of the store.
pub fn reassign(tx: &Tx<'_>, from: PersonId, to: PersonId) -> Result<Vec<MessageId>, Error> {
    store::reassign(tx, from, to)
}

/// Makes these messages somebody's.
///
/// # Errors
/// Those of the store.
pub fn assign(tx: &Tx<'_>, ids: &[MessageId], to: PersonId) -> Result<(), Error> {
    store::assign(tx, ids, to)
}
