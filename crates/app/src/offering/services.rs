//! Verbs that change services and what they ask.

use kept_base::store::Tx;

use super::change::{check_field, check_service, require};
use super::earlier::{self, Earlier, Part};
use super::{MAX_FIELDS_PER_SERVICE, Mode, NewField, NewService, OfferingError, store};
use crate::ids::{FieldId, ServiceId, SkillId};
use crate::policy::May;
use crate::policy::rights::ChangeOffering;

/// Longest address of a video room, in bytes.
pub const MAX_VIDEO_LINK_BYTES: usize = 500;

/// Everything about a service but its questions.
#[derive(Debug, Clone)]
pub struct ServiceSetup {
    /// What most services are made of.
    pub basic: NewService,
    /// How customer and staff meet.
    pub mode: Mode,
    /// Where, by video; only then.
    pub video_link: Option<String>,
    /// Any room for so many people, beside the listed ones.
    pub room_capacity: Option<u16>,
    /// What is needed to serve it. With nobody listed, everybody who has them serves it.
    pub skills: Vec<SkillId>,
}

impl ServiceSetup {
    /// Whether it takes a room.
    #[must_use]
    pub fn needs_room(&self) -> bool {
        !self.basic.rooms.is_empty() || self.room_capacity.is_some()
    }
}

impl From<NewService> for ServiceSetup {
    fn from(basic: NewService) -> Self {
        Self {
            basic,
            mode: Mode::Place,
            video_link: None,
            room_capacity: None,
            skills: Vec::new(),
        }
    }
}

fn check(setup: &ServiceSetup) -> Result<(), OfferingError> {
    check_service(&setup.basic)?;
    require(
        !setup.basic.staff.is_empty() || !setup.skills.is_empty(),
        "staff",
    )?;
    match (setup.mode, &setup.video_link) {
        (Mode::Video, Some(link)) => require(is_video_link(link), "video link")?,
        (Mode::Video, None) => return Err(OfferingError::Invalid("video link")),
        (_, Some(_)) => return Err(OfferingError::Invalid("video link")),
        (_, None) => {}
    }
    require(setup.room_capacity != Some(0), "capacity")
}

/// Whether a text is the address of a video room.
pub(crate) fn is_video_link(link: &str) -> bool {
    link.len() <= MAX_VIDEO_LINK_BYTES
        && link.starts_with("https://")
        && link.len() > "https://".len()
        && !link.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Makes a service.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Taken`] the slug.
pub fn set_up_service(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    setup: &ServiceSetup,
) -> Result<(ServiceId, Earlier), OfferingError> {
    check(setup)?;
    let id = ServiceId::new(tx.now(), tx.entropy());
    let earlier = earlier::change(tx, &[Part::Service(id)], "added", || {
        store::insert_service(tx, id, &setup.basic)?;
        store::update_service(tx, id, setup).map_err(Into::into)
    })?;
    Ok((id, earlier))
}

/// Changes a service. Appointments that are booked stay as they are.
///
/// # Errors
/// As [`set_up_service`], and [`OfferingError::Unknown`].
pub fn change_service(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: ServiceId,
    setup: &ServiceSetup,
) -> Result<Earlier, OfferingError> {
    check(setup)?;
    store::is_archived(tx, super::Thing::Service(id))?.ok_or(OfferingError::Unknown)?;
    earlier::change(tx, &[Part::Service(id)], "changed", || {
        store::update_service(tx, id, setup).map_err(Into::into)
    })
}

/// Adds a question to a service. Where `key` is empty, one is made from the label.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Taken`] the key.
pub fn ask(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    service: ServiceId,
    new: &NewField,
) -> Result<(FieldId, Earlier), OfferingError> {
    let mut new = new.clone();
    if new.key.is_empty() {
        new.key = fresh_key(&new.label, &store::field_keys(tx, service)?);
    }
    check_field(&new)?;
    require(
        store::fields_of(tx, service)? < MAX_FIELDS_PER_SERVICE,
        "number of fields",
    )?;
    let id = FieldId::new(tx.now(), tx.entropy());
    let parts = [Part::Field(id), Part::Service(service)];
    let earlier = earlier::change(tx, &parts, "added", || {
        store::insert_field(tx, id, service, &new).map_err(Into::into)
    })?;
    Ok((id, earlier))
}

/// Changes a question; its key stays, because answers are kept by it.
///
/// # Errors
/// [`OfferingError::Invalid`] names the value; [`OfferingError::Unknown`].
pub fn change_question(
    tx: &Tx<'_>,
    _: &May<ChangeOffering>,
    id: FieldId,
    new: &NewField,
) -> Result<Earlier, OfferingError> {
    let (service, key) = store::field_of(tx, id)?.ok_or(OfferingError::Unknown)?;
    let new = NewField { key, ..new.clone() };
    check_field(&new)?;
    earlier::change(
        tx,
        &[Part::Field(id), Part::Service(service)],
        "changed",
        || store::update_field(tx, id, &new).map_err(Into::into),
    )
}

/// "What hurts?" becomes `what_hurts`, and where that is known `what_hurts_2`.
fn fresh_key(label: &str, known: &[String]) -> String {
    let mut key = String::new();
    for c in label.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
        if key.len() >= 32 {
            break;
        }
    }
    let key = key.trim_end_matches('_');
    let key = if key.is_empty() { "question" } else { key };
    let is_known = |key: &String| known.contains(key);
    let mut numbered = (2_u32..).map(|n| format!("{key}_{n}"));
    std::iter::once(key.to_owned())
        .chain(numbered.by_ref())
        .find(|key| !is_known(key))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fresh_key;

    #[test]
    fn keys_are_made_from_labels() {
        assert_eq!(fresh_key("What hurts?", &[]), "what_hurts");
        assert_eq!(fresh_key("  Größe (cm) ", &[]), "gr_e_cm");
        assert_eq!(fresh_key("何ですか", &[]), "question");
        let known = ["question".to_owned(), "question_2".to_owned()];
        assert_eq!(fresh_key("?", &known), "question_3");
        assert!(fresh_key(&"long ".repeat(40), &[]).len() <= 40);
    }
}
