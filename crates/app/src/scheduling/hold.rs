//! Holding a time while somebody types, and giving it back.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::store::Tx;

use super::ask::alternatives;
use super::search::{Ignoring, Search};
use super::store::{self, Claimed, Holder};
use super::{HOLD_MINUTES, Hold, MAX_LIVE_HOLDS, SchedulingError, Wanted, rules};
use crate::audit::{self, Act};
use crate::ids::{HoldId, LocationId, RoomId, StaffId};
use crate::offering::Catalogs;

/// Most holds freed in one transaction.
const MAX_HOLDS_FREED: u32 = 500;

/// A free time with everything decided: who, where, in which room.
pub(super) struct Chosen {
    pub location: LocationId,
    pub staff: Vec<StaffId>,
    pub room: Option<RoomId>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub because: &'static str,
}

/// Finds the time free and decides who serves: `prefer` where they can, else the least recently
/// booked.
///
/// # Errors
/// [`SchedulingError::SlotTaken`] with reasons and the nearest other times.
pub(super) fn choose(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
    ignoring: Ignoring,
    prefer: &[StaffId],
) -> Result<Chosen, SchedulingError> {
    let search = Search::load(tx, catalogs, wanted, (starts_at, starts_at), ignoring)?;
    let slots = match search.ask(|q| kept_slots::check(q, starts_at)) {
        Ok(slots) => slots,
        Err(reasons) => {
            let alternatives = alternatives(tx, catalogs, wanted, starts_at, ignoring)?;
            return Err(SchedulingError::SlotTaken {
                reasons,
                alternatives,
            });
        }
    };
    let last_booked = search
        .staff
        .iter()
        .map(|index| store::last_booked(tx, search.catalog.staff[*index].id))
        .collect::<Result<Vec<_>, _>>()?;
    let preferred =
        |index: u16| prefer.contains(&search.catalog.staff[search.staff[usize::from(index)]].id);
    let (slot, choice, because) = rules::choose(&slots, search.staffing(), &last_booked, preferred)
        .ok_or(SchedulingError::SlotTaken {
            reasons: Vec::new(),
            alternatives: Vec::new(),
        })?;
    let staff = |index: &u16| search.catalog.staff[search.staff[usize::from(*index)]].id;
    let room = |index: u16| search.catalog.rooms[search.rooms[usize::from(index)]].id;
    Ok(Chosen {
        location: search.catalog.locations[usize::from(slot.place)].id,
        staff: choice.staff.iter().map(staff).collect(),
        room: choice.room.map(room),
        starts_at: slot.start,
        ends_at: slot.end,
        because,
    })
}

/// Holds a time for [`HOLD_MINUTES`], `instead_of` a hold that the same somebody had before; that
/// one stays when this fails.
///
/// # Errors
/// [`SchedulingError`] for a time that is not free, an unknown service, too many holds.
pub fn place_hold(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    wanted: &Wanted,
    starts_at: Timestamp,
    instead_of: Option<HoldId>,
) -> Result<Hold, SchedulingError> {
    if let Some(before) = instead_of {
        release_hold(tx, before)?;
    }
    if store::live_holds(tx)? >= MAX_LIVE_HOLDS {
        return Err(SchedulingError::TooManyHolds);
    }
    let chosen = choose(tx, catalogs, wanted, starts_at, Ignoring::default(), &[])?;
    let hold = Hold {
        id: HoldId::random(tx.entropy()),
        service: wanted.service,
        location: chosen.location,
        staff: chosen.staff,
        room: chosen.room,
        starts_at: chosen.starts_at,
        ends_at: chosen.ends_at,
        expires_at: plus_minutes(tx.now(), HOLD_MINUTES),
        chosen_because: chosen.because.to_owned(),
    };
    store::insert_hold(tx, &hold)?;
    let catalog = catalogs.get(tx)?;
    let service = catalog
        .service(wanted.service)
        .ok_or(SchedulingError::Unknown)?;
    let claimed = Claimed {
        staff: &hold.staff,
        room: hold.room,
        window: rules::claimed_window(&service.rules, hold.starts_at, hold.ends_at),
    };
    store::insert_claims(tx, &claimed, Holder::Hold(hold.id))?;
    audit::record(tx, Act::HoldPlaced, hold.service, "")?;
    tx.wake_at(hold.expires_at);
    Ok(hold)
}

/// The hold of that id, as long as it was not freed.
///
/// # Errors
/// Those of the store.
pub fn find_hold(tx: &Tx<'_>, id: HoldId) -> Result<Option<Hold>, kept_base::store::Error> {
    store::hold(tx, id)
}

/// Gives a held time back; `false` when there is no such hold (anymore).
///
/// # Errors
/// Those of the store.
pub fn release_hold(tx: &Tx<'_>, id: HoldId) -> Result<bool, kept_base::store::Error> {
    let Some(hold) = store::hold(tx, id)? else {
        return Ok(false);
    };
    store::delete_claims(tx, Holder::Hold(id))?;
    store::delete_hold(tx, id)?;
    audit::record(tx, Act::HoldReleased, hold.service, "")?;
    Ok(true)
}

/// Frees the holds that ran out; asks to be called again when the next one will.
///
/// # Errors
/// Those of the store.
pub fn release_expired_holds(tx: &Tx<'_>) -> Result<usize, kept_base::store::Error> {
    // A clock that was set back would keep them for as long as it was set back by.
    store::shorten_holds(tx, plus_minutes(tx.now(), HOLD_MINUTES))?;
    let expired = store::expired_holds(tx, MAX_HOLDS_FREED)?;
    for id in &expired {
        store::delete_claims(tx, Holder::Hold(*id))?;
        store::delete_hold(tx, *id)?;
    }
    if expired.is_empty() {
        tx.keep_revision();
    } else {
        audit::record(
            tx,
            Act::HoldReleased,
            tx.organization(),
            &format!("expired {}", expired.len()),
        )?;
    }
    if let Some(next) = store::next_expiry(tx)? {
        tx.wake_at(next.max(tx.now()));
    }
    Ok(expired.len())
}
