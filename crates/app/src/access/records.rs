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
        name: "member",
        purpose: "Accounts: who may do what in the organization, and how they are reached",
        subject: Subject::Member("id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "role", "state", "staff_id", "locale", "created_at"],
        personal: &[
            Personal {
                column: "name",
                purpose: "To say who did what",
                export: Some("name"),
            },
            Personal {
                column: "email",
                purpose: "To sign in, and to be written to",
                export: Some("email"),
            },
            Personal {
                column: "password_hash",
                purpose: "To know the password again",
                export: None,
            },
        ],
    },
    Table {
        name: "session",
        purpose: "Signed-in browsers, as hashes of their tokens",
        subject: Subject::Member("member_id"),
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &["id", "token_hash", "member_id", "created_at", "expires_at"],
        personal: &[Personal {
            column: "seen_at",
            purpose: "To end sessions that are not used",
            export: Some("last used"),
        }],
    },
    Table {
        name: "member_link",
        purpose: "Links, as hashes, by which somebody joins or sets a new password",
        subject: Subject::Member("member_id"),
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &[
            "id",
            "token_hash",
            "purpose",
            "member_id",
            "created_at",
            "expires_at",
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
