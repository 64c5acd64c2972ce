//! A person as a whole: read, put back exactly, taken away.

use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::params;
use kept_base::store::{Error, KeyId, PersonKey, ToValue as _, Tx};

use super::{EMAIL, PHONE, contact_place, index, name_place, open};
use crate::ids::{PersonFieldId, PersonId};
use crate::people::tokens::terms;
use crate::people::{Contact, Reach, Record, Value};

/// Where a value of one of the organization's own fields stands.
pub(super) fn value_place(person: PersonId, field: PersonFieldId) -> String {
    format!("person_value.value {person} {field}")
}

/// Everything on record of a person; `None` also of somebody who was erased.
pub(in crate::people) fn record(tx: &Tx<'_>, id: PersonId) -> Result<Option<Record>, Error> {
    let found = tx.query_opt(
        "select key_id, name, zone, locale, created_at from person where id = $1",
        params![id],
        |row| {
            let clear = (row.get(2)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, row.get::<Vec<u8>>(1)?, clear))
        },
    )?;
    let Some((key, name, (zone, locale, created_at))) = found else {
        return Ok(None);
    };
    let Some(key) = tx.person_keys()?.get(key)? else {
        return Ok(None);
    };
    Ok(Some(Record {
        id,
        name: open(&key, &name_place(id), &name, PersonName::from_store)?,
        zone,
        locale,
        created_at,
        contacts: contacts(tx, id, &key)?,
        values: values(tx, id, &key)?,
    }))
}

fn contacts(tx: &Tx<'_>, id: PersonId, key: &PersonKey) -> Result<Vec<Contact>, Error> {
    tx.query(
        "select id, kind, value from contact_point where person_id = $1 order by position, id",
        params![id],
        |row| {
            let place = contact_place(row.borrow(0)?);
            let text = key.open(&place, &row.get::<Vec<u8>>(2)?)?.to_string();
            let reach = match row.borrow(1)? {
                EMAIL => Reach::Email(Email::from_store(text)),
                PHONE => Reach::Phone(Phone::from_store(text)),
                _ => return Err(Error::Decode("kind of contact point")),
            };
            Ok(Contact {
                id: row.get(0)?,
                reach,
            })
        },
    )
}

fn values(tx: &Tx<'_>, id: PersonId, key: &PersonKey) -> Result<Vec<Value>, Error> {
    tx.query(
        "select field_id, value from person_value where person_id = $1 order by field_id",
        params![id],
        |row| {
            let field = row.get(0)?;
            let sealed = row.get::<Vec<u8>>(1)?;
            let text = open(key, &value_place(id, field), &sealed, Note::from_store)?;
            Ok(Value { field, text })
        },
    )
}

/// Records somebody new under a key of their own.
pub(in crate::people) fn add(tx: &Tx<'_>, record: &Record) -> Result<(), Error> {
    let (id, key) = tx.person_keys()?.fresh()?;
    insert(tx, record, (id, &key))
}

/// Makes the tables hold exactly this of a person who is recorded.
pub(in crate::people) fn put(tx: &Tx<'_>, record: &Record) -> Result<(), Error> {
    let key = super::key_to_write(tx, record.id)?;
    tx.execute(
        "update person set name = $2, zone = $3, locale = $4 where id = $1",
        params![
            record.id,
            key.seal(&name_place(record.id), record.name.expose(), tx.entropy()),
            record.zone,
            record.locale,
        ],
    )?;
    clear(tx, record.id)?;
    put_details(tx, record, &key)?;
    let tokens = tokens(tx, record)?;
    index::put_tokens(tx, record.id, &tokens)
}

/// Puts back somebody who was removed, under the key they had.
pub(in crate::people) fn put_back(tx: &Tx<'_>, record: &Record, id: KeyId) -> Result<(), Error> {
    let key = tx.person_keys()?.get(id)?;
    let key = key.ok_or_else(|| Error::Constraint("person.key_id".to_owned()))?;
    insert(tx, record, (id, &key))
}

fn insert(tx: &Tx<'_>, record: &Record, (id, key): (KeyId, &PersonKey)) -> Result<(), Error> {
    let tokens = tokens(tx, record)?;
    tx.execute(
        "insert into person (id, key_id, name, zone, locale, created_at, tokens)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            record.id,
            id,
            key.seal(&name_place(record.id), record.name.expose(), tx.entropy()),
            record.zone,
            record.locale,
            record.created_at,
            index::packed(&tokens),
        ],
    )?;
    put_details(tx, record, key)?;
    index::insert_tokens(tx, record.id, &tokens)
}

fn put_details(tx: &Tx<'_>, record: &Record, key: &PersonKey) -> Result<(), Error> {
    for (position, contact) in (0_i64..).zip(&record.contacts) {
        let (kind, value) = match &contact.reach {
            Reach::Email(email) => (EMAIL, email.expose()),
            Reach::Phone(phone) => (PHONE, phone.expose()),
        };
        let sealed = key.seal(&contact_place(&contact.id.to_string()), value, tx.entropy());
        tx.execute(
            "insert into contact_point (id, person_id, kind, value, position)
             values ($1, $2, $3, $4, $5)",
            params![contact.id, record.id, kind, sealed, position],
        )?;
    }
    for value in &record.values {
        let place = value_place(record.id, value.field);
        let sealed = key.seal(&place, value.text.expose(), tx.entropy());
        tx.execute(
            "insert into person_value (person_id, field_id, value) values ($1, $2, $3)",
            params![record.id, value.field, sealed],
        )?;
    }
    Ok(())
}

/// The blind tokens of everything a person is found by, in order.
pub(super) fn tokens(tx: &Tx<'_>, record: &Record) -> Result<Vec<i64>, Error> {
    let emails = record.emails().map(Email::expose);
    let phones = record.phones().map(Phone::expose);
    let terms = terms(record.name.expose(), emails, phones);
    let mut tokens = Vec::with_capacity(terms.len());
    for term in &terms {
        tokens.push(index::token(tx, term)?);
    }
    tokens.sort_unstable();
    Ok(tokens)
}

/// Makes the tokens of somebody who is recorded anew.
pub(in crate::people) fn index_again(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    let Some(record) = record(tx, id)? else {
        return Err(Error::Decode("person"));
    };
    let tokens = tokens(tx, &record)?;
    index::put_tokens(tx, id, &tokens)
}

/// Takes away what stands in this slice's tables about a person, except notes and answers.
pub(in crate::people) fn remove(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    clear(tx, id)?;
    index::put_tokens(tx, id, &[])?;
    tx.execute("delete from former_key where person_id = $1", params![id])?;
    tx.execute("delete from person where id = $1", params![id])?;
    Ok(())
}

/// Removes a person who does not come back, with their keys.
pub(in crate::people) fn remove_for_good(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    let mut keys = super::former_keys(tx, id)?;
    keys.extend(super::key_id(tx, id)?);
    remove(tx, id)?;
    keys.into_iter().try_for_each(|key| tx.retire_key(key))
}

fn clear(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    let person = [id.to_value()];
    tx.execute("delete from contact_point where person_id = $1", &person)?;
    tx.execute("delete from person_value where person_id = $1", &person)?;
    Ok(())
}
