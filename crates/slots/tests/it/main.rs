//! Text in, text out: see `table.rs` for the language.
//!
//! Zones come from the database bundled with jiff (its release is pinned by `Cargo.lock`), so that
//! a test means the same on every machine.

#![expect(
    clippy::unwrap_used,
    reason = "a scene that cannot be read fails its test"
)]

mod civil;
mod open_ended;
mod properties;
mod reasons;
mod reference;
mod rules;
mod scenes;
mod staffing;
mod table;
mod wild;
mod words;
