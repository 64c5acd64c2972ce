//! Booking for somebody: at the desk, on the telephone.

use kept_base::store::Tx;

use super::place::place;
use super::reach::within;
use super::{Earlier, Manner, Objection, StaffError, Wish, detail, person};
use crate::audit::{self, Act};
use crate::ids::PersonId;
use crate::messaging::Kind;
use crate::offering::{Catalogs, Service};
use crate::people::NewPerson;
use crate::policy::May;
use crate::policy::rights::ChangeAppointments;
use crate::scheduling::book::{appointment, claim, intent, tell};
use crate::scheduling::hold::Chosen;
use crate::scheduling::{Appointment, Status, store};

/// For whom the staff book.
#[derive(Debug, Clone)]
pub enum Whose {
    /// Somebody on record.
    Known(PersonId),
    /// Somebody new, or to be recognized.
    New(NewPerson),
}

/// What the staff book.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// What, with whom, where and when. Without staff, whoever is free.
    pub wish: Wish,
    /// For whom.
    pub whose: Whose,
    /// Somebody has yet to agree to it.
    pub awaiting: bool,
}

/// Books, and tells how to take it back.
///
/// # Errors
/// [`StaffError`]: [`StaffError::Beyond`] where `by` does not reach; nothing is left behind.
pub fn book(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    new: &NewBooking,
    manner: Manner,
) -> Result<(Appointment, Earlier), StaffError> {
    let catalog = catalogs.get(tx)?;
    let service = (catalog.service(new.wish.service)).ok_or(StaffError::Unknown)?;
    let mut wish = new.wish.clone();
    if let (Some(own), true) = (by.only_own(), wish.staff.is_empty()) {
        // Whoever books for nobody else is not looking for anybody else.
        wish.staff = vec![own.ok_or(StaffError::Beyond)?];
    }
    let (chosen, against) = if wish.staff.is_empty() {
        anybody(tx, by, catalogs, service, &wish, manner)?
    } else {
        place(tx, by, catalogs, &wish, manner, None)?
    };
    let whose = person(tx, &new.whose)?;
    let mut booked = appointment(tx, service, whose, chosen)?;
    within(by, &booked)?;
    if new.awaiting {
        booked.status = Status::Awaiting;
    }
    store::insert(tx, &booked, &intent(&catalog, catalogs, &booked))?;
    claim(tx, service, &booked)?;
    let detail = detail(&service.id.to_string(), &against, manner);
    audit::record(tx, Act::AppointmentBooked, booked.id, &detail)?;
    tell(tx, &catalog, Kind::Booked, &booked, manner.tell)?;
    let earlier = Earlier::booked(&booked, manner);
    Ok((booked, earlier))
}

/// Everybody for a service of all together; else the first who is free, those first whom no rule
/// speaks against.
fn anybody(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    service: &Service,
    wish: &Wish,
    manner: Manner,
) -> Result<(Chosen, Vec<Objection>), StaffError> {
    let catalog = catalogs.get(tx)?;
    let staff: Vec<_> = (service.staff.iter())
        .map(|i| catalog.staff[*i].id)
        .collect();
    let with = |staff: Vec<_>, manner| {
        let wish = Wish {
            staff,
            ..wish.clone()
        };
        place(tx, by, catalogs, &wish, manner, None)
    };
    if service.staffing == kept_slots::Staffing::AllOf {
        return with(staff, manner);
    }
    let strict = Manner {
        override_rules: false,
        ..manner
    };
    let mut first = None;
    for manner in [strict, manner] {
        for member in &staff {
            match with(vec![*member], manner) {
                Err(error @ StaffError::Beyond) => {
                    first.get_or_insert(error);
                }
                Err(error @ (StaffError::Taken(_) | StaffError::Against(_))) => {
                    // What rules say can be overridden, so it is worth more to know.
                    if !matches!(first, Some(StaffError::Against(_))) {
                        first = Some(error);
                    }
                }
                decided => return decided,
            }
        }
    }
    Err(first.unwrap_or(StaffError::Unknown))
}
