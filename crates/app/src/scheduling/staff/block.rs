//! Time kept free of appointments, on people and rooms alike.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::store::Tx;
use kept_slots::Window;
use serde::{Deserialize, Serialize};

use super::place::conflicts;
use super::reach::all_within;
use super::{
    Earlier, MAX_BLOCK_MINUTES, MAX_BLOCK_RESOURCES, MAX_LABEL_CHARS, Resource, StaffError,
};
use crate::audit::{self, Act};
use crate::ids::BlockId;
use crate::offering::Catalogs;
use crate::policy::May;
use crate::policy::rights::ChangeAppointments;
use crate::scheduling::store;

/// Time kept free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its id.
    pub id: BlockId,
    /// What it is kept for, in a few words.
    pub label: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Ids of the people and rooms that it takes.
    pub resources: Vec<String>,
}

/// What is to be kept free.
#[derive(Debug, Clone)]
pub struct NewBlock {
    /// What for, in a few words; may be empty.
    pub label: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Whose and which rooms'.
    pub resources: Vec<Resource>,
}

/// Keeps time free, and tells how to take that back.
///
/// # Errors
/// [`StaffError::Beyond`] where `by` does not reach, [`StaffError::Bounds`] names the input that is out
/// of bounds, [`StaffError::Taken`] what is in the way; nothing changes then.
pub fn reserve(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    new: &NewBlock,
) -> Result<(Block, Earlier), StaffError> {
    let label = new.label.trim();
    if label.chars().count() > MAX_LABEL_CHARS || label.contains(char::is_control) {
        return Err(StaffError::Bounds("label"));
    }
    let longest = plus_minutes(new.starts_at, MAX_BLOCK_MINUTES);
    let window = Window::new(new.starts_at, new.ends_at)
        .filter(|window| window.end <= longest)
        .ok_or(StaffError::Bounds("ends"))?;
    if new.resources.is_empty() || new.resources.len() > MAX_BLOCK_RESOURCES {
        return Err(StaffError::Bounds("who"));
    }
    let catalog = catalogs.get(tx)?;
    let known = |resource: &Resource| match resource {
        Resource::Staff(id) => catalog.staff_member(*id).is_some(),
        Resource::Room(id) => catalog.room(*id).is_some(),
    };
    if !new.resources.iter().all(known) {
        return Err(StaffError::Unknown);
    }
    let block = Block {
        id: BlockId::new(tx.now(), tx.entropy()),
        label: label.to_owned(),
        starts_at: window.start,
        ends_at: window.end,
        resources: new.resources.iter().map(ToString::to_string).collect(),
    };
    all_within(by, &catalog, &block)?;
    put(tx, &block)?;
    let earlier = Earlier::Reserved { block: block.id };
    Ok((block, earlier))
}

/// Gives reserved time free, and tells how to take that back.
///
/// # Errors
/// [`StaffError::Unknown`], [`StaffError::Beyond`]; those of the store.
pub fn release(
    tx: &Tx<'_>,
    by: &May<ChangeAppointments>,
    catalogs: &Catalogs,
    id: BlockId,
) -> Result<Earlier, StaffError> {
    let block = store::block(tx, id)?.ok_or(StaffError::Unknown)?;
    all_within(by, &*catalogs.get(tx)?, &block)?;
    store::delete_block(tx, id)?;
    audit::record(tx, Act::TimeReleased, id, "")?;
    Ok(Earlier::Released { block })
}

/// The reserved time of that id.
///
/// # Errors
/// Those of the store.
pub fn block(tx: &Tx<'_>, id: BlockId) -> Result<Option<Block>, kept_base::store::Error> {
    store::block(tx, id)
}

/// Stores reserved time, when nothing is in its way.
pub(super) fn put(tx: &Tx<'_>, block: &Block) -> Result<(), StaffError> {
    let window = Window {
        start: block.starts_at,
        end: block.ends_at,
    };
    let mut taken = Vec::new();
    for resource in block.resources.iter().filter_map(|id| Resource::parse(id)) {
        taken.extend(conflicts(tx, resource, window, None)?);
    }
    if !taken.is_empty() {
        return Err(StaffError::Taken(taken));
    }
    store::insert_block(tx, block)?;
    audit::record(tx, Act::TimeReserved, block.id, &block.resources.join(" "))?;
    Ok(())
}
