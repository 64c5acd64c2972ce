//! One change to many people at once, looked at first and taken back as one.

use data_encoding::BASE64;
use kept_base::kit::Note;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{PeopleError, PersonField, Record, change, store};
use crate::audit::{self, Act};
use crate::ids::{NoteId, PersonFieldId, PersonId, UndoId};
use crate::policy::May;
use crate::policy::rights::ChangePeople;
use crate::undo;

/// Most people changed at once.
pub const MAX_MASS_PEOPLE: usize = 5_000;
/// How many people a preview shows.
pub const MAX_PREVIEWED: usize = 20;

pub(super) const MASS: &str = "people.mass";

/// The domain of blind tokens of what was set.
const SET: u8 = 7;

/// A text from before, sealed under the key of its person.
#[derive(Serialize, Deserialize)]
struct Sealed(String);

impl Sealed {
    fn place(person: PersonId) -> String {
        format!("earlier.value {person}")
    }

    fn seal(tx: &Tx<'_>, person: PersonId, text: &str) -> Result<Option<Self>, Error> {
        let key = store::key_of(tx, person)?;
        Ok(key.map(|key| {
            let sealed = key.seal(&Self::place(person), text, tx.entropy());
            Self(BASE64.encode(&sealed))
        }))
    }

    fn open(&self, tx: &Tx<'_>, person: PersonId) -> Result<Option<String>, Error> {
        let Some(key) = store::key_of(tx, person)? else {
            return Ok(None);
        };
        let sealed = BASE64.decode(self.0.as_bytes());
        let sealed = sealed.map_err(|_| Error::Decode("sealed value"))?;
        Ok(Some(key.open(&Self::place(person), &sealed)?.to_string()))
    }
}

fn token(tx: &Tx<'_>, text: Option<&str>) -> Result<Option<i64>, Error> {
    let keys = tx.person_keys()?;
    Ok(text.map(|text| keys.blind_token(SET, text)))
}

/// What is done to each.
#[derive(Debug, Clone)]
pub enum MassAct {
    /// Something is put into a field, or the field is cleared.
    Field(PersonField, Option<Note>),
    /// They are written to with times of this zone.
    Zone(String),
    /// They are written to in this language.
    Locale(String),
    /// They get a note.
    Remark(Note),
}

/// What a mass change would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// How many it is about.
    pub found: usize,
    /// How many would change.
    pub changes: usize,
    /// The first that would, with what stands there now.
    pub shown: Vec<(Record, Option<String>)>,
}

#[derive(Serialize, Deserialize)]
enum What {
    Field(PersonFieldId),
    Zone,
    Locale,
    Remark,
}

#[derive(Serialize, Deserialize)]
struct Done {
    what: What,
    /// What was set, as a blind token: enough to see whether it still stands.
    set: Option<i64>,
    before: Vec<(PersonId, Option<Sealed>)>,
    notes: Vec<NoteId>,
}

impl MassAct {
    fn what(&self) -> What {
        match self {
            Self::Field(field, _) => What::Field(field.id),
            Self::Zone(_) => What::Zone,
            Self::Locale(_) => What::Locale,
            Self::Remark(_) => What::Remark,
        }
    }

    fn set(&self) -> Option<String> {
        match self {
            Self::Field(_, text) => text.as_ref().map(|text| text.expose().to_owned()),
            Self::Zone(text) | Self::Locale(text) => Some(text.clone()),
            Self::Remark(_) => None,
        }
    }

    fn changes(&self, record: &Record) -> bool {
        matches!(self, Self::Remark(_)) || self.what().read(record) != self.set()
    }
}

impl What {
    fn read(&self, record: &Record) -> Option<String> {
        match self {
            Self::Field(field) => record.value(*field).map(|text| text.expose().to_owned()),
            Self::Zone => Some(record.zone.clone()),
            Self::Locale => Some(record.locale.clone()),
            Self::Remark => None,
        }
    }

    fn write(&self, record: &mut Record, text: Option<String>) {
        match (self, text) {
            (Self::Field(field), text) => record.set(*field, text.map(Note::from_store)),
            (Self::Zone, Some(text)) => record.zone = text,
            (Self::Locale, Some(text)) => record.locale = text,
            _ => {}
        }
    }
}

/// What `act` would do to `people`.
///
/// # Errors
/// [`PeopleError::TooMany`] beyond [`MAX_MASS_PEOPLE`]; those of the store.
pub fn preview(tx: &Tx<'_>, people: &[PersonId], act: &MassAct) -> Result<Preview, PeopleError> {
    let mut preview = Preview {
        found: people.len(),
        changes: 0,
        shown: Vec::new(),
    };
    for_each(tx, people, |record| {
        if act.changes(&record) {
            preview.changes += 1;
            if preview.shown.len() < MAX_PREVIEWED {
                let present = act.what().read(&record);
                preview.shown.push((record, present));
            }
        }
        Ok(())
    })?;
    Ok(preview)
}

/// Does `act` to `people`; tells how many changed.
///
/// # Errors
/// [`PeopleError::TooMany`] beyond [`MAX_MASS_PEOPLE`]; those of the store.
pub fn mass(
    tx: &Tx<'_>,
    _: &May<ChangePeople>,
    people: &[PersonId],
    act: &MassAct,
) -> Result<(usize, Option<UndoId>), PeopleError> {
    let what = act.what();
    let mut done = Done {
        set: token(tx, act.set().as_deref())?,
        before: Vec::new(),
        notes: Vec::new(),
        what,
    };
    for_each(tx, people, |mut record| {
        if !act.changes(&record) {
            return Ok(());
        }
        if let MassAct::Remark(text) = act {
            done.notes.push(change::write_remark(tx, record.id, text)?);
        } else {
            let before = match done.what.read(&record) {
                Some(text) => Sealed::seal(tx, record.id, &text)?,
                None => None,
            };
            done.before.push((record.id, before));
            done.what.write(&mut record, act.set());
            store::put(tx, &record)?;
        }
        Ok(())
    })?;
    let changed = done.before.len() + done.notes.len();
    if changed == 0 {
        return Ok((0, None));
    }
    audit::record(
        tx,
        Act::PeopleChanged,
        tx.organization(),
        &changed.to_string(),
    )?;
    Ok((changed, Some(undo::offer(tx, MASS, &done)?)))
}

fn for_each(
    tx: &Tx<'_>,
    people: &[PersonId],
    mut act: impl FnMut(Record) -> Result<(), Error>,
) -> Result<(), PeopleError> {
    if people.len() > MAX_MASS_PEOPLE {
        return Err(PeopleError::TooMany);
    }
    for id in people {
        if let Some(record) = store::record(tx, *id)? {
            act(record)?;
        }
    }
    Ok(())
}

/// Takes a mass change back, except where somebody changed the same again since.
pub(super) fn undo_mass(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), PeopleError> {
    let done: Done = super::read_payload(payload)?;
    for note in &done.notes {
        store::remove_note(tx, *note)?;
    }
    for (id, before) in done.before {
        let Some(mut record) = store::record(tx, id)? else {
            continue;
        };
        if token(tx, done.what.read(&record).as_deref())? == done.set {
            let before = match &before {
                Some(sealed) => sealed.open(tx, id)?,
                None => None,
            };
            done.what.write(&mut record, before);
            store::put(tx, &record)?;
        }
    }
    audit::record(tx, Act::PeopleChanged, tx.organization(), "undone")?;
    Ok(())
}
