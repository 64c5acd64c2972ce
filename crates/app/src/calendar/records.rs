//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "calendar_set",
        purpose: "Which people and rooms a member likes to see together",
        subject: Subject::Member("member_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "member_id", "name", "shown", "created_at"],
        personal: &[],
    },
    Table {
        name: "feed",
        purpose: "Secret addresses at which a staff member's own programs read their calendar",
        subject: Subject::Staff("staff_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &[
            "id",
            "staff_id",
            "token_hash",
            "created_at",
            "created_by",
            "revoked_at",
        ],
        personal: &[],
    },
];
