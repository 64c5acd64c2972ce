//! What the staff do with appointments: book for somebody, move, resize, say how it went, keep time
//! free. What is taken stays taken: a claim is never overridden. The rules of a service (hours,
//! notice, horizon, daily limit) can be, when the staff say so, and the record says which were.

mod block;
mod booking;
mod moving;
mod place;
mod progress;
mod reach;
mod taking_back;

use jiff::Timestamp;
use kept_base::store::Error;

use super::{SchedulingError, Status};
use crate::ids::{AppointmentId, BlockId, LocationId, PersonId, RoomId, ServiceId, StaffId};
use crate::people::NewPerson;

pub use block::{Block, NewBlock, block, release, reserve};
pub use booking::{NewBooking, Whose, book};
pub use moving::{Move, relocate};
pub use place::conflicts;
pub use progress::set_status;
pub use reach::{concerns, places_of};
pub use taking_back::{Earlier, KIND, take_back, undo};

/// Longest label of reserved time, in characters.
pub const MAX_LABEL_CHARS: usize = 80;
/// Longest time reserved at once, in minutes: less than the longest claim.
pub const MAX_BLOCK_MINUTES: i64 = 14 * 24 * 60;
/// Most people and rooms that are reserved at once.
pub const MAX_BLOCK_RESOURCES: usize = 40;
/// Longest appointment that the staff make by hand, in minutes.
pub const MAX_APPOINTMENT_MINUTES: u16 = 24 * 60;
/// Shortest appointment that the staff make by hand, in minutes: a row of the calendar.
pub const MIN_APPOINTMENT_MINUTES: u16 = 5;

/// How the staff want a change to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// The rules of the service do not count; the record names those that were broken.
    pub override_rules: bool,
    /// The person is told.
    pub tell: bool,
}

/// Where and when an appointment is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Which service.
    pub service: ServiceId,
    /// Who serves.
    pub staff: Vec<StaffId>,
    /// Where; wherever the staff work then when absent.
    pub location: Option<LocationId>,
    /// In which room; the first that is free when absent and the service needs one.
    pub room: Option<RoomId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it is, buffers not included.
    pub minutes: u16,
}

/// A staff member or a room: what time is taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// Somebody who serves.
    Staff(StaffId),
    /// A room.
    Room(RoomId),
}

impl Resource {
    /// Reads an id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let staff = text.parse().ok().map(Self::Staff);
        staff.or_else(|| text.parse().ok().map(Self::Room))
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Staff(id) => id.fmt(f),
            Self::Room(id) => id.fmt(f),
        }
    }
}

/// Who has a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// An appointment.
    Appointment(AppointmentId),
    /// Somebody who is typing on the public pages.
    Hold,
    /// Time kept free.
    Block(BlockId),
}

/// What is in the way, buffers included. It cannot be overridden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// Whom or which room it concerns.
    pub resource: Resource,
    /// From when it is taken.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// By what.
    pub holder: Holder,
}

/// A rule that speaks against a time. It can be overridden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objection {
    /// A stable code: those of the slot search (`outside_hours`, `inside_notice`, ..), `not_skilled`
    /// or `not_its_room`.
    pub code: &'static str,
    /// Whom it concerns.
    pub staff: Option<StaffId>,
}

/// Why the staff cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// No such appointment, service, person, staff member, room or location.
    #[error("there is no such thing")]
    Unknown,
    /// The time is taken.
    #[error("the time is taken")]
    Taken(Vec<Conflict>),
    /// Rules speak against it, and nobody said that they should not count.
    #[error("rules speak against it")]
    Against(Vec<Objection>),
    /// The status cannot follow, or not yet.
    #[error("{} cannot become {}", .from.code(), .to.code())]
    NotNow {
        /// What it is.
        from: Status,
        /// What it was to become.
        to: Status,
    },
    /// It was changed since, so that the change cannot be taken back.
    #[error("it was changed since")]
    Changed,
    /// It is beyond what the member may change: another's, or at another location.
    #[error("it is beyond what may be changed")]
    Beyond,
    /// A time, length or label is out of bounds; the input's name says which.
    #[error("{0} is out of bounds")]
    Bounds(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(Error),
}

impl StaffError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Taken(_) => "taken",
            Self::Against(_) => "against",
            Self::NotNow { .. } => "not-now",
            Self::Changed => "changed",
            Self::Beyond => "beyond",
            Self::Bounds(_) => "bounds",
            Self::Store(_) => "failed",
        }
    }
}

impl From<Error> for StaffError {
    fn from(error: Error) -> Self {
        match SchedulingError::from(error) {
            SchedulingError::Store(error) => Self::Store(error),
            _ => Self::Taken(Vec::new()),
        }
    }
}

impl From<SchedulingError> for StaffError {
    fn from(error: SchedulingError) -> Self {
        match error {
            SchedulingError::Store(error) => Self::Store(error),
            SchedulingError::SlotTaken { .. } | SchedulingError::TooManyHolds => {
                Self::Taken(Vec::new())
            }
            SchedulingError::Unknown => Self::Unknown,
            SchedulingError::AlreadyCanceled
            | SchedulingError::TooLate { .. }
            | SchedulingError::Unchanged => Self::Changed,
        }
    }
}

/// The audit detail of how something was done: the rules that were broken, and whether nobody was
/// told.
fn detail(first: &str, against: &[Objection], manner: Manner) -> String {
    let mut codes: Vec<&str> = against.iter().map(|objection| objection.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut parts = Vec::new();
    if !first.is_empty() {
        parts.push(first.to_owned());
    }
    if !codes.is_empty() {
        parts.push(format!("override:{}", codes.join(",")));
    }
    if !manner.tell {
        parts.push("untold".to_owned());
    }
    parts.join(" ")
}

/// Whose a booking is, as the verbs take it.
fn person(tx: &kept_base::store::Tx<'_>, whose: &Whose) -> Result<PersonId, StaffError> {
    match whose {
        Whose::Known(id) => match crate::people::find(tx, *id)? {
            Some(known) => Ok(known.id),
            None => Err(StaffError::Unknown),
        },
        Whose::New(new) => Ok(record(tx, new)?),
    }
}

fn record(tx: &kept_base::store::Tx<'_>, new: &NewPerson) -> Result<PersonId, Error> {
    crate::people::record(tx, new)
}
