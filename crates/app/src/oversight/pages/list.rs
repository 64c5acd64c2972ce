//! `/o/{org}/audit-log`: who did what and when, the newest first.

use std::collections::HashMap;

use axum::http::StatusCode;
use kept_base::args;
use kept_base::kit::ActorKind;
use kept_base::page::when;
use kept_base::store::Error;

use super::asked::{Asked, GROUPS, KINDS, MAX_SUBJECT_BYTES};
use crate::access::{self, Member, Right};
use crate::audit::{self, Entry, MAX_ACTS_IN_FILE};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::SeeAuditLog;

/// Something that can be chosen.
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

/// One act, as it is shown.
struct Row {
    at: String,
    /// In machine form, UTC.
    instant: String,
    who: String,
    who_id: Option<String>,
    act: String,
    subject: String,
    subject_url: String,
    /// What that address shows.
    only: String,
    /// A page about the thing, where the member may see it.
    page_url: Option<String>,
    detail: String,
}

#[derive(askama::Template)]
#[template(path = "oversight/log.html")]
struct LogPage<'d> {
    d: DeskFrame<'d>,
    authors: Vec<Choice>,
    groups: Vec<Choice>,
    asked: Asked,
    from: String,
    until: String,
    most_id: usize,
    trouble: Option<String>,
    rows: Vec<Row>,
    /// Where to go on, and whether something was found so far.
    more_url: Option<String>,
    is_narrowed: bool,
    fields: Vec<(&'static str, String)>,
}

/// `GET /o/{org}/audit-log`.
pub(super) async fn page(desk: DeskTo<SeeAuditLog>) -> Answer {
    let asked = Asked::read(&desk.query);
    shown(&desk, StatusCode::OK, asked, false).await
}

/// The page of what is asked; `too_many` says that it does not fit into one file.
pub(super) async fn shown(desk: &Desk, status: StatusCode, asked: Asked, too_many: bool) -> Answer {
    let (wanted, before) = (asked.wanted(&desk.catalog.zone), asked.before);
    let read = desk.read(move |tx, _| {
        let found = audit::find(tx, &wanted, before)?;
        Ok::<_, Error>((found, access::members(tx)?))
    });
    let (found, members) = read.await??;
    let words = desk.words();
    let rows = Rows::new(desk, &members);
    let page = LogPage {
        authors: authors(desk, &members, &asked.who),
        groups: groups(desk, &asked.group),
        from: asked.from.map(|day| day.to_string()).unwrap_or_default(),
        until: asked.until.map(|day| day.to_string()).unwrap_or_default(),
        most_id: MAX_SUBJECT_BYTES,
        trouble: too_many.then(|| words.with("audit-too-many", args!["most" => MAX_ACTS_IN_FILE])),
        rows: found.entries.iter().map(|entry| rows.row(entry)).collect(),
        more_url: found.next.map(|next| desk.url(&asked.address(Some(next)))),
        is_narrowed: !asked.fields().is_empty(),
        fields: asked.fields(),
        d: desk.frame(&words.say("audit-title"), Section::Audit),
        asked,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// The text for whoever is of a kind.
fn by(kind: &str) -> String {
    format!("audit-by-{}", kind.replace('_', "-"))
}

fn authors(desk: &Desk, members: &[Member], chosen: &str) -> Vec<Choice> {
    let words = desk.words();
    let member = |member: &Member| Choice {
        value: member.id.to_string(),
        text: member.name.expose().to_owned(),
        chosen: member.id.to_string() == chosen,
    };
    let kind = |kind: &ActorKind| Choice {
        value: kind.code().to_owned(),
        text: words.say(&by(kind.code())),
        chosen: kind.code() == chosen,
    };
    members
        .iter()
        .map(member)
        .chain(KINDS.iter().map(kind))
        .collect()
}

fn groups(desk: &Desk, chosen: &str) -> Vec<Choice> {
    let words = desk.words();
    let groups = GROUPS.iter().map(|(group, _)| Choice {
        value: (*group).to_owned(),
        text: words.say(&format!("audit-of-{group}")),
        chosen: *group == chosen,
    });
    groups.collect()
}

/// What rows are made with.
struct Rows<'d> {
    desk: &'d Desk,
    names: HashMap<String, String>,
}

impl<'d> Rows<'d> {
    fn new(desk: &'d Desk, members: &[Member]) -> Self {
        let names = members
            .iter()
            .map(|member| (member.id.to_string(), member.name.expose().to_owned()));
        Self {
            desk,
            names: names.collect(),
        }
    }

    fn row(&self, entry: &Entry) -> Row {
        let words = self.desk.words();
        let (kind, id) = entry.actor.split_once(':').unwrap_or((&entry.actor, ""));
        let name = self.names.get(id).cloned();
        let id_of_text = format!("audit-act-{}", entry.act.replace(['.', '_'], "-"));
        let subject = self.names.get(&entry.subject).unwrap_or(&entry.subject);
        let about = Asked {
            subject: entry.subject.clone(),
            ..Asked::default()
        };
        Row {
            at: when::date_time(self.desk.locale(), entry.at, &self.desk.catalog.zone),
            instant: entry.at.to_string(),
            who_id: (name.is_none() && !id.is_empty()).then(|| id.to_owned()),
            who: name.unwrap_or_else(|| words.say(&by(kind))),
            act: if words.has(&id_of_text) {
                words.say(&id_of_text)
            } else {
                entry.act.clone()
            },
            only: words.with("audit-only", args!["subject" => subject]),
            subject: subject.to_owned(),
            subject_url: self.desk.url(&about.address(None)),
            page_url: self.page(&entry.subject),
            detail: entry.detail.clone(),
        }
    }

    fn page(&self, id: &str) -> Option<String> {
        let (right, path) = match id.split('_').next()? {
            "apt" => (Right::SeeCalendar, "/calendar/appointments/"),
            "per" => (Right::SeePeople, "/people/"),
            "mem" if self.names.contains_key(id) => (Right::ManageMembers, "/members/"),
            "svc" => (Right::ChangeOffering, "/services/"),
            "stf" => (Right::ChangeOffering, "/staff/"),
            "loc" => (Right::ChangeOffering, "/places/"),
            _ => return None,
        };
        let may = self.desk.may(right);
        may.then(|| self.desk.url(&format!("{path}{id}")))
    }
}
