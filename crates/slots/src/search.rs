//! The one search behind every answer.

use crate::MAX_ROOMS;
use crate::MAX_STAFF;
use crate::answer::Slot;
use crate::clock::Run;
use crate::gate::Gate;
use crate::grid::{Grid, Starts, cut};
use crate::hours::{Calendar, Lane};
use crate::question::{Question, Staffing};
use crate::stretch::{Stretch, contains, instant, intersect, join, subtract};

/// Who is free when and where, before notice, horizon and daily limit.
#[derive(Debug)]
pub(crate) struct Lanes<'q> {
    pub calendar: Calendar<'q>,
    /// By place, then staff member.
    pub staff: Vec<Lane>,
    /// By place, then room; `None` if no room is needed.
    pub rooms: Option<Vec<Lane>>,
}

impl<'q> Lanes<'q> {
    /// For the starts in `time`.
    pub fn new(question: &Question<'q>, time: Stretch) -> Self {
        let calendar = Calendar::new(question, time);
        let mut staff = Vec::with_capacity(question.staff.len());
        if question.staff.len() <= MAX_STAFF {
            for (who, member) in (0..).zip(question.staff) {
                calendar.staff(who, member.hours, member.busy, &mut staff);
            }
        }
        staff.sort_unstable_by_key(|lane| (lane.place, lane.who));
        let rooms = question.rooms.map(|rooms| {
            let known = (0..).zip(rooms.iter().take(MAX_ROOMS));
            let mut lanes: Vec<_> = known
                .filter(|(_, room)| usize::from(room.place) < calendar.places())
                .map(|(who, room)| Lane {
                    place: room.place,
                    who,
                    starts: calendar.room(room),
                })
                .collect();
            lanes.sort_unstable_by_key(|lane| (lane.place, lane.who));
            lanes
        });
        Self {
            calendar,
            staff,
            rooms,
        }
    }

    /// The starts at which the staffing of a place is met.
    pub fn staffed(&self, question: &Question, place: u16) -> Vec<Stretch> {
        let lanes = at_place(&self.staff, place);
        match question.staffing {
            Staffing::AnyOf => union(lanes),
            Staffing::AllOf if lanes.len() < question.staff.len() => Vec::new(),
            Staffing::AllOf => {
                let mut lanes = lanes.iter();
                let first = lanes
                    .next()
                    .map(|lane| lane.starts.clone())
                    .unwrap_or_default();
                lanes.fold(first, |common, lane| intersect(&common, &lane.starts))
            }
        }
    }

    /// The starts at which a needed room of a place is free; `None` if none is needed.
    pub fn roomed(&self, place: u16) -> Option<Vec<Stretch>> {
        self.rooms
            .as_deref()
            .map(|rooms| union(at_place(rooms, place)))
    }
}

/// The bookable starts within a time.
#[derive(Debug)]
pub(crate) struct Search<'q> {
    grid: Grid,
    lanes: Lanes<'q>,
    length: i64,
    /// The bookable instants of each place that has any, cut where its clock changes.
    places: Vec<(u16, Vec<Run>)>,
}

impl<'q> Search<'q> {
    /// Searches the starts in `time`; `None` if the rules alone leave none.
    pub fn new(question: &Question<'q>, gate: &Gate, time: Stretch) -> Option<Self> {
        let grid = Grid::new(question.rules)?;
        let time = gate.narrow(time);
        if time.is_empty() {
            return None;
        }
        let lanes = Lanes::new(question, time);
        let shut = gate.shut(question, time);
        let mut places = Vec::new();
        for lanes_here in lanes.staff.chunk_by(|one, next| one.place == next.place) {
            let place = lanes_here[0].place;
            let mut starts = lanes.staffed(question, place);
            if let Some(roomed) = lanes.roomed(place) {
                starts = intersect(&starts, &roomed);
            }
            if !shut.is_empty() {
                starts = subtract(&starts, &shut);
            }
            if let Some(clock) = lanes.calendar.clock(place).filter(|_| !starts.is_empty()) {
                places.push((place, cut(&starts, clock)));
            }
        }
        Some(Self {
            grid,
            lanes,
            length: i64::from(question.rules.length_minutes) * 60,
            places,
        })
    }

    /// Each bookable start and its place, ascending.
    pub fn starts(&self) -> impl Iterator<Item = (i64, u16)> + '_ {
        let mut heads = Vec::with_capacity(self.places.len());
        for (place, pieces) in &self.places {
            let mut starts = Starts::new(self.grid, pieces);
            let next = starts.next();
            heads.push((next, *place, starts));
        }
        std::iter::from_fn(move || {
            let unfinished = heads.iter_mut().filter(|head| head.0.is_some());
            let (next, place, starts) = unfinished.min_by_key(|head| head.0)?;
            let start = std::mem::replace(next, starts.next())?;
            Some((start, *place))
        })
    }

    /// Visits each bookable start once, ascending.
    pub fn each_start(&self, mut visit: impl FnMut(i64)) {
        if let [(_, pieces)] = &self.places[..] {
            Starts::new(self.grid, pieces).for_each(visit);
            return;
        }
        let mut last = None;
        for (start, _) in self.starts() {
            if last.replace(start) != Some(start) {
                visit(start);
            }
        }
    }

    /// The slot of a start that [`Search::starts`] gave.
    pub fn slot(&self, (start, place): (i64, u16)) -> Slot {
        let rooms = self.lanes.rooms.as_deref().unwrap_or_default();
        Slot {
            start: instant(start),
            end: instant(start + self.length),
            place,
            staff: free_at(&self.lanes.staff, place, start),
            rooms: free_at(rooms, place, start),
        }
    }
}

/// The lanes of one place, of lanes sorted by place.
fn at_place(lanes: &[Lane], place: u16) -> &[Lane] {
    let from = lanes.partition_point(|lane| lane.place < place);
    let to = lanes.partition_point(|lane| lane.place <= place);
    &lanes[from..to]
}

fn free_at(lanes: &[Lane], place: u16, start: i64) -> Vec<u16> {
    let free = at_place(lanes, place)
        .iter()
        .filter(|lane| contains(&lane.starts, start));
    free.map(|lane| lane.who).collect()
}

fn union(lanes: &[Lane]) -> Vec<Stretch> {
    let mut all = Vec::with_capacity(lanes.iter().map(|lane| lane.starts.len()).sum());
    all.extend(lanes.iter().flat_map(|lane| &lane.starts));
    join(&mut all);
    all
}
