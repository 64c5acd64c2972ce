//! Notes and answers, as a whole.

use jiff::Timestamp;
use kept_base::kit::Note;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{AppointmentId, NoteId, PersonId};
use crate::people::Remark;
use crate::people::change::REMARK;

pub(in crate::people) fn insert_remark(
    tx: &Tx<'_>,
    id: NoteId,
    person: PersonId,
    (text, author, at): (&Note, Option<&str>, Timestamp),
) -> Result<(), Error> {
    tx.execute(
        "insert into note (id, person_id, kind, value, author, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, person, REMARK, text, author, at],
    )?;
    Ok(())
}

pub(in crate::people) fn remarks(tx: &Tx<'_>, person: PersonId) -> Result<Vec<Remark>, Error> {
    tx.query(
        "select id, value, author, created_at from note
         where person_id = $1 and kind = $2 order by created_at desc, id desc limit 200",
        params![person, REMARK],
        |row| {
            Ok(Remark {
                id: row.get(0)?,
                text: row.get(1)?,
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

/// Makes answers and notes somebody's.
pub(in crate::people) fn move_texts(
    tx: &Tx<'_>,
    to: PersonId,
    answers: &[AppointmentId],
    notes: &[NoteId],
) -> Result<(), Error> {
    for appointment in answers {
        tx.execute(
            "update answer set person_id = $2 where appointment_id = $1",
            params![appointment, to],
        )?;
    }
    for note in notes {
        tx.execute(
            "update note set person_id = $2 where id = $1",
            params![note, to],
        )?;
    }
    Ok(())
}
