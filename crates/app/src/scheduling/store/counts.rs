//! How many appointments there were, by day, hour, service, staff member and lead time. Counts
//! only: nothing here can name a person.

use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{LocationId, ServiceId, StaffId};

/// Edges of lead times, in days: an appointment is counted in the last class whose edge it reaches.
pub const LEAD_DAYS: [i64; 6] = [0, 1, 3, 7, 14, 28];

/// How many appointments start in one hour of one day, on the clock of their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourCount {
    /// The day.
    pub day: Date,
    /// The hour, 0 to 23.
    pub hour: u8,
    /// Their status, as stored.
    pub status: String,
    /// How many.
    pub count: u32,
}

/// How many appointments there are of something, and how long they last together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share<T> {
    /// Of what.
    pub of: T,
    /// Their status, as stored.
    pub status: String,
    /// How many.
    pub count: u32,
    /// Their minutes, buffers not included.
    pub minutes: i64,
}

/// Which appointments are counted.
#[derive(Debug, Clone, Copy)]
pub struct Span<'l> {
    /// Those that start then or later.
    pub from: Timestamp,
    /// Those that start before.
    pub to: Timestamp,
    /// Those at these locations; everywhere when there is nothing said.
    pub among: Option<&'l [LocationId]>,
}

impl Span<'_> {
    /// The locations as one text, in which ids are looked for.
    fn among(&self) -> Option<String> {
        let all = self.among?;
        Some(all.iter().map(ToString::to_string).collect())
    }
}

/// By day and hour.
///
/// # Errors
/// Those of the store.
pub fn count_by_hour(tx: &Tx<'_>, span: Span<'_>) -> Result<Vec<HourCount>, Error> {
    tx.query(
        "select substr(civil_start, 1, 10), cast(substr(civil_start, 12, 2) as integer), status,
             count(*)
         from appointment where starts_at >= $1 and starts_at < $2
             and (cast($3 as text) is null or $3 like '%' || location_id || '%')
         group by 1, 2, 3 order by 1, 2, 3",
        params![span.from, span.to, span.among()],
        |row| {
            Ok(HourCount {
                day: row.get(0)?,
                hour: row.get(1)?,
                status: row.get(2)?,
                count: row.get(3)?,
            })
        },
    )
}

/// By service.
///
/// # Errors
/// Those of the store.
pub fn count_by_service(tx: &Tx<'_>, span: Span<'_>) -> Result<Vec<Share<ServiceId>>, Error> {
    tx.query(
        "select service_id, status, count(*), cast(sum(ends_at - starts_at) as bigint) / 60000000
         from appointment where starts_at >= $1 and starts_at < $2
             and (cast($3 as text) is null or $3 like '%' || location_id || '%')
         group by service_id, status order by service_id, status",
        params![span.from, span.to, span.among()],
        |row| {
            Ok(Share {
                of: row.get(0)?,
                status: row.get(1)?,
                count: row.get(2)?,
                minutes: row.get(3)?,
            })
        },
    )
}

/// By staff member; an appointment of several is counted for each.
///
/// # Errors
/// Those of the store.
pub fn count_by_staff(tx: &Tx<'_>, span: Span<'_>) -> Result<Vec<Share<StaffId>>, Error> {
    tx.query(
        "select staff_id, status, count(*), cast(sum(ends_at - starts_at) as bigint) / 60000000
         from appointment
         join appointment_staff on appointment_staff.appointment_id = appointment.id
         where starts_at >= $1 and starts_at < $2
             and (cast($3 as text) is null or $3 like '%' || location_id || '%')
         group by staff_id, status order by staff_id, status",
        params![span.from, span.to, span.among()],
        |row| {
            Ok(Share {
                of: row.get(0)?,
                status: row.get(1)?,
                count: row.get(2)?,
                minutes: row.get(3)?,
            })
        },
    )
}

/// How long before they start appointments are booked, canceled ones too: a count for each class
/// of [`LEAD_DAYS`].
///
/// # Errors
/// Those of the store.
pub fn count_by_lead(tx: &Tx<'_>, span: Span<'_>) -> Result<[u32; LEAD_DAYS.len()], Error> {
    let mut counts = [0; LEAD_DAYS.len()];
    let rows = tx.query(
        "select (starts_at - booked_at) / 86400000000, count(*)
         from appointment where starts_at >= $1 and starts_at < $2
             and (cast($3 as text) is null or $3 like '%' || location_id || '%')
         group by 1",
        params![span.from, span.to, span.among()],
        |row| Ok((row.get::<i64>(0)?, row.get::<u32>(1)?)),
    )?;
    for (days, count) in rows {
        let class = LEAD_DAYS.iter().rposition(|edge| days >= *edge);
        counts[class.unwrap_or(0)] += count;
    }
    Ok(counts)
}
