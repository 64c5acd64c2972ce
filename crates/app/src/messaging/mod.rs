//! The outbox: a message is a row that commits with its cause and names what it is about by id
//! only. The worker claims it, asks [`may_send`] again, writes the letter, sends and records.

mod store;

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use crate::ids::{AppointmentId, MessageId, PersonId, StaffId};

/// What happened to the appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It was booked.
    Booked,
    /// It was moved to another time.
    Moved,
    /// It was cancelled.
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

/// What a message is about.
#[derive(Debug, Clone, Copy)]
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
