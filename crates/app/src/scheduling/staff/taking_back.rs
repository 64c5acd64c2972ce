//! Taking back what the staff did: exactly to where it was, when that is still possible.

use jiff::Timestamp;
use kept_base::store::Tx;
use kept_slots::Window;
use serde::{Deserialize, Serialize};

use super::place::conflicts;
use super::{Block, Manner, Objection, Resource, StaffError, block, moving, progress};
use crate::audit::{self, Act};
use crate::ids::{AppointmentId, BlockId, LocationId, RoomId, StaffId};
use crate::offering::Catalogs;
use crate::scheduling::{Appointment, Status, rules, store};

/// The kind of change under which the values from before are kept.
pub const KIND: &str = "scheduling.by_staff";

/// The values from before a change, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Earlier {
    /// It was not there.
    Booked {
        /// Which.
        appointment: AppointmentId,
        /// Its revision after the change.
        revision: u32,
        /// Whether the person was told.
        told: bool,
    },
    /// It was somewhere else.
    Moved {
        /// Which.
        appointment: AppointmentId,
        /// Its revision after the change.
        revision: u32,
        /// When it began.
        starts_at: Timestamp,
        /// When it ended.
        ends_at: Timestamp,
        /// Where.
        location: LocationId,
        /// In which room.
        room: Option<RoomId>,
        /// With whom.
        staff: Vec<StaffId>,
        /// Why these were chosen.
        because: String,
        /// Whether the person was told.
        told: bool,
    },
    /// It stood otherwise.
    Status {
        /// Which.
        appointment: AppointmentId,
        /// What it was.
        from: String,
        /// What it became.
        to: String,
        /// Whether the person was told.
        told: bool,
    },
    /// The time was not reserved.
    Reserved {
        /// Which.
        block: BlockId,
    },
    /// The time was reserved.
    Released {
        /// What it was.
        block: Block,
    },
}

impl Earlier {
    pub(super) fn booked(booked: &Appointment, manner: Manner) -> Self {
        Self::Booked {
            appointment: booked.id,
            revision: booked.revision,
            told: manner.tell,
        }
    }

    pub(super) fn moved(before: &Appointment, moved: &Appointment, manner: Manner) -> Self {
        Self::Moved {
            appointment: before.id,
            revision: moved.revision,
            starts_at: before.starts_at,
            ends_at: before.ends_at,
            location: before.location,
            room: before.room,
            staff: before.staff.clone(),
            because: before.chosen_because.clone(),
            told: manner.tell,
        }
    }

    pub(super) fn status(before: &Appointment, changed: &Appointment, manner: Manner) -> Self {
        Self::Status {
            appointment: before.id,
            from: before.status.code().to_owned(),
            to: changed.status.code().to_owned(),
            told: manner.tell,
        }
    }
}

/// Takes a change back that was kept as [`KIND`].
///
/// # Errors
/// As [`take_back`]; [`StaffError::Unknown`] for what is no such change.
pub fn undo(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    payload: &serde_json::Value,
) -> Result<(), StaffError> {
    let earlier = Earlier::deserialize(payload).map_err(|_| StaffError::Unknown)?;
    take_back(tx, catalogs, &earlier)
}

/// Takes a change back.
///
/// # Errors
/// [`StaffError::Changed`] when it was changed again since, [`StaffError::Taken`] says who has the
/// time by now; nothing changes then.
pub fn take_back(tx: &Tx<'_>, catalogs: &Catalogs, earlier: &Earlier) -> Result<(), StaffError> {
    match earlier {
        Earlier::Booked {
            appointment,
            revision,
            told,
        } => {
            let now = unchanged(tx, *appointment, *revision)?;
            progress::apply(tx, catalogs, &now, Status::Canceled, back(*told)).map(|_| ())
        }
        Earlier::Moved { .. } => move_back(tx, catalogs, earlier),
        Earlier::Status {
            appointment,
            from,
            to,
            told,
        } => {
            let now = store::appointment(tx, *appointment)?.ok_or(StaffError::Unknown)?;
            let from = Status::from_code(from).ok_or(StaffError::Unknown)?;
            if now.status.code() != to {
                return Err(StaffError::Changed);
            }
            progress::apply(tx, catalogs, &now, from, back(*told)).map(|_| ())
        }
        Earlier::Reserved { block } => match store::block(tx, *block)? {
            Some(_) => {
                store::delete_block(tx, *block)?;
                audit::record(tx, Act::TimeReleased, block, "undo")?;
                Ok(())
            }
            None => Err(StaffError::Changed),
        },
        Earlier::Released { block } => block::put(tx, block),
    }
}

/// Whatever rules said about the earlier state does not matter: it was so.
fn back(told: bool) -> Manner {
    Manner {
        override_rules: true,
        tell: told,
    }
}

fn unchanged(tx: &Tx<'_>, id: AppointmentId, revision: u32) -> Result<Appointment, StaffError> {
    let now = store::appointment(tx, id)?.ok_or(StaffError::Unknown)?;
    if now.revision == revision && now.status.takes_time() {
        Ok(now)
    } else {
        Err(StaffError::Changed)
    }
}

fn move_back(tx: &Tx<'_>, catalogs: &Catalogs, earlier: &Earlier) -> Result<(), StaffError> {
    let Earlier::Moved {
        appointment,
        revision,
        starts_at,
        ends_at,
        location,
        room,
        staff,
        because,
        told,
    } = earlier
    else {
        return Err(StaffError::Unknown);
    };
    let now = unchanged(tx, *appointment, *revision)?;
    let catalog = catalogs.get(tx)?;
    let service = catalog.service(now.service).ok_or(StaffError::Unknown)?;
    let Window { start, end } = rules::claimed_window(&service.rules, *starts_at, *ends_at);
    let mut taken = Vec::new();
    let resources = staff.iter().map(|id| Resource::Staff(*id));
    for resource in resources.chain(room.map(Resource::Room)) {
        let window = Window { start, end };
        taken.extend(conflicts(tx, resource, window, Some(now.id))?);
    }
    if !taken.is_empty() {
        return Err(StaffError::Taken(taken));
    }
    let there = Appointment {
        location: *location,
        room: *room,
        staff: staff.clone(),
        starts_at: *starts_at,
        ends_at: *ends_at,
        revision: now.revision + 1,
        chosen_because: because.clone(),
        ..now.clone()
    };
    let undone = Objection {
        code: "undo",
        staff: None,
    };
    moving::put(tx, catalogs, &now, &there, &[undone], back(*told))
}
