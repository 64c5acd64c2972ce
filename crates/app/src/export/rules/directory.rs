//! What leaves of members from a directory, and of its groups.

use super::every::{kept, with};
use super::{How, Rule};

/// What a directory calls members.
pub(super) const ENTRY: Rule = kept(
    "directory_entry",
    &[
        "member_id",
        "user_name",
        "folded_name",
        "external_id",
        "given_name",
        "family_name",
        "left_groups",
        "created_at",
        "changed_at",
    ],
);

/// How members from a directory come in.
pub(super) const RULE: Rule = with(
    "scim_rule",
    &["welcome", "default_role", "without_group", "changed_at"],
    &[("organization_id", How::Organization)],
);

/// Its groups.
pub(super) const GROUP: Rule = kept(
    "scim_group",
    &[
        "id",
        "name",
        "folded_name",
        "external_id",
        "role",
        "created_at",
        "changed_at",
    ],
);
