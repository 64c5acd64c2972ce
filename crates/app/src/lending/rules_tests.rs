use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Entropy, OperatorId};
use kept_base::store::{Operator, OperatorKind, OperatorState, Origin, Vetting};

use super::super::{Environment, Loan, Why};
use super::{Refusal, decide};
use crate::access::{Level, Part, Right, Terms, Way};
use crate::ids::LoanId;

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("an instant")
}

fn operator(seed: u64) -> Operator {
    Operator {
        id: OperatorId::new(now(), &Entropy::seeded(seed)),
        name: "robin".to_owned(),
        state: OperatorState::Active,
        has_password: true,
        created_at: now(),
        last_used_at: None,
        vetting: Vetting {
            kind: OperatorKind::Own,
            register_entry: None,
            qualified_until: Some(plus_minutes(now(), 1)),
            confidentiality_signed_at: Some(now()),
        },
        origin: Origin::Server,
        has_factor: false,
        held_since: Some(now()),
    }
}

fn loan() -> Loan {
    let terms = Terms::new(&[(Part::Calendar, Level::Full), (Part::Offering, Level::View)]);
    Loan {
        id: LoanId::new(now(), &Entropy::seeded(3)),
        operator: operator(1).id,
        operator_name: "robin".to_owned(),
        environment: Environment::Live,
        sealed_terms: Some(terms.clone()),
        terms,
        reason: "The calendar is empty".to_owned(),
        ticket: "T-7".to_owned(),
        granted_by: "member:mem_1".to_owned(),
        granted_at: now(),
        expires_at: plus_minutes(now(), 60),
        first_used_at: None,
        ended: None,
    }
}

/// What `change` makes of the decision about seeing the calendar on the live organization.
fn with(change: impl FnOnce(&mut Loan, &mut Operator)) -> Result<(), Refusal> {
    let (mut loan, mut one) = (loan(), operator(1));
    change(&mut loan, &mut one);
    let rights = (&[Right::SeeCalendar][..], Way::See);
    decide(&loan, &one, Environment::Live, rights, now())
}

#[test]
fn a_loan_from_before_the_password_was_set_by_a_link_is_somebody_elses() {
    let since = |minutes| {
        with(|loan, one| {
            loan.granted_at = plus_minutes(now(), -2);
            one.held_since = Some(plus_minutes(now(), minutes));
        })
    };
    assert_eq!(since(-3), Ok(()));
    assert_eq!(since(-2), Ok(()));
    assert_eq!(since(-1), Err(Refusal::Another));
    let never = with(|_, one| one.held_since = None);
    assert_eq!(never, Ok(()), "it was not kept then");
}

#[test]
fn who_comes_from_one_hand_is_not_apart() {
    let (robin, ash) = (operator(1), operator(2));
    let from = |seed, origin| Operator {
        origin,
        ..operator(seed)
    };
    let second = from(4, robin.passed_on());
    let third = from(5, second.passed_on());
    let old = from(6, Origin::Unknown);
    assert!(robin.is_apart_from(&ash) && ash.is_apart_from(&third));
    for other in [&robin, &second, &third] {
        for one in [&robin, &second, &third] {
            assert!(!one.is_apart_from(other) && !other.is_apart_from(one));
        }
    }
    for one in [&robin, &ash, &second, &old] {
        assert!(!old.is_apart_from(one) && !one.is_apart_from(&old));
    }
}

#[test]
fn each_thing_that_is_missing_is_enough() {
    let minute_ago = plus_minutes(now(), -1);
    assert_eq!(with(|_, _| {}), Ok(()));
    assert_eq!(
        with(|_, one| one.id = operator(2).id),
        Err(Refusal::Another)
    );
    let suspended = with(|_, one| one.state = OperatorState::Suspended);
    assert_eq!(suspended, Err(Refusal::Suspended));
    let never = with(|_, one| one.vetting.qualified_until = None);
    assert_eq!(never, Err(Refusal::Unqualified));
    let just_over = with(|_, one| one.vetting.qualified_until = Some(now()));
    assert_eq!(just_over, Err(Refusal::Unqualified));
    let unsigned = with(|_, one| one.vetting.confidentiality_signed_at = None);
    assert_eq!(unsigned, Err(Refusal::Unsigned));
    let signs_later =
        with(|_, one| one.vetting.confidentiality_signed_at = Some(plus_minutes(now(), 1)));
    assert_eq!(signs_later, Err(Refusal::Unsigned));
    for entry in [None, Some(" ".to_owned())] {
        let partner = with(|_, one| {
            one.vetting.kind = OperatorKind::Partner;
            one.vetting.register_entry = entry;
        });
        assert_eq!(partner, Err(Refusal::Unregistered));
    }
    let registered = with(|_, one| {
        one.vetting.kind = OperatorKind::Partner;
        one.vetting.register_entry = Some("Northern Support Ltd, entry 4".to_owned());
    });
    assert_eq!(registered, Ok(()));
    let ended = with(|loan, _| loan.ended = Some((minute_ago, Why::Revoked)));
    assert_eq!(ended, Err(Refusal::Ended));
    assert_eq!(
        with(|loan, _| loan.expires_at = now()),
        Err(Refusal::Expired)
    );
    let not_yet = with(|loan, _| loan.granted_at = plus_minutes(now(), 1));
    assert_eq!(not_yet, Err(Refusal::Expired));
    assert_eq!(
        with(|loan, _| loan.sealed_terms = None),
        Err(Refusal::KeyGone)
    );
    let sandbox = with(|loan, _| loan.environment = Environment::Sandbox);
    assert_eq!(sandbox, Err(Refusal::Environment));
}

#[test]
fn what_is_printed_beside_a_loan_lends_nothing() {
    let wider = Terms::new(&Part::ALL.map(|part| (part, Level::Full)));
    let rights = (&[Right::SeePeople][..], Way::See);
    let mut loan = loan();
    loan.terms = wider;
    let decided = decide(&loan, &operator(1), Environment::Live, rights, now());
    assert_eq!(decided, Err(Refusal::Uncovered));
}

#[test]
fn a_loan_covers_what_its_terms_say() {
    for (rights, way, expected) in [
        (&[Right::SeeCalendar][..], Way::See, Ok(())),
        (&[Right::ChangeAppointments], Way::Change, Ok(())),
        (&[Right::ChangeOffering], Way::See, Ok(())),
        (
            &[Right::ChangeOffering],
            Way::Change,
            Err(Refusal::Uncovered),
        ),
        (&[Right::SeePeople], Way::See, Err(Refusal::Uncovered)),
        (
            &[Right::ChangeAppointments, Right::ChangePeople],
            Way::Change,
            Err(Refusal::Uncovered),
        ),
        (&[Right::ManageMembers], Way::See, Err(Refusal::Uncovered)),
        (&[], Way::See, Err(Refusal::Uncovered)),
    ] {
        let decided = decide(
            &loan(),
            &operator(1),
            Environment::Live,
            (rights, way),
            now(),
        );
        assert_eq!(decided, expected, "{rights:?} {way:?}");
    }
}
