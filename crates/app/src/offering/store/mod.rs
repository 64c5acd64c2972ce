//! The SQL of the offering.

mod change;
mod read;
mod read_hours;
mod rows;
mod things;
mod write;

pub(super) use change::{
    closed_days, count_closed_days, day_of, delete_closed_day, delete_day, delete_skill,
    delete_time_off, field_keys, field_of, insert_skill, replace_weekly, time_off, time_off_of,
    update_field, update_location, update_room, update_service, update_staff,
};
pub(super) use read::{locations, rooms, services, skills};
pub(super) use read_hours::{day_rows, staff, weekly_rows};
pub(super) use rows::{Rows, again, put_back, rows};
pub(super) use things::{is_archived, position, set_archived, set_position};
pub(super) use write::{
    fields_of, has_services, insert_closed_day, insert_field, insert_hours, insert_location,
    insert_override, insert_room, insert_service, insert_staff, insert_time_off,
};
use write::{link_service, staffing_code};

const ANY_OF: &str = "any_of";
const ALL_OF: &str = "all_of";
