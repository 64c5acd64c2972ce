//! The starts of a service on the clock of a place.

use crate::clock::{Clock, DAY, Run};
use crate::question::Rules;
use crate::stretch::Stretch;

/// Seconds between starts, and of the first start after midnight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    step: i64,
    first: i64,
}

impl Grid {
    /// The grid of the rules, if it has any start.
    pub fn new(rules: &Rules) -> Option<Self> {
        if rules.length_minutes == 0 || rules.step_minutes == 0 {
            return None;
        }
        let (step, offset) = (
            i64::from(rules.step_minutes),
            i64::from(rules.step_offset_minutes),
        );
        let grid = Self {
            step: step * 60,
            first: offset % step * 60,
        };
        (grid.first < DAY).then_some(grid)
    }

    /// The first start at or after `civil`, and the midnight that follows it.
    fn start_from(self, civil: i64) -> (i64, i64) {
        let midnight = civil.div_euclid(DAY) * DAY;
        // Rounded up; at least 0, because `first` is less than `step`.
        let steps = (civil - midnight - self.first + self.step - 1) / self.step;
        let start = midnight + self.first + steps * self.step;
        if start < midnight + DAY {
            (start, midnight + DAY)
        } else {
            (midnight + DAY + self.first, midnight + 2 * DAY)
        }
    }
}

/// Cuts a set where the clock changes.
pub(crate) fn cut(set: &[Stretch], clock: &Clock) -> Vec<Run> {
    let mut pieces = Vec::with_capacity(set.len() + 4);
    let mut set = set.iter().peekable();
    for run in clock.runs() {
        while let Some(stretch) = set.peek() {
            let time = stretch.clip(run.time);
            if !time.is_empty() {
                pieces.push(Run {
                    time,
                    offset: run.offset,
                });
            }
            if stretch.to > run.time.to {
                break;
            }
            set.next();
        }
    }
    pieces
}

/// The starts in a set of instants, ascending.
#[derive(Debug)]
pub(crate) struct Starts<'a> {
    grid: Grid,
    pieces: std::slice::Iter<'a, Run>,
    next: i64,
    midnight: i64,
    to: i64,
}

impl<'a> Starts<'a> {
    /// The starts in `pieces`, as [`cut`] makes them.
    pub fn new(grid: Grid, pieces: &'a [Run]) -> Self {
        Self {
            grid,
            pieces: pieces.iter(),
            next: 0,
            midnight: 0,
            to: 0,
        }
    }
}

impl Iterator for Starts<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        while self.next >= self.to {
            let piece = self.pieces.next()?;
            let (start, midnight) = self.grid.start_from(piece.time.from + piece.offset);
            self.next = start - piece.offset;
            self.midnight = midnight - piece.offset;
            self.to = piece.time.to;
        }
        let start = self.next;
        self.next += self.grid.step;
        if self.next >= self.midnight {
            self.next = self.midnight + self.grid.first;
            self.midnight += DAY;
        }
        Some(start)
    }
}
