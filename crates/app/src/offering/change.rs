//! Verbs that change what is offered. Each is one act, and each moves the offering's revision.

use jiff::civil::{Date, Weekday};
use kept_base::kit::{Email, Money};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Tx};
use kept_slots::{Rules, Staffing, Window};

use super::error::OfferingError;
use super::services::{ask, set_up_service};
use super::{
    FieldKind, MAX_CHOICES_PER_FIELD, MAX_DESCRIPTION_CHARS, MAX_HORIZON_DAYS, MAX_SERVICE_MINUTES,
    MAX_TITLE_CHARS, store,
};
use crate::audit::{self, Act};
use crate::ids::{
    ClosedDayId, FieldId, HoursId, LocationId, OverrideId, RoomId, ServiceId, StaffId, TimeOffId,
};
use crate::organization;
use crate::policy::May;
use crate::policy::rights::ChangeOffering;

/// Minutes of a civil day, twice: hours may cross midnight into the next day.
pub(super) const MAX_CLOSING_MINUTE: u16 = 2_880;

/// A service to be made.
#[derive(Debug, Clone)]
pub struct NewService {
    /// Its name in addresses.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Length, buffers, grid, notice, horizon and daily limit.
    pub rules: Rules,
    /// Any one of the staff, or all of them together.
    pub staffing: Staffing,
    /// Who can serve it.
    pub staff: Vec<StaffId>,
    /// Which rooms it can use; empty when it needs none.
    pub rooms: Vec<RoomId>,
    /// The price shown.
    pub price: Option<Money>,
    /// Minutes before the start until which the person can move it.
    pub move_until_minutes: u32,
    /// Minutes before the start until which the person can cancel it.
    pub cancel_until_minutes: u32,
}

/// A field to be made.
#[derive(Debug, Clone)]
pub struct NewField {
    /// Its name in forms and in the API: lower-case letters, digits and underscores.
    pub key: String,
    /// What answers it takes.
    pub kind: FieldKind,
    /// The question.
    pub label: String,
    /// Why we ask.
    pub reason: String,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// Whether booking needs an answer.
    pub required: bool,
}

pub(super) fn require(holds: bool, what: &'static str) -> Result<(), OfferingError> {
    if holds {
        Ok(())
    } else {
        Err(OfferingError::Invalid(what))
    }
}

pub(super) fn is_title(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_TITLE_CHARS
        && !text.chars().any(char::is_control)
}

pub(super) fn is_description(text: &str) -> bool {
    text.chars().count() <= MAX_DESCRIPTION_CHARS
}

fn changed(tx: &Tx<'_>, subject: impl std::fmt::Display) -> Result<(), OfferingError> {
    organization::touch_offering(tx)?;
    Ok(audit::record(tx, Act::OfferingChanged, subject, "")?)
}

/// Whether there ever was a service.
///
/// # Errors
/// Those of the store.
pub fn has_services(tx: &Tx<'_>) -> Result<bool, Error> {
    store::has_services(tx)
}

/// Adds a location.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value.
pub fn add_location(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    zones: &Zones,
    name: &str,
    address: &str,
    zone: &str,
) -> Result<LocationId, OfferingError> {
    require(is_title(name), "name")?;
    require(is_description(address), "address")?;
    require(zones.get(zone).is_some(), "zone")?;
    let id = LocationId::new(tx.now(), tx.entropy());
    store::insert_location(tx, id, name, address, zone)?;
    changed(tx, id)?;
    Ok(id)
}

/// Adds a room to a location.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`] the location.
pub fn add_room(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    location: LocationId,
    name: &str,
) -> Result<RoomId, OfferingError> {
    require(is_title(name), "name")?;
    let id = RoomId::new(tx.now(), tx.entropy());
    store::insert_room(tx, id, location, name)?;
    changed(tx, id)?;
    Ok(id)
}

/// Adds a staff member.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value.
pub fn add_staff(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    name: &str,
    title: &str,
    email: Option<&Email>,
) -> Result<StaffId, OfferingError> {
    require(is_title(name), "name")?;
    require(title.is_empty() || is_title(title), "title")?;
    let id = StaffId::new(tx.now(), tx.entropy());
    store::insert_staff(tx, id, name, title, email)?;
    changed(tx, id)?;
    Ok(id)
}

/// Adds a service, given at the location of the hours.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Taken`] the slug.
pub fn add_service(
    tx: &Tx<'_>,
    by: &May<ChangeOffering>,
    new: &NewService,
) -> Result<ServiceId, OfferingError> {
    set_up_service(tx, by, &new.clone().into()).map(|(id, _)| id)
}

pub(super) fn check_service(new: &NewService) -> Result<(), OfferingError> {
    let rules = &new.rules;
    let whole = u32::from(rules.length_minutes)
        + u32::from(rules.buffer_before_minutes)
        + u32::from(rules.buffer_after_minutes);
    require(is_title(&new.name), "name")?;
    require(
        organization::check_slug(&new.slug).is_ok() && new.slug != "appointment",
        "slug",
    )?;
    require(is_description(&new.description), "description")?;
    require(rules.length_minutes > 0, "length")?;
    require(
        whole <= u32::from(MAX_SERVICE_MINUTES),
        "length with buffers",
    )?;
    require((1..=1_440).contains(&rules.step_minutes), "step")?;
    require(
        rules.step_offset_minutes < rules.step_minutes,
        "step offset",
    )?;
    require(
        (1..=MAX_HORIZON_DAYS).contains(&rules.horizon_days),
        "horizon",
    )?;
    require(rules.daily_limit != Some(0), "daily limit")
}

/// Adds a question to a service.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Taken`] the key.
pub fn add_field(
    tx: &Tx<'_>,
    by: &May<ChangeOffering>,
    service: ServiceId,
    new: &NewField,
) -> Result<FieldId, OfferingError> {
    require(!new.key.is_empty(), "key")?;
    ask(tx, by, service, new).map(|(id, _)| id)
}

pub(super) fn check_field(new: &NewField) -> Result<(), OfferingError> {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    require(
        (1..=40).contains(&new.key.len()) && new.key.bytes().all(plain),
        "key",
    )?;
    require(is_title(&new.label), "label")?;
    require(is_title(&new.reason), "reason")?;
    let is_choice = new.kind == FieldKind::Choice;
    require(is_choice != new.choices.is_empty(), "choices")?;
    require(new.choices.len() <= MAX_CHOICES_PER_FIELD, "choices")?;
    require(new.choices.iter().all(|choice| is_title(choice)), "choices")
}

/// Adds weekly hours; `closes` beyond minute 1,440 reaches into the next day.
///
/// # Errors
/// [`OfferingError::Invalid`] when the minutes are not in order; [`OfferingError::Unknown`].
pub fn add_hours(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    staff: StaffId,
    location: LocationId,
    weekday: Weekday,
    (opens, closes): (u16, u16),
) -> Result<HoursId, OfferingError> {
    require(
        opens < 1_440 && opens < closes && closes <= MAX_CLOSING_MINUTE,
        "hours",
    )?;
    let id = HoursId::new(tx.now(), tx.entropy());
    store::insert_hours(
        tx,
        id,
        staff,
        location,
        weekday.to_monday_one_offset(),
        (opens, closes),
    )?;
    changed(tx, id)?;
    Ok(id)
}

/// Replaces the weekly hours of one day: call it once per stretch, or once with `None` to close.
///
/// # Errors
/// As [`add_hours`].
pub fn add_override(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    staff: StaffId,
    day: Date,
    open: Option<(LocationId, u16, u16)>,
) -> Result<OverrideId, OfferingError> {
    if let Some((_, opens, closes)) = open {
        require(
            opens < 1_440 && opens < closes && closes <= MAX_CLOSING_MINUTE,
            "hours",
        )?;
    }
    let id = OverrideId::new(tx.now(), tx.entropy());
    store::insert_override(tx, id, staff, day, open)?;
    changed(tx, id)?;
    Ok(id)
}

/// Records when a staff member is away.
///
/// # Errors
/// [`OfferingError::Unknown`] for the staff member; those of the store.
pub fn add_time_off(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    staff: StaffId,
    away: Window,
) -> Result<TimeOffId, OfferingError> {
    let id = TimeOffId::new(tx.now(), tx.entropy());
    store::insert_time_off(tx, id, staff, away)?;
    changed(tx, id)?;
    Ok(id)
}

/// Closes a location, or with `None` all of them, for a day.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`] the location.
pub fn add_closed_day(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    location: Option<LocationId>,
    day: Date,
    name: &str,
) -> Result<ClosedDayId, OfferingError> {
    require(is_title(name), "name")?;
    let id = ClosedDayId::new(tx.now(), tx.entropy());
    store::insert_closed_day(tx, id, location, day, name)?;
    changed(tx, id)?;
    Ok(id)
}
