//! What can be booked, where, with whom and when: services, locations, rooms, staff and hours.

pub mod api;
mod catalog;
mod change;
mod earlier;
mod error;
pub mod hours;
mod records;
mod services;
mod store;
mod team;

use kept_base::kit::{Email, Money};
use kept_slots::{Hours, Place, Rules, Staffing, WeeklySpan};

use crate::ids::{FieldId, LocationId, RoomId, ServiceId, SkillId, StaffId};

pub use catalog::{Catalog, Catalogs};
pub use change::has_services;
pub use change::{
    NewField, NewService, add_closed_day, add_field, add_hours, add_location, add_override,
    add_room, add_service, add_staff, add_time_off,
};
pub use earlier::{Earlier, offer_undo, put_back, undo};
pub use error::OfferingError;
pub use records::RECORDS;
pub(crate) use services::is_video_link;
pub use services::{
    MAX_VIDEO_LINK_BYTES, ServiceSetup, ask, change_question, change_service, set_up_service,
};
pub use team::{
    LocationChange, RoomChange, StaffChange, Thing, add_skill, archive, remove_skill, set_location,
    set_room, set_staff, shift,
};

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
/// Most stretches of weekly hours of one staff member or room: as many as one form can send.
pub const MAX_WEEKLY_ROWS: usize = 24;
/// How deep locations stand in locations, at most.
pub const MAX_LOCATION_DEPTH: usize = 5;
/// Most closed days of an organization.
pub const MAX_CLOSED_DAYS: usize = 2_000;
/// Most skills of an organization.
pub const MAX_SKILLS: usize = 100;

/// A place with an address.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What it is called.
    pub name: String,
    /// Where it is, on one line: its own address, else that of the location it is in.
    pub address: String,
    /// Its own address; may be empty where it is in another location.
    pub own_address: String,
    /// The location that it is in, as an index into [`Catalog::locations`].
    pub parent: Option<usize>,
    /// Whether nothing takes place here any more: it, or a location that it is in, is archived.
    pub archived: bool,
    /// IANA name of its zone.
    pub zone: String,
    /// Its zone and closed days, as the slot search takes them.
    pub place: Place,
}

/// What stands in a location and can be taken by one appointment at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomKind {
    /// A room.
    Room,
    /// A device or a vehicle.
    Equipment,
}

impl RoomKind {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Equipment => "equipment",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Room, Self::Equipment]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// How customer and staff meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// At the location of the hours.
    Place,
    /// By telephone: the staff calls.
    Phone,
    /// By video, at an address that the service names.
    Video,
    /// At the customer's address, which the service asks for.
    Customer,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Place, Self::Phone, Self::Video, Self::Customer];

    /// The stable code, as stored and in the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Phone => "phone",
            Self::Video => "video",
            Self::Customer => "customer",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// What somebody can do.
#[derive(Debug, Clone)]
pub struct Skill {
    /// Its id.
    pub id: SkillId,
    /// What it is called.
    pub name: String,
}

/// A room or a piece of equipment at a location.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// Where it is, as an index into [`Catalog::locations`].
    pub location: usize,
    /// What it is called.
    pub name: String,
    /// A room, or equipment.
    pub kind: RoomKind,
    /// For how many people it is, where that is known.
    pub capacity: Option<u16>,
    /// When it can be used, each week; always when empty.
    pub weekly: Vec<WeeklySpan>,
    /// Whether it is used no more: it, or its location, is archived.
    pub archived: bool,
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
    /// When they give one service, where that differs.
    pub service_hours: Vec<(ServiceId, Hours)>,
    /// What they can do, as indices into [`Catalog::skills`].
    pub skills: Vec<usize>,
    /// Whether they serve no more.
    pub archived: bool,
}

impl StaffMember {
    /// When they give `service`.
    #[must_use]
    pub fn hours_for(&self, service: ServiceId) -> &Hours {
        let own = self.service_hours.iter().find(|(id, _)| *id == service);
        own.map_or(&self.hours, |(_, hours)| hours)
    }
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
    /// How customer and staff meet.
    pub mode: Mode,
    /// Where, by video.
    pub video_link: Option<String>,
    /// Who serves it, as indices into [`Catalog::staff`]: those listed who have its skills and are
    /// not archived; with nobody listed, everybody who has its skills.
    pub staff: Vec<usize>,
    /// Who is listed.
    pub listed_staff: Vec<usize>,
    /// What is needed to serve it, as indices into [`Catalog::skills`].
    pub skills: Vec<usize>,
    /// Whether it takes a room.
    pub needs_room: bool,
    /// Which rooms it can use, as indices into [`Catalog::rooms`]: those listed, and where a
    /// capacity is given every room of that capacity; archived ones left out.
    pub rooms: Vec<usize>,
    /// Which are listed.
    pub listed_rooms: Vec<usize>,
    /// Any room for so many people.
    pub room_capacity: Option<u16>,
    /// Whether it can be booked no more.
    pub archived: bool,
    /// The price shown.
    pub price: Option<Money>,
    /// How long before its start an appointment can be moved by the person, in minutes.
    pub move_until_minutes: u32,
    /// How long before its start an appointment can be cancelled by the person, in minutes.
    pub cancel_until_minutes: u32,
    /// What it asks beside name and e-mail.
    pub fields: Vec<Field>,
}
