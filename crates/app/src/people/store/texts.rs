//! Notes and answers.

use jiff::Timestamp;
use kept_base::kit::Note;
use kept_base::params;
use kept_base::store::{Error, PersonKey, Tx};

use super::{key_of, key_to_write, open, open_all};
use crate::ids::{AppointmentId, NoteId, PersonId};
use crate::people::change::REMARK;
use crate::people::{Answer, Remark};

pub(super) fn answer_place(appointment: AppointmentId, field: &str) -> String {
    format!("answer.value {appointment} {field}")
}

pub(super) fn note_place(id: NoteId) -> String {
    format!("note.value {id}")
}

pub(in crate::people) fn insert_answers(
    tx: &Tx<'_>,
    person: PersonId,
    appointment: AppointmentId,
    answers: &[Answer],
) -> Result<(), Error> {
    if answers.is_empty() {
        return Ok(());
    }
    let key = key_to_write(tx, person)?;
    for answer in answers {
        let place = answer_place(appointment, &answer.field);
        tx.execute(
            "insert into answer (appointment_id, field_key, person_id, value)
             values ($1, $2, $3, $4)",
            params![
                appointment,
                answer.field,
                person,
                key.seal(&place, answer.value.expose(), tx.entropy()),
            ],
        )?;
    }
    Ok(())
}

pub(in crate::people) fn answers(
    tx: &Tx<'_>,
    appointment: AppointmentId,
) -> Result<Vec<Answer>, Error> {
    let sealed = tx.query(
        "select person.key_id, field_key, value from answer
         join person on person.id = answer.person_id
         where appointment_id = $1 order by field_key",
        params![appointment],
        |row| Ok((row.get(0)?, (row.get(1)?, row.get::<Vec<u8>>(2)?))),
    )?;
    open_all(tx, sealed, |key, (field, value): (String, _)| {
        let place = answer_place(appointment, &field);
        let value = open(key, &place, &value, Note::from_store)?;
        Ok(Answer { field, value })
    })
}

pub(in crate::people) fn insert_note(
    tx: &Tx<'_>,
    id: NoteId,
    (person, appointment): (PersonId, AppointmentId),
    kind: &str,
    text: &Note,
) -> Result<(), Error> {
    let key = key_to_write(tx, person)?;
    let sealed = key.seal(&note_place(id), text.expose(), tx.entropy());
    tx.execute(
        "insert into note (id, person_id, appointment_id, kind, value, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, person, appointment, kind, sealed, tx.now()],
    )?;
    Ok(())
}

pub(in crate::people) fn note(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    kind: &str,
) -> Result<Option<Note>, Error> {
    let sealed = tx.query(
        "select person.key_id, note.id, value from note
         join person on person.id = note.person_id
         where appointment_id = $1 and kind = $2
         order by note.created_at desc, note.id desc limit 1",
        params![appointment, kind],
        |row| Ok((row.get(0)?, (row.get(1)?, row.get::<Vec<u8>>(2)?))),
    )?;
    let notes = open_all(tx, sealed, |key, (id, value): (NoteId, _)| {
        open(key, &note_place(id), &value, Note::from_store)
    })?;
    Ok(notes.into_iter().next())
}

pub(in crate::people) fn insert_remark(
    tx: &Tx<'_>,
    id: NoteId,
    person: PersonId,
    (text, author, at): (&Note, Option<&str>, Timestamp),
) -> Result<(), Error> {
    let key = key_to_write(tx, person)?;
    let sealed = key.seal(&note_place(id), text.expose(), tx.entropy());
    put_note(tx, id, person, (&sealed, author, at))
}

/// Inserts a note of the staff as it was sealed.
pub(in crate::people) fn put_note(
    tx: &Tx<'_>,
    id: NoteId,
    person: PersonId,
    (sealed, author, at): (&[u8], Option<&str>, Timestamp),
) -> Result<(), Error> {
    tx.execute(
        "insert into note (id, person_id, kind, value, author, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, person, REMARK, sealed, author, at],
    )?;
    Ok(())
}

/// A note as it is sealed.
pub(in crate::people) fn sealed_note(tx: &Tx<'_>, id: NoteId) -> Result<Option<Vec<u8>>, Error> {
    tx.query_opt("select value from note where id = $1", params![id], |row| {
        row.get(0)
    })
}

pub(in crate::people) fn remarks(tx: &Tx<'_>, person: PersonId) -> Result<Vec<Remark>, Error> {
    let Some(key) = key_of(tx, person)? else {
        return Ok(Vec::new());
    };
    tx.query(
        "select id, value, author, created_at from note
         where person_id = $1 and kind = $2 order by created_at desc, id desc limit 200",
        params![person, REMARK],
        |row| {
            let id = row.get(0)?;
            let sealed = row.get::<Vec<u8>>(1)?;
            Ok(Remark {
                id,
                text: open(&key, &note_place(id), &sealed, Note::from_store)?,
                author: row.get(2)?,
                created_at: row.get(3)?,
            })
        },
    )
}

pub(in crate::people) fn remove_note(tx: &Tx<'_>, id: NoteId) -> Result<(), Error> {
    tx.execute("delete from note where id = $1", params![id])?;
    Ok(())
}

/// The appointments for which a person answered, and all notes about them.
pub(in crate::people) fn texts_of(
    tx: &Tx<'_>,
    person: PersonId,
) -> Result<(Vec<AppointmentId>, Vec<NoteId>), Error> {
    let answers = tx.query(
        "select distinct appointment_id from answer where person_id = $1",
        params![person],
        |row| row.get(0),
    )?;
    let notes = tx.query(
        "select id from note where person_id = $1",
        params![person],
        |row| row.get(0),
    )?;
    Ok((answers, notes))
}

/// Makes answers and notes of `from` those of `to`, sealed under the key of `to`.
pub(in crate::people) fn move_texts(
    tx: &Tx<'_>,
    (from, to): (PersonId, PersonId),
    answers: &[AppointmentId],
    notes: &[NoteId],
) -> Result<(), Error> {
    let keys = (key_to_write(tx, from)?, key_to_write(tx, to)?);
    for appointment in answers {
        let found = tx.query(
            "select field_key, value from answer where appointment_id = $1 and person_id = $2",
            params![appointment, from],
            |row| Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?)),
        )?;
        for (field, sealed) in found {
            let sealed = seal_again(tx, &keys, &answer_place(*appointment, &field), &sealed)?;
            tx.execute(
                "update answer set person_id = $3, value = $4
                 where appointment_id = $1 and field_key = $2",
                params![appointment, field, to, sealed],
            )?;
        }
    }
    for note in notes {
        let found = tx.query_opt(
            "select value from note where id = $1 and person_id = $2",
            params![note, from],
            |row| row.get::<Vec<u8>>(0),
        )?;
        if let Some(sealed) = found {
            let sealed = seal_again(tx, &keys, &note_place(*note), &sealed)?;
            tx.execute(
                "update note set person_id = $2, value = $3 where id = $1",
                params![note, to, sealed],
            )?;
        }
    }
    Ok(())
}

fn seal_again(
    tx: &Tx<'_>,
    (from, to): &(PersonKey, PersonKey),
    place: &str,
    sealed: &[u8],
) -> Result<Vec<u8>, Error> {
    let text = from.open(place, sealed)?;
    Ok(to.seal(place, &text, tx.entropy()))
}
