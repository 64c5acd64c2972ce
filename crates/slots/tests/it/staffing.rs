//! Who and which room is needed.

use jiff::Timestamp;
use kept_slots::{ChoiceReason, Slot, Staffing, choose};

use crate::table::check;

const TWO: &str = "length 60m
                   open Fri 09:00-12:00
                   busy 2027-05-07 10:00-11:00
                   staff
                   open Fri 10:00-13:00
                   busy 2027-05-07 11:00-12:00";

#[test]
fn any_of_several() {
    check(
        &format!("{TWO} \n on 2027-05-07"),
        "09:00[0] 10:00[1] 11:00[0] 12:00[1]",
    );
    check(&format!("{TWO} \n on 2027-05-07..2027-05-08"), "05-07:4");
    // Nobody's hours are enough, and nobody takes over.
    check(
        "length 2h step 1h \n open Fri 09:00-10:00 \n staff \n open Fri 10:00-11:00 \n on 2027-05-07",
        "",
    );
}

#[test]
fn all_of_several() {
    check(&format!("{TWO} \n need all \n on 2027-05-07"), "");
    check(
        "length 30m \n need all \n open Fri 09:00-12:00 \n staff \n open Fri 11:00-13:00 \n on 2027-05-07",
        "11:00[0,1] 11:30[0,1]",
    );
    let three = "length 30m  
                 need all
                 open Fri 09:00-12:00
                 staff
                 open Fri 09:00-12:00
                 off 2027-05-07 09:00-10:00
                 staff
                 open Fri 09:00-12:00
                 busy 2027-05-07 10:30-11:30";
    check(
        &format!("{three} \n on 2027-05-07"),
        "10:00[0,1,2] 11:30[0,1,2]",
    );
    check(&format!("{three} \n staff \n on 2027-05-07"), "");
}

#[test]
fn nobody_serves_nothing() {
    check("length 30m \n nobody \n on 2027-05-07", "");
    check("length 30m \n need all \n nobody \n on 2027-05-07", "");
    check("length 30m \n nobody \n why 2027-05-07 10:00", "no_staff");
}

#[test]
fn places_are_not_mixed() {
    let two = "length 60m  step 30m
               place UTC
               open Fri 09:00-10:00 at 0
               open Fri 10:00-11:00 at 1
               staff
               open Fri 09:00-11:00 at 1";
    check(
        &format!("{two} \n on 2027-05-07"),
        "09:00@0[0] 09:00@1[1] 09:30@1[1] 10:00@1[0,1]",
    );
    check(&format!("{two} \n on 2027-05-07..2027-05-08"), "05-07:3");
    check(
        &format!("{two} \n need all \n on 2027-05-07"),
        "10:00@1[0,1]",
    );
    // A claim is taken wherever it is.
    check(
        &format!("{two} \n busy 2027-05-07 09:00-09:30 \n on 2027-05-07"),
        "09:00@0[0] 09:30@1[1] 10:00@1[0,1]",
    );
    // Each place has its own grid.
    check(
        "length 30m
         place Asia/Kathmandu    # +05:45
         open Fri 09:00-10:00
         open Fri 14:45-15:45 at 1
         on 2027-05-07",
        "09:00@0 09:15@1 09:30@0",
    );
}

#[test]
fn one_room_of_the_set() {
    let rooms = "length 60m
                 open Fri 09:00-12:00
                 room
                 busy 2027-05-07 09:00-10:00
                 busy 2027-05-07 11:00-12:00
                 room
                 busy 2027-05-07 10:30-11:30";
    check(&format!("{rooms} \n on 2027-05-07"), "09:00(1) 10:00(0)");
    check(
        &format!("{rooms} \n before 30m \n on 2027-05-07"),
        "09:00(1)",
    );
    check(
        &format!("{rooms} \n room \n on 2027-05-07"),
        "09:00(1,2) 10:00(0,2) 11:00(2)",
    );
    check(
        "length 60m \n open Fri 09:00-12:00 \n no rooms \n on 2027-05-07",
        "",
    );
    // Rooms have no hours and are where they are.
    let places = "length 60m
                  place UTC
                  open Fri 09:00-10:00
                  open Fri 10:00-11:00 at 1";
    check(
        &format!("{places} \n room at 1 \n on 2027-05-07"),
        "10:00@1(0)",
    );
    check(&format!("{places} \n room at 7 \n on 2027-05-07"), "");
    // A room has hours of its own, which hold for the appointment without its buffers.
    let own = "length 60m step 30m \n open Fri 09:00-12:00 \n room \n hours Fri 09:30-11:00 \n";
    check(&format!("{own} on 2027-05-07"), "09:30(0) 10:00(0)");
    check(
        &format!("{own} before 30m \n on 2027-05-07"),
        "09:30(0) 10:00(0)",
    );
    check(&format!("{own} why 2027-05-07 09:00"), "no_room(0)");
    check(
        &format!("{own} room \n hours Mon 09:00-11:00 \n on 2027-05-07"),
        "09:30(0) 10:00(0)",
    );
    // One room must do for the whole appointment.
    check(
        "length 2h step 1h \n open Fri 09:00-11:00 \n room \n busy 2027-05-07 09:00-10:00 \n room \n busy 2027-05-07 10:00-11:00 \n on 2027-05-07",
        "",
    );
}

fn slot(staff: &[u16], rooms: &[u16]) -> Slot {
    let (start, end) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
    Slot {
        start,
        end,
        place: 0,
        staff: staff.to_vec(),
        rooms: rooms.to_vec(),
    }
}

#[test]
fn the_least_recently_booked_is_chosen() {
    let at = |second| Timestamp::from_second(second).ok();
    let any = |staff: &[u16], last: &[Option<Timestamp>]| {
        let choice = choose(&slot(staff, &[]), Staffing::AnyOf, last).unwrap();
        (choice.staff, choice.because.code())
    };
    assert_eq!(
        any(&[0, 1, 2], &[at(30), at(10), at(20)]),
        (vec![1], "least_recently_booked")
    );
    assert_eq!(
        any(&[0, 2], &[at(30), at(10), at(20)]),
        (vec![2], "least_recently_booked")
    );
    assert_eq!(
        any(&[0, 1], &[at(10), at(10)]),
        (vec![0], "least_recently_booked")
    );
    assert_eq!(
        any(&[0, 1, 2], &[at(10), None, None]),
        (vec![1], "never_booked")
    );
    assert_eq!(any(&[2, 1], &[]), (vec![1], "never_booked"));
    assert_eq!(any(&[1], &[at(10), None]), (vec![1], "only_one"));
    let all = choose(&slot(&[0, 1], &[]), Staffing::AllOf, &[]).unwrap();
    assert_eq!((all.staff, all.because), (vec![0, 1], ChoiceReason::All));
    assert_eq!(choose(&slot(&[], &[0]), Staffing::AnyOf, &[]), None);
    assert_eq!(choose(&slot(&[], &[0]), Staffing::AllOf, &[]), None);
}

#[test]
fn the_first_free_room_is_chosen() {
    let room = |rooms| {
        choose(&slot(&[0], rooms), Staffing::AnyOf, &[])
            .unwrap()
            .room
    };
    assert_eq!(room(&[]), None);
    assert_eq!(room(&[2, 4]), Some(2));
    assert_eq!(room(&[4, 2]), Some(2));
}
