use jiff::civil::Date;
use kept_base::kit::Money;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Row, Tx};
use kept_slots::{Place, Rules, Staffing};

use super::read_hours::room_hours;
use super::{ALL_OF, ANY_OF};
use crate::ids::{LocationId, RoomId, ServiceId, SkillId, StaffId};
use crate::offering::{
    Field, FieldKind, Location, MAX_LOCATION_DEPTH, Mode, Room, RoomKind, Service, Skill,
    StaffMember,
};

pub(in crate::offering) fn locations(tx: &Tx<'_>, zones: &Zones) -> Result<Vec<Location>, Error> {
    let mut parents: Vec<Option<LocationId>> = Vec::new();
    let mut locations = tx.query(
        "select id, name, address, zone, parent_id, archived_at from location
         order by position, id",
        &[],
        |row| {
            let zone: String = row.get(3)?;
            let place = Place {
                zone: zones.get(&zone).ok_or(Error::Decode("known time zone"))?,
                closed_days: Vec::new(),
            };
            parents.push(row.get(4)?);
            let own_address: String = row.get(2)?;
            Ok(Location {
                id: row.get(0)?,
                name: row.get(1)?,
                address: own_address.clone(),
                own_address,
                parent: None,
                archived: row.get::<Option<i64>>(5)?.is_some(),
                zone,
                place,
            })
        },
    )?;
    for (index, parent) in parents.into_iter().enumerate() {
        locations[index].parent =
            parent.and_then(|id| locations.iter().position(|known| known.id == id));
    }
    close_days(tx, &mut locations)?;
    inherit(&mut locations);
    Ok(locations)
}

fn close_days(tx: &Tx<'_>, locations: &mut [Location]) -> Result<(), Error> {
    let closed = tx.query(
        "select location_id, day from closed_day order by day",
        &[],
        |row| Ok((row.get::<Option<LocationId>>(0)?, row.get::<Date>(1)?)),
    )?;
    for (location_id, day) in closed {
        for location in &mut *locations {
            if location_id.is_none_or(|id| id == location.id) {
                location.place.closed_days.push(day);
            }
        }
    }
    Ok(())
}

/// What holds for a location holds for those in it: that it is archived, its closed days, and
/// where they have none of their own, its address.
fn inherit(locations: &mut [Location]) {
    let own: Vec<Location> = locations.to_vec();
    for location in locations {
        let next = |at: &usize| own[*at].parent;
        let above = std::iter::successors(location.parent, next).take(MAX_LOCATION_DEPTH);
        for outer in above.map(|at| &own[at]) {
            location.archived |= outer.archived;
            if location.address.trim().is_empty() {
                location.address.clone_from(&outer.own_address);
            }
            for day in &outer.place.closed_days {
                if !location.place.closed_days.contains(day) {
                    location.place.closed_days.push(*day);
                }
            }
        }
        location.place.closed_days.sort_unstable();
    }
}

pub(in crate::offering) fn skills(tx: &Tx<'_>) -> Result<Vec<Skill>, Error> {
    tx.query(
        "select id, name from skill order by position, id",
        &[],
        |row| {
            Ok(Skill {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        },
    )
}

pub(super) fn index_of(locations: &[Location], id: LocationId) -> Result<usize, Error> {
    locations
        .iter()
        .position(|l| l.id == id)
        .ok_or(Error::Decode("known location"))
}

pub(in crate::offering) fn rooms(tx: &Tx<'_>, locations: &[Location]) -> Result<Vec<Room>, Error> {
    let mut rooms = tx.query(
        "select id, location_id, name, kind, capacity, archived_at from room
         order by position, id",
        &[],
        |row| {
            let location = index_of(locations, row.get(1)?)?;
            let archived = row.get::<Option<i64>>(5)?.is_some();
            Ok(Room {
                id: row.get(0)?,
                location,
                name: row.get(2)?,
                kind: RoomKind::from_code(row.borrow(3)?).ok_or(Error::Decode("room kind"))?,
                capacity: row.get(4)?,
                weekly: Vec::new(),
                archived: archived || locations[location].archived,
            })
        },
    )?;
    room_hours(tx, &mut rooms)?;
    Ok(rooms)
}

pub(in crate::offering) fn services(
    tx: &Tx<'_>,
    staff: &[StaffMember],
    rooms: &[Room],
    skills: &[Skill],
) -> Result<Vec<Service>, Error> {
    let mut services = tx.query(
        "select id, slug, name, description, length_minutes, buffer_before_minutes,
             buffer_after_minutes, step_minutes, step_offset_minutes, notice_minutes,
             horizon_days, daily_limit, staffing, price_minor, price_currency,
             move_until_minutes, cancel_until_minutes, mode, video_link, needs_room,
             room_capacity, archived_at
         from service order by position, id",
        &[],
        service,
    )?;
    let index = |services: &[Service], id: ServiceId| services.iter().position(|s| s.id == id);
    tx.query(
        "select service_id, staff_id from service_staff",
        &[],
        |row| {
            let (service, member) = (row.get(0)?, row.get::<StaffId>(1)?);
            let member = staff.iter().position(|s| s.id == member);
            if let (Some(service), Some(member)) = (index(&services, service), member) {
                services[service].listed_staff.push(member);
            }
            Ok(())
        },
    )?;
    tx.query("select service_id, room_id from service_room", &[], |row| {
        let (service, room) = (row.get(0)?, row.get::<RoomId>(1)?);
        let room = rooms.iter().position(|r| r.id == room);
        if let (Some(service), Some(room)) = (index(&services, service), room) {
            services[service].listed_rooms.push(room);
        }
        Ok(())
    })?;
    tx.query(
        "select service_id, skill_id from service_skill",
        &[],
        |row| {
            let (service, skill) = (row.get(0)?, row.get::<SkillId>(1)?);
            let skill = skills.iter().position(|s| s.id == skill);
            if let (Some(service), Some(skill)) = (index(&services, service), skill) {
                services[service].skills.push(skill);
            }
            Ok(())
        },
    )?;
    for (service_id, field) in fields(tx)? {
        if let Some(service) = index(&services, service_id) {
            services[service].fields.push(field);
        }
    }
    for service in &mut services {
        settle(service, staff, rooms);
    }
    Ok(services)
}

/// Who and which rooms can serve, of those listed.
fn settle(service: &mut Service, staff: &[StaffMember], rooms: &[Room]) {
    service.listed_staff.sort_unstable();
    service.listed_rooms.sort_unstable();
    service.skills.sort_unstable();
    let by_skill = service.listed_staff.is_empty() && !service.skills.is_empty();
    service.staff = (0..staff.len())
        .filter(|at| by_skill || service.listed_staff.contains(at))
        .filter(|at| !staff[*at].archived)
        .filter(|at| (service.skills.iter()).all(|skill| staff[*at].skills.contains(skill)))
        .collect();
    let fits = |room: &Room| {
        let wanted = service.room_capacity.unwrap_or(u16::MAX);
        room.kind == RoomKind::Room && room.capacity.is_some_and(|seats| seats >= wanted)
    };
    service.rooms = (0..rooms.len())
        .filter(|at| service.needs_room && !rooms[*at].archived)
        .filter(|at| service.listed_rooms.contains(at) || fits(&rooms[*at]))
        .collect();
}

fn service(row: &Row<'_>) -> Result<Service, Error> {
    let staffing = match row.borrow(12)? {
        ANY_OF => Staffing::AnyOf,
        ALL_OF => Staffing::AllOf,
        _ => return Err(Error::Decode("staffing")),
    };
    let currency: Option<String> = row.get(14)?;
    Ok(Service {
        id: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        rules: Rules {
            length_minutes: row.get(4)?,
            buffer_before_minutes: row.get(5)?,
            buffer_after_minutes: row.get(6)?,
            step_minutes: row.get(7)?,
            step_offset_minutes: row.get(8)?,
            notice_minutes: row.get(9)?,
            horizon_days: row.get(10)?,
            daily_limit: row.get(11)?,
        },
        staffing,
        mode: Mode::from_code(row.borrow(17)?).ok_or(Error::Decode("mode"))?,
        video_link: row.get(18)?,
        needs_room: row.get(19)?,
        room_capacity: row.get(20)?,
        archived: row.get::<Option<i64>>(21)?.is_some(),
        staff: Vec::new(),
        listed_staff: Vec::new(),
        skills: Vec::new(),
        rooms: Vec::new(),
        listed_rooms: Vec::new(),
        price: Money::from_columns(row.get(13)?, currency.as_deref()),
        move_until_minutes: row.get(15)?,
        cancel_until_minutes: row.get(16)?,
        fields: Vec::new(),
    })
}

fn fields(tx: &Tx<'_>) -> Result<Vec<(ServiceId, Field)>, Error> {
    tx.query(
        "select service_id, id, key, kind, label, reason, choices, required from field
         where archived_at is null order by position, id",
        &[],
        |row| {
            let choices: &str = row.borrow(6)?;
            let field = Field {
                id: row.get(1)?,
                key: row.get(2)?,
                kind: FieldKind::from_code(row.borrow(3)?).ok_or(Error::Decode("field kind"))?,
                label: row.get(4)?,
                reason: row.get(5)?,
                choices: choices.lines().map(ToOwned::to_owned).collect(),
                required: row.get(7)?,
            };
            Ok((row.get(0)?, field))
        },
    )
}
