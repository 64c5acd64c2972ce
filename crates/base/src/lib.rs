//! What every slice of Kept needs, and no noun of the trade: typed ids, time and randomness that
//! are passed in, redacted personal text, the encrypted store, strict readers of requests, problem
//! documents and the page kit.

pub mod input;
pub mod kit;
pub mod page;
pub mod problem;
pub mod store;
