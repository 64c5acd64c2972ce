//! What is asked of the record: read from a form, written into addresses.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kept_base::input::Fields;
use kept_base::kit::ActorKind;

use crate::audit::{Author, Wanted};
use crate::ids::MemberId;

/// Longest id that is looked for, in bytes.
pub const MAX_SUBJECT_BYTES: usize = 64;

/// The kinds of authors that can be chosen, in the order of the list.
pub(super) const KINDS: [ActorKind; 6] = [
    ActorKind::Person,
    ActorKind::Visitor,
    ActorKind::Token,
    ActorKind::Operator,
    ActorKind::OperatorOnGrant,
    ActorKind::System,
];

/// What acts are about, in the order of the list: a code, and what stands before the stop in the codes
/// of its acts. A test knows that each act is in one.
pub(super) const GROUPS: [(&str, &[&str]); 8] = [
    (
        "signing-in",
        &[
            "session",
            "sign_in",
            "right",
            "password",
            "passwords",
            "passkey",
            "factor",
            "recovery_code",
            "recovery_codes",
            "network",
            "provider",
            "identity",
        ],
    ),
    (
        "members",
        &[
            "member",
            "role",
            "sign_in_rules",
            "token",
            "group",
            "provisioning",
        ],
    ),
    ("access", &["access", "sandbox"]),
    ("people", &["person", "people", "note", "person_field"]),
    (
        "appointments",
        &[
            "appointment",
            "hold",
            "time",
            "capability",
            "calendar_set",
            "feed",
        ],
    ),
    (
        "offering",
        &["offering", "organization", "look", "letter_template"],
    ),
    ("files", &["package", "audit_log"]),
    ("upkeep", &["message", "retention", "undone"]),
];

/// As the form has it. What cannot be read is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// A kind of author, or a member's id.
    pub who: String,
    pub group: String,
    pub subject: String,
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Where to go on.
    pub before: Option<i64>,
}

impl Asked {
    pub fn read(fields: &Fields) -> Self {
        let text = |name| fields.filled(name).unwrap_or_default();
        let date = |name| text(name).parse().ok();
        let who = text("who");
        let is_author = kind(who).is_some() || who.parse::<MemberId>().is_ok();
        let group = GROUPS.into_iter().find(|(group, _)| *group == text("what"));
        let subject = text("about").trim();
        let is_id = subject.len() <= MAX_SUBJECT_BYTES
            && subject
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        Self {
            who: if is_author { who } else { "" }.to_owned(),
            group: group.map_or("", |(group, _)| group).to_owned(),
            subject: if is_id { subject } else { "" }.to_owned(),
            from: date("from"),
            until: date("until"),
            before: text("before").parse().ok().filter(|before| *before > 0),
        }
    }

    /// What that is in the record, where days are those of `zone`.
    pub fn wanted(&self, zone: &TimeZone) -> Wanted {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let start = |day: Date| {
            zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
                .ok()
        };
        let author = some(&self.who).map(|who| match kind(&who) {
            Some(kind) => Author::Kind(kind),
            None => Author::One(format!("{}:{who}", ActorKind::Member.code())),
        });
        let group = GROUPS.into_iter().find(|(group, _)| *group == self.group);
        Wanted {
            author,
            groups: group.map(|(_, starts)| starts),
            subject: some(&self.subject),
            from: self.from.and_then(start),
            until: self.until.and_then(|day| start(day.tomorrow().ok()?)),
        }
    }

    /// Its fields as they are sent, without those that say nothing.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let date = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let all = [
            ("who", self.who.clone()),
            ("what", self.group.clone()),
            ("about", self.subject.clone()),
            ("from", date(self.from)),
            ("until", date(self.until)),
        ];
        let said = |(_, value): &(&str, String)| !value.is_empty();
        all.into_iter().filter(said).collect()
    }

    /// Its address below the organization, going on `before`.
    pub fn address(&self, before: Option<i64>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields());
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        match query.finish().as_str() {
            "" => "/audit-log".to_owned(),
            query => format!("/audit-log?{query}"),
        }
    }
}

fn kind(code: &str) -> Option<ActorKind> {
    KINDS.into_iter().find(|kind| kind.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::read(&Fields::parse(query.as_bytes(), 20))
    }

    #[test]
    fn what_cannot_be_read_is_not_asked() {
        for nonsense in [
            "who=nobody&what=everything&about=a%20b&from=soon&until=32&before=-1",
            "about=%3Cscript%3E",
            "",
        ] {
            assert_eq!(asked(nonsense), Asked::default(), "{nonsense}");
        }
        let long = format!("about={}", "a".repeat(MAX_SUBJECT_BYTES + 1));
        assert_eq!(asked(&long), Asked::default());
    }

    #[test]
    fn what_is_asked_is_written_as_it_was_read() {
        let query = "who=token&what=members&about=mem_1&from=2026-11-01&until=2026-11-02";
        let read = asked(query);
        assert_eq!(read.address(None), format!("/audit-log?{query}"));
        assert_eq!(
            read.address(Some(7)),
            format!("/audit-log?{query}&before=7")
        );
        assert_eq!(asked("").address(None), "/audit-log");
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let wanted = asked("from=2026-11-01&until=2026-11-01").wanted(&zone);
        let text = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(text(wanted.from), "2026-10-31T23:00:00Z");
        assert_eq!(text(wanted.until), "2026-11-01T23:00:00Z");
    }
}
