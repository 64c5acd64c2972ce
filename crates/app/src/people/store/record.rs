//! A person as a whole: read, put back exactly, taken away.

use kept_base::kit::{Email, Phone};
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::{EMAIL, PHONE};
use crate::ids::PersonId;
use crate::people::tokens::tokens;
use crate::people::{Contact, Reach, Record, Value};

pub(in crate::people) fn record(tx: &Tx<'_>, id: PersonId) -> Result<Option<Record>, Error> {
    let found = tx.query_opt(
        "select name, zone, locale, created_at from person where id = $1",
        params![id],
        |row| {
            Ok(Record {
                id,
                name: row.get(0)?,
                zone: row.get(1)?,
                locale: row.get(2)?,
                created_at: row.get(3)?,
                contacts: Vec::new(),
                values: Vec::new(),
            })
        },
    )?;
    let Some(mut record) = found else {
        return Ok(None);
    };
    record.contacts = tx.query(
        "select id, kind, value from contact_point where person_id = $1 order by position, id",
        params![id],
        |row| {
            let reach = match row.borrow(1)? {
                EMAIL => Reach::Email(row.get(2)?),
                PHONE => Reach::Phone(row.get(2)?),
                _ => return Err(Error::Decode("kind of contact point")),
            };
            Ok(Contact {
                id: row.get(0)?,
                reach,
            })
        },
    )?;
    record.values = tx.query(
        "select field_id, value from person_value where person_id = $1 order by field_id",
        params![id],
        |row| {
            Ok(Value {
                field: row.get(0)?,
                text: row.get(1)?,
            })
        },
    )?;
    Ok(Some(record))
}

/// Makes the tables hold exactly this of the person.
pub(in crate::people) fn put(tx: &Tx<'_>, record: &Record) -> Result<(), Error> {
    tx.execute(
        "insert into person (id, name, zone, locale, created_at) values ($1, $2, $3, $4, $5)
         on conflict (id) do update
         set name = excluded.name, zone = excluded.zone, locale = excluded.locale",
        params![
            record.id,
            record.name,
            record.zone,
            record.locale,
            record.created_at
        ],
    )?;
    clear(tx, record.id)?;
    for (position, contact) in (0_i64..).zip(&record.contacts) {
        let (kind, value) = match &contact.reach {
            Reach::Email(email) => (EMAIL, email.expose()),
            Reach::Phone(phone) => (PHONE, phone.expose()),
        };
        tx.execute(
            "insert into contact_point (id, person_id, kind, value, position)
             values ($1, $2, $3, $4, $5)",
            params![contact.id, record.id, kind, value, position],
        )?;
    }
    for value in &record.values {
        tx.execute(
            "insert into person_value (person_id, field_id, value) values ($1, $2, $3)",
            params![record.id, value.field, value.text],
        )?;
    }
    let emails = record.emails().map(Email::expose);
    let phones = record.phones().map(Phone::expose);
    for token in tokens(record.name.expose(), emails, phones) {
        tx.execute(
            "insert into person_token (token, person_id) values ($1, $2)",
            params![token, record.id],
        )?;
    }
    Ok(())
}

/// Takes away what stands in this slice's tables about a person, except notes and answers.
pub(in crate::people) fn remove(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    clear(tx, id)?;
    tx.execute("delete from person where id = $1", params![id])?;
    Ok(())
}

fn clear(tx: &Tx<'_>, id: PersonId) -> Result<(), Error> {
    tx.execute(
        "delete from contact_point where person_id = $1",
        params![id],
    )?;
    tx.execute("delete from person_value where person_id = $1", params![id])?;
    tx.execute("delete from person_token where person_id = $1", params![id])?;
    Ok(())
}
