//! The lists: services, places, staff, appointments in the way; archiving and putting in order.

use axum::http::StatusCode;
use kept_base::page::{money, when};

use super::effect::{Halt, InTheWay, in_the_way};
use super::form::{Input, Shape};
use super::{Link, Tab, problem, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::offering::{self, Mode, RoomKind, Service};
use crate::policy::rights::ChangeOffering;
use crate::{people, scheduling};

/// A button that does one thing.
pub(super) struct Action {
    pub text: String,
    pub url: String,
    pub fields: Vec<(&'static str, &'static str)>,
    /// Two buttons instead: up and down.
    pub is_order: bool,
}

impl Action {
    pub fn new(text: String, url: String, fields: &[(&'static str, &'static str)]) -> Self {
        Self {
            text,
            url,
            fields: fields.to_vec(),
            is_order: false,
        }
    }

    pub fn order(desk: &Desk, path: &str) -> Self {
        Self {
            text: String::new(),
            url: desk.url(path),
            fields: Vec::new(),
            is_order: true,
        }
    }
}

/// Something in a list.
pub(super) struct Item {
    pub name: String,
    pub url: Option<String>,
    /// How deep it stands in others.
    pub depth: usize,
    pub facts: Vec<String>,
    pub actions: Vec<Action>,
}

pub(super) struct ListSection {
    pub title: Option<String>,
    pub items: Vec<Item>,
}

/// A short form that stands below a list.
pub(super) struct Adding {
    pub title: String,
    /// What it added before, by name, and where each is removed.
    pub known: Vec<(String, String)>,
    pub action: String,
    pub inputs: Vec<Input>,
    pub submit: String,
}

#[derive(askama::Template)]
#[template(path = "arrange/list.html")]
pub(super) struct ListPage<'p> {
    pub d: DeskFrame<'p>,
    pub tabs: Vec<Tab>,
    pub title: String,
    pub intro: String,
    pub add: Vec<Link>,
    pub empty: Option<String>,
    pub sections: Vec<ListSection>,
    pub form: Option<Adding>,
}

/// Lists what stands and, folded below, what is archived.
fn list(desk: &Desk, name: &'static str, add: &[&str], items: Vec<(bool, Item)>) -> Answer {
    let words = desk.words();
    let (gone, live): (Vec<_>, Vec<_>) = items.into_iter().partition(|(archived, _)| *archived);
    let only = |items: Vec<(bool, Item)>| items.into_iter().map(|(_, item)| item).collect();
    let (live, gone): (Vec<Item>, Vec<Item>) = (only(live), only(gone));
    let title = words.say(&format!("tab-{name}"));
    let link = |path: &&str| {
        let id = format!("new{}", path.replace('/', "-"));
        Link::new(words.say(&id), desk.url(&format!("{path}/new")))
    };
    let mut sections = vec![];
    let is_empty = live.is_empty();
    sections.push(ListSection {
        title: None,
        items: live,
    });
    if !gone.is_empty() {
        sections.push(ListSection {
            title: Some(words.say("archived")),
            items: gone,
        });
    }
    let page = ListPage {
        d: desk.frame(&title, Section::Offering),
        tabs: tabs(desk, name),
        title,
        intro: words.say(&format!("{name}-intro")),
        add: add.iter().map(link).collect(),
        empty: is_empty.then(|| words.say(&format!("{name}-empty"))),
        sections,
        form: (name == "staff").then(|| super::staff::adding_skill(desk)),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// What can be done with an item: order while it stands, archive or restore.
fn actions(desk: &Desk, path: &str, archived: bool) -> Vec<Action> {
    let words = desk.words();
    let url = desk.url(&format!("{path}/archive"));
    if archived {
        return vec![Action::new(words.say("restore"), url, &[("restore", "1")])];
    }
    vec![
        Action::order(desk, &format!("{path}/order")),
        Action::new(words.say("archive"), url, &[]),
    ]
}

pub(super) async fn services(desk: DeskTo<ChangeOffering>) -> Answer {
    let items = desk.catalog.services.iter().map(|service| {
        let path = format!("/services/{}", service.id);
        let item = Item {
            name: service.name.clone(),
            url: Some(desk.url(&path)),
            depth: 0,
            facts: service_facts(&desk, service),
            actions: actions(&desk, &path, service.archived),
        };
        (service.archived, item)
    });
    let items = items.collect();
    list(&desk, "services", &["/services"], items)
}

fn service_facts(desk: &Desk, service: &Service) -> Vec<String> {
    let words = desk.words();
    let mut facts = vec![when::duration(
        words.locale(),
        service.rules.length_minutes.into(),
    )];
    if service.mode != Mode::Place {
        facts.push(words.say(&format!("mode-{}", service.mode.code())));
    }
    let price = service.price.as_ref();
    facts.extend(price.map(|p| money::price(words.locale(), p.minor, p.currency.code())));
    let names: Vec<&str> = (service.staff.iter())
        .map(|at| desk.catalog.staff[*at].name.as_str())
        .collect();
    facts.push(if names.is_empty() {
        words.say("service-nobody")
    } else {
        names.join(", ")
    });
    facts
}

pub(super) async fn places(desk: DeskTo<ChangeOffering>) -> Answer {
    let mut items = Vec::new();
    let catalog = &desk.catalog;
    for at in 0..catalog.locations.len() {
        // What stands in another location is listed below that one.
        if catalog.locations[at].parent.is_none() {
            place_items(&desk, at, 0, &mut items);
        }
    }
    list(&desk, "places", &["/places", "/rooms"], items)
}

fn place_items(desk: &Desk, at: usize, depth: usize, items: &mut Vec<(bool, Item)>) {
    if depth > offering::MAX_LOCATION_DEPTH {
        return;
    }
    let words = desk.words();
    let catalog = &desk.catalog;
    let location = &catalog.locations[at];
    let path = format!("/places/{}", location.id);
    let facts = [
        location.own_address.clone(),
        location.zone.replace('_', " "),
    ];
    let item = Item {
        name: location.name.clone(),
        url: Some(desk.url(&path)),
        depth,
        facts: facts.into_iter().filter(|fact| !fact.is_empty()).collect(),
        actions: actions(desk, &path, location.archived),
    };
    items.push((location.archived, item));
    for room in catalog.rooms.iter().filter(|room| room.location == at) {
        let path = format!("/rooms/{}", room.id);
        let mut facts = vec![words.say(&format!("room-kind-{}", room.kind.code()))];
        let seats = room.capacity.filter(|_| room.kind == RoomKind::Room);
        facts.extend(
            seats.map(|n| words.with("room-for", kept_base::args!["count" => i64::from(n)])),
        );
        if !room.weekly.is_empty() {
            facts.push(words.say("room-own-hours"));
        }
        let mut actions = actions(desk, &path, room.archived);
        actions.retain(|action| !action.is_order);
        let item = Item {
            name: room.name.clone(),
            url: Some(desk.url(&path)),
            depth: depth + 1,
            facts,
            actions,
        };
        items.push((room.archived, item));
    }
    for inner in 0..catalog.locations.len() {
        if catalog.locations[inner].parent == Some(at) {
            place_items(desk, inner, depth + 1, items);
        }
    }
}

pub(super) async fn staff(desk: DeskTo<ChangeOffering>) -> Answer {
    let words = desk.words();
    let items = desk.catalog.staff.iter().map(|member| {
        let path = format!("/staff/{}", member.id);
        let mut facts = vec![member.title.clone()];
        let skills = member
            .skills
            .iter()
            .map(|at| desk.catalog.skills[*at].name.clone());
        facts.extend(skills);
        if member.hours.weekly.is_empty() && !member.archived {
            facts.push(words.say("staff-no-hours"));
        }
        facts.retain(|fact| !fact.is_empty());
        let item = Item {
            name: member.name.clone(),
            url: Some(desk.url(&path)),
            depth: 0,
            facts,
            actions: actions(&desk, &path, member.archived),
        };
        (member.archived, item)
    });
    let items = items.collect();
    list(&desk, "staff", &["/staff"], items)
}

#[derive(askama::Template)]
#[template(path = "arrange/stranded.html")]
struct StrandedPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    title: String,
    stranded: Vec<InTheWay>,
}

/// Booked appointments that the offering as it stands does not carry.
pub(super) async fn stranded(desk: DeskTo<ChangeOffering>) -> Answer {
    let found = desk.read(|tx, app| {
        let mut found = Vec::new();
        for one in scheduling::stranded(tx, &app.catalogs)? {
            let person = people::find(tx, one.appointment.person)?;
            let name = person.map(|person| person.name.expose().to_owned());
            found.push((one, name.unwrap_or_default()));
        }
        Ok::<_, Halt>(found)
    });
    let found = match found.await? {
        Ok(found) => found,
        Err(Halt::Refused(error)) => return Err(problem(error)),
        Err(Halt::Effect(_)) => Vec::new(),
    };
    let title = desk.words().say("tab-stranded");
    let page = StrandedPage {
        d: desk.frame(&title, Section::Offering),
        tabs: tabs(&desk, "stranded"),
        title,
        stranded: found
            .into_iter()
            .map(|(one, person)| in_the_way(&desk, &desk.catalog, &one, person))
            .collect(),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}
