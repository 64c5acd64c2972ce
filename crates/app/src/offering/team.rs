//! Verbs that change locations, rooms, staff and skills, and the order and end of all things.

use kept_base::kit::Email;
use kept_base::page::zone::Zones;
use kept_base::store::Tx;

use super::change::{is_description, is_title, require};
use super::earlier::{self, Earlier, Part};
use super::hours::{RoomHours, are_minutes};
use super::{
    Catalog, MAX_LOCATION_DEPTH, MAX_SKILLS, MAX_WEEKLY_ROWS, OfferingError, RoomKind, store,
};
use crate::ids::{FieldId, LocationId, RoomId, ServiceId, SkillId, StaffId};
use crate::policy::May;
use crate::policy::rights::ChangeOffering;

/// What can be archived and put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A service.
    Service(ServiceId),
    /// A location, with all that is in it.
    Location(LocationId),
    /// A room, or equipment.
    Room(RoomId),
    /// A staff member.
    Staff(StaffId),
    /// A question of a service.
    Field(FieldId),
}

impl Thing {
    fn part(self) -> Part {
        match self {
            Self::Service(id) => Part::Service(id),
            Self::Location(id) => Part::Location(id),
            Self::Room(id) => Part::Room(id),
            Self::Staff(id) => Part::Staff(id),
            Self::Field(id) => Part::Field(id),
        }
    }
}

/// A location as it is to be.
#[derive(Debug, Clone)]
pub struct LocationChange {
    /// What it is called.
    pub name: String,
    /// Its own address; may be empty.
    pub address: String,
    /// IANA name of its zone.
    pub zone: String,
    /// The location that it is in.
    pub parent: Option<LocationId>,
}

/// A room as it is to be.
#[derive(Debug, Clone)]
pub struct RoomChange {
    /// Where it is.
    pub location: LocationId,
    /// What it is called.
    pub name: String,
    /// A room, or equipment.
    pub kind: RoomKind,
    /// For how many people it is.
    pub capacity: Option<u16>,
    /// When it can be used, each week; always when empty.
    pub weekly: Vec<RoomHours>,
}

/// A staff member as they are to be.
#[derive(Debug, Clone)]
pub struct StaffChange {
    /// What customers know them as.
    pub name: String,
    /// What they are; may be empty.
    pub title: String,
    /// Where they are told of their appointments.
    pub email: Option<Email>,
    /// What they can do.
    pub skills: Vec<SkillId>,
}

/// Makes a location, or changes it.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`].
pub fn set_location(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    zones: &Zones,
    catalog: &Catalog,
    id: Option<LocationId>,
    to: &LocationChange,
) -> Result<(LocationId, Earlier), OfferingError> {
    require(is_title(&to.name), "name")?;
    require(is_description(&to.address), "address")?;
    require(zones.get(&to.zone).is_some(), "zone")?;
    if let Some(parent) = to.parent {
        check_nesting(catalog, id, parent)?;
    }
    let location = id.unwrap_or_else(|| LocationId::new(tx.now(), tx.entropy()));
    let earlier = earlier::change(tx, &[Part::Location(location)], code(id.is_some()), || {
        if id.is_none() {
            store::insert_location(tx, location, &to.name, &to.address, &to.zone)?;
        }
        let words = (to.name.trim(), to.address.trim(), to.zone.as_str());
        store::update_location(tx, location, words, to.parent).map_err(Into::into)
    })?;
    Ok((location, earlier))
}

/// A location stands in no location that stands in it, and not too deep.
fn check_nesting(
    catalog: &Catalog,
    id: Option<LocationId>,
    parent: LocationId,
) -> Result<(), OfferingError> {
    let index = |id: LocationId| catalog.locations.iter().position(|l| l.id == id);
    let parent = index(parent).ok_or(OfferingError::Unknown)?;
    let own = id.and_then(index);
    require(
        own.is_none_or(|own| !catalog.is_within(parent, own)),
        "parent",
    )?;
    let above = catalog.chain(parent).count();
    let below = own.map_or(1, |own| {
        let inside = (0..catalog.locations.len()).filter(|at| catalog.is_within(*at, own));
        let depth = |at: usize| catalog.chain(at).take_while(|up| *up != own).count() + 1;
        inside.map(depth).max().unwrap_or(1)
    });
    require(above + below <= MAX_LOCATION_DEPTH, "depth")
}

fn code(known: bool) -> &'static str {
    if known { "changed" } else { "added" }
}

/// Makes a room or equipment, or changes it.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`].
pub fn set_room(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: Option<RoomId>,
    to: &RoomChange,
) -> Result<(RoomId, Earlier), OfferingError> {
    require(is_title(&to.name), "name")?;
    require(to.capacity != Some(0), "capacity")?;
    require(to.weekly.len() <= MAX_WEEKLY_ROWS, "number of rows")?;
    let fine = |row: &RoomHours| are_minutes(row.opens, row.closes);
    require(to.weekly.iter().all(fine), "hours")?;
    let room = id.unwrap_or_else(|| RoomId::new(tx.now(), tx.entropy()));
    if let Some(id) = id {
        store::is_archived(tx, Thing::Room(id))?.ok_or(OfferingError::Unknown)?;
    }
    let earlier = earlier::change(tx, &[Part::Room(room)], code(id.is_some()), || {
        if id.is_none() {
            store::insert_room(tx, room, to.location, &to.name)?;
        }
        store::update_room(tx, room, to).map_err(Into::into)
    })?;
    Ok((room, earlier))
}

/// Makes a staff member, or changes them.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`].
pub fn set_staff(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: Option<StaffId>,
    to: &StaffChange,
) -> Result<(StaffId, Earlier), OfferingError> {
    require(is_title(&to.name), "name")?;
    require(to.title.is_empty() || is_title(&to.title), "title")?;
    let staff = id.unwrap_or_else(|| StaffId::new(tx.now(), tx.entropy()));
    if let Some(id) = id {
        store::is_archived(tx, Thing::Staff(id))?.ok_or(OfferingError::Unknown)?;
    }
    let earlier = earlier::change(tx, &[Part::Staff(staff)], code(id.is_some()), || {
        if id.is_none() {
            store::insert_staff(tx, staff, &to.name, &to.title, to.email.as_ref())?;
        }
        let words = (to.name.trim(), to.title.trim());
        store::update_staff(tx, staff, words, to.email.as_ref(), &to.skills).map_err(Into::into)
    })?;
    Ok((staff, earlier))
}

/// Makes a skill.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value.
pub fn add_skill(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    catalog: &Catalog,
    name: &str,
) -> Result<(SkillId, Earlier), OfferingError> {
    require(is_title(name), "name")?;
    require(catalog.skills.len() < MAX_SKILLS, "number of skills")?;
    let id = SkillId::new(tx.now(), tx.entropy());
    let earlier = earlier::change(tx, &[Part::Skill(id)], "added", || {
        store::insert_skill(tx, id, name.trim()).map_err(Into::into)
    })?;
    Ok((id, earlier))
}

/// Removes a skill: nobody has it and nothing needs it any more.
///
/// # Errors
/// Those of the store.
pub fn remove_skill(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: SkillId,
) -> Result<Earlier, OfferingError> {
    earlier::change(tx, &[Part::Skill(id)], "removed", || {
        store::delete_skill(tx, id).map_err(Into::into)
    })
}

/// Takes a thing out of what is offered, or back in. Appointments that name it stay.
///
/// # Errors
/// [`OfferingError::Unknown`]; those of the store.
pub fn archive(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    thing: Thing,
    archived: bool,
) -> Result<Earlier, OfferingError> {
    let known = store::is_archived(tx, thing)?.ok_or(OfferingError::Unknown)?;
    if known == archived {
        return Ok(Earlier::default());
    }
    let code = if archived { "archived" } else { "restored" };
    earlier::change(tx, &[thing.part()], code, || {
        store::set_archived(tx, thing, archived.then(|| tx.now())).map_err(Into::into)
    })
}

/// Puts a thing one place earlier or later among `order`, in which all of its kind stand.
///
/// # Errors
/// [`OfferingError::Unknown`] when it is not among them; those of the store.
pub fn shift(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    order: &[Thing],
    thing: Thing,
    earlier: bool,
) -> Result<Earlier, OfferingError> {
    let at = order.iter().position(|one| *one == thing);
    let at = at.ok_or(OfferingError::Unknown)?;
    let other = if earlier {
        at.checked_sub(1)
    } else {
        Some(at + 1)
    };
    let Some(other) = other.filter(|other| *other < order.len()) else {
        return Ok(Earlier::default());
    };
    let mut wanted = order.to_vec();
    wanted.swap(at, other);
    let mut moved = Vec::new();
    for (place, one) in (0_u32..).zip(&wanted) {
        if store::position(tx, *one)? != Some(place) {
            moved.push((*one, place));
        }
    }
    let parts: Vec<_> = moved.iter().map(|(one, _)| one.part()).collect();
    earlier::change(tx, &parts, "order", || {
        for (one, place) in &moved {
            store::set_position(tx, *one, *place)?;
        }
        Ok(())
    })
}
