//! What can be booked, where, with whom and when: services, locations, rooms, staff and hours.

pub mod api;
mod catalog;
mod change;
mod records;
mod store;

use kept_base::kit::{Email, Money};
use kept_slots::{Hours, Place, Rules, Staffing};

use crate::ids::{FieldId, LocationId, RoomId, ServiceId, StaffId};

pub use catalog::{Catalog, Catalogs};
pub use change::has_services;
pub use change::{
    NewField, NewService, OfferingError, add_closed_day, add_field, add_hours, add_location,
    add_override, add_room, add_service, add_staff, add_time_off,
};
pub use records::RECORDS;

/// Longest name of a service, location, room, staff member or field label, in characters.
pub const MAX_TITLE_CHARS: usize = 120;
/// Longest description or address, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 1_000;
/// Most fields that one service asks.
pub const MAX_FIELDS_PER_SERVICE: usize = 20;
/// Most choices of one field.
pub const MAX_CHOICES_PER_FIELD: usize = 30;
/// Longest service, buffer included, in minutes (a day less than the longest claim).
pub const MAX_SERVICE_MINUTES: u16 = 30 * 24 * 60;
/// Farthest that a service can be booked ahead, in days.
pub const MAX_HORIZON_DAYS: u16 = 400;

/// A place with an address.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What it is called.
    pub name: String,
    /// Where it is, on one line.
    pub address: String,
    /// IANA name of its zone.
    pub zone: String,
    /// Its zone and closed days, as the slot search takes them.
    pub place: Place,
}

/// A room at a location.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Where it is, as an index into [`Catalog::locations`].
    pub location: usize,
    /// What it is called.
    pub name: String,
}

/// Somebody who serves.
#[derive(Debug, Clone)]
pub struct StaffMember {
    /// Their id.
    pub id: StaffId,
    /// What customers know them as.
    pub name: String,
    /// What they are: "Physiotherapist".
    pub title: String,
    /// Where they are told of their appointments.
    pub email: Option<Email>,
    /// When they work.
    pub hours: Hours,
}

/// The kinds of answer that a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// One of the listed choices.
    Choice,
    /// Yes or nothing.
    Check,
    /// A telephone number with country code.
    Phone,
    /// A civil date.
    Date,
}

impl FieldKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Text,
        Self::LongText,
        Self::Choice,
        Self::Check,
        Self::Phone,
        Self::Date,
    ];

    /// The stable code, as stored and in the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Choice => "choice",
            Self::Check => "check",
            Self::Phone => "phone",
            Self::Date => "date",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A question that a service asks, beside name and e-mail.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// Its name in forms and in the API.
    pub key: String,
    /// What answers it takes.
    pub kind: FieldKind,
    /// The question.
    pub label: String,
    /// Why we ask, in the organization's words; shown beside the question.
    pub reason: String,
    /// The answers to choose from, for [`FieldKind::Choice`].
    pub choices: Vec<String>,
    /// Whether booking needs an answer.
    pub required: bool,
}

/// What can be booked.
#[derive(Debug, Clone)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Length, buffers, grid, notice, horizon and daily limit.
    pub rules: Rules,
    /// Any one of the staff, or all of them together.
    pub staffing: Staffing,
    /// Who can serve it, as indices into [`Catalog::staff`].
    pub staff: Vec<usize>,
    /// Which rooms it can use, as indices into [`Catalog::rooms`]; empty when it needs none.
    pub rooms: Vec<usize>,
    /// The price shown.
    pub price: Option<Money>,
    /// How long before its start an appointment can be moved by the person, in minutes.
    pub move_until_minutes: u32,
    /// How long before its start an appointment can be cancelled by the person, in minutes.
    pub cancel_until_minutes: u32,
    /// What it asks beside name and e-mail.
    pub fields: Vec<Field>,
}
