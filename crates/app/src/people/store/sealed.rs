//! What is kept of people stands under a key of their own. Here is where it is sealed and opened;
//! each value belongs to one place, its column and row, and opens nowhere else.

use std::collections::HashMap;

use kept_base::params;
use kept_base::store::{Error, KeyId, PersonKey, Tx};

use crate::ids::PersonId;

/// Opens a text as the type that is read.
pub(super) fn open<T>(
    key: &PersonKey,
    place: &str,
    sealed: &[u8],
    read: impl FnOnce(String) -> T,
) -> Result<T, Error> {
    Ok(read(key.open(place, sealed)?.to_string()))
}

/// The id of a person's key; `None` when there is no such person.
pub(in crate::people) fn key_id(tx: &Tx<'_>, person: PersonId) -> Result<Option<KeyId>, Error> {
    tx.query_opt(
        "select key_id from person where id = $1",
        params![person],
        |row| row.get(0),
    )
}

/// Whose keys these are, those of people who became one with them included; keys of nobody are left
/// out.
///
/// # Errors
/// Those of the store.
pub fn whose_keys(tx: &Tx<'_>, keys: &[KeyId]) -> Result<Vec<PersonId>, Error> {
    let mut people = Vec::new();
    for key in keys {
        let found = tx.query_opt(
            "select id from person where key_id = $1
             union select person_id from former_key where key_id = $1",
            params![key],
            |row| row.get::<PersonId>(0),
        )?;
        people.extend(found);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// A person's key; `None` when there is no such person, or they were erased.
pub(in crate::people) fn key_of(tx: &Tx<'_>, person: PersonId) -> Result<Option<PersonKey>, Error> {
    match key_id(tx, person)? {
        Some(id) => tx.person_keys()?.get(id),
        None => Ok(None),
    }
}

/// The key of somebody of whom something is to be recorded.
pub(super) fn key_to_write(tx: &Tx<'_>, person: PersonId) -> Result<PersonKey, Error> {
    key_of(tx, person)?.ok_or_else(|| Error::Constraint("person.id".to_owned()))
}

/// Opens what is sealed under the keys of many; whatever is of somebody who was erased is left out.
pub(super) fn open_all<S, T>(
    tx: &Tx<'_>,
    sealed: Vec<(KeyId, S)>,
    mut open: impl FnMut(&PersonKey, S) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let keys = tx.person_keys()?;
    keys.load(&sealed.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let mut opened = Vec::with_capacity(sealed.len());
    for (id, value) in sealed {
        if let Some(key) = keys.get(id)? {
            opened.push(open(&key, value)?);
        }
    }
    Ok(opened)
}

/// Keys of which something of `from` may still be sealed somewhere are from now on those of `to`;
/// `also` are such keys as well. Gives all that were moved.
pub(in crate::people) fn move_former_keys(
    tx: &Tx<'_>,
    from: PersonId,
    to: PersonId,
    also: Option<KeyId>,
) -> Result<Vec<KeyId>, Error> {
    let mut moved = former_keys(tx, from)?;
    moved.extend(also);
    give_former_keys(tx, to, &moved)?;
    Ok(moved)
}

/// Makes these the former keys of `to`.
pub(in crate::people) fn give_former_keys(
    tx: &Tx<'_>,
    to: PersonId,
    keys: &[KeyId],
) -> Result<(), Error> {
    for key in keys {
        tx.execute(
            "insert into former_key (key_id, person_id) values ($1, $2)
             on conflict (key_id) do update set person_id = excluded.person_id",
            params![key, to],
        )?;
    }
    Ok(())
}

/// A key that is somebody's own again.
pub(in crate::people) fn take_former_key(tx: &Tx<'_>, key: KeyId) -> Result<(), Error> {
    tx.execute("delete from former_key where key_id = $1", params![key])?;
    Ok(())
}

/// The keys of those who became one with a person.
pub(in crate::people) fn former_keys(tx: &Tx<'_>, person: PersonId) -> Result<Vec<KeyId>, Error> {
    tx.query(
        "select key_id from former_key where person_id = $1 order by key_id",
        params![person],
        |row| row.get(0),
    )
}

/// The parameters of a list of `count` places, from `$first` on: `$3, $4, $5`.
pub(super) fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    places.join(", ")
}

/// By id, for looking up.
pub(super) fn by_id<T>(all: Vec<(PersonId, T)>) -> HashMap<PersonId, T> {
    all.into_iter().collect()
}
