use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};
use kept_slots::Window;

use crate::ids::{AppointmentId, HoldId, RoomId, ServiceId, StaffId};
use crate::scheduling::search::Ignoring;

/// What takes time: one row of `claim` for each.
pub(in crate::scheduling) struct Claimed<'a> {
    pub(in crate::scheduling) staff: &'a [StaffId],
    pub(in crate::scheduling) room: Option<RoomId>,
    /// Buffers included.
    pub(in crate::scheduling) window: Window,
}

/// Who holds a claim.
#[derive(Clone, Copy)]
pub(in crate::scheduling) enum Holder {
    Appointment(AppointmentId),
    Hold(HoldId),
}

impl Holder {
    fn columns(self) -> (Option<AppointmentId>, Option<HoldId>) {
        match self {
            Self::Appointment(id) => (Some(id), None),
            Self::Hold(id) => (None, Some(id)),
        }
    }
}

/// The claims on a resource that overlap `from..to`. Claims of one resource never overlap, so of
/// those that begin before `from` only the last can reach into it.
pub(in crate::scheduling) fn claims(
    tx: &Tx<'_>,
    resource: &impl std::fmt::Display,
    (from, to): (Timestamp, Timestamp),
    ignoring: Ignoring,
) -> Result<Vec<Window>, Error> {
    let found = tx.query(
        "select starts_at, ends_at from claim
         where resource_id = $1 and starts_at < $3
           and starts_at >= coalesce(
               (select max(starts_at) from claim where resource_id = $1 and starts_at < $2), $2)
           and ends_at > $2
           and (appointment_id is null or appointment_id <> coalesce($4, ''))
           and (hold_id is null or hold_id <> coalesce($5, ''))
         order by starts_at",
        params![
            resource.to_string(),
            from,
            to,
            ignoring.appointment,
            ignoring.hold
        ],
        |row| Ok(Window::new(row.get(0)?, row.get(1)?)),
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// When the appointments that stand and the holds of a service begin, between `from` and `to`.
pub(in crate::scheduling) fn starts(
    tx: &Tx<'_>,
    service: ServiceId,
    (from, to): (Timestamp, Timestamp),
    ignoring: Ignoring,
) -> Result<Vec<Timestamp>, Error> {
    tx.query(
        "select starts_at from appointment
         where service_id = $1 and starts_at >= $2 and starts_at < $3 and status <> 'canceled'
           and id <> coalesce($4, '')
         union all
         select starts_at from hold
         where service_id = $1 and starts_at >= $2 and starts_at < $3 and id <> coalesce($5, '')",
        params![service, from, to, ignoring.appointment, ignoring.hold],
        |row| row.get(0),
    )
}

pub(in crate::scheduling) fn last_booked(
    tx: &Tx<'_>,
    staff: StaffId,
) -> Result<Option<Timestamp>, Error> {
    let last = tx.query_opt(
        "select max(booked_at) from appointment_staff where staff_id = $1",
        params![staff],
        |row| row.get(0),
    )?;
    Ok(last.flatten())
}

pub(in crate::scheduling) fn insert_claims(
    tx: &Tx<'_>,
    claimed: &Claimed<'_>,
    holder: Holder,
) -> Result<(), Error> {
    let (appointment, hold) = holder.columns();
    let staff = claimed.staff.iter().map(ToString::to_string);
    for resource in staff.chain(claimed.room.map(|room| room.to_string())) {
        tx.execute(
            "insert into claim (resource_id, starts_at, ends_at, appointment_id, hold_id)
             values ($1, $2, $3, $4, $5)",
            params![
                resource,
                claimed.window.start,
                claimed.window.end,
                appointment,
                hold
            ],
        )?;
    }
    Ok(())
}

pub(in crate::scheduling) fn delete_claims(tx: &Tx<'_>, holder: Holder) -> Result<(), Error> {
    match holder {
        Holder::Appointment(id) => {
            tx.execute("delete from claim where appointment_id = $1", params![id])?;
        }
        Holder::Hold(id) => {
            tx.execute("delete from claim where hold_id = $1", params![id])?;
        }
    }
    Ok(())
}

/// The claims of a hold become those of the appointment booked under it.
pub(in crate::scheduling) fn hand_over_claims(
    tx: &Tx<'_>,
    hold: HoldId,
    appointment: AppointmentId,
) -> Result<(), Error> {
    tx.execute(
        "update claim set appointment_id = $2, hold_id = null where hold_id = $1",
        params![hold, appointment],
    )?;
    Ok(())
}
