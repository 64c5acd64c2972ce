//! `GET /o/{org}/calendar`: the calendar itself.

use std::cell::RefCell;
use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::page::when;
use kept_base::store::Error;

use super::super::asked::{Asked, View};
use super::super::read::{find_for, start_of};
use super::super::sets::{CalendarSet, sets};
use super::forms::with;
use super::grid::{Column, Drawing};
use super::overview::{self, Day, DayList};
use crate::access::Right;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::SeeCalendar;
use crate::scheduling::staff::Resource;

/// A link to another view of the same.
struct Switch {
    text: String,
    url: String,
    current: bool,
}

/// A person or room that can be shown or not.
pub(super) struct Choice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

struct SetLink {
    name: String,
    url: String,
    remove_url: String,
    current: bool,
}

#[derive(askama::Template)]
#[template(path = "calendar/calendar.html")]
struct CalendarPage<'p> {
    d: DeskFrame<'p>,
    heading: String,
    zone: String,
    previous: String,
    next: String,
    today: String,
    views: Vec<Switch>,
    view: &'static str,
    date: String,
    path: String,
    people: Vec<Choice>,
    rooms: Vec<Choice>,
    sets: Vec<SetLink>,
    may_change: bool,
    revision: u64,
    new_url: String,
    reserve_url: String,
    hours: Vec<String>,
    from_hour: u16,
    columns: Vec<Column>,
    days: Vec<DayList>,
    month: Vec<Day>,
    empty: bool,
}

pub(super) async fn calendar(desk: DeskTo<SeeCalendar>) -> Answer {
    // Read before the snapshot: what changes in between is told as a change.
    let revision = desk.app.store.revision(desk.organization).await?;
    let zone = desk.catalog.zone.clone();
    let today = zone.to_datetime(desk.app.store.clock().now()).date();
    let asked = Asked::read(&desk.query, today);
    let (first, after) = asked.days();
    let between = (start_of(first, &zone), start_of(after, &zone));
    let (member, named) = (desk.member.id, asked.view != View::Month);
    let catalog = Arc::clone(&desk.catalog);
    let of = Arc::clone(&catalog);
    let read = desk.read_as(move |tx, _, grant| {
        let found = find_for(tx, (grant, &of), between, None, named)?;
        Ok::<_, Error>((found, sets(tx, member)?))
    });
    let (found, saved) = read.await??;
    let words = desk.words();
    let drawing = Drawing {
        desk: &desk,
        catalog: &catalog,
        words,
        asked: &asked,
        found: &found,
        zone: &zone,
        times: RefCell::default(),
        change: desk.grant(Right::ChangeAppointments),
        back: with("", "back", &asked.path()),
    };
    let heading = heading(&drawing);
    let grid = match asked.view {
        View::Week | View::People | View::Rooms => Some(drawing.grid()),
        View::Agenda | View::Month => None,
    };
    let (hours, from_hour, columns) = grid.map_or((Vec::new(), 0, Vec::new()), |g| {
        (g.hours, g.from_hour, g.columns)
    });
    let frame = desk
        .frame(&heading, Section::Calendar)
        .script("calendar.js")
        .script("find.js");
    let page = CalendarPage {
        zone: when::zone_line(desk.locale(), found.now, &zone),
        previous: desk.url(&asked.turned(false).path()),
        next: desk.url(&asked.turned(true).path()),
        today: desk.url(&asked.on(today).path()),
        views: views(&desk, &asked),
        view: asked.view.code(),
        date: asked.date.to_string(),
        path: asked.path(),
        people: people(&desk, &asked),
        rooms: rooms(&desk, &asked),
        sets: set_links(&desk, &asked, saved),
        may_change: desk.may(Right::ChangeAppointments),
        revision,
        new_url: desk.url(&with(
            &opening("/calendar/new", &asked),
            "back",
            &asked.path(),
        )),
        reserve_url: desk.url(&with(
            &opening("/calendar/reserve", &asked),
            "back",
            &asked.path(),
        )),
        hours,
        from_hour,
        empty: columns.iter().all(|column| column.entries.is_empty()),
        columns,
        days: if asked.view == View::Agenda {
            overview::agenda(&drawing)
        } else {
            Vec::new()
        },
        month: if asked.view == View::Month {
            overview::month(&drawing)
        } else {
            Vec::new()
        },
        d: frame,
        heading,
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

fn opening(path: &str, asked: &Asked) -> String {
    let path = with(path, "date", &asked.date.to_string());
    match asked.who.as_slice() {
        [one] => with(&path, "who", &one.to_string()),
        _ => path,
    }
}

fn heading(drawing: &Drawing<'_>) -> String {
    let (locale, asked) = (drawing.locale(), drawing.asked);
    let (first, after) = asked.days();
    match asked.view {
        View::People | View::Rooms => when::day_long(locale, asked.date),
        View::Month => when::month_year(locale, asked.date),
        View::Week | View::Agenda => {
            let last = after.yesterday().unwrap_or(after);
            format!(
                "{} – {}",
                when::day_month(locale, first),
                format_args!("{} {}", when::day_month(locale, last), last.year()),
            )
        }
    }
}

fn views(desk: &Desk, asked: &Asked) -> Vec<Switch> {
    (View::ALL.into_iter())
        .map(|view| Switch {
            text: desk.words().say(&format!("cal-view-{}", view.code())),
            url: desk.url(&asked.viewed(view).path()),
            current: view == asked.view,
        })
        .collect()
}

pub(super) fn people(desk: &Desk, asked: &Asked) -> Vec<Choice> {
    (desk.catalog.staff.iter())
        .map(|member| Choice {
            id: member.id.to_string(),
            name: member.name.clone(),
            chosen: asked.who.contains(&Resource::Staff(member.id)),
        })
        .collect()
}

/// Those with whom the member may book.
pub(super) fn bookable(desk: &Desk, mut people: Vec<Choice>) -> Vec<Choice> {
    let grant = desk.grant(Right::ChangeAppointments);
    if let Some(own) = grant.and_then(|grant| grant.only_own()) {
        let own = own.map(|id| id.to_string());
        people.retain(|choice| Some(&choice.id) == own.as_ref());
    }
    people
}

pub(super) fn rooms(desk: &Desk, asked: &Asked) -> Vec<Choice> {
    (desk.catalog.rooms.iter())
        .map(|room| Choice {
            id: room.id.to_string(),
            name: room.name.clone(),
            chosen: asked.who.contains(&Resource::Room(room.id)),
        })
        .collect()
}

fn set_links(desk: &Desk, asked: &Asked, saved: Vec<CalendarSet>) -> Vec<SetLink> {
    let everybody = SetLink {
        name: desk.words().say("cal-everybody"),
        url: desk.url(
            &Asked {
                who: Vec::new(),
                ..asked.clone()
            }
            .path(),
        ),
        remove_url: String::new(),
        current: asked.who.is_empty(),
    };
    let own = desk.member.staff.map(|staff| {
        let who = vec![Resource::Staff(staff)];
        SetLink {
            name: desk.words().say("cal-own"),
            current: asked.who == who,
            url: desk.url(
                &Asked {
                    who,
                    ..asked.clone()
                }
                .path(),
            ),
            remove_url: String::new(),
        }
    });
    let saved = saved.into_iter().map(|set| {
        let who: Vec<Resource> = set.shown.split(',').filter_map(Resource::parse).collect();
        SetLink {
            current: asked.who == who,
            url: desk.url(
                &Asked {
                    who,
                    ..asked.clone()
                }
                .path(),
            ),
            remove_url: desk.url(&format!("/calendar/sets/{}", set.id)),
            name: set.name,
        }
    });
    std::iter::once(everybody).chain(own).chain(saved).collect()
}
