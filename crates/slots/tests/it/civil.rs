//! Hours on clocks that are set, in zones of all kinds.

use crate::table::check;

#[test]
fn a_gap_has_no_starts() {
    check(
        "zone Europe/Berlin  length 30m
         open Sun 01:00-04:00
         on 2027-03-28        # clocks go forward at 02:00",
        "01:00 01:30 03:00 03:30",
    );
    check(
        "zone Europe/Berlin  length 60m  step 30m
         open Sun 01:00-04:00
         on 2027-03-28        # 01:30 lasts until 03:30",
        "01:00 01:30 03:00",
    );
}

#[test]
fn opening_or_closing_inside_a_gap_means_its_end() {
    let berlin = "zone Europe/Berlin  length 30m  on 2027-03-28";
    let on = |hours: &str| berlin.replace("on ", &format!("\nopen Sun {hours}\non "));
    check(&on("02:30-04:00"), "03:00 03:30");
    check(&on("01:00-02:30"), "01:00 01:30");
    check(&on("02:00-03:00"), "");
    check(&on("02:15-02:45"), "");
    check(&on("00:00-24:00").replace("30m", "8h"), "00:00 08:00 16:00"); // 7 hours until 08:00
    check(&on("00:00-08:00").replace("30m", "8h"), ""); // 7 hours
}

#[test]
fn a_fold_has_its_starts_twice() {
    check(
        "zone Europe/Berlin  length 30m
         open Sun 01:00-04:00
         on 2027-10-31        # clocks go back at 03:00",
        "01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30",
    );
}

#[test]
fn in_a_fold_hours_open_first_and_close_last() {
    let berlin = "zone Europe/Berlin  length 30m  on 2027-10-31";
    let on = |hours: &str| berlin.replace("on ", &format!("\nopen Sun {hours}\non "));
    check(&on("02:30-04:00"), "02:30 02:00 02:30 03:00 03:30");
    check(&on("01:00-02:30"), "01:00 01:30 02:00 02:30 02:00");
    check(&on("02:00-02:30"), "02:00 02:30 02:00");
    check(&on("01:00-02:00"), "01:00 01:30"); // closes before anything is repeated
    check(&on("03:00-04:00"), "03:00 03:30"); // opens after all that is repeated
    check(&on("00:00-08:00").replace("30m", "9h"), "00:00");
}

#[test]
fn half_hour_zones_and_viewers_elsewhere() {
    let kolkata = "zone Asia/Kolkata  length 30m
                   open Mon 09:00-11:00
                   on 2027-03-29";
    check(kolkata, "09:00 09:30 10:00 10:30");
    check(&format!("viewer UTC\n{kolkata}"), "03:30 04:00 04:30 05:00");
    check(&format!("viewer Pacific/Honolulu\n{kolkata}"), "");
    check(
        &format!("viewer Pacific/Honolulu\n{kolkata}").replace("on 2027-03-29", "on 2027-03-28"),
        "17:30 18:00 18:30 19:00",
    );
}

#[test]
fn half_hour_changes_of_the_clock() {
    check(
        "zone Australia/Lord_Howe  length 30m
         open Sun 01:00-03:00
         on 2027-04-04        # back from 02:00 to 01:30",
        "01:00 01:30 01:30 02:00 02:30",
    );
    check(
        "zone Australia/Lord_Howe  length 30m
         open Sun 01:00-04:00
         on 2027-10-03        # forward from 02:00 to 02:30",
        "01:00 01:30 02:30 03:00 03:30",
    );
    check(
        "zone Australia/Lord_Howe  length 15m
         open Sun 02:15-03:00
         on 2027-10-03",
        "02:30 02:45",
    );
}

#[test]
fn a_skipped_day_is_never_open() {
    let apia = "zone Pacific/Apia  length 30m  now 2011-12-20T00:00Z
                open Mon-Sun 09:00-11:00";
    check(
        &format!("{apia}\n on 2011-12-29..2012-01-01"),
        "12-29:4 12-30:0 12-31:4",
    );
    check(&format!("{apia}\n on 2011-12-30"), "");
    let night = "zone Pacific/Apia  length 30m  now 2011-12-20T00:00Z";
    // Friday is skipped, so its night into Saturday is, too.
    check(
        &format!("{night}\n open Fri 22:00-26:00 \n on 2011-12-29..2012-01-01"),
        "12-29:0 12-30:0 12-31:0",
    );
    // What is left of Thursday's night is Thursday.
    check(
        &format!("{night}\n open Thu 22:00-26:00 \n on 2011-12-29..2012-01-01"),
        "12-29:4 12-30:0 12-31:0",
    );
    // Thursday and Saturday touch.
    check(
        &format!(
            "{night}\n length 60m step 30m \n open Thu 22:00-24:00 \n open Sat 00:00-02:00 \n on 2011-12-29"
        ),
        "22:00 22:30 23:00 23:30",
    );
}

#[test]
fn midnight_that_does_not_exist_or_comes_twice() {
    check(
        "zone America/Sao_Paulo  length 30m
         open Sun 00:00-02:00
         on 2018-11-04        # forward from 00:00 to 01:00",
        "01:00 01:30",
    );
    check(
        "zone America/Sao_Paulo  length 30m
         open Sat 22:30-24:00
         on 2018-02-17        # back from 24:00 to 23:00",
        "22:30 23:00 23:30 23:00 23:30",
    );
    // Back from 00:01 to 23:01: Sunday has one minute, then it is Saturday again.
    let st_johns = "zone America/St_Johns  length 30m  now 2006-10-01T00:00Z
                    open Sat 22:30-24:00";
    check(
        &format!("{st_johns}\n on 2006-10-28"),
        "22:30 23:00 23:30 23:30",
    );
    check(&format!("{st_johns}\n on 2006-10-29"), "00:00");
    check(
        &format!("{st_johns}\n on 2006-10-28..2006-10-30"),
        "10-28:4 10-29:1",
    );
    // A start in that minute may need the hours of the days around it.
    let st_johns = "zone America/St_Johns  length 30m  now 2006-10-01T00:00Z";
    check(
        &format!("{st_johns}\n open Fri 00:00-48:00 \n on 2006-10-29"),
        "00:00",
    );
    let why = "why 2006-10-29T00:00-02:30";
    check(
        &format!("{st_johns}\n open Sun 00:00-02:00 \n {why}"),
        "bookable",
    );
}

#[test]
fn rules_that_changed_in_2026() {
    let asked = "length 30m  viewer UTC
                 open Tue 09:00-10:00
                 on 2026-12-01";
    // Permanent -07 since 2026-11-01.
    check(&format!("zone America/Vancouver {asked}"), "16:00 16:30");
    // Permanent -06 since 2026-11-01.
    check(&format!("zone America/Edmonton {asked}"), "15:00 15:30");
    // Permanent +00 since 2026-09-20.
    check(&format!("zone Africa/Casablanca {asked}"), "09:00 09:30");
    // Where nothing changed.
    check(&format!("zone America/Los_Angeles {asked}"), "17:00 17:30");
}

#[test]
fn hours_cross_midnight() {
    let late = "zone Europe/Berlin  length 30m
                open Fri 23:00-25:00";
    check(&format!("{late}\n on 2027-05-07"), "23:00 23:30");
    check(&format!("{late}\n on 2027-05-08"), "00:00 00:30");
    check(
        "length 60m  step 30m
         open Fri 22:30-24:00
         open Sat 00:00-01:00
         on 2027-05-07        # the spans touch",
        "22:30 23:00 23:30",
    );
    check(
        "length 60m  step 30m
         open Fri 22:30-24:00
         open Sat 00:30-01:30
         on 2027-05-07..2027-05-09",
        "05-07:2 05-08:1",
    );
    check(
        "length 24h
         open Mon-Sun 00:00-24:00
         on 2027-05-07..2027-05-09",
        "05-07:1 05-08:1",
    );
    check(
        "length 30m  step 12h
         open Fri 12:00-48:00
         on 2027-05-07..2027-05-10",
        "05-07:1 05-08:2 05-09:0",
    );
}

#[test]
fn overlapping_spans_are_one() {
    check(
        "length 2h  step 1h
         open Fri 10:00-12:00 11:00-13:00 14:00-15:00
         on 2027-05-07",
        "10:00 11:00",
    );
}

#[test]
fn an_override_replaces_the_spans_of_its_day() {
    let week = "length 60m
                open Mon-Fri 09:00-11:00
                open Thu 23:00-25:00";
    check(
        &format!("{week}\n override 2027-05-07 14:00-16:00 \n on 2027-05-07"),
        "00:00 14:00 15:00",
    );
    check(
        &format!("{week}\n override 2027-05-07 closed \n on 2027-05-07"),
        "00:00",
    );
    check(
        &format!("{week}\n override 2027-05-06 closed \n on 2027-05-07"),
        "09:00 10:00",
    );
    check(
        &format!("{week}\n override 2027-05-08 20:00-26:00 \n on 2027-05-09"),
        "00:00 01:00",
    );
    check(
        &format!(
            "{week}\n override 2027-05-07 14:00-15:00 \n override 2027-05-07 closed
             override 2027-05-07 15:00-16:00 \n override 2027-05-06 10:00-11:00 \n on 2027-05-06..2027-05-08"
        ),
        "05-06:1 05-07:2",
    );
    check(
        &format!(
            "{week}\n place Europe/London \n override 2027-05-07 14:00-15:00 at 1 \n on 2027-05-07"
        ),
        "00:00@0 13:00@1",
    );
}

#[test]
fn a_closed_day_removes_the_civil_day() {
    let nights = "length 60m  step 30m
                  closed 2027-05-01
                  open Mon-Sun 22:00-26:00";
    check(
        &format!("{nights}\n on 2027-04-30"),
        "00:00 00:30 01:00 22:00 22:30 23:00",
    );
    check(&format!("{nights}\n on 2027-05-01"), "");
    check(
        &format!("{nights}\n on 2027-05-02"),
        "00:00 00:30 01:00 22:00 22:30 23:00 23:30",
    );
    // Its own zone, and only this place.
    check(
        "zone Asia/Tokyo  length 12h  viewer UTC
         open Mon-Sun 00:00-24:00
         place Europe/London
         closed 2027-05-01
         open Mon-Sun 00:00-24:00 at 1
         on 2027-04-30..2027-05-03  # closed from 23:00 to 23:00 in UTC",
        "04-30:3 05-01:3 05-02:4",
    );
    // 23 hours long, and on the clock.
    check(
        "zone Europe/Berlin  length 30m  step 1h
         closed 2027-03-28
         open Mon-Sun 23:00-25:00
         on 2027-03-27..2027-03-30",
        "03-27:2 03-28:0 03-29:2",
    );
}
