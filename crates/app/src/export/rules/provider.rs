//! What leaves of single sign-on. The secret stays, and with it the door is shut until an owner sets it
//! again: where the organization goes the provider has to be told of the new address anyway.

use super::every::{kept, with};
use super::{Fill, How, Rule, Why};

/// Accounts at the provider.
pub(super) const IDENTITY: Rule = kept(
    "identity",
    &[
        "id",
        "member_id",
        "issuer",
        "subject",
        "linked_at",
        "used_at",
    ],
);

/// The provider.
pub(super) const PROVIDER: Rule = with(
    "provider",
    &[
        "issuer",
        "client_id",
        "domains",
        "joins",
        "default_role",
        "role_claim",
        "role_map",
        "changed_at",
    ],
    &[
        ("organization_id", How::Organization),
        ("key_id", How::Out(Why::Keys, Fill::Nothing)),
        ("sealed_secret", How::Out(Why::Secret, Fill::Nothing)),
        ("document", How::Out(Why::Rebuilt, Fill::Nothing)),
        ("document_at", How::Out(Why::Rebuilt, Fill::Nothing)),
        ("keys", How::Out(Why::Rebuilt, Fill::Nothing)),
        ("keys_at", How::Out(Why::Rebuilt, Fill::Nothing)),
        ("keys_asked_at", How::Out(Why::Rebuilt, Fill::Nothing)),
    ],
);
