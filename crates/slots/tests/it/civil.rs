//! Hours on clocks that are set, in zones of all kinds.

use crate::table::check;

#[test]
fn a_gap_has_no_starts() {
    check(
        "zone Europe/Berlin  length 30m  step 30m
         open Sun 01:00-04:00
         on 2027-03-28        # clocks go forward at 02:00",
        "01:00 01:30 03:00 03:30",
    );
}

#[test]
fn opening_or_closing_inside_a_gap_means_its_end() {
    check(
        "zone Europe/Berlin  length 30m
         open Sun 02:30-04:00
         on 2027-03-28",
        "03:00 03:30",
    );
    check(
        "zone Europe/Berlin  length 30m
         open Sun 01:00-02:30
         on 2027-03-28",
        "01:00 01:30",
    );
    check(
        "zone Europe/Berlin  length 30m
         open Sun 02:00-03:00
         on 2027-03-28",
        "",
    );
}
