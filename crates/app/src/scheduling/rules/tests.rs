use super::*;

fn at(minutes: i64) -> Timestamp {
    plus_minutes("2026-11-25T10:00:00Z".parse().expect("an instant"), minutes)
}

fn slot(place: u16, staff: &[u16], rooms: &[u16]) -> Slot {
    Slot {
        start: at(0),
        end: at(30),
        place,
        staff: staff.to_vec(),
        rooms: rooms.to_vec(),
    }
}

fn chosen(slots: &[Slot], staffing: Staffing, last: &[Option<i64>], prefer: &[u16]) -> String {
    let last: Vec<_> = last.iter().map(|minutes| minutes.map(at)).collect();
    match choose(slots, staffing, &last, |member| prefer.contains(&member)) {
        Some((slot, choice, because)) => {
            format!(
                "place {} staff {:?} room {:?} {because}",
                slot.place, choice.staff, choice.room
            )
        }
        None => "nobody".to_owned(),
    }
}

#[test]
fn the_least_recently_booked_of_all_places_serves() {
    use Staffing::{AllOf, AnyOf};
    let two = [slot(0, &[0, 1], &[4]), slot(1, &[2], &[])];
    for (staffing, last, prefer, expected) in [
        (
            AnyOf,
            [None, None, None],
            vec![],
            "place 0 staff [0] room Some(4) never_booked",
        ),
        (
            AnyOf,
            [Some(1), None, None],
            vec![],
            "place 0 staff [1] room Some(4) never_booked",
        ),
        (
            AnyOf,
            [Some(1), Some(2), None],
            vec![],
            "place 1 staff [2] room None never_booked",
        ),
        (
            AnyOf,
            [Some(3), Some(2), Some(4)],
            vec![],
            "place 0 staff [1] room Some(4) least_recently_booked",
        ),
        (
            AnyOf,
            [Some(3), Some(2), Some(1)],
            vec![],
            "place 1 staff [2] room None least_recently_booked",
        ),
        (
            AnyOf,
            [None, None, Some(9)],
            vec![2],
            "place 1 staff [2] room None same_staff",
        ),
        (
            AnyOf,
            [None, None, Some(9)],
            vec![7],
            "place 0 staff [0] room Some(4) never_booked",
        ),
        (
            AllOf,
            [None, None, None],
            vec![],
            "place 0 staff [0, 1] room Some(4) all_of_them",
        ),
    ] {
        assert_eq!(chosen(&two, staffing, &last, &prefer), expected);
    }
    assert_eq!(
        chosen(&two[1..], AnyOf, &[None; 3], &[]),
        "place 1 staff [2] room None only_one"
    );
    assert_eq!(chosen(&[], AnyOf, &[], &[]), "nobody");
    assert_eq!(chosen(&[], AllOf, &[], &[]), "nobody");
}

fn field(key: &str, kind: FieldKind, required: bool) -> Field {
    let entropy = kept_base::kit::Entropy::seeded(1);
    Field {
        id: crate::ids::FieldId::new(at(0), &entropy),
        key: key.to_owned(),
        kind,
        label: key.to_owned(),
        reason: "why".to_owned(),
        choices: vec!["red".to_owned(), "blue".to_owned()],
        required,
    }
}

#[test]
fn answers_are_of_their_kind_or_named_with_a_code() {
    use FieldKind::{Check, Choice, Date, LongText, Phone, Text};
    for (kind, value, expected) in [
        (Text, "one line", "ok"),
        (Text, "two\nlines", "malformed"),
        (LongText, "two\nlines", "ok"),
        (LongText, "bell\u{7}", "malformed"),
        (Choice, "red", "ok"),
        (Choice, "green", "not_a_choice"),
        (Check, "yes", "ok"),
        (Check, "on", "malformed"),
        (Phone, "+49 30 123456", "ok"),
        (Phone, "call me", "malformed"),
        (Date, "1984-02-29", "ok"),
        (Date, "1985-02-29", "malformed"),
        (Text, " ", "required"),
    ] {
        let given = [("a".to_owned(), value.to_owned())];
        let code = match check_answers(&[field("a", kind, true)], &given) {
            Ok(_) => "ok",
            Err(errors) => errors[0].code,
        };
        assert_eq!(code, expected, "{kind:?} {value:?}");
    }
    let long = [("a".to_owned(), "x".repeat(2_001))];
    let errors = check_answers(&[field("a", LongText, false)], &long).expect_err("too long");
    assert_eq!(errors, [FieldError::new("a", "too_long")]);
}

#[test]
fn every_problem_is_told_at_once_and_nothing_unasked_is_taken() {
    let fields = [
        field("a", FieldKind::Text, true),
        field("b", FieldKind::Text, false),
    ];
    let given = [
        ("c".to_owned(), "x".to_owned()),
        ("b".to_owned(), "\u{1}".to_owned()),
    ];
    let errors = check_answers(&fields, &given).expect_err("three problems");
    let told: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
    assert_eq!(
        told,
        [("c", "unknown"), ("a", "required"), ("b", "malformed")]
    );
    let answers = check_answers(&fields, &[("a".to_owned(), " x ".to_owned())]).expect("fine");
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].value.expose(), "x");
}

#[test]
fn references_can_be_read_aloud() {
    assert_eq!(reference([0; 8]), "BK-AAA-AAA");
    assert_eq!(reference([255; 8]), "BK-999-999");
    let all: String = (0..32_u64).map(|n| reference(n.to_le_bytes())).collect();
    assert!(!all.contains(['I', 'O', '0', '1']));
}
