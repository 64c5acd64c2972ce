//! The rules, in the order of the manifest.

use super::{Fill, How, Rule, Why, directory, lending, provider};

const fn out(table: &'static str, why: Why) -> Rule {
    Rule {
        table,
        out: Some(why),
        kept: &[],
        special: &[],
    }
}

pub(super) const fn kept(table: &'static str, kept: &'static [&'static str]) -> Rule {
    with(table, kept, &[])
}

pub(super) const fn with(
    table: &'static str,
    kept: &'static [&'static str],
    special: &'static [(&'static str, How)],
) -> Rule {
    Rule {
        table,
        out: None,
        kept,
        special,
    }
}

/// Every table.
pub const RULES: &[Rule] = &[
    // The store's own.
    out("schema_version", Why::Installation),
    out("erasure_watermark", Why::Installation),
    out("retired_key", Why::Keys),
    out("key_store_made", Why::Installation),
    // organization
    with(
        "organization",
        &[
            "name",
            "zone",
            "locale",
            "sender_name",
            "sender_address",
            "reply_to",
            "offering_revision",
            "created_at",
        ],
        &[("id", How::Organization), ("slug", How::Slug)],
    ),
    out("sandbox_mark", Why::Installation),
    // look
    with(
        "look",
        &["color", "logo_hash", "languages", "origins", "changed_at"],
        &[("organization_id", How::Organization)],
    ),
    with(
        "look_logo",
        &["hash", "kind", "width", "height", "kept_at"],
        &[("bytes", How::Picture)],
    ),
    kept("look_word", &["locale", "noun", "one", "many"]),
    kept("look_text", &["locale", "welcome", "done"]),
    kept("look_link", &["locale", "position", "label", "url"]),
    // access
    out("token", Why::Secret),
    with(
        "member",
        &[
            "id",
            "role",
            "state",
            "staff_id",
            "locations",
            "locale",
            "created_at",
            "name",
            "email",
            "password_set_at",
        ],
        &[("password_hash", How::Out(Why::Secret, Fill::Nothing))],
    ),
    kept("role_limit", &["role", "area", "level"]),
    directory::ENTRY,
    kept("member_group", &["group_id", "member_id"]),
    out("session", Why::Secret),
    out("member_link", Why::Secret),
    out("address_letter", Why::Passing),
    out("factor", Why::Secret),
    out("recovery_code", Why::Secret),
    out("pending_sign_in", Why::Secret),
    out("known_browser", Why::Secret),
    out("passkey_holder", Why::Secret),
    out("passkey", Why::Secret),
    out("passkey_challenge", Why::Secret),
    with(
        "sign_in_rule",
        &[
            "factor_roles",
            "idle_minutes",
            "session_hours",
            "password_days",
            "changed_at",
        ],
        &[("organization_id", How::Organization)],
    ),
    kept(
        "network",
        &["id", "role", "range", "note", "created_by", "created_at"],
    ),
    out("pace", Why::Passing),
    out("capability", Why::Secret),
    out("idempotency", Why::Secret),
    out("provider_door", Why::Installation),
    provider::IDENTITY,
    // audit
    with(
        "act",
        &["sequence", "at", "actor", "act", "detail"],
        &[("subject", How::Organization)],
    ),
    // undo
    out("undo", Why::Passing),
    // offering
    kept(
        "location",
        &[
            "id",
            "name",
            "address",
            "zone",
            "position",
            "parent_id",
            "archived_at",
        ],
    ),
    kept(
        "room",
        &[
            "id",
            "location_id",
            "name",
            "position",
            "kind",
            "capacity",
            "archived_at",
        ],
    ),
    kept(
        "staff",
        &["id", "position", "archived_at", "name", "title", "email"],
    ),
    kept(
        "service",
        &[
            "id",
            "slug",
            "name",
            "description",
            "length_minutes",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "step_minutes",
            "step_offset_minutes",
            "notice_minutes",
            "horizon_days",
            "daily_limit",
            "staffing",
            "price_minor",
            "price_currency",
            "move_until_minutes",
            "cancel_until_minutes",
            "position",
            "mode",
            "video_link",
            "needs_room",
            "room_capacity",
            "archived_at",
        ],
    ),
    kept("service_staff", &["service_id", "staff_id"]),
    kept("service_room", &["service_id", "room_id"]),
    kept(
        "field",
        &[
            "id",
            "service_id",
            "key",
            "kind",
            "label",
            "reason",
            "choices",
            "required",
            "position",
            "archived_at",
        ],
    ),
    kept(
        "weekly_hours",
        &[
            "id",
            "staff_id",
            "location_id",
            "weekday",
            "opens_minute",
            "closes_minute",
            "service_id",
        ],
    ),
    kept(
        "room_hours",
        &["id", "room_id", "weekday", "opens_minute", "closes_minute"],
    ),
    kept("skill", &["id", "name", "position"]),
    kept("staff_skill", &["staff_id", "skill_id"]),
    kept("service_skill", &["service_id", "skill_id"]),
    kept(
        "hours_override",
        &[
            "id",
            "staff_id",
            "day",
            "location_id",
            "opens_minute",
            "closes_minute",
        ],
    ),
    kept("time_off", &["id", "staff_id", "starts_at", "ends_at"]),
    kept("closed_day", &["id", "location_id", "day", "name"]),
    // people
    with(
        "person",
        &["id", "created_at", "zone", "locale"],
        &[
            ("key_id", How::Out(Why::Keys, Fill::FreshKey)),
            ("name", How::Sealed("id")),
            ("tokens", How::Out(Why::Rebuilt, Fill::NoBytes)),
        ],
    ),
    out("former_key", Why::Keys),
    with(
        "contact_point",
        &["id", "person_id", "kind", "position"],
        &[("value", How::Sealed("person_id"))],
    ),
    with(
        "answer",
        &["appointment_id", "field_key", "person_id"],
        &[("value", How::Sealed("person_id"))],
    ),
    with(
        "note",
        &[
            "id",
            "person_id",
            "appointment_id",
            "kind",
            "author",
            "created_at",
        ],
        &[("value", How::Sealed("person_id"))],
    ),
    out("person_token", Why::Rebuilt),
    kept(
        "person_field",
        &[
            "id", "key", "kind", "label", "reason", "choices", "required", "position",
        ],
    ),
    with(
        "person_value",
        &["person_id", "field_id"],
        &[("value", How::Sealed("person_id"))],
    ),
    out("import", Why::Passing),
    out("import_row", Why::Passing),
    // scheduling
    kept(
        "appointment",
        &[
            "id",
            "reference",
            "uid",
            "service_id",
            "location_id",
            "room_id",
            "person_id",
            "status",
            "civil_start",
            "zone",
            "tzdb",
            "revision",
            "chosen_because",
            "booked_at",
            "booked_by",
            "starts_at",
            "ends_at",
        ],
    ),
    kept(
        "appointment_staff",
        &["appointment_id", "staff_id", "booked_at"],
    ),
    kept(
        "rescheduling",
        &[
            "id",
            "appointment_id",
            "from_starts_at",
            "to_starts_at",
            "at",
            "actor",
        ],
    ),
    kept("cancellation", &["appointment_id", "at", "actor"]),
    out("hold", Why::Passing),
    with(
        "claim",
        &[
            "resource_id",
            "starts_at",
            "ends_at",
            "appointment_id",
            "block_id",
        ],
        &[("hold_id", How::NoRow(Why::Passing))],
    ),
    kept(
        "status_change",
        &[
            "id",
            "appointment_id",
            "from_status",
            "to_status",
            "at",
            "actor",
        ],
    ),
    kept(
        "block",
        &[
            "id",
            "label",
            "starts_at",
            "ends_at",
            "created_at",
            "created_by",
        ],
    ),
    // messaging
    kept(
        "message",
        &[
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
    ),
    kept(
        "notice",
        &[
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
    ),
    // letters
    kept(
        "letter_template",
        &[
            "kind",
            "audience",
            "locale",
            "subject",
            "body",
            "changed_at",
        ],
    ),
    // calendar
    kept(
        "calendar_set",
        &["id", "member_id", "name", "shown", "created_at"],
    ),
    out("feed", Why::Secret),
    // scim
    directory::RULE,
    directory::GROUP,
    // sso
    provider::PROVIDER,
    out("provider_sign_in", Why::Passing),
    out("provider_logout", Why::Passing),
    // packages
    with(
        "package",
        &[
            "id",
            "state",
            "asked_by",
            "asked_at",
            "reason",
            "lock_kind",
            "tries",
            "lease_until",
            "rows_read",
            "rows_total",
            "bytes",
            "part_count",
            "sha256",
            "ended_at",
            "ending",
            "expires_at",
        ],
        &[
            ("key_id", How::Out(Why::Keys, Fill::Nothing)),
            ("lock_key_id", How::Out(Why::Keys, Fill::Nothing)),
            ("sealed_lock", How::Out(Why::Secret, Fill::Nothing)),
        ],
    ),
    out("package_part", Why::Passing),
    kept("package_download", &["id", "package_id", "member_id", "at"]),
    // lending
    lending::REQUEST,
    lending::LOAN,
    lending::USE,
    out("sandbox", Why::Installation),
];
