//! Keeping time free on people and rooms.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::input::{Fields, Form};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::super::asked::Asked;
use super::forms::{back, instant};
use super::grid::name;
use super::refusal::{Refusal, Stopped, explain, refusal};
use super::view::{Choice, people, rooms};
use crate::access::{Grant, Right};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::BlockId;
use crate::offering::Catalog;
use crate::policy::rights::{ChangeAppointments, SeeCalendar};
use crate::scheduling::staff::{
    self, Block, MAX_LABEL_CHARS, NewBlock, Resource, StaffError, concerns,
};

#[derive(askama::Template)]
#[template(path = "calendar/reserve.html")]
struct ReservePage<'p> {
    d: DeskFrame<'p>,
    choices: Vec<Choice>,
    label: String,
    max_label: usize,
    date: String,
    time: String,
    until_date: String,
    until: String,
    zone: String,
    back: String,
    refusal: Option<Refusal>,
}

#[derive(askama::Template)]
#[template(path = "calendar/reserved.html")]
struct ReservedPage<'p> {
    d: DeskFrame<'p>,
    label: String,
    when: String,
    zone: String,
    who: String,
    action: String,
    may_change: bool,
    back: String,
}

pub(super) async fn form(desk: DeskTo<ChangeAppointments>) -> Answer {
    let query = desk.query.clone();
    page(&desk, &query, None)
}

fn page(desk: &Desk, form: &Fields, refusal: Option<Refusal>) -> Answer {
    let zone = &desk.catalog.zone;
    let now = desk.app.store.clock().now();
    let today = zone.to_datetime(now).date();
    let asked = Asked::read(form, today);
    let date = form.filled("date").map_or(today.to_string(), str::to_owned);
    let typed = |name: &str| form.filled(name).unwrap_or_default().to_owned();
    let mut choices = people(desk, &asked);
    choices.extend(rooms(desk, &asked));
    let page = ReservePage {
        choices,
        label: typed("label"),
        max_label: MAX_LABEL_CHARS,
        until_date: form
            .filled("until_date")
            .map_or(date.clone(), str::to_owned),
        date,
        time: typed("time"),
        until: typed("until"),
        zone: when::zone_line(desk.locale(), now, zone),
        back: back(form),
        d: desk.frame(&desk.words().say("cal-reserve"), Section::Calendar),
        refusal,
    };
    let status = page
        .refusal
        .as_ref()
        .map_or(StatusCode::OK, |refused| refused.status);
    desk.respond(status, &page.d.f.nonce, &page)
}

pub(super) async fn reserve(desk: DeskTo<ChangeAppointments>, Form(form): Form) -> Answer {
    let zone = &desk.catalog.zone;
    let text = |name: &str| form.filled(name).unwrap_or_default();
    let until_date = form.filled("until_date").unwrap_or(text("date"));
    let times =
        instant(text("date"), text("time"), zone).zip(instant(until_date, text("until"), zone));
    let Some((starts_at, ends_at)) = times else {
        let bad = refusal(&desk, StaffError::Bounds("time"), &Default::default(), &[])?;
        return page(&desk, &form, Some(bad));
    };
    let new = NewBlock {
        label: text("label").to_owned(),
        starts_at,
        ends_at,
        resources: form.get_all("who").filter_map(Resource::parse).collect(),
    };
    let sees = desk.grant(Right::SeeCalendar);
    let reserved = desk.write(move |tx, app: &App, by| {
        let (_, earlier) = staff::reserve(tx, by, &app.catalogs, &new)
            .map_err(|error| explain(tx, sees.as_ref(), error))?;
        Ok(super::offer(tx, &earlier)?)
    });
    match reserved.await? {
        Ok(undo) => Ok(desk.done(&back(&form), "reserved", Some(undo))),
        Err(Stopped::Refused(error, names, whose)) => {
            let refused = refusal(&desk, error, &names, &whose)?;
            page(&desk, &form, Some(refused))
        }
        Err(Stopped::Letter(_)) => Err(Problem::internal()),
    }
}

fn id(desk: &Desk) -> Result<BlockId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

fn is_seen(grant: &Grant, catalog: &Catalog, block: &Block) -> bool {
    grant.is_for_all() || concerns(grant, catalog, block)
}

pub(super) async fn show(desk: DeskTo<SeeCalendar>) -> Answer {
    let id = id(&desk)?;
    let catalog = Arc::clone(&desk.catalog);
    let block = desk.read_as(move |tx, _, grant| {
        let block = staff::block(tx, id)?;
        Ok::<_, Error>(block.filter(|block| is_seen(grant, &catalog, block)))
    });
    let block = block.await??.ok_or_else(Problem::not_found)?;
    let (words, zone) = (desk.words(), &desk.catalog.zone);
    let resources = block.resources.iter().filter_map(|id| Resource::parse(id));
    let who: Vec<String> = resources.map(|who| name(&desk.catalog, who)).collect();
    let page = ReservedPage {
        label: if block.label.is_empty() {
            words.say("cal-reserved")
        } else {
            block.label
        },
        when: when::date_time_range(desk.locale(), block.starts_at, block.ends_at, zone),
        zone: when::zone_line(desk.locale(), block.starts_at, zone),
        who: who.join(", "),
        action: desk.url(&format!("/calendar/reserved/{id}")),
        may_change: desk.may(Right::ChangeAppointments),
        back: back(&desk.query),
        d: desk.frame(&words.say("cal-reserved"), Section::Calendar),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

pub(super) async fn release(desk: DeskTo<ChangeAppointments>, Form(form): Form) -> Answer {
    let id = id(&desk)?;
    let (sees, catalog) = (desk.grant(Right::SeeCalendar), Arc::clone(&desk.catalog));
    let released = desk.write(move |tx, app: &App, by| {
        let block = staff::block(tx, id)?;
        let seen = |block: &Block| sees.is_some_and(|grant| is_seen(&grant, &catalog, block));
        // What is out of sight answers as what never was.
        if !block.as_ref().is_some_and(seen) {
            return Err(StaffError::Unknown);
        }
        let earlier = staff::release(tx, by, &app.catalogs, id)?;
        super::offer(tx, &earlier)
    });
    match released.await? {
        Ok(undo) => Ok(desk.done(&back(&form), "released", Some(undo))),
        Err(StaffError::Store(error)) => Err(error.into()),
        Err(StaffError::Beyond) => Err(Problem::forbidden()),
        // Somebody else was faster.
        Err(_) => Ok(desk.done(&back(&form), "released", None)),
    }
}
