//! What every slice of Kept needs, and no noun of the trade: typed ids, time and randomness that
//! are passed in, redacted personal text, the encrypted store, problem documents and the page kit.

pub mod kit;
pub mod page;
pub mod problem;
pub mod store;
