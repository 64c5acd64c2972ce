//! The SQL of scheduling: claims, holds, appointments.

mod appointments;
mod calendar;
mod claims;
mod counts;
mod holds;
mod lists;
mod of_person;

pub(super) use appointments::{
    Intent, insert, insert_cancellation, insert_rescheduling, reference_is_free, update_time,
};
pub use calendar::{Taken, blocks_between, taken_between};
pub(super) use calendar::{block, conflicts, delete_block, insert_block, update_status};
pub(super) use claims::{
    Claimed, Holder, claims, delete_claims, hand_over_claims, insert_claims, last_booked, starts,
};
pub use counts::{
    HourCount, LEAD_DAYS, Share, Span, count_by_hour, count_by_lead, count_by_service,
    count_by_staff,
};
pub(super) use holds::{
    delete_hold, expired_holds, hold, insert_hold, live_holds, next_expiry, shorten_holds,
};
pub use lists::{Filter, appointment, appointment_by_reference, appointments};
pub use of_person::{appointments_of, assign, has_appointments, reassign};
