use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use crate::ids::{AppointmentId, PersonId, ServiceId, StaffId};
use crate::scheduling::{Appointment, MAX_PAGE_ROWS, Status};

const COLUMNS: &str = "appointment.id, reference, uid, service_id, location_id, room_id,
    person_id, status, starts_at, ends_at, revision, chosen_because, booked_at, cancellation.at
    from appointment left join cancellation on cancellation.appointment_id = appointment.id";

fn read(row: &Row<'_>) -> Result<Appointment, Error> {
    Ok(Appointment {
        id: row.get(0)?,
        reference: row.get(1)?,
        uid: row.get(2)?,
        service: row.get(3)?,
        location: row.get(4)?,
        room: row.get(5)?,
        person: row.get(6)?,
        staff: Vec::new(),
        status: Status::from_code(row.borrow(7)?).ok_or(Error::Decode("status"))?,
        starts_at: row.get(8)?,
        ends_at: row.get(9)?,
        revision: row.get(10)?,
        chosen_because: row.get(11)?,
        booked_at: row.get(12)?,
        canceled_at: row.get(13)?,
    })
}

fn with_staff(tx: &Tx<'_>, mut found: Appointment) -> Result<Appointment, Error> {
    found.staff = tx.query(
        "select staff_id from appointment_staff where appointment_id = $1 order by staff_id",
        params![found.id],
        |row| row.get(0),
    )?;
    Ok(found)
}

/// The appointment of that id.
///
/// # Errors
/// Those of the store.
pub fn appointment(tx: &Tx<'_>, id: AppointmentId) -> Result<Option<Appointment>, Error> {
    let sql = format!("select {COLUMNS} where appointment.id = $1");
    tx.query_opt(&sql, params![id], read)?
        .map(|found| with_staff(tx, found))
        .transpose()
}

/// The appointment that people call `reference`.
///
/// # Errors
/// Those of the store.
pub fn appointment_by_reference(
    tx: &Tx<'_>,
    reference: &str,
) -> Result<Option<Appointment>, Error> {
    let sql = format!("select {COLUMNS} where reference = $1");
    tx.query_opt(&sql, params![reference], read)?
        .map(|found| with_staff(tx, found))
        .transpose()
}

/// Which appointments a list shows. Every given part must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Beginning at or after.
    pub from: Option<Timestamp>,
    /// Beginning before.
    pub to: Option<Timestamp>,
    /// In this state.
    pub status: Option<Status>,
    /// Of this service.
    pub service: Option<ServiceId>,
    /// Served by this staff member.
    pub staff: Option<StaffId>,
    /// Of this person.
    pub person: Option<PersonId>,
    /// After this one, in the order of the list: where the page before ended.
    pub after: Option<(Timestamp, AppointmentId)>,
}

/// Appointments in order of time, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn appointments(tx: &Tx<'_>, filter: &Filter, limit: u32) -> Result<Vec<Appointment>, Error> {
    let (after_start, after_id) = match filter.after {
        Some((start, id)) => (start, id.to_string()),
        None => (Timestamp::MIN, String::new()),
    };
    let sql = format!(
        "select {COLUMNS}
         where starts_at >= $1 and starts_at < $2 and (starts_at > $3 or appointment.id > $4)
           and starts_at >= $3
           and (cast($5 as text) is null or status = $5) and (cast($6 as text) is null or service_id = $6)
           and (cast($7 as text) is null or exists (select 1 from appointment_staff
                where appointment_staff.appointment_id = appointment.id and staff_id = $7))
           and (cast($8 as text) is null or person_id = $8)
         order by starts_at, appointment.id limit $9"
    );
    let found = tx.query(
        &sql,
        params![
            filter.from.unwrap_or(Timestamp::MIN),
            filter.to.unwrap_or(Timestamp::MAX),
            after_start,
            after_id,
            filter.status.map(Status::code),
            filter.service,
            filter.staff,
            filter.person,
            limit.min(MAX_PAGE_ROWS + 1),
        ],
        read,
    )?;
    found
        .into_iter()
        .map(|appointment| with_staff(tx, appointment))
        .collect()
}
