//! Who serves, and when.

use std::collections::HashMap;

use jiff::civil::{Date, Weekday};
use kept_base::params;
use kept_base::store::{Error, Row, Tx};
use kept_slots::{DayOverride, DaySpan, Hours, WeeklySpan, Window};

use super::read::index_of;
use crate::ids::{LocationId, RoomId, ServiceId, SkillId, StaffId};
use crate::offering::hours::{DayHours, WeeklyHours};
use crate::offering::{Location, Room, Skill, StaffMember};

pub(in crate::offering) fn staff(
    tx: &Tx<'_>,
    locations: &[Location],
    skills: &[Skill],
) -> Result<Vec<StaffMember>, Error> {
    let mut hours = hours(tx, locations)?;
    let mut staff = tx.query(
        "select id, name, title, email, archived_at from staff order by position, id",
        &[],
        |row| {
            let id: StaffId = row.get(0)?;
            let (own, service_hours) = hours.remove(&id).unwrap_or_default().finish();
            Ok(StaffMember {
                id,
                name: row.get(1)?,
                title: row.get(2)?,
                email: row.get(3)?,
                hours: own,
                service_hours,
                skills: Vec::new(),
                archived: row.get::<Option<i64>>(4)?.is_some(),
            })
        },
    )?;
    tx.query("select staff_id, skill_id from staff_skill", &[], |row| {
        let (member, skill) = (row.get::<StaffId>(0)?, row.get::<SkillId>(1)?);
        let skill = skills.iter().position(|known| known.id == skill);
        let member = staff.iter_mut().find(|known| known.id == member);
        if let (Some(member), Some(skill)) = (member, skill) {
            member.skills.push(skill);
        }
        Ok(())
    })?;
    Ok(staff)
}

/// The hours of one staff member while they are read.
#[derive(Default)]
struct Gathered {
    hours: Hours,
    by_service: Vec<(ServiceId, Vec<WeeklySpan>)>,
}

impl Gathered {
    /// Overrides and time off hold for every service.
    fn finish(self) -> (Hours, Vec<(ServiceId, Hours)>) {
        let of_service = |(service, weekly)| {
            let hours = Hours {
                weekly,
                ..self.hours.clone()
            };
            (service, hours)
        };
        let by_service = self.by_service.into_iter().map(of_service).collect();
        (self.hours, by_service)
    }
}

fn weekday(row: &Row<'_>, index: usize) -> Result<Weekday, Error> {
    let offset = i8::try_from(row.get::<i32>(index)?).map_err(|_| Error::Decode("weekday"))?;
    Weekday::from_monday_one_offset(offset).map_err(|_| Error::Decode("weekday"))
}

/// `None` at a location where nothing takes place any more.
fn span(
    locations: &[Location],
    (opens, closes): (u16, u16),
    location: LocationId,
) -> Result<Option<DaySpan>, Error> {
    let index = index_of(locations, location)?;
    let place =
        u16::try_from(index).map_err(|_| Error::Decode("location within the first 65,535"))?;
    Ok((!locations[index].archived).then_some(DaySpan {
        opens,
        closes,
        place,
    }))
}

fn hours(tx: &Tx<'_>, locations: &[Location]) -> Result<HashMap<StaffId, Gathered>, Error> {
    let mut hours: HashMap<StaffId, Gathered> = HashMap::new();
    tx.query(
        "select staff_id, weekday, opens_minute, closes_minute, location_id, service_id
         from weekly_hours order by staff_id, weekday, opens_minute, id",
        &[],
        |row| {
            let weekday = weekday(row, 1)?;
            let own = hours.entry(row.get(0)?).or_default();
            let service: Option<ServiceId> = row.get(5)?;
            let weekly = match service {
                None => &mut own.hours.weekly,
                Some(id) => of_service(&mut own.by_service, id),
            };
            if let Some(span) = span(locations, (row.get(2)?, row.get(3)?), row.get(4)?)? {
                weekly.push(WeeklySpan { weekday, span });
            }
            Ok(())
        },
    )?;
    overrides(tx, locations, &mut hours)?;
    tx.query(
        "select staff_id, starts_at, ends_at from time_off order by starts_at, id",
        &[],
        |row| {
            if let Some(window) = Window::new(row.get(1)?, row.get(2)?) {
                let own = hours.entry(row.get(0)?).or_default();
                own.hours.time_off.push(window);
            }
            Ok(())
        },
    )?;
    Ok(hours)
}

/// A service with hours of its own has them in place of the others, also when all of them are at
/// a location that is no more.
fn of_service(
    known: &mut Vec<(ServiceId, Vec<WeeklySpan>)>,
    service: ServiceId,
) -> &mut Vec<WeeklySpan> {
    let at = known.iter().position(|(id, _)| *id == service);
    let at = at.unwrap_or_else(|| {
        known.push((service, Vec::new()));
        known.len() - 1
    });
    &mut known[at].1
}

fn overrides(
    tx: &Tx<'_>,
    locations: &[Location],
    hours: &mut HashMap<StaffId, Gathered>,
) -> Result<(), Error> {
    tx.query(
        "select staff_id, day, opens_minute, closes_minute, location_id from hours_override
         order by staff_id, day, opens_minute, id",
        &[],
        |row| {
            let day: Date = row.get(1)?;
            let overrides = &mut hours.entry(row.get(0)?).or_default().hours.overrides;
            if overrides.last().is_none_or(|last| last.day != day) {
                overrides.push(DayOverride {
                    day,
                    spans: Vec::new(),
                });
            }
            let open = (
                row.get::<Option<u16>>(2)?,
                row.get::<Option<u16>>(3)?,
                row.get(4)?,
            );
            if let ((Some(opens), Some(closes), Some(location)), Some(last)) =
                (open, overrides.last_mut())
            {
                last.spans
                    .extend(span(locations, (opens, closes), location)?);
            }
            Ok(())
        },
    )?;
    Ok(())
}

/// Puts their weekly hours into the rooms.
pub(in crate::offering) fn room_hours(tx: &Tx<'_>, rooms: &mut [Room]) -> Result<(), Error> {
    tx.query(
        "select room_id, weekday, opens_minute, closes_minute from room_hours
         order by room_id, weekday, opens_minute, id",
        &[],
        |row| {
            let (id, weekday) = (row.get::<RoomId>(0)?, weekday(row, 1)?);
            if let Some(room) = rooms.iter_mut().find(|room| room.id == id) {
                let place = u16::try_from(room.location)
                    .map_err(|_| Error::Decode("location within the first 65,535"))?;
                let span = DaySpan {
                    opens: row.get(2)?,
                    closes: row.get(3)?,
                    place,
                };
                room.weekly.push(WeeklySpan { weekday, span });
            }
            Ok(())
        },
    )?;
    Ok(())
}

/// The rows of weekly hours of a staff member, as they were entered.
pub(in crate::offering) fn weekly_rows(
    tx: &Tx<'_>,
    staff: StaffId,
) -> Result<Vec<WeeklyHours>, Error> {
    tx.query(
        "select weekday, opens_minute, closes_minute, location_id, service_id from weekly_hours
         where staff_id = $1 order by weekday, opens_minute, id",
        params![staff],
        |row| {
            Ok(WeeklyHours {
                weekday: weekday(row, 0)?,
                opens: row.get(1)?,
                closes: row.get(2)?,
                location: row.get(3)?,
                service: row.get(4)?,
            })
        },
    )
}

/// Days that differ, of one staff member, from `from` on.
pub(in crate::offering) fn day_rows(
    tx: &Tx<'_>,
    staff: StaffId,
    from: Date,
) -> Result<Vec<DayHours>, Error> {
    tx.query(
        "select id, day, opens_minute, closes_minute, location_id from hours_override
         where staff_id = $1 and day >= $2 order by day, opens_minute, id",
        params![staff, from],
        |row| {
            let open = (row.get::<Option<LocationId>>(4)?, row.get(2)?, row.get(3)?);
            Ok(DayHours {
                id: row.get(0)?,
                day: row.get(1)?,
                open: match open {
                    (Some(location), Some(opens), Some(closes)) => Some((location, opens, closes)),
                    _ => None,
                },
            })
        },
    )
}
