//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "message",
        purpose: "What is to be sent, was sent, or was not, in ids and codes",
        subject: Subject::Person("person_id"),
        retention: Retention::DaysAfter(super::MESSAGE_DAYS, "due_at"),
        erase: Erase::Row,
        plain: &[
            "id",
            "kind",
            "audience",
            "appointment_id",
            "person_id",
            "staff_id",
            "revision",
            "previous_starts_at",
            "state",
            "attempts",
            "due_at",
            "lease_until",
            "handed_at",
            "outcome",
            "created_at",
            "settled_at",
        ],
        personal: &[],
    },
    Table {
        name: "notice",
        purpose: "What members are to be sent about their account, in ids and codes",
        subject: Subject::Member("member_id"),
        retention: Retention::DaysAfter(super::NOTICE_DAYS, "due_at"),
        erase: Erase::Row,
        plain: &[
            "id",
            "kind",
            "member_id",
            "state",
            "attempts",
            "due_at",
            "lease_until",
            "handed_at",
            "outcome",
            "created_at",
            "settled_at",
        ],
        personal: &[],
    },
];
