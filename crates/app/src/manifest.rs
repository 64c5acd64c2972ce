//! Every place in an organization's database where something is kept, assembled from the slices:
//! what it is for, whom it is about, how long it stays, how it goes. A table or column that is not
//! listed fails the tests.

use kept_base::kit::record::{Erase, Retention, Subject, Table};
use kept_base::store::{Error, Tx};

use crate::{
    access, audit, calendar, lending, letters, look, messaging, offering, organization, packages,
    people, scheduling, scim, sso, undo,
};

/// The store's own tables.
const STORE: &[Table] = &[
    Table {
        name: "schema_version",
        purpose: "Which steps of the schema were taken",
        subject: Subject::Nobody,
        retention: Retention::WithOrganization,
        erase: Erase::Nothing,
        plain: &["version"],
        personal: &[],
    },
    Table {
        name: "erasure_watermark",
        purpose: "Which erasures these rows have seen",
        subject: Subject::Nobody,
        retention: Retention::WithOrganization,
        erase: Erase::Nothing,
        plain: &["sequence"],
        personal: &[],
    },
    Table {
        name: "key_store_made",
        purpose: "That there is a key store beside these rows, so that a missing one is noticed",
        subject: Subject::Nobody,
        retention: Retention::WithOrganization,
        erase: Erase::Nothing,
        plain: &["made"],
        personal: &[],
    },
    Table {
        name: "retired_key",
        purpose: "Keys that seal nothing any more, until they are destroyed",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &["key_id"],
        personal: &[],
    },
];

/// Every table of an organization's database, slice by slice.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        STORE,
        organization::RECORDS,
        look::RECORDS,
        access::RECORDS,
        access::PROVIDER_RECORDS,
        audit::RECORDS,
        undo::RECORDS,
        offering::RECORDS,
        people::RECORDS,
        scheduling::RECORDS,
        messaging::RECORDS,
        letters::RECORDS,
        calendar::RECORDS,
        packages::RECORDS,
        lending::RECORDS,
        scim::RECORDS,
        sso::RECORDS,
    ]
    .into_iter()
    .flatten()
}

/// Removes every row about a person, as each table says. What stays is under an id that names
/// nobody any more.
///
/// # Errors
/// [`Error::Decode`] when the text is no person's id; those of the store.
pub fn erase(tx: &Tx<'_>, person: &str) -> Result<(), Error> {
    people::erase(tx, person, tables())
}
