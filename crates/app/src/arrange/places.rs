//! Locations, and the rooms and equipment in them.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form as Sent};
use kept_base::problem::Problem;

use super::effect::{self, Halt, save};
use super::form::{Asking, Choice, Input, Shape, some_number, text};
use super::service_fields::written;
use super::times::{self, Row, Typed};
use super::{Form, Tab, id, is_again, last_change, problem, show_form, status, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{LocationId, RoomId};
use crate::offering::hours::RoomHours;
use crate::offering::{self, LocationChange, OfferingError, RoomChange, RoomKind};
use crate::policy::rights::ChangeOffering;

pub(super) async fn new_location(desk: DeskTo<ChangeOffering>) -> Answer {
    let zone = desk.catalog.organization.zone.clone();
    show_location(&desk, None, &written(&[("zone", zone)]), None).await
}

pub(super) async fn edit_location(desk: DeskTo<ChangeOffering>) -> Answer {
    let id: LocationId = id(&desk, "id")?;
    let catalog = &desk.catalog;
    let location = catalog.location(id).ok_or_else(Problem::not_found)?;
    let parent = location
        .parent
        .map(|at| catalog.locations[at].id.to_string());
    let fields = written(&[
        ("name", location.name.clone()),
        ("address", location.own_address.clone()),
        ("zone", location.zone.clone()),
        ("parent", parent.unwrap_or_default()),
    ]);
    show_location(&desk, Some(id), &fields, None).await
}

async fn show_location(
    desk: &Desk,
    id: Option<LocationId>,
    fields: &Fields,
    wrong: Option<&'static str>,
) -> Answer {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "location",
        wrong,
    };
    let of = |name: &str| text(fields, name);
    let parent = of("parent");
    let none = Choice::new("", words.say("location-parent-none"), parent.is_empty());
    let others = desk.catalog.locations.iter().enumerate();
    let others = others.filter(|(_, location)| Some(location.id) != id && !location.archived);
    let others = others.map(|(at, location)| {
        let chosen = location.id.to_string() == parent;
        Choice::new(location.id, desk.catalog.full_name(at), chosen)
    });
    let parents = std::iter::once(none).chain(others).collect();
    let form = Form {
        title: id.map_or_else(|| words.say("new-places"), |_| of("name")),
        tab: "places",
        inputs: vec![
            asking.needed("name", of("name"), Shape::Line),
            asking.input("address", of("address"), Shape::Line),
            asking.needed("zone", of("zone"), Shape::Line),
            asking.input("parent", "", Shape::Select(parents)),
        ],
        more: Vec::new(),
        links: Vec::new(),
        subject: id.map(|id| id.to_string()),
    };
    show_form(desk, form, status(wrong)).await
}

pub(super) async fn add_location(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    keep_location(&desk, None, &form).await
}

pub(super) async fn change_location(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let id: LocationId = id(&desk, "id")?;
    desk.catalog.location(id).ok_or_else(Problem::not_found)?;
    keep_location(&desk, Some(id), &form).await
}

async fn keep_location(
    desk: &DeskTo<ChangeOffering>,
    id: Option<LocationId>,
    form: &Fields,
) -> Answer {
    if is_again(form) {
        return show_location(desk, id, form, None).await;
    }
    let Some((zone, _)) = desk.app.zones.parse_zone(&text(form, "zone")) else {
        return show_location(desk, id, form, Some("zone")).await;
    };
    let to = LocationChange {
        name: text(form, "name"),
        address: text(form, "address"),
        zone,
        parent: text(form, "parent").parse().ok(),
    };
    let saved = save(desk, form, move |tx, app, (catalog, by)| {
        offering::set_location(tx, by, &app.zones, catalog, id, &to)
    });
    match saved.await? {
        Ok((_, undo)) => Ok(desk.done("/places", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, "/places"),
        Err(Halt::Refused(OfferingError::Invalid(wrong))) => {
            let wrong = if wrong == "depth" { "parent" } else { wrong };
            show_location(desk, id, form, Some(wrong)).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

#[derive(askama::Template)]
#[template(path = "arrange/room.html")]
struct RoomPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    title: String,
    action: String,
    inputs: Vec<Input>,
    rows: Vec<Row>,
    wrong: bool,
    changed: Option<String>,
}

pub(super) async fn new_room(desk: DeskTo<ChangeOffering>) -> Answer {
    show_room(&desk, None, &Fields::default(), &[], None).await
}

pub(super) async fn edit_room(desk: DeskTo<ChangeOffering>) -> Answer {
    let id: RoomId = id(&desk, "id")?;
    let catalog = &desk.catalog;
    let room = catalog.room(id).ok_or_else(Problem::not_found)?;
    let fields = written(&[
        ("name", room.name.clone()),
        ("location", catalog.locations[room.location].id.to_string()),
        ("kind", room.kind.code().to_owned()),
        (
            "capacity",
            room.capacity.map_or_else(String::new, |n| n.to_string()),
        ),
    ]);
    let typed: Vec<Typed> = (room.weekly.iter())
        .map(|weekly| Typed {
            day: weekly.weekday.to_monday_one_offset().to_string(),
            from: times::clock(weekly.span.opens),
            to: times::clock(weekly.span.closes),
            ..Typed::default()
        })
        .collect();
    show_room(&desk, Some(id), &fields, &typed, None).await
}

async fn show_room(
    desk: &Desk,
    id: Option<RoomId>,
    fields: &Fields,
    typed: &[Typed],
    wrong: Option<(&'static str, Option<usize>)>,
) -> Answer {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "room",
        wrong: wrong.map(|(name, _)| name),
    };
    let of = |name: &str| text(fields, name);
    let live = desk.catalog.locations.iter().enumerate();
    let live = live.filter(|(_, location)| !location.archived);
    let places = live.map(|(at, location)| {
        let chosen = location.id.to_string() == of("location");
        Choice::new(location.id, desk.catalog.full_name(at), chosen)
    });
    let kinds = ["room", "equipment"].map(|code| {
        let label = words.say(&format!("room-kind-{code}"));
        Choice::new(code, label, code == of("kind"))
    });
    let title = id.map_or_else(|| words.say("new-rooms"), |_| of("name"));
    let changed = match id {
        Some(id) => last_change(desk, id.to_string()).await?,
        None => None,
    };
    let page = RoomPage {
        d: desk.frame(&title, Section::Offering),
        tabs: tabs(desk, "places"),
        title,
        action: desk.here().to_owned(),
        inputs: vec![
            asking.needed("name", of("name"), Shape::Line),
            asking.needed("location", "", Shape::Select(places.collect())),
            asking.input("kind", "", Shape::Select(kinds.into())),
            asking.input("capacity", of("capacity"), Shape::Number(String::new())),
        ],
        rows: times::grid(desk, typed, wrong.and_then(|(_, row)| row), true),
        wrong: wrong.is_some(),
        changed,
    };
    let status = wrong.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    desk.respond(status, &page.d.f.nonce, &page)
}

pub(super) async fn add_room(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    keep_room(&desk, None, &form).await
}

pub(super) async fn change_room(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let id: RoomId = id(&desk, "id")?;
    desk.catalog.room(id).ok_or_else(Problem::not_found)?;
    keep_room(&desk, Some(id), &form).await
}

async fn keep_room(desk: &DeskTo<ChangeOffering>, id: Option<RoomId>, form: &Fields) -> Answer {
    let typed = times::rows(form);
    if is_again(form) || form.get("rows").is_some() {
        return show_room(desk, id, form, &typed, None).await;
    }
    let mut weekly = Vec::new();
    for (at, row) in typed.iter().enumerate() {
        let read = times::weekday(&row.day).zip(times::span(&row.from, &row.to));
        let Some((weekday, (opens, closes))) = read else {
            return show_room(desk, id, form, &typed, Some(("hours", Some(at)))).await;
        };
        weekly.push(RoomHours {
            weekday,
            opens,
            closes,
        });
    }
    let (capacity, location) = (
        some_number(form, "capacity"),
        text(form, "location").parse(),
    );
    let (capacity, location) = match (capacity, location) {
        (Ok(capacity), Ok(location)) => (capacity, location),
        (Err(wrong), _) => return show_room(desk, id, form, &typed, Some((wrong, None))).await,
        (_, Err(_)) => return show_room(desk, id, form, &typed, Some(("location", None))).await,
    };
    let to = RoomChange {
        location,
        name: text(form, "name"),
        kind: RoomKind::from_code(&text(form, "kind")).unwrap_or(RoomKind::Room),
        capacity,
        weekly,
    };
    let saved = save(desk, form, move |tx, _, (_, by)| {
        offering::set_room(tx, by, id, &to)
    });
    match saved.await? {
        Ok((_, undo)) => Ok(desk.done("/places", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, "/places"),
        Err(Halt::Refused(OfferingError::Invalid(wrong))) => {
            show_room(desk, id, form, &typed, Some((wrong, None))).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}
