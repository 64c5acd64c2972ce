//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Personal, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "package",
        purpose: "Who asked for a package of everything, when and why, and what came of it",
        subject: Subject::Member("asked_by"),
        retention: Retention::WithOrganization,
        erase: Erase::StaysUnnamed,
        plain: &[
            "id",
            "state",
            "asked_by",
            "asked_at",
            "lock_kind",
            "key_id",
            "lock_key_id",
            "sealed_lock",
            "tries",
            "lease_until",
            "rows_read",
            "rows_total",
            "bytes",
            "part_count",
            "sha256",
            "ended_at",
            "ending",
            "expires_at",
        ],
        personal: &[Personal {
            column: "reason",
            purpose: "To know why everything was taken away",
            export: Some("reason"),
        }],
    },
    Table {
        name: "package_part",
        purpose: "A package of everything until it is fetched, locked by whoever asked for it and \
                  sealed under a key that is destroyed with it, so that backups do not keep it",
        subject: Subject::Unnamed,
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &["package_id", "number", "expires_at"],
        personal: &[Personal {
            column: "bytes",
            purpose: "To hand it to those who may have it",
            export: None,
        }],
    },
    Table {
        name: "package_download",
        purpose: "Who fetched which package, and when",
        subject: Subject::Member("member_id"),
        retention: Retention::WithOrganization,
        erase: Erase::StaysUnnamed,
        plain: &["id", "package_id", "member_id", "at"],
        personal: &[],
    },
];
