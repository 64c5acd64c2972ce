//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[Table {
    name: "act",
    purpose: "Who did what to what, and when, in ids and codes",
    subject: Subject::Nobody,
    retention: Retention::WithOrganization,
    erase: Erase::Nothing,
    plain: &["sequence", "at", "actor", "act", "subject", "detail"],
    personal: &[],
}];
