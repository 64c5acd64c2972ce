//! What this slice's tables hold, for the manifest.

use kept_base::kit::record::{Erase, Retention, Subject, Table};

const fn setting(
    name: &'static str,
    purpose: &'static str,
    plain: &'static [&'static str],
) -> Table {
    Table {
        name,
        purpose,
        subject: Subject::Nobody,
        retention: Retention::InUse,
        erase: Erase::Nothing,
        plain,
        personal: &[],
    }
}

/// Every table.
pub const RECORDS: &[Table] = &[
    setting(
        "look",
        "The organization's color, logo and languages, and the sites that may show its pages",
        &[
            "organization_id",
            "color",
            "logo_hash",
            "languages",
            "origins",
            "changed_at",
        ],
    ),
    setting(
        "look_logo",
        "Logos: the one that is shown, and those that can be taken back to",
        &["hash", "kind", "width", "height", "bytes", "kept_at"],
    ),
    setting(
        "look_word",
        "The organization's own nouns",
        &["locale", "noun", "one", "many"],
    ),
    setting(
        "look_text",
        "The organization's own texts on pages",
        &["locale", "welcome", "done"],
    ),
    setting(
        "look_link",
        "Links at the foot of pages",
        &["locale", "position", "label", "url"],
    ),
];
