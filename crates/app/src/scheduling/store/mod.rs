//! The SQL of scheduling: claims, holds, appointments.

mod appointments;
mod claims;
mod holds;
mod lists;

pub(super) use appointments::{
    Intent, insert, insert_cancellation, insert_rescheduling, reference_is_free, update_time,
};
pub(super) use claims::{
    Claimed, Holder, claims, delete_claims, hand_over_claims, insert_claims, last_booked, starts,
};
pub(super) use holds::{delete_hold, expired_holds, hold, insert_hold, live_holds, next_expiry};
pub use lists::{Filter, appointment, appointment_by_reference, appointments};
