//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Personal, Retention, Subject, Table};

/// Every table.
pub const RECORDS: &[Table] = &[
    Table {
        name: "person",
        purpose: "Customers, to know whose an appointment is",
        subject: Subject::Person("id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "created_at"],
        personal: &[
            Personal {
                column: "name",
                purpose: "To address them and to know who comes",
                export: Some("name"),
            },
            Personal {
                column: "zone",
                purpose: "To write times as their clocks show them",
                export: Some("zone"),
            },
            Personal {
                column: "locale",
                purpose: "To write to them in their language",
                export: Some("language"),
            },
        ],
    },
    Table {
        name: "contact_point",
        purpose: "How a person is reached",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "person_id", "kind"],
        personal: &[Personal {
            column: "value",
            purpose: "To tell them of their appointments",
            export: Some("contact"),
        }],
    },
    Table {
        name: "answer",
        purpose: "What a person answered when booking",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["appointment_id", "field_key", "person_id"],
        personal: &[Personal {
            column: "value",
            purpose: "To prepare the appointment; each field says why it asks",
            export: Some("answer"),
        }],
    },
    Table {
        name: "note",
        purpose: "Free text from or about a person",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "person_id", "appointment_id", "kind", "created_at"],
        personal: &[Personal {
            column: "value",
            purpose: "To know why an appointment was cancelled",
            export: Some("note"),
        }],
    },
];
