//! The same choices for the same seed, so that two people who look at the demo on one day see the
//! same clinic. Secrets never come from here.

use kept_base::kit::Entropy;

/// A seeded source of choices.
pub struct Chance(Entropy);

impl Chance {
    /// The choices of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Entropy::seeded(seed))
    }

    /// A number in `0..bound`.
    #[must_use]
    pub fn below(&self, bound: usize) -> usize {
        self.0.below(u32::try_from(bound).unwrap_or(u32::MAX)) as usize
    }

    /// A number in `from..to`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> i64 {
        let span = usize::try_from(to.saturating_sub(from)).unwrap_or(0);
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in `percent` of all cases.
    #[must_use]
    pub fn percent(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    #[must_use]
    pub fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
