//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "scim_rule",
        purpose: "How members from a directory come in, and what they are without a group",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "organization_id",
            "welcome",
            "default_role",
            "without_group",
            "changed_at",
        ],
        personal: &[],
    },
    Table {
        name: "scim_group",
        purpose: "Groups of a directory, and the role that each gives",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "id",
            "name",
            "folded_name",
            "external_id",
            "role",
            "created_at",
            "changed_at",
        ],
        personal: &[],
    },
];
