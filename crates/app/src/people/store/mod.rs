//! The SQL of people. A person's rows are written by [`record`] alone, so that the tokens that find
//! them always fit.

mod erase;
mod fields;
mod find;
mod imports;
mod index;
mod record;
mod sealed;
mod texts;
mod upgrade;

use std::collections::HashMap;

use kept_base::kit::{Email, PersonName, Phone};
use kept_base::params;
use kept_base::store::{Error, KeyId, PersonKey, Row, ToValue as _, Tx, Value};

use super::{NewPerson, Person};
use crate::ids::PersonId;

pub(super) use erase::{erase_all_rows, erase_rows};
pub(super) use fields::{fields, put_field, put_value, remove_field, values_of};
pub(super) use find::{everybody, find, has_term, newest, shared, with_term};
pub(super) use imports::*;
pub(super) use record::{add, index_again, put, put_back, record, remove, remove_for_good};
pub use sealed::whose_keys;
pub(super) use sealed::*;
pub(super) use texts::{
    answers, insert_answers, insert_note, insert_remark, move_texts, note, put_note, remarks,
    remove_note, sealed_note, texts_of,
};
pub(super) use upgrade::seal_rows;

pub(super) const EMAIL: &str = "email";
pub(super) const PHONE: &str = "phone";

/// A person with the first address and the first number.
const PERSON: &str = "select person.id, person.key_id, person.name, person.zone, person.locale,
    person.created_at, email.id, email.value, phone.id, phone.value
    from person
    left join contact_point as email on email.id = (select id from contact_point
        where person_id = person.id and kind = 'email' order by position, id limit 1)
    left join contact_point as phone on phone.id = (select id from contact_point
        where person_id = person.id and kind = 'phone' order by position, id limit 1)";

/// A person as they are kept.
struct Sealed {
    id: PersonId,
    name: Vec<u8>,
    zone: String,
    locale: String,
    created_at: jiff::Timestamp,
    email: Option<(String, Vec<u8>)>,
    phone: Option<(String, Vec<u8>)>,
}

fn sealed_person(row: &Row<'_>) -> Result<(KeyId, Sealed), Error> {
    let contact = |at| {
        let (id, value) = (row.get::<Option<String>>(at)?, row.get(at + 1)?);
        Ok::<_, Error>(id.zip(value))
    };
    let sealed = Sealed {
        id: row.get(0)?,
        name: row.get(2)?,
        zone: row.get(3)?,
        locale: row.get(4)?,
        created_at: row.get(5)?,
        email: contact(6)?,
        phone: contact(8)?,
    };
    Ok((row.get(1)?, sealed))
}

impl Sealed {
    fn open(self, key: &PersonKey) -> Result<Person, Error> {
        let contact = |sealed: Option<(String, Vec<u8>)>| {
            let opened = sealed.map(|(id, value)| key.open(&contact_place(&id), &value));
            let text = opened.transpose()?.map(|text| text.to_string());
            Ok::<_, Error>(text)
        };
        Ok(Person {
            id: self.id,
            name: open(
                key,
                &name_place(self.id),
                &self.name,
                PersonName::from_store,
            )?,
            email: contact(self.email)?.map(Email::from_store),
            phone: contact(self.phone)?.map(Phone::from_store),
            zone: self.zone,
            locale: self.locale,
            created_at: self.created_at,
        })
    }
}

fn name_place(id: PersonId) -> String {
    format!("person.name {id}")
}

fn contact_place(id: &str) -> String {
    format!("contact_point.value {id}")
}

/// People by the rows of a query of [`PERSON`].
fn people(tx: &Tx<'_>, sql: &str, params: &[Value<'_>]) -> Result<Vec<Person>, Error> {
    let sealed = tx.query(sql, params, sealed_person)?;
    open_all(tx, sealed, |key, sealed| sealed.open(key))
}

/// Most records with one name and address that are compared to recognize somebody.
const MAX_SAME: u32 = 32;

pub(super) fn find_same(tx: &Tx<'_>, new: &NewPerson) -> Result<Option<PersonId>, Error> {
    use super::tokens;
    // Nobody is recognized by a name alone.
    let reach = match (&new.email, &new.phone) {
        (Some(email), _) => tokens::email(email.expose()),
        (None, Some(phone)) => tokens::phone(phone.expose()),
        (None, None) => return Ok(None),
    };
    let terms = [reach, tokens::whole(new.name.expose())];
    for id in find::with_both(tx, &terms, MAX_SAME)? {
        let Some(known) = record(tx, id)? else {
            continue;
        };
        let has_email = |email: &Email| known.emails().any(|one| one == email);
        let has_phone = |phone: &Phone| known.phones().any(|one| one == phone);
        if known.name == new.name
            && known.zone == new.zone
            && known.locale == new.locale
            && new.email.as_ref().is_none_or(has_email)
            && new.phone.as_ref().is_none_or(has_phone)
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

pub(super) fn find_person(tx: &Tx<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    let sql = format!("{PERSON} where person.id = $1");
    Ok(people(tx, &sql, params![id])?.into_iter().next())
}

pub(super) fn list(
    tx: &Tx<'_>,
    after: Option<PersonId>,
    email: Option<&Email>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    let Some(email) = email else {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let sql = format!("{PERSON} where person.id > $1 order by person.id limit $2");
        return people(tx, &sql, params![after, limit]);
    };
    let mut found = Vec::new();
    let mut after = after;
    loop {
        let ids = find::with_term_after(tx, &super::tokens::email(email.expose()), after, limit)?;
        let Some(last) = ids.last() else {
            return Ok(found);
        };
        after = Some(*last);
        let mut people = find_people(tx, &ids)?;
        for id in &ids {
            // The term is without case, the address is not.
            let is_theirs =
                record(tx, *id)?.is_some_and(|known| known.emails().any(|known| known == email));
            if let (true, Some(person)) = (is_theirs, people.remove(id)) {
                found.push(person);
                if found.len() == limit as usize {
                    return Ok(found);
                }
            }
        }
    }
}

/// Ids that one query asks for: few texts of it are kept prepared, and none has so many parameters
/// that finding each by its name is what takes the time.
const AT_ONCE: [usize; 3] = [8, 32, 64];

pub(super) fn names(tx: &Tx<'_>, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonName>, Error> {
    let mut sealed = Vec::with_capacity(ids.len());
    each(
        tx,
        "select id, key_id, name from person",
        "person.id",
        ids,
        |row| {
            sealed.push((row.get(1)?, (row.get(0)?, row.get::<Vec<u8>>(2)?)));
            Ok(())
        },
    )?;
    let named = open_all(tx, sealed, |key, (id, name): (PersonId, _)| {
        let name = open(key, &name_place(id), &name, PersonName::from_store)?;
        Ok((id, name))
    })?;
    Ok(by_id(named))
}

pub(super) fn find_people(
    tx: &Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Person>, Error> {
    let mut sealed = Vec::with_capacity(ids.len());
    each(tx, PERSON, "person.id", ids, |row| {
        sealed.push(sealed_person(row)?);
        Ok(())
    })?;
    let people = open_all(tx, sealed, |key, sealed| Ok((sealed.id, sealed.open(key)?)))?;
    Ok(by_id(people))
}

/// Reads the rows whose `column` is one of these ids, in no particular order.
fn each(
    tx: &Tx<'_>,
    select: &str,
    column: &str,
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
        let sql = format!("{select} where {column} in ({})", places(1, size));
        tx.query(&sql, &params, &mut read)?;
    }
    Ok(())
}
