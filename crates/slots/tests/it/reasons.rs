//! Why a time is not offered.

use kept_slots::{Reason, check as may_book};

use crate::table::{Scene, check};

const DAY: &str = "zone Europe/Berlin  length 30m  step 15m  before 5m  after 5m
                   notice 2h  horizon 7d  limit 5  now 2027-05-07T06:30Z  # 08:30
                   open Mon-Fri 09:00-12:00
                   off 2027-05-10 10:00-10:30
                   busy 2027-05-10 11:00-11:15
                   closed 2027-05-11
                   booked 2027-05-12 5";

#[test]
fn each_rule_has_its_code() {
    let why = |at: &str| format!("{DAY} \n why {at}");
    check(&why("2027-05-07 08:15"), "in_the_past outside_hours[0]");
    check(&why("2027-05-07 08:30"), "inside_notice outside_hours[0]");
    check(&why("2027-05-07 10:15"), "inside_notice");
    check(&why("2027-05-07 10:30"), "bookable");
    check(&why("2027-05-07 10:40"), "off_grid");
    check(&why("2027-05-07T10:30:00.5+02:00"), "off_grid");
    check(&why("2027-05-07T10:30:01+02:00"), "off_grid");
    check(&why("2027-05-07 11:30"), "bookable");
    check(&why("2027-05-07 11:45"), "outside_hours[0]");
    check(&why("2027-05-08 10:00"), "outside_hours[0]");
    check(&why("2027-05-10 09:30"), "bookable");
    check(&why("2027-05-10 09:45"), "time_off[0]");
    check(&why("2027-05-10 10:30"), "staff_busy[0]"); // by the buffer
    check(&why("2027-05-10 10:15"), "time_off[0]");
    check(&why("2027-05-10 11:15"), "staff_busy[0]");
    check(&why("2027-05-10 11:30"), "bookable");
    check(&why("2027-05-11 10:00"), "closed_day[0]");
    check(&why("2027-05-11 12:00"), "outside_hours[0]");
    check(&why("2027-05-12 10:00"), "daily_limit");
    check(&why("2027-05-14 11:30"), "bookable");
    check(&why("2027-05-14 12:00"), "outside_hours[0]");
    check(&why("2027-05-17 09:00"), "beyond_horizon");
}

#[test]
fn all_that_applies_is_named() {
    check(
        "length 30m  step 15m  horizon 1d  limit 1  now 2027-05-01T00:00Z
         booked 2027-05-07 1
         open Fri 09:00-12:00
         off 2027-05-07 09:00-10:00
         busy 2027-05-07 09:00-10:00
         closed 2027-05-07
         no rooms
         why 2027-05-07T09:01Z",
        "beyond_horizon daily_limit off_grid closed_day[0] time_off[0] staff_busy[0] no_room",
    );
}

#[test]
fn each_staff_member_has_their_own() {
    let staff = "length 30m
                 open Fri 09:00-12:00
                 busy 2027-05-07 09:00-10:00
                 staff
                 open Fri 09:00-12:00
                 off 2027-05-07 09:30-11:00
                 staff
                 open Fri 10:00-12:00";
    check(
        &format!("{staff} \n why 2027-05-07 09:30"),
        "staff_busy[0] time_off[1] outside_hours[2]",
    );
    check(&format!("{staff} \n why 2027-05-07 09:00"), "bookable"); // the second is free
    check(
        &format!("{staff} \n need all \n why 2027-05-07 09:00"),
        "staff_busy[0] outside_hours[2]",
    );
    check(
        &format!("{staff} \n need all \n why 2027-05-07 11:00"),
        "bookable",
    );
}

#[test]
fn everyone_but_not_together() {
    let staff = "length 30m \n need all
                 place UTC
                 open Fri 09:00-12:00
                 staff
                 open Fri 09:00-12:00 at 1";
    check(&format!("{staff} \n why 2027-05-07 09:00"), "not_together");
    check(
        &format!("{staff} \n open Fri 11:00-12:00 \n why 2027-05-07 11:00"),
        "bookable",
    );
    check(
        &format!("{staff} \n open Fri 11:00-12:00 \n why 2027-05-07 10:30"),
        "not_together",
    );
}

#[test]
fn rooms_where_the_staff_is() {
    let rooms = "length 30m
                 place UTC
                 open Fri 09:00-12:00 at 1
                 room at 0
                 room at 1
                 busy 2027-05-07 09:00-10:00
                 room at 1
                 busy 2027-05-07 09:30-11:00";
    check(&format!("{rooms} \n why 2027-05-07 09:00"), "bookable");
    check(
        &format!("{rooms} \n why 2027-05-07 09:30"),
        "no_room(1) no_room(2)",
    );
    check(&format!("{rooms} \n why 2027-05-07 10:00"), "bookable");
    check(
        &format!("{rooms} \n why 2027-05-07 12:00"),
        "outside_hours[0]",
    );
    check(
        "length 30m \n open Fri 09:00-12:00 \n no rooms \n why 2027-05-07 09:00",
        "no_room",
    );
    check(
        "length 30m \n place UTC \n open Fri 09:00-12:00 \n room at 1 \n why 2027-05-07 09:00",
        "no_room",
    );
}

#[test]
fn the_grid_is_that_of_the_place_with_staff() {
    let places = "length 30m
                  place Asia/Kathmandu   # +05:45
                  open Fri 09:00-12:00 at 1";
    check(&format!("{places} \n why 2027-05-07 05:15"), "bookable");
    check(&format!("{places} \n why 2027-05-07 05:30"), "off_grid");
    check(&format!("{places} \n why 2027-05-07 05:20"), "off_grid");
    check(
        &format!("{places} \n why 2027-05-07 10:30"),
        "outside_hours[0]",
    );
}

#[test]
fn a_closed_day_of_one_of_two_places() {
    let places = "length 30m
                  closed 2027-05-07
                  place UTC
                  open Fri 09:00-10:00 at 0
                  open Fri 09:30-10:00 at 1";
    check(
        &format!("{places} \n why 2027-05-07 09:00"),
        "closed_day[0]",
    );
    check(&format!("{places} \n why 2027-05-07 09:30"), "bookable");
    check(
        &format!("{places} \n busy 2027-05-07 09:00-10:00 \n why 2027-05-07 09:30"),
        "staff_busy[0]",
    );
}

#[test]
fn a_refusal_has_each_reason_once() {
    let scene = Scene::parse(
        "length 30m
         open Fri 09:00-12:00
         busy 2027-05-07 09:00-10:00
         staff
         staff
         no rooms
         why 2027-05-07 09:00",
    );
    let refused = scene.ask(|q| may_book(q, "2027-05-07T09:00Z".parse().unwrap()));
    assert_eq!(
        refused,
        Err(vec![
            Reason::OutsideHours,
            Reason::StaffBusy,
            Reason::NoRoom
        ])
    );
}
