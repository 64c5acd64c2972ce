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
        plain: &["id", "key_id", "created_at"],
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
            Personal {
                column: "tokens",
                purpose: "To take away what they are found by; blind tokens, as in person_token",
                export: None,
            },
        ],
    },
    Table {
        name: "former_key",
        purpose: "Keys of those who became one with a person, to destroy them with theirs",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["key_id", "person_id"],
        personal: &[],
    },
    Table {
        name: "contact_point",
        purpose: "How a person is reached",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["id", "person_id", "kind", "position"],
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
        plain: &[
            "id",
            "person_id",
            "appointment_id",
            "kind",
            "author",
            "created_at",
        ],
        personal: &[Personal {
            column: "value",
            purpose: "To know why an appointment was cancelled, and what staff must remember",
            export: Some("note"),
        }],
    },
    Table {
        name: "person_token",
        purpose: "Blind tokens of the words under which a person is found",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["person_id"],
        personal: &[Personal {
            column: "token",
            purpose: "To find them by name, address or number at once",
            export: None,
        }],
    },
    Table {
        name: "person_field",
        purpose: "What the organization keeps of each person beside name and contact, and why",
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain: &[
            "id", "key", "kind", "label", "reason", "choices", "required", "position",
        ],
        personal: &[],
    },
    Table {
        name: "person_value",
        purpose: "What stands in the organization's own fields",
        subject: Subject::Person("person_id"),
        retention: Retention::WithSubject,
        erase: Erase::Row,
        plain: &["person_id", "field_id"],
        personal: &[Personal {
            column: "value",
            purpose: "What the organization needs it for stands beside each field",
            export: Some("field"),
        }],
    },
    Table {
        name: "import",
        purpose: "An uploaded list of people, between upload and recording",
        subject: Subject::Nobody,
        retention: Retention::Until("expires_at"),
        erase: Erase::Nothing,
        plain: &[
            "id",
            "key_id",
            "state",
            "mapping",
            "row_count",
            "created_at",
            "expires_at",
        ],
        personal: &[],
    },
    Table {
        name: "import_row",
        purpose: "A row of an uploaded list, to correct it, record it and take that back",
        subject: Subject::Person("person_id"),
        retention: Retention::Until("expires_at"),
        erase: Erase::Row,
        plain: &["import_id", "number", "state", "person_id", "expires_at"],
        personal: &[
            Personal {
                column: "cells",
                purpose: "To record what the organization brought along",
                export: None,
            },
            Personal {
                column: "before",
                purpose: "To put back what recording the row replaced",
                export: None,
            },
        ],
    },
];
