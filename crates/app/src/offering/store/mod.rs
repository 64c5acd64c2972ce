//! The SQL of the offering.

mod read;
mod write;

pub(super) use read::{locations, rooms, services, staff};
pub(super) use write::{
    fields_of, has_services, insert_closed_day, insert_field, insert_hours, insert_location,
    insert_override, insert_room, insert_service, insert_staff, insert_time_off,
};

const ANY_OF: &str = "any_of";
const ALL_OF: &str = "all_of";
