//! Appointments that are past, very many at once.

use jiff::Timestamp;
use kept_app::ids::{LocationId, ServiceId, StaffId};
use kept_base::params;
use kept_base::store::Tx;

use crate::prepare::{Anything, SERVICE};

/// What past appointments are made of.
#[derive(Clone)]
pub struct Office {
    pub service: ServiceId,
    pub location: LocationId,
    pub staff: Vec<StaffId>,
    /// Nothing past is later.
    pub before: Timestamp,
}

/// What the office has.
pub fn office(tx: &Tx<'_>, before: Timestamp) -> Result<Office, Anything> {
    let service = "select id from service where slug = $1";
    let service = tx.query_opt(service, params![SERVICE], |row| row.get(0))?;
    let location = tx.query_opt("select id from location", &[], |row| row.get(0))?;
    Ok(Office {
        service: service.ok_or("the service is missing")?,
        location: location.ok_or("the location is missing")?,
        staff: tx.query("select id from staff order by id", &[], |row| row.get(0))?,
        before,
    })
}

/// Past appointments from number `from` to before `to`, with what claims their time.
pub fn fill(tx: &Tx<'_>, office: &Office, from: i64, to: i64) -> Result<(), Anything> {
    let [a, b, c, d] = office.staff.as_slice() else {
        return Err("the office has other staff".into());
    };
    let numbers = "with recursive number (i) as
        (select cast($1 as bigint) union all select i + 1 from number where i + 1 < $2)";
    let id = "'apt_' || substr(cast(100000000000 + i as text), 2) || '000000000000000'";
    let starts = "$3 - (i / 4 + 1) * 300000000";
    let member = "case i % 4 when 0 then $4 when 1 then $5 when 2 then $6 else $7 end";
    tx.execute(
        &format!(
            "insert into appointment (id, reference, uid, service_id, location_id, room_id,
                 person_id, status, starts_at, ends_at, civil_start, zone, tzdb, revision,
                 chosen_because, booked_at, booked_by)
             {numbers}
             select {id}, 'P' || i, 'past-' || i, $4, $5, null, customer.id, 'done', {starts},
                 {starts} + 300000000, '2020-01-01T00:00', 'Europe/Berlin', '2026a', 1, 'asked',
                 {starts}, 'operator'
             from number join (select id, row_number() over (order by id) - 1 as place from person)
                 as customer on customer.place = i % 500"
        ),
        params![from, to, office.before, office.service, office.location],
    )?;
    tx.execute(
        &format!(
            "insert into appointment_staff (appointment_id, staff_id, booked_at)
             {numbers} select {id}, {member}, {starts} from number"
        ),
        params![from, to, office.before, a, b, c, d],
    )?;
    tx.execute(
        &format!(
            "insert into claim (resource_id, starts_at, ends_at, appointment_id)
             {numbers} select {member}, {starts}, {starts} + 300000000, {id} from number"
        ),
        params![from, to, office.before, a, b, c, d],
    )?;
    Ok(())
}
