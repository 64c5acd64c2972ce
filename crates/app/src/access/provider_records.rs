//! What the tables of this slice about the provider hold, for the manifest.

use kept_base::kit::record::{Erase, Personal, Retention, Subject, Table};

/// Every one of them.
pub const PROVIDER_RECORDS: &[Table] = &[
    Table {
        name: "provider_door",
        purpose: "What the sign-in page says of the provider, and whether members come in by it alone",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "organization_id",
            "name",
            "is_open",
            "is_only_way",
            "changed_at",
        ],
        personal: &[],
    },
    Table {
        name: "identity",
        purpose: "Accounts at a provider that members are linked to",
        subject: Subject::Member("member_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "member_id", "issuer"],
        personal: &[
            Personal {
                column: "subject",
                purpose: "To know them again when the provider sends them",
                export: Some("id at the provider"),
            },
            Personal {
                column: "linked_at",
                purpose: "To say since when they are linked",
                export: Some("linked since"),
            },
            Personal {
                column: "used_at",
                purpose: "To see which links are not used any more",
                export: Some("link last used"),
            },
        ],
    },
];
