//! The main job: which times are free, holding one while somebody types, booking, moving and
//! cancelling. Everything shown comes from the same search that validates: shown means bookable.

pub mod api;
mod ask;
mod book;
mod change;
mod hold;
mod kept;
mod outlook;
pub mod pages;
mod records;
pub mod rules;
mod search;
pub mod staff;
mod status;
mod store;

use jiff::Timestamp;
use kept_base::store::Error;
use kept_slots::Reason;

use crate::ids::{AppointmentId, HoldId, LocationId, PersonId, RoomId, ServiceId, StaffId};
use crate::people::{Answer, NewPerson};

pub use ask::{Refusal, days, days_for_move, find_slot, first, nearest, start_of, times, why};
pub use book::{Booked, book};
pub use change::{Authority, cancel, reschedule};
pub use hold::{find_hold, place_hold, release_expired_holds, release_hold};
pub use kept::{KeptDays, KeptKey};
pub use outlook::{
    Bookable, MAX_APPOINTMENTS_CHECKED, OUTLOOK_DAYS, Strand, Stranded, outlook, stranded,
};
pub use records::RECORDS;
pub use status::Status;
pub use store::{
    Filter, HourCount, LEAD_DAYS, Share, Span, Taken, appointment, appointment_by_reference,
    appointments, appointments_of, assign, blocks_between, count_by_hour, count_by_lead,
    count_by_service, count_by_staff, has_appointments, reassign, taken_between,
};

/// How long a time is held for somebody who is typing, in minutes.
pub const HOLD_MINUTES: i64 = 10;
/// Most days in one question about days.
pub const MAX_DAYS_PER_QUESTION: u16 = 62;
/// How many other times are offered when one is gone.
pub const ALTERNATIVES: usize = 3;
/// How far around a lost time others are looked for, in days: first near, then farther, then as far
/// as anything can be booked.
pub const ALTERNATIVES_WITHIN_DAYS: [i64; 3] = [14, 90, 402];
/// Most appointments in one page of a list.
pub const MAX_PAGE_ROWS: u32 = 200;
/// Most holds alive at once in one organization. It bounds what strangers can keep from others for
/// ten minutes; it does not keep a small organization from being held whole (rate limits will).
pub const MAX_LIVE_HOLDS: u32 = 500;

/// What somebody wants: a service, perhaps with somebody, perhaps somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Which service.
    pub service: ServiceId,
    /// With whom; anybody who serves it when absent.
    pub staff: Option<StaffId>,
    /// Where; anywhere when absent.
    pub location: Option<LocationId>,
}

/// A free time, with everybody and every room that could take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, buffers not included.
    pub ends_at: Timestamp,
    /// Where.
    pub location: LocationId,
    /// Who is free: any one of them, or for a service of all together, everybody.
    pub staff: Vec<StaffId>,
    /// Rooms that are free; empty when none is needed.
    pub rooms: Vec<RoomId>,
}

/// A time kept for somebody who is typing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its id. Random: knowing it is being allowed to use it.
    pub id: HoldId,
    /// Which service.
    pub service: ServiceId,
    /// Where.
    pub location: LocationId,
    /// With whom.
    pub staff: Vec<StaffId>,
    /// In which room.
    pub room: Option<RoomId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Until when it is kept.
    pub expires_at: Timestamp,
    /// Why these staff members were chosen.
    pub chosen_because: String,
}

/// A booked time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// What people say on the telephone: `BK-7QX-204`.
    pub reference: String,
    /// The iCalendar UID, stable for life.
    pub uid: String,
    /// Which service.
    pub service: ServiceId,
    /// Where.
    pub location: LocationId,
    /// In which room.
    pub room: Option<RoomId>,
    /// Whose it is.
    pub person: PersonId,
    /// Who serves.
    pub staff: Vec<StaffId>,
    /// Whether it stands.
    pub status: Status,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends, buffers not included.
    pub ends_at: Timestamp,
    /// How often it was changed (iTIP `SEQUENCE`).
    pub revision: u32,
    /// Why these staff members were chosen, as a code.
    pub chosen_because: String,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// When it was cancelled.
    pub canceled_at: Option<Timestamp>,
}

/// What somebody books.
#[derive(Debug, Clone)]
pub struct NewAppointment {
    /// What and with whom.
    pub wanted: Wanted,
    /// When it begins.
    pub starts_at: Timestamp,
    /// The hold under which the time is kept, if there is one.
    pub hold: Option<HoldId>,
    /// For whom.
    pub person: NewPerson,
    /// Their answers to the service's fields, already checked by [`rules::check_answers`].
    pub answers: Vec<Answer>,
}

/// Why a time cannot be held, booked or moved to.
#[derive(Debug, thiserror::Error)]
pub enum SchedulingError {
    /// No such service, or no such staff member or location for it.
    #[error("no such service, staff member or location")]
    Unknown,
    /// The time is not, or no longer, free.
    #[error("this time is not free")]
    SlotTaken {
        /// Why, as the search says.
        reasons: Vec<Reason>,
        /// The nearest times that are.
        alternatives: Vec<Timestamp>,
    },
    /// The appointment was cancelled before.
    #[error("this appointment is cancelled")]
    AlreadyCanceled,
    /// The appointment is too near, or past, for the person to change it.
    #[error("changes closed at {closed_at}")]
    TooLate {
        /// Until when it could have been changed.
        closed_at: Timestamp,
    },
    /// It is at that time already.
    #[error("the appointment is at that time already")]
    Unchanged,
    /// Too many times are held at once.
    #[error("too many times are held")]
    TooManyHolds,
    /// The store failed.
    #[error(transparent)]
    Store(Error),
}

impl From<Error> for SchedulingError {
    fn from(error: Error) -> Self {
        // The claim trigger is the last word; the search before it only explains.
        if error.is_constraint("claim_overlap") {
            return Self::SlotTaken {
                reasons: vec![Reason::StaffBusy],
                alternatives: Vec::new(),
            };
        }
        Self::Store(error)
    }
}
