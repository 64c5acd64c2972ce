//! Comparing a list with what is recorded, recording it, and taking that back.

use std::collections::HashMap;

use kept_base::kit::{Email, Phone};
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{ImportRow, ImportState, Listed, MAX_IMPORT_BATCH, MAX_IMPORT_ROWS, Reading, RowState};
use crate::audit::{self, Act};
use crate::ids::{ImportId, NoteId, PersonId};
use crate::people::change::{MAX_CONTACTS_OF_A_KIND, add, applied, write_remark};
use crate::people::record::Kept;
use crate::people::tokens::Term;
use crate::people::{Changes, PeopleError, Reach, Record, store, tokens};
use crate::policy::May;
use crate::policy::rights::ExportPeople;

/// What recording a row did, for taking it back.
#[derive(Serialize, Deserialize)]
pub(in crate::people) struct Done {
    /// What was recorded before; `None` of somebody new.
    pub before: Option<Kept>,
    pub after: Kept,
    pub note: Option<NoteId>,
}

/// What came of taking an import back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Rows that were taken back.
    pub back: usize,
    /// Rows whose people were changed or booked for since, and stay.
    pub stay: usize,
}

/// Reads every row and compares it with what is recorded; records nothing.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn check_rows(tx: &Tx<'_>, id: ImportId, reading: &Reading<'_>) -> Result<(), PeopleError> {
    tx.keep_revision();
    let mut import = super::changeable(tx, id)?;
    let all = u32::try_from(MAX_IMPORT_ROWS).unwrap_or(u32::MAX);
    let mut seen = HashMap::new();
    for mut row in store::import_rows(tx, id, None, all)? {
        if row.state == RowState::LeftOut {
            continue;
        }
        let state = match reading.row(&row.cells) {
            Err(_) => RowState::Faulty,
            Ok(listed) => compare(tx, &listed, row.number, &mut seen)?,
        };
        if row.state != state {
            row.state = state;
            store::update_import_row(tx, id, &row)?;
        }
    }
    import.state = ImportState::Checked;
    Ok(store::update_import(tx, &import)?)
}

/// What a row is: `seen` holds who came before it on the list.
fn compare(
    tx: &Tx<'_>,
    listed: &Listed,
    number: u32,
    seen: &mut HashMap<(Term, Option<Term>), u32>,
) -> Result<RowState, Error> {
    if let Some(known) = same(tx, &listed.changes)? {
        let (filled, note) = fill(tx, &known, listed)?;
        return Ok(if filled == known && !note {
            RowState::Known
        } else {
            RowState::More
        });
    }
    let mut twice = false;
    for key in keys(&listed.changes) {
        twice |= seen.insert(key, number).is_some();
    }
    Ok(if twice {
        RowState::Twice
    } else {
        RowState::New
    })
}

/// What two rows of one person share: the name with an address or number, or the name alone.
fn keys(changes: &Changes) -> Vec<(Term, Option<Term>)> {
    let name = tokens::whole(changes.name.expose());
    let reaches = reaches(changes);
    if reaches.is_empty() {
        return vec![(name, None)];
    }
    let with = |reach: Term| (name.clone(), Some(reach));
    reaches.into_iter().map(with).collect()
}

fn reaches(changes: &Changes) -> Vec<Term> {
    let emails = changes.emails.iter().map(Email::expose).map(tokens::email);
    let phones = changes.phones.iter().map(Phone::expose).map(tokens::phone);
    emails.chain(phones).collect()
}

/// Who is recorded already: somebody called the same with one of the addresses or numbers; where a
/// row has none, somebody called the same.
fn same(tx: &Tx<'_>, changes: &Changes) -> Result<Option<Record>, Error> {
    let reaches = reaches(changes);
    for id in store::with_term(tx, &tokens::whole(changes.name.expose()))? {
        let mut is_same = reaches.is_empty();
        for reach in &reaches {
            is_same = is_same || store::has_term(tx, id, reach)?;
        }
        if is_same {
            return store::record(tx, id);
        }
    }
    Ok(None)
}

/// Adds what is missing and overwrites nothing. The flag says that the note is new.
fn fill(tx: &Tx<'_>, known: &Record, listed: &Listed) -> Result<(Record, bool), Error> {
    let mut emails: Vec<Email> = known.emails().cloned().collect();
    let mut phones: Vec<Phone> = known.phones().cloned().collect();
    let present: Vec<Term> = reaches_of(known);
    for email in &listed.changes.emails {
        if !present.contains(&tokens::email(email.expose()))
            && emails.len() < MAX_CONTACTS_OF_A_KIND
        {
            emails.push(email.clone());
        }
    }
    for phone in &listed.changes.phones {
        if !phones.contains(phone) && phones.len() < MAX_CONTACTS_OF_A_KIND {
            phones.push(phone.clone());
        }
    }
    let missing = listed.changes.values.iter();
    let missing = missing.filter(|(field, text)| known.value(*field).is_none() && text.is_some());
    let to = Changes {
        name: known.name.clone(),
        emails,
        phones,
        zone: known.zone.clone(),
        locale: known.locale.clone(),
        values: missing.cloned().collect(),
    };
    let note = match &listed.note {
        Some(note) => {
            let mut remarks = store::remarks(tx, known.id)?.into_iter();
            !remarks.any(|remark| remark.text == *note)
        }
        None => false,
    };
    let filled = applied(tx, known, &to);
    Ok((
        if to_is_same(known, &filled) {
            known.clone()
        } else {
            filled
        },
        note,
    ))
}

fn to_is_same(known: &Record, filled: &Record) -> bool {
    known.contacts.len() == filled.contacts.len() && known.values == filled.values
}

fn reaches_of(record: &Record) -> Vec<Term> {
    let contacts = record.contacts.iter();
    contacts
        .map(|contact| match &contact.reach {
            Reach::Email(email) => tokens::email(email.expose()),
            Reach::Phone(phone) => tokens::phone(phone.expose()),
        })
        .collect()
}

/// Records the next [`MAX_IMPORT_BATCH`] rows. Answers whether rows are left.
///
/// # Errors
/// [`PeopleError::Unknown`] unless the rows were checked; those of the store.
pub fn run_batch(
    tx: &Tx<'_>,
    _: &May<ExportPeople>,
    id: ImportId,
    reading: &Reading<'_>,
) -> Result<bool, PeopleError> {
    let mut import = store::import(tx, id)?.ok_or(PeopleError::Unknown)?;
    if !matches!(import.state, ImportState::Checked | ImportState::Running) {
        return Err(PeopleError::Unknown);
    }
    if import.state == ImportState::Checked {
        audit::record(tx, Act::PeopleImported, id, "begun")?;
    }
    let mut rows = store::import_rows(tx, id, Some(RowState::New), MAX_IMPORT_BATCH)?;
    if rows.is_empty() {
        rows = store::import_rows(tx, id, Some(RowState::More), MAX_IMPORT_BATCH)?;
    }
    let left = !rows.is_empty();
    for row in rows {
        record_row(tx, id, row, reading)?;
    }
    import.state = if left {
        ImportState::Running
    } else {
        ImportState::Done
    };
    store::update_import(tx, &import)?;
    if !left {
        audit::record(tx, Act::PeopleImported, id, "done")?;
    }
    Ok(left)
}

fn record_row(
    tx: &Tx<'_>,
    import: ImportId,
    mut row: ImportRow,
    reading: &Reading<'_>,
) -> Result<(), Error> {
    let Ok(listed) = reading.row(&row.cells) else {
        // A field changed meanwhile.
        row.state = RowState::Faulty;
        return store::update_import_row(tx, import, &row);
    };
    let known = same(tx, &listed.changes)?;
    let (person, note_is_new) = match &known {
        None => (add(tx, &listed.changes)?, listed.note.is_some()),
        Some(known) => {
            let (filled, note) = fill(tx, known, &listed)?;
            store::put(tx, &filled)?;
            audit::record(tx, Act::PersonChanged, known.id, &import.to_string())?;
            (known.id, note)
        }
    };
    let note = listed.note.as_ref().filter(|_| note_is_new);
    let note = note
        .map(|note| write_remark(tx, person, note))
        .transpose()?;
    let after = store::record(tx, person)?.ok_or(Error::Decode("recorded person"))?;
    let before = known.as_ref().map(|known| Kept::seal(tx, known));
    let done = Done {
        before: before.transpose()?,
        after: Kept::seal(tx, &after)?,
        note,
    };
    row.state = RowState::Recorded;
    row.person = Some(person);
    store::finish_import_row(tx, import, &row, &done_to_json(&done)?)
}

pub(in crate::people) fn done_to_json(done: &Done) -> Result<String, Error> {
    serde_json::to_string(done).map_err(|_| Error::Decode("import row"))
}

/// Takes back the next [`MAX_IMPORT_BATCH`] recorded rows. `is_used` tells whether something
/// outside this slice refers to a person; such people stay. Answers `None` when no row is left.
///
/// # Errors
/// [`PeopleError::Unknown`]; those of the store.
pub fn take_back_import(
    tx: &Tx<'_>,
    id: ImportId,
    is_used: impl Fn(PersonId) -> Result<bool, Error>,
) -> Result<Option<Taken>, PeopleError> {
    let mut import = store::import(tx, id)?.ok_or(PeopleError::Unknown)?;
    let rows = store::import_rows(tx, id, Some(RowState::Recorded), MAX_IMPORT_BATCH)?;
    if rows.is_empty() {
        import.state = ImportState::TakenBack;
        store::update_import(tx, &import)?;
        audit::record(tx, Act::PeopleImported, id, "undone")?;
        return Ok(None);
    }
    let mut taken = Taken::default();
    for mut row in rows {
        let done = store::import_row_done(tx, id, row.number)?.unwrap_or_default();
        let done: Done = serde_json::from_str(&done).map_err(|_| Error::Decode("import row"))?;
        if take_back_row(tx, done, &is_used)? {
            taken.back += 1;
        } else {
            taken.stay += 1;
        }
        row.state = RowState::TakenBack;
        row.person = None;
        store::update_import_row(tx, id, &row)?;
    }
    Ok(Some(taken))
}

fn take_back_row(
    tx: &Tx<'_>,
    done: Done,
    is_used: impl Fn(PersonId) -> Result<bool, Error>,
) -> Result<bool, Error> {
    let Some(after) = done.after.open(tx)? else {
        return Ok(false);
    };
    let is_new = done.before.is_none();
    if store::record(tx, after.id)?.as_ref() != Some(&after) || is_new && is_used(after.id)? {
        return Ok(false);
    }
    let (answers, notes) = store::texts_of(tx, after.id)?;
    let own = |note: &NoteId| Some(*note) == done.note;
    if is_new && (!answers.is_empty() || !notes.iter().all(own)) {
        return Ok(false);
    }
    if let Some(note) = done.note {
        store::remove_note(tx, note)?;
    }
    match done.before {
        Some(before) => {
            if let Some(before) = before.open(tx)? {
                store::put(tx, &before)?;
            }
        }
        None => store::remove_for_good(tx, after.id)?,
    }
    Ok(true)
}
