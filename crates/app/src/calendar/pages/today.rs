//! `GET /o/{org}`: what is next, who is late, who waits, what nobody confirmed yet.

use std::cell::RefCell;
use std::sync::Arc;

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::ToSpan as _;
use kept_base::args;
use kept_base::page::when;
use kept_base::store::Error;

use super::super::asked::Asked;
use super::super::read::{find_for, start_of};
use super::forms::with;
use super::grid::Drawing;
use super::what::{Entry, appointment, resources, whereabouts};
use crate::access::Right;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::SeeToday;
use crate::scheduling::{Status, Taken};

/// Days ahead in which appointments that nobody confirmed are shown.
const AWAITING_DAYS: i64 = 14;

/// An appointment, and what one click does with it.
struct Row {
    entry: Entry,
    action: String,
    next: Vec<(&'static str, String)>,
}

/// Appointments that want the same of whoever looks.
struct Group {
    code: &'static str,
    title: String,
    rows: Vec<Row>,
}

#[derive(askama::Template)]
#[template(path = "calendar/today.html")]
struct TodayPage<'p> {
    d: DeskFrame<'p>,
    heading: String,
    zone: String,
    /// Whose day it is, for members who serve themselves.
    whose: Vec<(String, String, bool)>,
    groups: Vec<Group>,
    empty: bool,
    done: Option<String>,
    calendar_url: String,
    may_change: bool,
    revision: u64,
}

pub(super) async fn today(desk: DeskTo<SeeToday>) -> Answer {
    let revision = desk.app.store.revision(desk.organization).await?;
    let zone = desk.catalog.zone.clone();
    let now = desk.app.store.clock().now();
    let day = zone.to_datetime(now).date();
    let after = day.checked_add(AWAITING_DAYS.days()).unwrap_or(day);
    let own = desk
        .member
        .staff
        .filter(|_| desk.query.get("who") != Some("all"));
    let between = (start_of(day, &zone), start_of(after, &zone));
    let catalog = Arc::clone(&desk.catalog);
    let of = Arc::clone(&catalog);
    let found = desk.read_as(move |tx, _, grant| find_for(tx, (grant, &of), between, own, true));
    let found = found.await?;
    let found = found.map_err(|error: Error| kept_base::problem::Problem::from(error))?;
    let asked = Asked::read(&desk.query, day);
    let drawing = Drawing {
        desk: &desk,
        catalog: &catalog,
        words: desk.words(),
        asked: &asked,
        found: &found,
        zone: &zone,
        times: RefCell::default(),
        change: desk.grant(Right::ChangeAppointments),
        back: with("", "back", &asked.path()),
    };
    let tomorrow = start_of(day.tomorrow().unwrap_or(day), &zone);
    let groups = groups(&drawing, now, tomorrow);
    let done = (found.appointments.iter())
        .filter(|a| a.status == Status::Done && a.starts_at < tomorrow)
        .count();
    let page = TodayPage {
        heading: when::day_long(desk.locale(), day),
        zone: when::zone_line(desk.locale(), now, &zone),
        whose: whose(&desk, own.is_some()),
        empty: groups.is_empty(),
        groups,
        done: (done > 0).then(|| drawing.words.with("today-done", args!["count" => done])),
        calendar_url: desk.url(&asked.viewed(super::super::asked::View::People).path()),
        may_change: desk.may(Right::ChangeAppointments),
        revision,
        d: desk
            .frame(&desk.words().say("desk-today"), Section::Today)
            .script("calendar.js"),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

fn whose(desk: &Desk, own: bool) -> Vec<(String, String, bool)> {
    if desk.member.staff.is_none() {
        return Vec::new();
    }
    let words = desk.words();
    vec![
        (words.say("cal-own"), desk.url("/"), own),
        (words.say("cal-everybody"), desk.url("/?who=all"), !own),
    ]
}

/// The groups, in the order in which they want attention.
const GROUPS: [&str; 5] = ["late", "waiting", "now", "next", "unconfirmed"];

/// The group that an appointment belongs to; none when nothing is to be done about it.
fn group_of(taken: &Taken, now: Timestamp, tomorrow: Timestamp) -> Option<&'static str> {
    let is_today = taken.starts_at < tomorrow;
    match taken.status {
        Status::Confirmed | Status::Awaiting if is_today && taken.starts_at < now => Some("late"),
        Status::Confirmed | Status::Awaiting if is_today => Some("next"),
        Status::Arrived if is_today => Some("waiting"),
        Status::InProgress if is_today => Some("now"),
        Status::Awaiting => Some("unconfirmed"),
        _ => None,
    }
}

fn groups(drawing: &Drawing<'_>, now: Timestamp, tomorrow: Timestamp) -> Vec<Group> {
    let rows = |code| {
        let all = drawing.found.appointments.iter();
        all.filter(|taken| group_of(taken, now, tomorrow) == Some(code))
            .map(|taken| row(drawing, taken, code, now))
            .collect()
    };
    (GROUPS.into_iter())
        .map(|code| Group {
            code,
            title: drawing.words.say(&format!("today-{code}")),
            rows: rows(code),
        })
        .filter(|group| !group.rows.is_empty())
        .collect()
}

fn row(drawing: &Drawing<'_>, taken: &Taken, code: &str, now: Timestamp) -> Row {
    let mut entry = appointment(drawing, taken);
    if code == "unconfirmed" {
        entry.time = when::date_time_range(
            drawing.locale(),
            taken.starts_at,
            taken.ends_at,
            drawing.zone,
        );
    }
    entry.detail = format!(
        "{} · {}",
        entry.detail,
        whereabouts(drawing, &resources(taken))
    );
    let path = format!("/calendar/appointments/{}", taken.id);
    entry.url = drawing.desk.url(&format!("{path}?back=/"));
    let wanted: &[Status] = match taken.status {
        Status::Awaiting if taken.starts_at > now => &[Status::Confirmed, Status::Arrived],
        Status::Awaiting | Status::Confirmed => &[Status::Arrived, Status::NoShow],
        Status::Arrived => &[Status::InProgress],
        Status::InProgress => &[Status::Done],
        Status::Done | Status::NoShow | Status::Canceled => &[],
    };
    let next = (wanted.iter())
        .filter(|status| !status.needs_start() || now >= taken.starts_at)
        .filter(|_| drawing.may_change(taken))
        .map(|status| {
            let text = drawing.words.say(&format!("set-{}", status.code()));
            (status.code(), text)
        });
    Row {
        action: drawing.desk.url(&format!("{path}/status")),
        next: next.collect(),
        entry,
    }
}
