//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Personal, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "token",
        purpose: "API tokens, as hashes, with what they may do",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "id",
            "token_hash",
            "name",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ],
        personal: &[],
    },
    Table {
        name: "capability",
        purpose: "Links, as hashes, that open one person's page of one appointment",
        subject: Subject::Person("person_id"),
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &[
            "id",
            "token_hash",
            "purpose",
            "appointment_id",
            "person_id",
            "created_at",
            "expires_at",
        ],
        personal: &[],
    },
    Table {
        name: "idempotency",
        purpose: "Answers given again to a repeated request",
        subject: Subject::Person("person_id"),
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &[
            "key_hash",
            "request_hash",
            "status",
            "person_id",
            "expires_at",
        ],
        personal: &[Personal {
            column: "sealed_body",
            purpose: "To answer a repeated request as the first; sealed under a key that only the client has",
            export: None,
        }],
    },
];
