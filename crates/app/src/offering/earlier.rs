//! What was before a change, so that it can be undone.

use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::OfferingError;
use super::store::{self, Rows};
use crate::audit::{self, Act};
use crate::ids::{ClosedDayId, FieldId, LocationId, RoomId, ServiceId, SkillId, StaffId, UndoId};
use crate::organization;
use crate::undo;

/// What a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A service with who, where and what it needs.
    Service(ServiceId),
    /// A question of a service.
    Field(FieldId),
    /// A location.
    Location(LocationId),
    /// A room with its hours.
    Room(RoomId),
    /// A staff member with what they can do.
    Staff(StaffId),
    /// A skill with who has it and what needs it.
    Skill(SkillId),
    /// The weekly hours of a staff member.
    Weekly(StaffId),
    /// The days of a staff member that differ.
    Days(StaffId),
    /// The time off of a staff member.
    TimeOff(StaffId),
    /// A closed day.
    ClosedDay(ClosedDayId),
}

impl Part {
    /// Tables, columns and the key in them.
    fn places(self) -> (String, &'static [(&'static str, &'static str)]) {
        match self {
            Self::Service(id) => (
                id.to_string(),
                &[
                    ("service", "id"),
                    ("service_staff", "service_id"),
                    ("service_room", "service_id"),
                    ("service_skill", "service_id"),
                ],
            ),
            Self::Field(id) => (id.to_string(), &[("field", "id")]),
            Self::Location(id) => (id.to_string(), &[("location", "id")]),
            Self::Room(id) => (id.to_string(), &[("room", "id"), ("room_hours", "room_id")]),
            Self::Staff(id) => (
                id.to_string(),
                &[("staff", "id"), ("staff_skill", "staff_id")],
            ),
            Self::Skill(id) => (
                id.to_string(),
                &[
                    ("skill", "id"),
                    ("staff_skill", "skill_id"),
                    ("service_skill", "skill_id"),
                ],
            ),
            Self::Weekly(id) => (id.to_string(), &[("weekly_hours", "staff_id")]),
            Self::Days(id) => (id.to_string(), &[("hours_override", "staff_id")]),
            Self::TimeOff(id) => (id.to_string(), &[("time_off", "staff_id")]),
            Self::ClosedDay(id) => (id.to_string(), &[("closed_day", "id")]),
        }
    }

    fn rows(self, tx: &Tx<'_>) -> Result<Vec<Rows>, OfferingError> {
        let (key, places) = self.places();
        let read = |(table, column): &(&str, &str)| store::rows(tx, table, column, &key);
        Ok(places.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The id of what changed, for the record.
    pub fn subject(self) -> String {
        self.places().0
    }
}

/// What stood before a change and what after it: the payload of its undoing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    before: Vec<Rows>,
    after: Vec<Rows>,
}

impl Earlier {
    /// Both changes as one; `later` was made after this.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        let known = |rows: &Rows, list: &[Rows]| list.iter().any(|other| other.is_of(rows));
        for rows in later.before {
            if !known(&rows, &self.before) {
                self.before.push(rows);
            }
        }
        self.after.retain(|rows| !known(rows, &later.after));
        self.after.extend(later.after);
        self
    }

    /// Whether nothing is different.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.before == self.after
    }
}

/// Makes a change to `parts`, records it under `code` for the first of them and keeps what was
/// before. A change that changes nothing is not recorded.
pub(super) fn change(
    tx: &Tx<'_>,
    parts: &[Part],
    code: &str,
    verb: impl FnOnce() -> Result<(), OfferingError>,
) -> Result<Earlier, OfferingError> {
    let read = |parts: &[Part]| -> Result<Vec<Rows>, OfferingError> {
        let mut all = Vec::new();
        for part in parts {
            all.extend(part.rows(tx)?);
        }
        Ok(all)
    };
    let before = read(parts)?;
    verb()?;
    let after = read(parts)?;
    let earlier = Earlier { before, after };
    if !earlier.is_nothing() {
        organization::touch_offering(tx)?;
        let subject = parts.first().map(|part| part.subject()).unwrap_or_default();
        audit::record(tx, Act::OfferingChanged, subject, code)?;
    }
    Ok(earlier)
}

/// Puts back what was before a change, if nobody has changed it since. What the change added is
/// archived, because appointments may refer to it by now.
///
/// # Errors
/// [`OfferingError::ChangedSince`]; those of the store.
pub fn put_back(tx: &Tx<'_>, earlier: &Earlier) -> Result<(), OfferingError> {
    for rows in &earlier.after {
        if store::again(tx, rows)? != *rows {
            return Err(OfferingError::ChangedSince);
        }
    }
    store::put_back(tx, &earlier.before)?;
    organization::touch_offering(tx)?;
    let mut subjects: Vec<&str> = earlier.before.iter().map(Rows::key).collect();
    subjects.dedup();
    for subject in subjects {
        audit::record(tx, Act::OfferingChanged, subject, "undone")?;
    }
    Ok(())
}

/// Offers to take back a change that this transaction made; `None` when it changed nothing.
///
/// # Errors
/// Those of the store.
pub fn offer_undo(tx: &Tx<'_>, earlier: &Earlier) -> Result<Option<UndoId>, OfferingError> {
    if earlier.is_nothing() {
        return Ok(None);
    }
    Ok(Some(undo::offer(tx, "offering.rows", earlier)?))
}

/// Takes back a change from what [`offer_undo`] kept of it.
///
/// # Errors
/// As [`put_back`].
pub fn undo(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), OfferingError> {
    let earlier = Earlier::deserialize(payload);
    let earlier = earlier.map_err(|_| Error::Decode("earlier rows"))?;
    put_back(tx, &earlier)
}
