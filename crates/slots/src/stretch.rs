//! Sets of instants as sorted, disjoint, half-open stretches of whole seconds.
//!
//! Every start is on a whole second, so comparing it with a finer instant loses nothing when the
//! instant is rounded outward.

use jiff::Timestamp;

/// The instants `from..to`, in seconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub from: i64,
    pub to: i64,
}

impl Stretch {
    /// What both have; `from >= to` when that is nothing.
    pub fn clip(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    pub fn has(self, second: i64) -> bool {
        self.from <= second && second < self.to
    }

    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

/// The last whole second at or before `at`.
pub(crate) fn floor(at: Timestamp) -> i64 {
    at.as_second() - i64::from(at.subsec_nanosecond() < 0)
}

/// The first whole second at or after `at`.
pub(crate) fn ceil(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

/// The instant, or the nearest one that can be written.
pub(crate) fn instant(second: i64) -> Timestamp {
    let end = if second < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_second(second).unwrap_or(end)
}

/// Makes a set of any stretches: sorts, and joins those that touch.
pub(crate) fn join(stretches: &mut Vec<Stretch>) {
    stretches.sort_unstable_by_key(|stretch| stretch.from);
    stretches.dedup_by(|next, kept| {
        let joins = next.from <= kept.to;
        if joins {
            kept.to = kept.to.max(next.to);
        }
        joins
    });
}

/// `set` without `gone`, both sets.
pub(crate) fn subtract(set: &[Stretch], gone: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::with_capacity(set.len() + gone.len());
    let mut next = 0;
    for stretch in set {
        let mut from = stretch.from;
        while let Some(hole) = gone.get(next).filter(|hole| hole.from < stretch.to) {
            if hole.from > from {
                left.push(Stretch {
                    from,
                    to: hole.from,
                });
            }
            from = from.max(hole.to);
            if hole.to > stretch.to {
                break; // it may reach into the next stretch
            }
            next += 1;
        }
        if from < stretch.to {
            left.push(Stretch {
                from,
                to: stretch.to,
            });
        }
    }
    left
}

/// What both sets have.
pub(crate) fn intersect(one: &[Stretch], other: &[Stretch]) -> Vec<Stretch> {
    let mut common = Vec::with_capacity(one.len().max(other.len()));
    let (mut i, mut j) = (0, 0);
    while let (Some(&a), Some(&b)) = (one.get(i), other.get(j)) {
        let both = a.clip(b);
        if !both.is_empty() {
            common.push(both);
        }
        if a.to < b.to { i += 1 } else { j += 1 }
    }
    common
}

/// Whether the set has the instant.
pub(crate) fn contains(set: &[Stretch], second: i64) -> bool {
    let after = set.partition_point(|stretch| stretch.from <= second);
    after > 0 && set[after - 1].has(second)
}
