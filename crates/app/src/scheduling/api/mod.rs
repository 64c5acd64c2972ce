//! Days, slots, holds and appointments as JSON. Handlers read and write; what is decided is
//! decided by the verbs.

mod appointments;
mod book;
mod change;
mod days;
mod holds;
mod problems;
mod slots;

use jiff::Timestamp;
use kept_base::problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

// The names that begin with two underscores are what utoipa writes beside each handler.
pub use appointments::{__path_get, __path_list, get, list};
pub use book::{__path_create, create};
pub use change::{__path_cancel, __path_reschedule, cancel, reschedule};
pub use days::{__path_days, days};
pub use holds::{__path_hold, __path_release, hold, release};
pub use problems::KINDS;
pub use slots::{__path_slots, __path_why, slots, why};

use super::{Status, Wanted};
use crate::access::Right;
use crate::ids::{AppointmentId, LocationId, PersonId, RoomId, ServiceId, StaffId};
use crate::offering::{Catalog, Service};
use crate::wire::Known;

/// The states of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentStatus {
    /// It is kept, but somebody has yet to agree to it.
    Awaiting,
    /// It stands.
    Confirmed,
    /// The person is here.
    Arrived,
    /// The person is being served.
    InProgress,
    /// It took place.
    Done,
    /// The person did not come.
    NoShow,
    /// It was canceled.
    Canceled,
}

impl From<Status> for AppointmentStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Awaiting => Self::Awaiting,
            Status::Confirmed => Self::Confirmed,
            Status::Arrived => Self::Arrived,
            Status::InProgress => Self::InProgress,
            Status::Done => Self::Done,
            Status::NoShow => Self::NoShow,
            Status::Canceled => Self::Canceled,
        }
    }
}

impl From<AppointmentStatus> for Status {
    fn from(status: AppointmentStatus) -> Self {
        match status {
            AppointmentStatus::Awaiting => Self::Awaiting,
            AppointmentStatus::Confirmed => Self::Confirmed,
            AppointmentStatus::Arrived => Self::Arrived,
            AppointmentStatus::InProgress => Self::InProgress,
            AppointmentStatus::Done => Self::Done,
            AppointmentStatus::NoShow => Self::NoShow,
            AppointmentStatus::Canceled => Self::Canceled,
        }
    }
}

/// A booked time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Appointment {
    /// Its id. Knowing it opens nothing.
    #[schema(value_type = String)]
    pub id: AppointmentId,
    /// What people say on the telephone.
    pub reference: String,
    /// Whether it stands.
    pub status: AppointmentStatus,
    /// Which service.
    #[schema(value_type = String)]
    pub service: ServiceId,
    /// Where.
    #[schema(value_type = String)]
    pub location: LocationId,
    /// In which room; `null` when none is needed.
    #[schema(value_type = Option<String>)]
    pub room: Option<RoomId>,
    /// Who serves.
    #[schema(value_type = Vec<String>)]
    pub staff: Vec<StaffId>,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub ends_at: Timestamp,
    /// How often it was changed.
    pub revision: u32,
    /// When it was booked.
    #[schema(value_type = String, format = DateTime)]
    pub booked_at: Timestamp,
    /// When it was canceled; `null` while it stands.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub canceled_at: Option<Timestamp>,
    /// Whose it is. Given to tokens only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub person: Option<PersonId>,
    /// Why these staff members serve: `only_one`, `never_booked`, `least_recently_booked`,
    /// `all_of_them`, `same_staff`. Given to tokens only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub chosen_because: Option<String>,
}

impl Appointment {
    fn show(found: super::Appointment, known: &Known) -> Self {
        let for_organization = known.is_organization();
        Self {
            id: found.id,
            reference: found.reference,
            status: found.status.into(),
            service: found.service,
            location: found.location,
            room: found.room,
            staff: found.staff,
            starts_at: found.starts_at,
            ends_at: found.ends_at,
            revision: found.revision,
            booked_at: found.booked_at,
            canceled_at: found.canceled_at,
            person: for_organization.then_some(found.person),
            chosen_because: for_organization.then_some(found.chosen_because),
        }
    }
}

/// What is wanted, as texts and ids from outside.
struct Wish<'r> {
    /// Id or slug.
    service: &'r str,
    staff: Option<StaffId>,
    location: Option<LocationId>,
}

/// The service of that id or slug.
fn find_service<'c>(catalog: &'c Catalog, id_or_slug: &str) -> Option<&'c Service> {
    match id_or_slug.parse() {
        Ok(id) => catalog.service(id),
        Err(_) => catalog.service_by_slug(id_or_slug),
    }
}

impl Wish<'_> {
    /// Looks up what is named; `unknown` makes the problem of the name that finds nothing.
    fn resolve<'c>(
        &self,
        catalog: &'c Catalog,
        unknown: fn(&'static str) -> Problem,
    ) -> Result<(&'c Service, Wanted), Problem> {
        let service = find_service(catalog, self.service)
            .filter(|service| !service.archived)
            .ok_or_else(|| unknown("service"))?;
        let serves = |id| service.staff.iter().any(|i| catalog.staff[*i].id == id);
        if self.staff.is_some_and(|id| !serves(id)) {
            return Err(unknown("staff"));
        }
        if self
            .location
            .is_some_and(|id| catalog.location(id).is_none_or(|found| found.archived))
        {
            return Err(unknown("location"));
        }
        let wanted = Wanted {
            service: service.id,
            staff: self.staff,
            location: self.location,
        };
        Ok((service, wanted))
    }
}

/// 404 for a name in a body that names nothing.
fn unknown_field(name: &'static str) -> Problem {
    crate::wire::problems::unknown_field(&format!("/{name}"))
}

/// Whether answers and reasons in people's own words may be shown: to a token that may see people,
/// and to the person.
fn may_see_words(known: &Known) -> bool {
    known.only_appointment().is_some() || known.may(Right::SeePeople)
}
