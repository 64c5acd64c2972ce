//! What this slice's table holds, for the manifest.

use kept_base::kit::record::{Erase, Personal, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[Table {
    name: "undo",
    purpose: "Values from before a change, so that it can be taken back within a day",
    subject: Subject::Unnamed,
    retention: Retention::Until("expires_at"),
    erase: Erase::Row,
    plain: &["id", "kind", "author", "created_at", "expires_at"],
    personal: &[Personal {
        column: "payload",
        purpose: "To put back what a change replaced",
        export: None,
    }],
}];
