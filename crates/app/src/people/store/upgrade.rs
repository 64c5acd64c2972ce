//! Sealing what older versions kept in clear, once: version 8 of the schema.

use kept_base::params;
use kept_base::store::{Error, KeyId, Tx};

use super::index::{insert_tokens, packed, token};
use super::record::value_place;
use super::texts::{answer_place, note_place};
use super::{EMAIL, contact_place, key_to_write, name_place};
use crate::ids::{AppointmentId, ImportId, NoteId, PersonFieldId, PersonId};
use crate::people::tokens::terms;

/// Rows that are read at once.
const AT_ONCE: u32 = 1_000;

/// Seals everybody's data; `convert` writes anew what recording a row of a list did.
pub(in crate::people) fn seal_rows(
    tx: &Tx<'_>,
    convert: impl Fn(&Tx<'_>, &str) -> Result<Option<String>, Error>,
) -> Result<(), Error> {
    let mut last = String::new();
    loop {
        let people: Vec<(PersonId, String)> = tx.query(
            "select id, plain_name from person where id > $1 order by id limit $2",
            params![last, AT_ONCE],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((id, _)) = people.last() else { break };
        last = id.to_string();
        for (id, name) in &people {
            seal_person(tx, *id, name)?;
        }
    }
    seal_answers(tx)?;
    seal_notes(tx)?;
    seal_values(tx)?;
    seal_imports(tx, convert)
}

fn seal_person(tx: &Tx<'_>, id: PersonId, name: &str) -> Result<(), Error> {
    let (key_id, key) = tx.person_keys()?.fresh()?;
    let contacts: Vec<(String, String, String)> = tx.query(
        "select id, kind, plain_value from contact_point where person_id = $1",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (contact, _, value) in &contacts {
        let sealed = key.seal(&contact_place(contact), value, tx.entropy());
        tx.execute(
            "update contact_point set value = $2, plain_value = '' where id = $1",
            params![contact, sealed],
        )?;
    }
    let of = |is_email: bool| {
        let of_kind = move |(_, kind, _): &&(String, String, String)| (kind == EMAIL) == is_email;
        contacts
            .iter()
            .filter(of_kind)
            .map(|(.., value)| value.as_str())
    };
    let mut tokens = Vec::new();
    for term in terms(name, of(true), of(false)) {
        tokens.push(token(tx, &term)?);
    }
    tokens.sort_unstable();
    tx.execute(
        "update person set key_id = $2, name = $3, tokens = $4, plain_name = '' where id = $1",
        params![
            id,
            key_id,
            key.seal(&name_place(id), name, tx.entropy()),
            packed(&tokens),
        ],
    )?;
    insert_tokens(tx, id, &tokens)
}

fn seal_answers(tx: &Tx<'_>) -> Result<(), Error> {
    let answers: Vec<(AppointmentId, String, PersonId, String)> = tx.query(
        "select appointment_id, field_key, person_id, plain_value from answer",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    for (appointment, field, person, text) in answers {
        let place = answer_place(appointment, &field);
        let sealed = key_to_write(tx, person)?.seal(&place, &text, tx.entropy());
        tx.execute(
            "update answer set value = $3, plain_value = ''
             where appointment_id = $1 and field_key = $2",
            params![appointment, field, sealed],
        )?;
    }
    Ok(())
}

fn seal_notes(tx: &Tx<'_>) -> Result<(), Error> {
    let notes: Vec<(NoteId, PersonId, String)> =
        tx.query("select id, person_id, plain_value from note", &[], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    for (id, person, text) in notes {
        let sealed = key_to_write(tx, person)?.seal(&note_place(id), &text, tx.entropy());
        tx.execute(
            "update note set value = $2, plain_value = '' where id = $1",
            params![id, sealed],
        )?;
    }
    Ok(())
}

fn seal_values(tx: &Tx<'_>) -> Result<(), Error> {
    let values: Vec<(PersonId, PersonFieldId, String)> = tx.query(
        "select person_id, field_id, plain_value from person_value",
        &[],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (person, field, text) in values {
        let place = value_place(person, field);
        let sealed = key_to_write(tx, person)?.seal(&place, &text, tx.entropy());
        tx.execute(
            "update person_value set value = $3, plain_value = ''
             where person_id = $1 and field_id = $2",
            params![person, field, sealed],
        )?;
    }
    Ok(())
}

fn seal_imports(
    tx: &Tx<'_>,
    convert: impl Fn(&Tx<'_>, &str) -> Result<Option<String>, Error>,
) -> Result<(), Error> {
    let imports: Vec<ImportId> = tx.query("select id from import", &[], |row| row.get(0))?;
    for id in imports {
        let (key_id, key): (KeyId, _) = tx.person_keys()?.fresh()?;
        tx.execute(
            "update import set key_id = $2 where id = $1",
            params![id, key_id],
        )?;
        let rows: Vec<(u32, String, Option<String>)> = tx.query(
            "select number, plain_cells, plain_before from import_row where import_id = $1",
            params![id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        for (number, cells, before) in rows {
            let before = match before {
                Some(before) => convert(tx, &before)?,
                None => None,
            };
            let cells = key.seal(&super::cells_place(id, number), &cells, tx.entropy());
            let before = before.map(|done| super::seal_done(tx, &key, (id, number), &done));
            tx.execute(
                "update import_row
                 set cells = $3, before = $4, plain_cells = '', plain_before = null
                 where import_id = $1 and number = $2",
                params![id, number, cells, before],
            )?;
        }
    }
    Ok(())
}
