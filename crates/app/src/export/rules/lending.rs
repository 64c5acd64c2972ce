//! What leaves of access on grant.

use super::every::{kept, with};
use super::{Fill, How, Rule, Why};

/// Wishes of operators.
pub(super) const REQUEST: Rule = kept(
    "access_request",
    &[
        "id",
        "operator_id",
        "operator_name",
        "environment",
        "terms",
        "hours",
        "reason",
        "ticket",
        "state",
        "asked_at",
        "answered_at",
    ],
);

/// What was lent; without its key a grant that is brought along opens nothing.
pub(super) const LOAN: Rule = with(
    "loan",
    &[
        "id",
        "request_id",
        "operator_id",
        "operator_name",
        "environment",
        "terms",
        "reason",
        "ticket",
        "granted_by",
        "granted_at",
        "expires_at",
        "first_used_at",
        "ended_at",
        "ended_why",
    ],
    &[
        ("key_id", How::Out(Why::Keys, Fill::Nothing)),
        ("sealed_terms", How::Out(Why::Keys, Fill::NoBytes)),
    ],
);

/// What operators opened and did: the organization's own evidence.
pub(super) const USE: Rule = kept(
    "loan_use",
    &[
        "id",
        "loan_id",
        "at",
        "method",
        "route",
        "subjects",
        "people",
        "outcome",
        "flagged_at",
        "flagged_by",
        "note",
    ],
);
