//! The SQL of people. A person's rows are written by [`record`] alone, so that the tokens that find
//! them always fit.

mod fields;
mod find;
mod imports;
mod record;
mod texts;

use std::collections::HashMap;

use kept_base::kit::{Email, Note, PersonName};
use kept_base::params;
use kept_base::store::{Error, Row, ToValue as _, Tx, Value};

use super::{Answer, NewPerson, Person};
use crate::ids::{AppointmentId, NoteId, PersonId};

pub(super) use fields::{fields, put_field, put_value, remove_field, values_of};
pub(super) use find::{Place, everybody, find, has_token, newest, shared, with_token};
pub(super) use imports::*;
pub(super) use record::{put, record, remove};
pub(super) use texts::{insert_remark, move_texts, remarks, remove_note, texts_of};

pub(super) const EMAIL: &str = "email";
pub(super) const PHONE: &str = "phone";

const COLUMNS: &str = "person.id, person.name, person.zone, person.locale, person.created_at,
    (select value from contact_point
     where person_id = person.id and kind = 'email' order by position, id limit 1),
    (select value from contact_point
     where person_id = person.id and kind = 'phone' order by position, id limit 1)";

fn person(row: &Row<'_>) -> Result<Person, Error> {
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        zone: row.get(2)?,
        locale: row.get(3)?,
        created_at: row.get(4)?,
        email: row.get(5)?,
        phone: row.get(6)?,
    })
}

pub(super) fn find_same(tx: &Tx<'_>, new: &NewPerson) -> Result<Option<PersonId>, Error> {
    // Nobody is recognized by a name alone.
    let (kind, value) = match (&new.email, &new.phone) {
        (Some(email), _) => (EMAIL, email.expose()),
        (None, Some(phone)) => (PHONE, phone.expose()),
        (None, None) => return Ok(None),
    };
    tx.query_opt(
        "select person.id from contact_point
         join person on person.id = contact_point.person_id
         where contact_point.kind = $6 and contact_point.value = $1
           and person.name = $2 and person.zone = $3 and person.locale = $4
           and ($5 is null or exists (select 1 from contact_point as phone
                where phone.person_id = person.id and phone.kind = 'phone' and phone.value = $5))
         order by person.id limit 1",
        params![value, new.name, new.zone, new.locale, new.phone, kind],
        |row| row.get(0),
    )
}

pub(super) fn find_person(tx: &Tx<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    let sql = format!("select {COLUMNS} from person where person.id = $1");
    tx.query_opt(&sql, params![id], person)
}

pub(super) fn list(
    tx: &Tx<'_>,
    after: Option<PersonId>,
    email: Option<&Email>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let sql = format!(
        "select {COLUMNS} from person
         where person.id > $1 and ($2 is null or exists (
             select 1 from contact_point
             where person_id = person.id and kind = 'email' and value = $2))
         order by person.id limit $3"
    );
    tx.query(&sql, params![after, email, limit], person)
}

pub(super) fn insert_answer(
    tx: &Tx<'_>,
    person: PersonId,
    appointment: AppointmentId,
    answer: &Answer,
) -> Result<(), Error> {
    tx.execute(
        "insert into answer (appointment_id, field_key, person_id, value) values ($1, $2, $3, $4)",
        params![appointment, answer.field, person, answer.value],
    )?;
    Ok(())
}

pub(super) fn answers(tx: &Tx<'_>, appointment: AppointmentId) -> Result<Vec<Answer>, Error> {
    tx.query(
        "select field_key, value from answer where appointment_id = $1 order by field_key",
        params![appointment],
        |row| {
            Ok(Answer {
                field: row.get(0)?,
                value: row.get(1)?,
            })
        },
    )
}

pub(super) fn insert_note(
    tx: &Tx<'_>,
    id: NoteId,
    (person, appointment): (PersonId, AppointmentId),
    kind: &str,
    text: &Note,
) -> Result<(), Error> {
    tx.execute(
        "insert into note (id, person_id, appointment_id, kind, value, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, person, appointment, kind, text, tx.now()],
    )?;
    Ok(())
}

pub(super) fn note(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    kind: &str,
) -> Result<Option<Note>, Error> {
    tx.query_opt(
        "select value from note where appointment_id = $1 and kind = $2
         order by created_at desc, id desc limit 1",
        params![appointment, kind],
        |row| row.get(0),
    )
}

/// Ids that one query asks for: few texts of it are kept prepared, and none has so many parameters
/// that finding each by its name is what takes the time.
const AT_ONCE: [usize; 3] = [8, 32, 64];

pub(super) fn names(tx: &Tx<'_>, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonName>, Error> {
    let mut found = HashMap::with_capacity(ids.len());
    each(tx, "select id, name from person", ids, |row| {
        found.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(found)
}

pub(super) fn find_people(
    tx: &Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Person>, Error> {
    let mut found = HashMap::with_capacity(ids.len());
    let sql = format!("select {COLUMNS} from person");
    each(tx, &sql, ids, |row| {
        let person = person(row)?;
        found.insert(person.id, person);
        Ok(())
    })?;
    Ok(found)
}

/// Reads the rows of `person` with these ids, in no particular order.
fn each(
    tx: &Tx<'_>,
    select: &str,
    ids: &[PersonId],
    mut read: impl FnMut(&Row<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let most = AT_ONCE[AT_ONCE.len() - 1];
    for part in ids.chunks(most) {
        let size = AT_ONCE.into_iter().find(|size| *size >= part.len());
        let size = size.unwrap_or(most);
        // Filled up with the last one, so that the text is one of a few.
        let padding = part.last().into_iter().cycle();
        let params: Vec<Value<'_>> = (part.iter().chain(padding))
            .take(size)
            .map(|id| id.to_value())
            .collect();
        let places: Vec<String> = (1..=size).map(|n| format!("${n}")).collect();
        let sql = format!("{select} where person.id in ({})", places.join(", "));
        tx.query(&sql, &params, &mut read)?;
    }
    Ok(())
}
