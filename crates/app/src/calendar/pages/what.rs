//! One appointment, or one reserved time, as views show it.

use super::grid::{Drawing, name};
use crate::scheduling::staff::{Block, Resource};
use crate::scheduling::{Status, Taken};

/// What stands in a column or a list.
#[derive(Clone)]
pub(super) struct Entry {
    /// Where it stands, as classes; empty in a list.
    pub place: String,
    /// How it looks, as a class.
    pub look: &'static str,
    /// Its id, which scripts move it by; empty when it cannot be moved.
    pub id: String,
    /// Its page.
    pub url: String,
    /// Who, or what for.
    pub title: String,
    /// "09:00–09:45".
    pub time: String,
    /// What, with whom, where.
    pub detail: String,
    /// How it stands, where that is not plain.
    pub status: String,
}

pub(super) fn appointment(drawing: &Drawing<'_>, taken: &Taken) -> Entry {
    let catalog = drawing.catalog;
    let service = catalog.service(taken.service);
    let id = taken.id.to_string();
    Entry {
        place: String::new(),
        look: look(taken.status),
        url: page(drawing, "appointments", &id),
        id: Some(id)
            .filter(|_| taken.status.takes_time() && drawing.may_change(taken))
            .unwrap_or_default(),
        title: drawing.found.name(taken.person).to_owned(),
        time: drawing.time_range(taken.starts_at, taken.ends_at),
        detail: service
            .map(|service| service.name.clone())
            .unwrap_or_default(),
        status: match taken.status {
            Status::Confirmed => String::new(),
            status => drawing.words.say(&format!("state-{}", status.code())),
        },
    }
}

pub(super) fn reserved(drawing: &Drawing<'_>, block: &Block) -> Entry {
    let title = if block.label.is_empty() {
        drawing.words.say("cal-reserved")
    } else {
        block.label.clone()
    };
    Entry {
        place: String::new(),
        look: "s-block",
        id: String::new(),
        url: page(drawing, "reserved", &block.id.to_string()),
        title,
        time: drawing.time_range(block.starts_at, block.ends_at),
        detail: String::new(),
        status: drawing.words.say("cal-reserved"),
    }
}

/// Who serves, and where, for lists in which nothing else says it.
pub(super) fn whereabouts(drawing: &Drawing<'_>, resources: &[Resource]) -> String {
    let names: Vec<String> = resources
        .iter()
        .map(|who| name(drawing.catalog, *who))
        .collect();
    names.join(", ")
}

/// Whom and which room an appointment takes.
pub(super) fn resources(taken: &Taken) -> Vec<Resource> {
    let staff = taken.staff.iter().map(|id| Resource::Staff(*id));
    staff.chain(taken.room.map(Resource::Room)).collect()
}

/// Whom and which rooms reserved time takes.
pub(super) fn reserved_resources(block: &Block) -> Vec<Resource> {
    block
        .resources
        .iter()
        .filter_map(|id| Resource::parse(id))
        .collect()
}

pub(super) fn look(status: Status) -> &'static str {
    match status {
        Status::Awaiting => "s-await",
        Status::Confirmed => "s-conf",
        Status::Arrived => "s-here",
        Status::InProgress => "s-now",
        Status::Done => "s-done",
        Status::NoShow => "s-none",
        Status::Canceled => "s-off",
    }
}

/// A page of something in the calendar, which leads back to this view.
fn page(drawing: &Drawing<'_>, what: &str, id: &str) -> String {
    let (slug, back) = (&drawing.desk.slug, &drawing.back);
    ["/o/", slug, "/calendar/", what, "/", id, back].concat()
}
