//! Whom a booking goes to.

use jiff::Timestamp;

use crate::answer::Slot;
use crate::question::Staffing;

/// Who serves a slot, where several could.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// Indices into the staff of the question.
    pub staff: Vec<u16>,
    /// Index into the rooms of the question; none if no room is needed.
    pub room: Option<u16>,
    /// Why these.
    pub because: ChoiceReason,
}

/// Why a staff member was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceReason {
    /// Nobody else is free then.
    OnlyOne,
    /// Of those free then, the one whose last booking is longest ago.
    LeastRecentlyBooked,
    /// Free then and never booked before.
    NeverBooked,
    /// Everyone is needed.
    All,
}

impl ChoiceReason {
    /// The stable code, for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OnlyOne => "only_one",
            Self::LeastRecentlyBooked => "least_recently_booked",
            Self::NeverBooked => "never_booked",
            Self::All => "all",
        }
    }
}

/// Chooses staff and room of a slot; `None` if the slot has no staff.
///
/// `last_booked` has the last booking of each staff member by index; a missing entry means never.
/// Of any several, those never booked come first, then the least recently booked; ties go to the
/// lowest index, as do rooms.
#[must_use]
pub fn choose(
    slot: &Slot,
    staffing: Staffing,
    last_booked: &[Option<Timestamp>],
) -> Option<Choice> {
    let last = |who: u16| last_booked.get(usize::from(who)).copied().flatten();
    // `None` sorts before every instant: never booked comes first.
    let longest_ago = slot
        .staff
        .iter()
        .copied()
        .min_by_key(|who| (last(*who), *who))?;
    let room = slot.rooms.iter().copied().min();
    let (staff, because) = match staffing {
        Staffing::AllOf => (slot.staff.clone(), ChoiceReason::All),
        Staffing::AnyOf => {
            let because = match last(longest_ago) {
                _ if slot.staff.len() == 1 => ChoiceReason::OnlyOne,
                None => ChoiceReason::NeverBooked,
                Some(_) => ChoiceReason::LeastRecentlyBooked,
            };
            (vec![longest_ago], because)
        }
    };
    Some(Choice {
        staff,
        room,
        because,
    })
}
