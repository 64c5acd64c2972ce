//! What must hold for every question, held against `reference.rs`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kept_slots::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::reference::Reference;
use crate::scenes::{AFTER, BEFORE, any_scene, midnight};
use crate::table::Scene;

/// The dates of UTC on which the starts of a scene can be.
fn dates(base: Date) -> (Date, Date) {
    (base - (BEFORE + 3).days(), base + (AFTER + 6).days())
}

/// All slots, date by date on the clock of the viewer.
fn all_times(scene: &Scene, base: Date) -> Vec<Slot> {
    let (from, to) = dates(base);
    let (from, to) = (from - 2.days(), to + 2.days());
    scene.ask(|q| {
        let dates = from.series(1.day()).take_while(|day| *day < to);
        dates
            .flat_map(|day| times(q, day, scene.viewer()))
            .collect()
    })
}

fn starts_of(slots: &[Slot]) -> BTreeSet<Timestamp> {
    slots.iter().map(|slot| slot.start).collect()
}

proptest! {
    // A case is a whole week of minutes: a quarter of what `PROPTEST_CASES` says is enough.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    #[test]
    fn times_are_those_of_the_reference((base, scene) in any_scene()) {
        let (from, to) = dates(base);
        let mut shown = all_times(&scene, base);
        shown.sort_by_key(|slot| (slot.start, slot.place)); // dates of a fold at midnight alternate
        prop_assert_eq!(shown, Reference::new(&scene, from, to).slots(&scene.rules));
    }

    #[test]
    fn days_count_the_distinct_starts((base, scene) in any_scene()) {
        let (from, to) = dates(base);
        scene.ask(|q| {
            let days = days(q, from, to, scene.viewer());
            prop_assert_eq!(days.len() as i64, i64::from((to - from).get_days()));
            for day in days {
                let starts = starts_of(&times(q, day.date, scene.viewer()));
                prop_assert_eq!(starts.len(), day.free as usize, "on {}", day.date);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_time_is_shown_exactly_when_it_can_be_booked((base, scene) in any_scene()) {
        let shown = all_times(&scene, base);
        scene.ask(|q| {
            for slot in &shown {
                prop_assert!(check(q, slot.start).unwrap().contains(slot));
                prop_assert_eq!(why(q, slot.start), vec![]);
                prop_assert!(check(q, slot.start + 1.nanosecond()).is_err());
            }
            for minute in (-BEFORE * 1440..AFTER * 1440).step_by(35) {
                let start = midnight(base) + SignedDuration::from_mins(minute);
                let here: Vec<_> = shown.iter().filter(|slot| slot.start == start).cloned().collect();
                match check(q, start) {
                    Ok(slots) => prop_assert_eq!(slots, here),
                    Err(reasons) => {
                        prop_assert_eq!(here, vec![]);
                        let explained: BTreeSet<_> = why(q, start).iter().map(|one| one.reason).collect();
                        prop_assert!(!reasons.is_empty());
                        prop_assert_eq!(reasons, explained.into_iter().collect::<Vec<_>>());
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn first_and_nearest_are_those_of_the_reference((base, scene) in any_scene(), count in 0usize..6) {
        let (from, to) = dates(base);
        let starts = Reference::new(&scene, from, to).starts();
        scene.ask(|q| {
            for hours in (-70..120).step_by(17) {
                let at = midnight(base) + hours.hours() + i64::from(hours % 2).nanoseconds();
                let next = starts.iter().copied().find(|start| *start >= at);
                prop_assert_eq!(first(q, at).map(|slot| slot.start), next);
                if let Some(slot) = first(q, at) {
                    prop_assert_eq!(&slot, &check(q, slot.start).unwrap()[0]);
                }
                let mut near: Vec<_> = starts.iter().copied().collect();
                near.sort_by_key(|start| (start.duration_since(at).abs(), *start));
                near.truncate(count);
                near.sort();
                prop_assert_eq!(nearest(q, at, count), near);
            }
            Ok(())
        })?;
    }

    #[test]
    fn adding_busy_windows_never_adds_slots(
        (base, scene) in any_scene(), more in vec((any::<prop::sample::Index>(), any::<i16>()), 1..4)
    ) {
        let before = all_times(&scene, base);
        let mut fuller = scene.clone();
        for (who, minutes) in more {
            let start = midnight(base) + SignedDuration::from_mins(i64::from(minutes) % 5760);
            let window = Window::new(start, start + 40.minutes()).unwrap();
            if !fuller.staff.is_empty() {
                who.get_mut(&mut fuller.staff).busy.push(window);
            }
            if let Some(rooms) = fuller.rooms.as_mut().filter(|rooms| !rooms.is_empty()) {
                who.get_mut(rooms).busy.push(window);
            }
        }
        for slot in all_times(&fuller, base) {
            let same = before.iter().find(|one| (one.start, one.place) == (slot.start, slot.place));
            let is_left = same.is_some_and(|same| {
                slot.staff.iter().all(|who| same.staff.contains(who))
                    && slot.rooms.iter().all(|room| same.rooms.contains(room))
            });
            prop_assert!(is_left, "{:?} is new", slot);
        }
    }

    #[test]
    fn order_of_input_changes_nothing((base, scene) in any_scene(), turn in 1usize..4) {
        let mut turned = scene.clone();
        turned.booked.reverse();
        turned.places.iter_mut().for_each(|place| place.closed_days.reverse());
        for one in &mut turned.staff {
            let (half, hours) = (one.busy.len() / 2, &mut one.hours);
            one.busy.rotate_left(half);
            hours.weekly.reverse();
            hours.overrides.reverse();
            hours.overrides.iter_mut().for_each(|own| own.spans.reverse());
            hours.time_off.reverse();
        }
        prop_assert_eq!(all_times(&scene, base), all_times(&turned, base));
        // Staff and rooms in another order are the same slots, by other indices.
        let rotate = |count: usize, list: &mut Vec<u16>| {
            let turned = list.iter().map(|index| ((usize::from(*index) + turn) % count) as u16);
            *list = turned.collect::<BTreeSet<_>>().into_iter().collect();
        };
        let (staff, rooms) = (turned.staff.len(), turned.rooms.as_ref().map_or(0, Vec::len));
        let mut expected = all_times(&scene, base);
        for slot in &mut expected {
            rotate(staff, &mut slot.staff);
            rotate(rooms, &mut slot.rooms);
        }
        turned.staff.rotate_right(if staff > 0 { turn % staff } else { 0 });
        turned.rooms.iter_mut().for_each(|list| list.rotate_right(turn % rooms.max(1)));
        prop_assert_eq!(all_times(&turned, base), expected);
    }

    #[test]
    fn answers_stay_true_as_long_as_promised((base, scene) in any_scene(), part in 0.0..1.0) {
        let now = scene.now.unwrap();
        let until = scene.ask(valid_until);
        prop_assert!(until > now);
        let length = until.duration_since(now).as_nanos() as i64;
        let answer = |now: Timestamp| {
            let scene = Scene { now: Some(now), ..scene.clone() };
            let first = scene.ask(|q| first(q, now - 100.hours()));
            (all_times(&scene, base), first)
        };
        let here = answer(now);
        for later in [length - 1, (length as f64 * part) as i64] {
            prop_assert_eq!(&answer(now + SignedDuration::from_nanos(later)), &here);
        }
    }
}
