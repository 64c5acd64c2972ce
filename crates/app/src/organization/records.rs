//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "organization",
        purpose: "The organization's own settings and how its mail is signed",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "id",
            "slug",
            "name",
            "zone",
            "locale",
            "sender_name",
            "sender_address",
            "reply_to",
            "offering_revision",
            "created_at",
        ],
        personal: &[],
    },
    Table {
        name: "sandbox_mark",
        purpose: "In a sandbox: of which organization it is one",
        subject: Subject::Nobody,
        retention: Retention::WithOrganization,
        erase: Erase::Nothing,
        plain: &["organization_id", "live_id", "made_at"],
        personal: &[],
    },
];
