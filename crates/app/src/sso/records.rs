//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "provider",
        purpose: "The provider by which members come in; its secret is sealed under a key of its own",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "organization_id",
            "issuer",
            "client_id",
            "key_id",
            "sealed_secret",
            "domains",
            "joins",
            "default_role",
            "role_claim",
            "role_map",
            "document",
            "document_at",
            "keys",
            "keys_at",
            "keys_asked_at",
            "changed_at",
        ],
        personal: &[],
    },
    Table {
        name: "provider_sign_in",
        purpose: "Sign-ins that went to the provider and are not back, as hashes of their cookies",
        subject: Subject::Nobody,
        retention: Retention::Until("expires_at"),
        erase: Erase::Nothing,
        plain: &[
            "token_hash",
            "purpose",
            "session_id",
            "next",
            "began_at",
            "expires_at",
        ],
        personal: &[],
    },
    Table {
        name: "provider_logout",
        purpose: "Hashes of the provider's orders to end sessions, so that none works twice",
        subject: Subject::Nobody,
        retention: Retention::Until("expires_at"),
        erase: Erase::Nothing,
        plain: &["token_hash", "expires_at"],
        personal: &[],
    },
];
