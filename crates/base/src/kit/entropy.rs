//! The only place where randomness enters Kept.

use std::sync::{Mutex, PoisonError};

use rand::rngs::{StdRng, SysRng};
use rand::{Rng as _, SeedableRng as _, TryRng as _};

/// A cryptographically strong source of random bytes, passed in wherever randomness matters.
pub struct Entropy(Mutex<StdRng>);

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy")
    }
}

impl Entropy {
    /// A generator seeded by the operating system.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn from_system() -> std::io::Result<Self> {
        let mut seed = [0_u8; 32];
        SysRng
            .try_fill_bytes(&mut seed)
            .map_err(|e| std::io::Error::other(format!("no system randomness: {e}")))?;
        Ok(Self(Mutex::new(StdRng::from_seed(seed))))
    }

    /// A generator that gives the same bytes for the same `seed`: for tests and demo data only.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Fills `bytes`.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number in `0..bound`, or 0 when `bound` is 0. For demo data and jitter; the bias of the
    /// remainder is below 2^-32 for every bound used.
    #[must_use]
    pub fn below(&self, bound: u32) -> u32 {
        let wide = u64::from_le_bytes(self.bytes());
        u32::try_from(wide % u64::from(bound.max(1))).unwrap_or(0)
    }
}
