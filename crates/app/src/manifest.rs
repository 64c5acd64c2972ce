//! Every place in an organization's database where something is kept, assembled from the slices:
//! what it is for, whom it is about, how long it stays, how it goes. A table or column that is not
//! listed fails the tests.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

use crate::{
    access, audit, calendar, letters, look, messaging, offering, organization, people, scheduling,
    undo,
};

/// The store's own table.
const STORE: &[Table] = &[Table {
    name: "schema_version",
    purpose: "Which steps of the schema were taken",
    subject: Subject::Nobody,
    retention: Retention::WithOrganization,
    erase: Erase::Nothing,
    plain: &["version"],
    personal: &[],
}];

/// Every table of an organization's database, slice by slice.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        STORE,
        organization::RECORDS,
        look::RECORDS,
        access::RECORDS,
        audit::RECORDS,
        undo::RECORDS,
        offering::RECORDS,
        people::RECORDS,
        scheduling::RECORDS,
        messaging::RECORDS,
        letters::RECORDS,
        calendar::RECORDS,
    ]
    .into_iter()
    .flatten()
}
