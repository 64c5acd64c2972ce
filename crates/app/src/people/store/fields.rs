//! The organization's own fields and what stands in them.

use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{PersonFieldId, PersonId};
use crate::people::{Kind, PersonField};

/// Between the choices of a field.
const BETWEEN: &str = "\n";

pub(in crate::people) fn fields(tx: &Tx<'_>) -> Result<Vec<PersonField>, Error> {
    tx.query(
        "select id, key, kind, label, reason, choices, required, position
         from person_field order by position, id",
        &[],
        |row| {
            let choices: &str = row.borrow(5)?;
            let choices = choices.split(BETWEEN).filter(|choice| !choice.is_empty());
            Ok(PersonField {
                id: row.get(0)?,
                key: row.get(1)?,
                kind: Kind::from_code(row.borrow(2)?).ok_or(Error::Decode("kind of field"))?,
                label: row.get(3)?,
                reason: row.get(4)?,
                choices: choices.map(str::to_owned).collect(),
                required: row.get(6)?,
                position: row.get(7)?,
            })
        },
    )
}

pub(in crate::people) fn put_field(tx: &Tx<'_>, field: &PersonField) -> Result<(), Error> {
    tx.execute(
        "insert into person_field (id, key, kind, label, reason, choices, required, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update
         set label = excluded.label, reason = excluded.reason, choices = excluded.choices,
             required = excluded.required, position = excluded.position",
        params![
            field.id,
            field.key,
            field.kind.code(),
            field.label,
            field.reason,
            field.choices.join(BETWEEN),
            field.required,
            field.position,
        ],
    )?;
    Ok(())
}

pub(in crate::people) fn remove_field(tx: &Tx<'_>, id: PersonFieldId) -> Result<(), Error> {
    tx.execute("delete from person_value where field_id = $1", params![id])?;
    tx.execute("delete from person_field where id = $1", params![id])?;
    Ok(())
}

/// What stands in a field, as it is sealed.
pub(in crate::people) fn values_of(
    tx: &Tx<'_>,
    id: PersonFieldId,
) -> Result<Vec<(PersonId, Vec<u8>)>, Error> {
    tx.query(
        "select person_id, value from person_value where field_id = $1 order by person_id",
        params![id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Puts a value back as it was sealed, where the person is still there and has none.
pub(in crate::people) fn put_value(
    tx: &Tx<'_>,
    person: PersonId,
    field: PersonFieldId,
    sealed: &[u8],
) -> Result<(), Error> {
    tx.execute(
        "insert into person_value (person_id, field_id, value)
         select person.id, $2, $3 from person where person.id = $1
         on conflict (person_id, field_id) do nothing",
        params![person, field, sealed],
    )?;
    Ok(())
}
