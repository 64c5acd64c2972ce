//! One service: five questions, and the rest with sane defaults.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form as Sent};
use kept_base::page::Locale;
use kept_base::store::Tx;

use super::effect::{self, Halt, save};
use super::form::{Asking, Choice, Input, Shape, text};
use super::service_fields::{as_fields, read, written};
use super::{Form, Link, id, is_again, problem, show_form, status};
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::ServiceId;
use crate::offering::{
    self, Catalog, Earlier, FieldKind, Mode, NewField, OfferingError, RoomKind, Service,
};
use crate::policy::May;
use crate::policy::rights::ChangeOffering;

pub(super) async fn new(desk: DeskTo<ChangeOffering>) -> Answer {
    let everybody = desk.catalog.staff.iter().filter(|member| !member.archived);
    let mut fields: Vec<(&str, String)> = everybody
        .map(|member| ("staff", member.id.to_string()))
        .collect();
    fields.push(("length", "30".to_owned()));
    let fields = written(&fields);
    show(&desk, None, &fields, None).await
}

pub(super) async fn edit(desk: DeskTo<ChangeOffering>) -> Answer {
    let service = find(&desk)?;
    let fields = as_fields(&desk.catalog, service);
    show(&desk, Some(service.id), &fields, None).await
}

pub(super) async fn add(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    keep(&desk, None, &form).await
}

pub(super) async fn change(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let service = find(&desk)?.id;
    keep(&desk, Some(service), &form).await
}

pub(super) fn find(desk: &Desk) -> Result<&Service, kept_base::problem::Problem> {
    let id: ServiceId = id(desk, "id")?;
    let found = desk.catalog.service(id);
    found.ok_or_else(kept_base::problem::Problem::not_found)
}

async fn keep(desk: &DeskTo<ChangeOffering>, id: Option<ServiceId>, form: &Fields) -> Answer {
    if is_again(form) {
        return show(desk, id, form, None).await;
    }
    let setup = match read(&desk.catalog, form) {
        Ok(setup) => setup,
        Err(wrong) => return show(desk, id, form, Some(wrong)).await,
    };
    let address = address_question(desk);
    let saved = save(desk, form, move |tx, _, (catalog, by)| {
        let (id, earlier) = match id {
            Some(id) => (id, offering::change_service(tx, by, id, &setup)?),
            None => offering::set_up_service(tx, by, &setup)?,
        };
        let more = ask_for_address(tx, by, catalog, id, setup.mode, &address)?;
        Ok((id, earlier.and(more)))
    });
    match saved.await? {
        Ok((_, undo)) => Ok(desk.done("/services", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, "/services"),
        Err(Halt::Refused(OfferingError::Invalid(wrong))) => {
            show(desk, id, form, Some(field_of(wrong))).await
        }
        Err(Halt::Refused(OfferingError::Taken)) => show(desk, id, form, Some("slug")).await,
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

/// Whoever comes to the customer has to know where.
fn ask_for_address(
    tx: &Tx<'_>,
    by: &May<ChangeOffering>,
    catalog: &Catalog,
    id: ServiceId,
    mode: Mode,
    address: &NewField,
) -> Result<Earlier, OfferingError> {
    let known = catalog.service(id);
    let asked = known.is_some_and(|s| s.fields.iter().any(|field| field.key == address.key));
    if mode != Mode::Customer || asked {
        return Ok(Earlier::default());
    }
    offering::ask(tx, by, id, address).map(|(_, earlier)| earlier)
}

/// In the organization's language, because customers read it.
fn address_question(desk: &Desk) -> NewField {
    let locale = Locale::from_tag(&desk.catalog.organization.locale).unwrap_or_default();
    let words = desk.app.look.words(locale);
    NewField {
        key: "address".to_owned(),
        kind: FieldKind::Text,
        label: words.say("ask-address"),
        reason: words.say("ask-address-why"),
        choices: Vec::new(),
        required: true,
    }
}

/// The field of the form in which the value stands that a verb refused.
fn field_of(invalid: &str) -> &'static str {
    match invalid {
        "slug" => "slug",
        "description" => "description",
        "length" => "length",
        "length with buffers" => "after",
        "step" => "step",
        "step offset" => "offset",
        "horizon" => "horizon",
        "daily limit" => "limit",
        "staff" => "staff",
        "video link" => "video",
        "capacity" => "capacity",
        _ => "name",
    }
}

async fn show(
    desk: &Desk,
    id: Option<ServiceId>,
    fields: &Fields,
    wrong: Option<&'static str>,
) -> Answer {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "service",
        wrong,
    };
    let title = match id {
        Some(_) => text(fields, "name"),
        None => words.say("service-new"),
    };
    let links = id.map(|id| {
        let url = desk.url(&format!("/services/{id}/questions"));
        Link::new(words.say("service-questions"), url)
    });
    let form = Form {
        title,
        tab: "services",
        inputs: main_inputs(desk, &asking, fields),
        more: more_inputs(desk, &asking, fields),
        links: links.into_iter().collect(),
        subject: id.map(|id| id.to_string()),
    };
    show_form(
        desk,
        form,
        if wrong.is_some() {
            status(wrong)
        } else {
            StatusCode::OK
        },
    )
    .await
}

fn main_inputs(desk: &Desk, asking: &Asking<'_>, fields: &Fields) -> Vec<Input> {
    let words = asking.words;
    let of = |name: &str| text(fields, name);
    let chosen: Vec<&str> = fields.get_all("staff").collect();
    let staff = desk.catalog.staff.iter().filter_map(|member| {
        let id = member.id.to_string();
        let is_chosen = chosen.contains(&id.as_str());
        (!member.archived || is_chosen).then(|| Choice::new(id, &member.name, is_chosen))
    });
    let mode = of("mode");
    let modes = Mode::ALL.iter().map(|one| {
        let label = words.say(&format!("mode-{}", one.code()));
        Choice::new(one.code(), label, one.code() == mode)
    });
    vec![
        asking.needed("name", of("name"), Shape::Line),
        Input {
            required: true,
            ..asking.minutes("length", of("length"))
        },
        asking.input("staff", "", Shape::Checks(staff.collect())),
        asking.input("mode", "", Shape::Select(modes.collect())),
        asking.input("price", of("price"), Shape::Line),
    ]
}

fn more_inputs(desk: &Desk, asking: &Asking<'_>, fields: &Fields) -> Vec<Input> {
    let words = asking.words;
    let catalog = &desk.catalog;
    let of = |name: &str| text(fields, name);
    let chosen = |name: &str, id: &str| fields.get_all(name).any(|one| one == id);
    let rooms = catalog.rooms.iter().filter_map(|room| {
        let id = room.id.to_string();
        let is_chosen = chosen("rooms", &id);
        let kind = match room.kind {
            RoomKind::Room => String::new(),
            RoomKind::Equipment => format!(" ({})", words.say("room-kind-equipment")),
        };
        let label = format!("{}, {}{kind}", catalog.full_name(room.location), room.name);
        (!room.archived || is_chosen).then(|| Choice::new(id, label, is_chosen))
    });
    let skills = catalog.skills.iter().map(|skill| {
        let id = skill.id.to_string();
        let is_chosen = chosen("skills", &id);
        Choice::new(id, &skill.name, is_chosen)
    });
    let staffing = of("staffing");
    let staffings = ["any_of", "all_of"].map(|code| {
        let label = words.say(&format!("staffing-{}", code.replace('_', "-")));
        Choice::new(code, label, code == staffing)
    });
    let currency = Some(of("currency")).filter(|code| !code.is_empty());
    let known = catalog.services.iter().find_map(|service| service.price);
    let known = known.map(|price| price.currency.code().to_owned());
    let hours = || Shape::Number(words.say("unit-hours"));
    let days = || Shape::Number(words.say("unit-days"));
    let count = || Shape::Number(String::new());
    vec![
        asking.input(
            "currency",
            currency.or(known).unwrap_or_else(|| "EUR".to_owned()),
            Shape::Line,
        ),
        asking.input("description", of("description"), Shape::Lines),
        asking.input("slug", of("slug"), Shape::Line),
        asking.input("video", of("video"), Shape::Line),
        asking.input("rooms", "", Shape::Checks(rooms.collect())),
        asking.input("capacity", of("capacity"), count()),
        asking.input("skills", "", Shape::Checks(skills.collect())),
        asking.input("staffing", "", Shape::Select(staffings.into())),
        asking.minutes("before", of("before")),
        asking.minutes("after", of("after")),
        asking.minutes("step", of("step")),
        asking.minutes("offset", of("offset")),
        asking.input("notice", of("notice"), hours()),
        asking.input("horizon", of("horizon"), days()),
        asking.input("limit", of("limit"), count()),
        asking.input("move", of("move"), hours()),
        asking.input("cancel", of("cancel"), hours()),
    ]
}
