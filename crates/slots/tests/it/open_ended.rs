//! First, nearest, and until when an answer holds.

use crate::table::check;

#[test]
fn the_first_slot_at_or_after() {
    let week = "length 30m  horizon 30d  notice 1h  now 2027-05-03T08:15Z
                open Mon,Wed 09:00-10:00
                busy 2027-05-05 09:00-09:30";
    check(
        &format!("{week} \n first 2027-05-01 00:00"),
        "2027-05-03 09:30",
    );
    check(
        &format!("{week} \n first 2027-05-03 09:30"),
        "2027-05-03 09:30",
    );
    check(
        &format!("{week} \n first 2027-05-03T09:30:00.001Z"),
        "2027-05-05 09:30",
    );
    check(
        &format!("{week} \n first 2027-05-06 09:30"),
        "2027-05-10 09:00",
    );
    check(
        &format!("{week} \n first 2027-06-02 09:30"),
        "2027-06-02 09:30",
    );
    check(&format!("{week} \n first 2027-06-02 09:31"), "none"); // the horizon
    check(
        "length 30m  horizon 1000d  now 2027-05-03T08:15Z
         override 2029-01-15 10:00-11:00
         first 2027-05-03 08:15",
        "2029-01-15 10:00",
    );
    check(
        "length 30m \n place UTC
         open Fri 09:00-10:00 at 1
         staff
         open Fri 09:00-10:00
         room at 1 \n room \n room
         first 2027-05-07 00:00",
        "2027-05-07 09:00@0[1](1,2)",
    );
}

#[test]
fn the_nearest_starts() {
    let day = "length 30m  now 2027-05-01T00:00Z
               open Fri 09:00-12:00
               busy 2027-05-07 10:00-10:30";
    check(
        &format!("{day} \n near 2027-05-07 10:00 3"),
        "2027-05-07 09:00 2027-05-07 09:30 2027-05-07 10:30",
    );
    check(
        &format!("{day} \n near 2027-05-07 10:00 1"),
        "2027-05-07 09:30",
    ); // of two as near, the earlier
    check(
        &format!("{day} \n near 2027-05-07T10:00:00.000001Z 1"),
        "2027-05-07 10:30",
    );
    check(
        &format!("{day} \n near 2027-05-07 10:40 2"),
        "2027-05-07 10:30 2027-05-07 11:00",
    );
    check(
        &format!("{day} \n near 2027-05-07 10:30 1"),
        "2027-05-07 10:30",
    );
    check(&format!("{day} \n near 2027-05-07 10:00 0"), "");
    check(
        &format!("{day} \n near 2027-05-20 10:00 2"),
        "2027-05-21 09:00 2027-05-21 09:30",
    );
    check(
        &format!("{day} \n near 2027-05-17 22:30 2"),
        "2027-05-14 11:30 2027-05-21 09:00",
    );
    check(
        &format!("{day} \n near 1990-01-01 00:00 2"),
        "2027-05-07 09:00 2027-05-07 09:30",
    );
    check(
        &format!("horizon 14d {day} \n near 2090-01-01 00:00 2"),
        "2027-05-14 11:00 2027-05-14 11:30",
    );
    check(&format!("horizon 1d {day} \n near 2027-05-07 10:00 2"), "");
    // A time at two places is one.
    check(
        "length 30m \n place UTC \n open Fri 09:00-10:00 \n staff \n open Fri 09:00-10:00 at 1
         near 2027-05-07 09:00 2",
        "2027-05-07 09:00 2027-05-07 09:30",
    );
    // Far apart, either way.
    check(
        "length 30m  horizon 1000d  now 2027-01-01T00:00Z
         override 2027-01-04 10:00-10:30 \n override 2029-01-04 10:00-10:30
         near 2028-01-01 00:00 5",
        "2027-01-04 10:00 2029-01-04 10:00",
    );
}

#[test]
fn days_have_one_entry_each() {
    check(
        "length 60m \n open Fri 09:00-10:00 \n on 2027-05-07..2027-05-07",
        "",
    );
    check(
        "length 60m \n open Fri 09:00-10:00 \n on 2027-05-07..2027-05-06",
        "",
    );
    check(
        "length 60m \n open Fri 09:00-10:00 \n on 2027-05-06..2027-05-08",
        "05-06:0 05-07:1",
    );
}

#[test]
fn answers_hold_until_a_start_is_too_near() {
    let day = "zone Europe/Berlin  length 30m  step 15m  notice 2h
               open Mon-Fri 09:00-12:00 \n until";
    let at = |now: &str| format!("now {now} \n {day}");
    check(&at("2027-05-07T06:31Z"), "2027-05-07T06:45:00.000000001Z"); // 10:45 leaves
    check(&at("2027-05-07T06:45Z"), "2027-05-07T06:45:00.000000001Z"); // and is still there
    check(
        &at("2027-05-07T06:45:00.000000001Z"),
        "2027-05-07T07:00:00.000000001Z",
    );
    check(&at("2027-05-07T09:30Z"), "2027-05-07T22:00:00Z"); // the horizon grows
    check(&at("2027-05-07T22:00Z"), "2027-05-08T22:00:00Z");
    // Not what is taken anyway.
    let busy = format!("{} \n", at("2027-05-07T06:31Z"));
    let busy = busy.replace("open", "busy 2027-05-07 10:00-11:00 \n open");
    check(&busy, "2027-05-07T07:00:00.000000001Z");
}
