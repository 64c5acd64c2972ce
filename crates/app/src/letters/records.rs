//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[Table {
    name: "letter_template",
    purpose: "The organization's own words for letters, with placeholders",
    subject: Subject::Nobody,
    retention: Retention::InUse,
    erase: Erase::Nothing,
    plain: &[
        "kind",
        "audience",
        "locale",
        "subject",
        "body",
        "changed_at",
    ],
    personal: &[],
}];
