//! The rules of a service, one by one.

use crate::table::check;

#[test]
fn the_appointment_stays_inside_hours() {
    check(
        "length 45m  step 15m \n open Fri 09:00-10:15 \n on 2027-05-07",
        "09:00 09:15 09:30",
    );
    check("length 90m \n open Fri 09:00-10:15 \n on 2027-05-07", "");
    check("length 75m \n open Fri 09:00-10:15 \n on 2027-05-07", "");
    check(
        "length 75m step 1h \n open Fri 09:00-10:15 \n on 2027-05-07",
        "09:00",
    );
    // To the minute.
    let minutes = "length 5m  step 1m";
    check(
        &format!("{minutes} \n open Fri 09:01-09:07 \n on 2027-05-07"),
        "09:01 09:02",
    );
}

#[test]
fn the_grid_counts_from_midnight() {
    check(
        "length 10m  step 20m  offset 5m \n open Fri 09:00-10:00 \n on 2027-05-07",
        "09:05 09:25 09:45",
    );
    check(
        "length 10m  step 20m  offset 65m \n open Fri 09:00-10:00 \n on 2027-05-07",
        "09:05 09:25 09:45",
    );
    check(
        "length 10m  step 20m \n open Fri 09:10-10:00 \n on 2027-05-07",
        "09:20 09:40",
    );
    // 50 minutes do not divide a day: it begins anew.
    check(
        "length 10m  step 50m \n open Fri 22:30-24:00 \n open Sat 00:00-02:00 \n on 2027-05-07..2027-05-09",
        "05-07:2 05-08:3",
    );
    check(
        "length 10m  step 50m \n open Fri 22:30-26:00 \n on 2027-05-07",
        "22:30 23:20",
    );
    check(
        "length 10m  step 50m \n open Fri 22:30-26:00 \n on 2027-05-08",
        "00:00 00:50 01:40",
    );
    check(
        "length 10m  step 24h  offset 10h \n open Mon-Sun 00:00-24:00 \n on 2027-05-07..2027-05-09",
        "05-07:1 05-08:1",
    );
}

#[test]
fn an_empty_grid_offers_nothing() {
    for rules in [
        "length 0m step 5m",
        "length 30m step 0m",
        "length 30m step 40h offset 24h",
    ] {
        let scene = format!("{rules} \n open Mon-Sun 00:00-24:00");
        check(&format!("{scene} \n on 2027-05-07..2027-05-08"), "05-07:0");
        check(&format!("{scene} \n first 2027-05-07 10:00"), "none");
        check(&format!("{scene} \n why 2027-05-07 10:00"), "off_grid");
    }
}

#[test]
fn busy_windows_keep_their_distance() {
    let day = "length 30m  step 10m
               open Fri 09:00-11:00
               busy 2027-05-07 10:00-10:10";
    check(
        &format!("{day} \n on 2027-05-07"),
        "09:00 09:10 09:20 09:30 10:10 10:20 10:30",
    );
    check(
        &format!("{day} \n before 10m \n on 2027-05-07"),
        "09:00 09:10 09:20 09:30 10:20 10:30",
    );
    check(
        &format!("{day} \n after 10m \n on 2027-05-07"),
        "09:00 09:10 09:20 10:10 10:20 10:30",
    );
    check(
        &format!("{day} \n busy 2027-05-07 10:05-10:31 \n on 2027-05-07"),
        "09:00 09:10 09:20 09:30",
    );
    check(
        &format!("{day} \n busy 2027-05-07 08:00-12:00 \n on 2027-05-07"),
        "",
    );
    check(
        &format!("{day} \n busy 2027-05-07 10:10-10:20 \n on 2027-05-07"),
        "09:00 09:10 09:20 09:30 10:20 10:30",
    );
}

#[test]
fn windows_are_as_fine_as_instants() {
    let day = "length 30m
               open Fri 09:00-11:00
               on 2027-05-07 \n busy 2027-05-07";
    check(
        &format!("{day}T09:29:59.9Z..2027-05-07T09:29:59.99Z"),
        "09:30 10:00 10:30",
    );
    check(
        &format!("{day}T09:30:00.0Z..2027-05-07T09:30:00.01Z"),
        "09:00 10:00 10:30",
    );
    // Before 1970, seconds are rounded the same way.
    let day = day
        .replace("Fri", "Thu")
        .replace("2027-05-07", "1969-12-25");
    check(
        &format!("{day}T09:29:59.9Z..1969-12-25T09:29:59.99Z"),
        "09:30 10:00 10:30",
    );
    check(
        &format!("{day}T09:30:00.0Z..1969-12-25T09:30:00.01Z"),
        "09:00 10:00 10:30",
    );
}

#[test]
fn buffers_reach_outside_hours_but_not_into_claims() {
    let day = "length 30m  before 60m  after 60m
               open Fri 09:00-10:00";
    check(&format!("{day} \n on 2027-05-07"), "09:00 09:30");
    check(
        &format!("{day} \n off 2027-05-07 10:00-12:00 \n on 2027-05-07"),
        "09:00 09:30",
    );
    check(
        &format!("{day} \n busy 2027-05-07 10:30-12:00 \n on 2027-05-07"),
        "09:00",
    );
    check(
        &format!("{day} \n busy 2027-05-07 07:00-08:01 \n on 2027-05-07"),
        "09:30",
    );
    check(
        &format!("{day} \n closed 2027-05-08 \n open Fri 23:00-24:00 \n on 2027-05-07"),
        "09:00 09:30 23:00 23:30",
    );
}

#[test]
fn time_off_is_free_of_appointments() {
    let day = "length 30m  step 15m
               open Fri 09:00-11:00
               off 2027-05-07 09:30-10:15";
    check(&format!("{day} \n on 2027-05-07"), "09:00 10:15 10:30");
    check(
        &format!("{day} \n off 2027-05-06 00:00-34:30 \n on 2027-05-07"),
        "10:30",
    );
}

#[test]
fn notice_is_kept_to_the_second() {
    let day = "length 30m  notice 2h \n open Fri 09:00-12:00";
    check(
        &format!("{day} \n now 2027-05-07T07:00Z \n on 2027-05-07"),
        "09:00 09:30 10:00 10:30 11:00 11:30",
    );
    check(
        &format!("{day} \n now 2027-05-07T07:00:00.000001Z \n on 2027-05-07"),
        "09:30 10:00 10:30 11:00 11:30",
    );
    check(
        &format!("{day} \n now 2027-05-07T09:29:59Z \n on 2027-05-07"),
        "11:30",
    );
    check(
        &format!("{day} \n now 2027-05-07T12:00Z \n on 2027-05-07"),
        "",
    );
    let day = "length 30m \n open Fri 09:00-10:00";
    check(
        &format!("{day} \n now 2027-05-07T09:00Z \n on 2027-05-07"),
        "09:00 09:30",
    );
    check(
        &format!("{day} \n now 2027-05-07T09:00:01Z \n on 2027-05-07"),
        "09:30",
    );
}

#[test]
fn the_horizon_counts_days_in_its_zone() {
    let days = "length 12h  horizon 2d  now 2027-05-07T10:00Z
                open Mon-Sun 00:00-24:00
                on 2027-05-07..2027-05-12";
    check(days, "05-07:1 05-08:2 05-09:2 05-10:0 05-11:0");
    check(
        &days.replace("2d", "0d"),
        "05-07:1 05-08:0 05-09:0 05-10:0 05-11:0",
    );
    // It is already the 8th in Auckland; its 10th ends at noon.
    let auckland = days.replace("10:00Z", "13:00Z");
    check(
        &format!("limits Pacific/Auckland \n {auckland}"),
        "05-07:0 05-08:2 05-09:2 05-10:1 05-11:0",
    );
    // The horizon is bounded, whatever the rule says.
    check(
        "length 24h  horizon 40000d  now 2027-01-01T00:00Z \n open Mon-Sun 00:00-24:00 \n on 2032-01-04..2032-01-07",
        "01-04:1 01-05:1 01-06:0",
    );
}

#[test]
fn a_full_day_is_closed() {
    let days = "length 12h  limit 3
                open Mon-Sun 00:00-24:00";
    let on = "on 2027-05-06..2027-05-09";
    check(&format!("{days} \n {on}"), "05-06:2 05-07:2 05-08:2");
    check(
        &format!("{days} \n booked 2027-05-07 2 \n {on}"),
        "05-06:2 05-07:2 05-08:2",
    );
    check(
        &format!("{days} \n booked 2027-05-07 3 \n {on}"),
        "05-06:2 05-07:0 05-08:2",
    );
    check(
        &format!(
            "{days} \n booked 2027-05-07 2 \n booked 2027-05-08 4 \n booked 2027-05-07 1 \n {on}"
        ),
        "05-06:2 05-07:0 05-08:0",
    );
    check(
        &format!("{days} \n limits Pacific/Auckland \n booked 2027-05-08 3 \n {on}"),
        "05-06:2 05-07:1 05-08:1",
    );
    check(
        &format!("limit 0 {days} \n {on}").replace("limit 3", ""),
        "05-06:0 05-07:0 05-08:0",
    );
    check(
        &format!("{days} \n booked 2027-05-07 3 \n {on}").replace("limit 3", ""),
        "05-06:2 05-07:2 05-08:2",
    );
}
