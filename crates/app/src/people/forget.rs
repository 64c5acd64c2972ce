//! Forgetting somebody: their keys are destroyed, so that no copy of the data tells of them any
//! more, and their rows go. Who decides that, and when it is due, is not decided here.

use kept_base::kit::record::{Erase, Subject, Table};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Tx};

use super::{PeopleError, store};
use crate::audit::{self, Act};
use crate::ids::PersonId;

/// Forgets a person, and everybody whose record became one with theirs. Nothing of it can be taken
/// back; doing it again is harmless.
///
/// # Errors
/// [`PeopleError::Unknown`] when nobody of that id is recorded; those of the store, after which it
/// is done to its end when the organization is next opened.
pub async fn forget(
    data: &Store,
    organization: OrganizationId,
    actor: Actor,
    person: PersonId,
) -> Result<(), PeopleError> {
    let keys = data
        .read(organization, actor.clone(), move |tx| {
            let own = store::key_id(tx, person)?.ok_or(PeopleError::Unknown)?;
            let mut keys = store::former_keys(tx, person)?;
            keys.push(own);
            Ok::<_, PeopleError>(keys)
        })
        .await?;
    let subject = person.to_string();
    Ok(data.erase(organization, actor, &subject, keys).await?)
}

/// Removes the rows of a person from `tables`, in the order in which they may go, and records that.
///
/// # Errors
/// [`Error::Decode`] when `person` is no person's id; those of the store.
pub fn erase(
    tx: &Tx<'_>,
    person: &str,
    tables: impl Iterator<Item = &'static Table>,
) -> Result<(), Error> {
    let person: PersonId = person.parse().map_err(|_| Error::Decode("person's id"))?;
    let tables: Vec<&Table> = tables.filter(|table| table.erase == Erase::Row).collect();
    // Later tables refer to earlier ones.
    for table in tables.into_iter().rev() {
        match table.subject {
            Subject::Person(column) => store::erase_rows(tx, table.name, column, person)?,
            // Nobody knows whom they are about.
            Subject::Unnamed => store::erase_all_rows(tx, table.name)?,
            Subject::Nobody
            | Subject::PersonOfAppointment(_)
            | Subject::Staff(_)
            | Subject::Member(_) => {}
        }
    }
    audit::record(tx, Act::PersonForgotten, person, "")
}
