//! Where an appointment is to go, as a form says it.

use kept_base::input::Fields;
use kept_base::store::Tx;

use super::forms::instant;
use crate::desk::Desk;
use crate::ids::AppointmentId;
use crate::scheduling;
use crate::scheduling::staff::{Move, Resource, StaffError};

/// Where it is to go, as the form says it: the sheet sends one staff member and one room, a column
/// that it was dragged from and to stands for a change of either.
#[derive(Clone)]
pub(super) struct Wanted {
    to: Move,
    staff: Option<String>,
    from_who: Option<Resource>,
    to_who: Option<Resource>,
}

impl Wanted {
    pub(super) fn read(desk: &Desk, form: &Fields) -> Option<Self> {
        let zone = &desk.catalog.zone;
        let starts_at = match (form.filled("date"), form.filled("time")) {
            (Some(date), Some(time)) => Some(instant(date, time, zone)?),
            _ => None,
        };
        let minutes = match form.filled("minutes") {
            Some(text) => Some(text.parse().ok()?),
            None => None,
        };
        let room = form.filled("room").and_then(|id| id.parse().ok());
        Some(Self {
            to: Move {
                starts_at,
                minutes,
                staff: None,
                room,
            },
            staff: form.filled("staff").map(str::to_owned),
            from_who: form.filled("from").and_then(Resource::parse),
            to_who: form.filled("to").and_then(Resource::parse),
        })
    }

    pub(super) fn to(self, tx: &Tx<'_>, id: AppointmentId) -> Result<Move, StaffError> {
        let before = scheduling::appointment(tx, id)?.ok_or(StaffError::Unknown)?;
        let mut to = self.to;
        if let Some(Ok(member)) = self.staff.as_deref().map(str::parse) {
            to.staff = Some(vec![member]);
        }
        match (self.from_who, self.to_who) {
            (Some(Resource::Staff(from)), Some(Resource::Staff(into))) => {
                let staff = before.staff.iter();
                let replaced = staff.map(|member| if *member == from { into } else { *member });
                let mut replaced: Vec<_> = replaced.collect();
                replaced.sort_unstable();
                replaced.dedup();
                to.staff = Some(replaced);
            }
            (_, Some(Resource::Room(into))) => to.room = Some(into),
            _ => {}
        }
        Ok(to)
    }
}
