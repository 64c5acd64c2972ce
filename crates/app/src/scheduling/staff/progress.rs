//! How an appointment goes: confirmed, here, being served, done, did not come, cancelled.

use kept_base::kit::time::whole_microseconds;
use kept_base::store::Tx;

use super::place::conflicts;
use super::reach::within;
use super::{Earlier, Manner, Resource, StaffError, detail};
use crate::audit::{self, Act};
use crate::ids::AppointmentId;
use crate::messaging::Kind;
use crate::offering::Catalogs;
use crate::policy::May;
use crate::policy::rights::ChangeAppointments;
use crate::scheduling::book::{claim, tell};
use crate::scheduling::{Appointment, Status, rules, store};

/// Says how an appointment stands, and tells how to take that back. A cancelled appointment, and
/// one to which nobody came, gives its time free; coming back from there takes it again.
///
/// # Errors
/// [`StaffError::Beyond`] where `by` does not reach, [`StaffError::NotNow`] when `to` cannot follow,
/// [`StaffError::Taken`] when its time is another's by now; nothing changes then.
pub fn set_status(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    id: AppointmentId,
    to: Status,
    manner: Manner,
) -> Result<(Appointment, Earlier), StaffError> {
    let before = store::appointment(tx, id)?.ok_or(StaffError::Unknown)?;
    within(by, &before)?;
    let from = before.status;
    let too_early = to.needs_start() && tx.now() < before.starts_at;
    if !from.may_become(to) || too_early {
        return Err(StaffError::NotNow { from, to });
    }
    let changed = apply(tx, catalogs, &before, to, manner)?;
    let earlier = Earlier::status(&before, &changed, manner);
    Ok((changed, earlier))
}

/// Sets a status without asking whether it may follow.
pub(super) fn apply(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    before: &Appointment,
    to: Status,
    manner: Manner,
) -> Result<Appointment, StaffError> {
    let catalog = catalogs.get(tx)?;
    let service = catalog.service(before.service).ok_or(StaffError::Unknown)?;
    let (from, id) = (before.status, before.id);
    let told = told_of(from, to);
    let changed = Appointment {
        status: to,
        // Outside calendars know an entry's newest state by its revision.
        revision: before.revision + u32::from(told.is_some()),
        canceled_at: (to == Status::Canceled).then(|| whole_microseconds(tx.now())),
        ..before.clone()
    };
    match (from.takes_time(), to.takes_time()) {
        (true, false) => store::delete_claims(tx, store::Holder::Appointment(id))?,
        (false, true) => {
            let window = rules::claimed_window(&service.rules, before.starts_at, before.ends_at);
            let staff = before.staff.iter().map(|id| Resource::Staff(*id));
            let mut taken = Vec::new();
            for resource in staff.chain(before.room.map(Resource::Room)) {
                taken.extend(conflicts(tx, resource, window, Some(id))?);
            }
            if !taken.is_empty() {
                return Err(StaffError::Taken(taken));
            }
            claim(tx, service, &changed)?;
        }
        _ => {}
    }
    store::update_status(tx, before, &changed)?;
    let (act, first) = match to {
        Status::Canceled => (Act::AppointmentCanceled, String::new()),
        _ => (
            Act::AppointmentStatusChanged,
            format!("{} {}", from.code(), to.code()),
        ),
    };
    let detail = detail(&first, &[], manner);
    audit::record(tx, act, id, if told.is_some() { &detail } else { &first })?;
    if let Some(kind) = told {
        tell(tx, &catalog, kind, &changed, manner.tell)?;
    }
    Ok(changed)
}

/// What people are told of a change: only whether it is on or off.
fn told_of(from: Status, to: Status) -> Option<Kind> {
    match (from, to) {
        (_, Status::Canceled) => Some(Kind::Canceled),
        (Status::Canceled, _) => Some(Kind::Booked),
        _ => None,
    }
}
