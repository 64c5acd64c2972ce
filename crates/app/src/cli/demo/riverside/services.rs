//! What can be booked at Riverside, and what each service asks.

use kept_base::kit::{Currency, Money};
use kept_base::store::Tx;
use kept_slots::{Rules, Staffing};

use super::{Team, owner};
use crate::ids::{RoomId, ServiceId};
use crate::offering::{FieldKind, NewField, NewService, OfferingError, add_field, add_service};

const HOUR: u32 = 60;

/// Why a question about health is asked.
const READ_BEFORE: &str = "So that the right person has read it before you come.";

pub(super) fn add(tx: &Tx<'_>, team: &Team, rooms: &[RoomId]) -> Result<(), OfferingError> {
    first_visit(tx, team, rooms)?;
    check_up(tx, team, rooms)?;
    physiotherapy(tx, team, rooms)?;
    vaccination(tx, team)?;
    joint_assessment(tx, team, rooms)
}

/// What most services have in common.
fn usual(slug: &str, name: &str, description: &str) -> NewService {
    NewService {
        slug: slug.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        rules: Rules {
            length_minutes: 30,
            step_minutes: 15,
            notice_minutes: 2 * HOUR,
            horizon_days: 60,
            ..Rules::default()
        },
        staffing: Staffing::AnyOf,
        staff: Vec::new(),
        rooms: Vec::new(),
        price: None,
        move_until_minutes: 4 * HOUR,
        cancel_until_minutes: 4 * HOUR,
    }
}

fn euros(minor: i64) -> Option<Money> {
    Currency::parse("EUR").map(|currency| Money { minor, currency })
}

/// A question: key and kind, the question itself, why it is asked.
fn ask(
    tx: &Tx<'_>,
    service: ServiceId,
    (key, kind): (&str, FieldKind),
    (label, reason): (&str, &str),
    choices: &[&str],
    required: bool,
) -> Result<(), OfferingError> {
    let by = &owner()?;
    let field = NewField {
        key: key.to_owned(),
        kind,
        label: label.to_owned(),
        reason: reason.to_owned(),
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        required,
    };
    add_field(tx, by, service, &field).map(drop)
}

/// With whomever is free, then a quarter of an hour for notes.
fn first_visit(tx: &Tx<'_>, team: &Team, rooms: &[RoomId]) -> Result<(), OfferingError> {
    let by = &owner()?;
    let mut new = usual(
        "first-visit",
        "First visit",
        "We get to know you and your history, and plan what comes next. Bring letters and results \
         you have, and a list of what you take.",
    );
    new.rules.length_minutes = 45;
    new.rules.buffer_after_minutes = 15;
    new.rules.notice_minutes = 24 * HOUR;
    new.staff = vec![team.amara, team.jonas, team.mei, team.fatma];
    new.rooms = rooms.to_vec();
    new.move_until_minutes = 24 * HOUR;
    new.cancel_until_minutes = 24 * HOUR;
    let id = add_service(tx, by, &new)?;
    let insurance = (
        "How are you insured?",
        "It decides which papers we have ready for you.",
    );
    let kinds = ["Statutory", "Private", "I pay myself"];
    let concern = ("What brings you here?", READ_BEFORE);
    let interpreter = (
        "I would like an interpreter",
        "We book one for the same time, at no cost to you.",
    );
    ask(
        tx,
        id,
        ("insurance", FieldKind::Choice),
        insurance,
        &kinds,
        true,
    )?;
    ask(
        tx,
        id,
        ("concern", FieldKind::LongText),
        concern,
        &[],
        false,
    )?;
    ask(
        tx,
        id,
        ("interpreter", FieldKind::Check),
        interpreter,
        &[],
        false,
    )
}

fn check_up(tx: &Tx<'_>, team: &Team, rooms: &[RoomId]) -> Result<(), OfferingError> {
    let by = &owner()?;
    let mut new = usual(
        "check-up",
        "Check-up",
        "A yearly look at heart, lungs and blood pressure, with time for your questions. Please \
         come fasting if you want blood taken.",
    );
    new.staff = vec![team.amara, team.jonas];
    new.rooms = rooms.to_vec();
    new.price = euros(6_500);
    let id = add_service(tx, by, &new)?;
    let concern = ("Anything we should look at?", READ_BEFORE);
    ask(
        tx,
        id,
        ("concern", FieldKind::LongText),
        concern,
        &[],
        false,
    )
}

/// Five minutes on both sides for the room.
fn physiotherapy(tx: &Tx<'_>, team: &Team, rooms: &[RoomId]) -> Result<(), OfferingError> {
    let by = &owner()?;
    let mut new = usual(
        "physiotherapy",
        "Physiotherapy",
        "Forty minutes of treatment and exercise, with or without a prescription. Wear something \
         you can move in.",
    );
    new.rules.length_minutes = 40;
    new.rules.buffer_before_minutes = 5;
    new.rules.buffer_after_minutes = 5;
    new.rules.step_minutes = 10;
    new.staff = vec![team.mei];
    new.rooms = vec![rooms[2], rooms[4]];
    new.price = euros(4_800);
    let id = add_service(tx, by, &new)?;
    let prescription = (
        "Do you have a prescription?",
        "With one, your insurance pays; without, you get our bill.",
    );
    ask(
        tx,
        id,
        ("prescription", FieldKind::Choice),
        prescription,
        &["Yes", "No"],
        true,
    )
}

/// Twelve a day: so much is thawed in the morning.
fn vaccination(tx: &Tx<'_>, team: &Team) -> Result<(), OfferingError> {
    let by = &owner()?;
    let mut new = usual(
        "vaccination",
        "Vaccination",
        "Flu, tetanus, travel and everything else on the calendar. Bring your vaccination record; \
         we write a new one if it is lost.",
    );
    new.rules.length_minutes = 15;
    new.rules.notice_minutes = HOUR;
    new.rules.horizon_days = 45;
    new.rules.daily_limit = Some(12);
    new.staff = vec![team.fatma, team.amara];
    new.move_until_minutes = HOUR;
    new.cancel_until_minutes = HOUR;
    let id = add_service(tx, by, &new)?;
    let vaccine = (
        "Which vaccination?",
        "So that it is out of the refrigerator when you come.",
    );
    let kinds = ["Flu", "Tetanus", "Travel", "I am not sure"];
    ask(
        tx,
        id,
        ("vaccine", FieldKind::Choice),
        vaccine,
        &kinds,
        true,
    )
}

/// Two together, and a room that is large enough.
fn joint_assessment(tx: &Tx<'_>, team: &Team, rooms: &[RoomId]) -> Result<(), OfferingError> {
    let by = &owner()?;
    let mut new = usual(
        "joint-assessment",
        "Joint assessment",
        "Physician and physiotherapist look at your back, knee or shoulder together and agree on \
         one plan with you.",
    );
    new.rules.length_minutes = 60;
    new.rules.step_minutes = 30;
    new.rules.notice_minutes = 48 * HOUR;
    new.staffing = Staffing::AllOf;
    new.staff = vec![team.jonas, team.mei];
    new.rooms = vec![rooms[2], rooms[4]];
    new.price = euros(12_000);
    new.move_until_minutes = 48 * HOUR;
    new.cancel_until_minutes = 48 * HOUR;
    let id = add_service(tx, by, &new)?;
    let joint = (
        "Which joint?",
        "The two of them look at your pictures beforehand.",
    );
    let mobile = (
        "A number for the day itself",
        "Two people wait for you; we call if one of them is late.",
    );
    ask(tx, id, ("where", FieldKind::Text), joint, &[], true)?;
    ask(tx, id, ("mobile", FieldKind::Phone), mobile, &[], false)
}
