//! Saved choices of people and rooms, each member's own.

use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{MAX_SET_NAME_CHARS, MAX_SETS, store};
use crate::audit::{self, Act};
use crate::ids::{CalendarSetId, MemberId, UndoId};
use crate::policy::May;
use crate::policy::rights::SeeCalendar;
use crate::undo;

/// The kind of change under which a removed set is kept.
const SET_REMOVED: &str = "calendar.set_removed";

/// A saved choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarSet {
    /// Its id.
    pub id: CalendarSetId,
    /// What the member calls it.
    pub name: String,
    /// Ids of people and rooms, with commas between.
    pub shown: String,
}

/// A set that was removed, and whose it was.
#[derive(Serialize, Deserialize)]
struct Removed {
    member: MemberId,
    set: CalendarSet,
}

/// A member's sets, by name.
///
/// # Errors
/// Those of the store.
pub fn sets(tx: &Tx<'_>, member: MemberId) -> Result<Vec<CalendarSet>, Error> {
    store::sets(tx, member)
}

/// Keeps a choice under a name. `None` when the name is empty or too long, nothing is chosen, or
/// there are [`MAX_SETS`] already.
///
/// # Errors
/// Those of the store.
pub fn add_set(
    tx: &Tx<'_>,
    _: &May<SeeCalendar>,
    member: MemberId,
    name: &str,
    shown: &str,
) -> Result<Option<CalendarSet>, Error> {
    let name = name.trim();
    let fits = (1..=MAX_SET_NAME_CHARS).contains(&name.chars().count())
        && !name.contains(char::is_control)
        && !shown.is_empty();
    if !fits || store::sets(tx, member)?.len() >= MAX_SETS {
        return Ok(None);
    }
    let new = CalendarSet {
        id: CalendarSetId::new(tx.now(), tx.entropy()),
        name: name.to_owned(),
        shown: shown.to_owned(),
    };
    put(tx, member, &new)?;
    Ok(Some(new))
}

/// Forgets a set, and offers to take that back. `None` when there is none of that id.
///
/// # Errors
/// Those of the store.
pub fn remove_set(
    tx: &Tx<'_>,
    _: &May<SeeCalendar>,
    member: MemberId,
    id: CalendarSetId,
) -> Result<Option<UndoId>, Error> {
    let Some(set) = store::take_set(tx, member, id)? else {
        return Ok(None);
    };
    audit::record(tx, Act::CalendarSetChanged, id, "removed")?;
    undo::offer(tx, SET_REMOVED, &Removed { member, set }).map(Some)
}

/// Puts back a set that was removed.
///
/// # Errors
/// Those of the store; [`Error::Decode`] for what is no set.
pub fn put_back(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), Error> {
    let removed = Removed::deserialize(payload).map_err(|_| Error::Decode("removed set"))?;
    put(tx, removed.member, &removed.set)
}

fn put(tx: &Tx<'_>, member: MemberId, set: &CalendarSet) -> Result<(), Error> {
    store::insert_set(tx, member, set)?;
    audit::record(tx, Act::CalendarSetChanged, set.id, "added")
}
