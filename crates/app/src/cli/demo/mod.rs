//! `kept demo`: two invented organizations, 60 days of appointments, on the real storage.

mod command;
mod folder;
mod holidays;
mod northgate;
mod play;
mod report;
mod riverside;
mod seed;
mod sign_ins;
mod wish;

pub(in crate::cli) use command::run;
pub use command::{Arguments, DemoError};
pub use seed::{SeedError, seed};

/// Days before the day the demo starts that have appointments.
pub const PAST_DAYS: i64 = 14;
/// Days from the day the demo starts on that have appointments.
pub const AHEAD_DAYS: i64 = 46;

#[cfg(test)]
mod tests;
