//! When somebody works: the week, days that differ, time off. Theirs to change, and the admins'.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use kept_base::args;
use kept_base::input::{Fields, Form as Sent};
use kept_base::problem::Problem;
use kept_slots::Window;

use super::effect::{self, Halt, save};
use super::form::text;
use super::hours_shown::{
    Absence, AwayForm, Day, DayForm, absence, as_typed, away_form, day_form, days_shown,
};
use super::times::{self, Row, Typed};
use super::whose::{author, check, may_be_at, team, whose};
use super::{Tab, is_again, problem, tabs};
use crate::access::Right;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::LocationId;
use crate::offering::OfferingError;
use crate::offering::hours::{self, WeeklyHours};
use crate::policy::rights::ChangeHours;

#[derive(askama::Template)]
#[template(path = "arrange/hours.html")]
struct HoursPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    title: String,
    base: String,
    rows: Vec<Row>,
    week_wrong: Option<String>,
    days: Vec<Day>,
    day: DayForm,
    day_wrong: Option<String>,
    away: Vec<Absence>,
    away_form: AwayForm,
    away_wrong: Option<String>,
    zone: String,
    team: Vec<(String, String)>,
}

/// What is shown again after something was wrong.
#[derive(Default)]
struct Again {
    week: Option<(Vec<Typed>, Option<usize>, &'static str)>,
    day: Option<(Fields, &'static str)>,
    away: Option<(Fields, &'static str)>,
}

#[derive(askama::Template)]
#[template(path = "arrange/nobody.html")]
struct NobodyPage<'p> {
    d: DeskFrame<'p>,
    title: String,
    text: String,
    team: Vec<(String, String)>,
}

pub(super) async fn page(desk: DeskTo<ChangeHours>) -> Answer {
    if desk.segment("id").is_empty() && desk.member.staff.is_none() {
        let title = desk.words().say("my-hours");
        let page = NobodyPage {
            d: desk.frame(&title, Section::Today),
            text: desk.words().say("my-hours-nobody"),
            team: team(&desk),
            title,
        };
        return desk.respond(StatusCode::OK, &page.d.f.nonce, &page);
    }
    show(&desk, Again::default()).await
}

async fn show(desk: &Desk, again: Again) -> Answer {
    let (member, base) = whose(desk)?;
    let (id, zone) = (member.id, desk.catalog.zone.clone());
    let found = desk.read(move |tx, _| {
        let today = zone.to_datetime(tx.now()).date();
        Ok::<_, kept_base::store::Error>((
            hours::weekly_hours(tx, id)?,
            hours::days(tx, id, today)?,
            hours::time_off(tx, id, tx.now())?,
        ))
    });
    let (weekly, days, away) = found.await??;
    let words = desk.words();
    let wrong = again.week.is_some() || again.day.is_some() || again.away.is_some();
    let (typed, row, week_wrong) = match again.week {
        Some((typed, row, wrong)) => (typed, row, Some(wrong).filter(|id| !id.is_empty())),
        None => (weekly.iter().map(as_typed).collect(), None, None),
    };
    let say = |id: &str| words.say(id);
    let (day, day_wrong) = again.day.unzip();
    let (sent, away_wrong) = again.away.unzip();
    let is_own = desk.segment("id").is_empty();
    let title = if is_own {
        say("my-hours")
    } else {
        words.with("hours-of", args!["who" => &member.name])
    };
    let section = if is_own {
        Section::Today
    } else {
        Section::Offering
    };
    let page = HoursPage {
        d: desk.frame(&title, section),
        tabs: if desk.may(Right::ChangeOffering) {
            tabs(desk, "staff")
        } else {
            Vec::new()
        },
        title,
        base: desk.url(&base),
        rows: times::grid(desk, &typed, row, false),
        week_wrong: week_wrong.map(say),
        days: days_shown(desk, &days),
        day: day_form(desk, &day.unwrap_or_default()),
        day_wrong: day_wrong.filter(|id| !id.is_empty()).map(say),
        away: away.iter().map(|away| absence(desk, away)).collect(),
        away_form: away_form(&sent.unwrap_or_default()),
        away_wrong: away_wrong.filter(|id| !id.is_empty()).map(say),
        zone: desk.catalog.organization.zone.replace('_', " "),
        team: if is_own { team(desk) } else { Vec::new() },
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST …/hours`: the whole week.
pub(super) async fn weekly(desk: DeskTo<ChangeHours>, Sent(form): Sent) -> Answer {
    let (member, base) = whose(&desk)?;
    let typed = times::rows(&form);
    let again = |row, wrong| Again {
        week: Some((typed.clone(), row, wrong)),
        ..Again::default()
    };
    if is_again(&form) || form.get("rows").is_some() {
        return show(&desk, again(None, "")).await;
    }
    let mut rows = Vec::new();
    for (at, row) in typed.iter().enumerate() {
        let read = times::weekday(&row.day).zip(times::span(&row.from, &row.to));
        let Some((weekday, (opens, closes))) = read else {
            return show(&desk, again(Some(at), "hours-wrong")).await;
        };
        let Ok(location) = row.place.parse::<LocationId>() else {
            return show(&desk, again(Some(at), "hours-wrong")).await;
        };
        rows.push(WeeklyHours {
            weekday,
            opens,
            closes,
            location,
            service: row.service.parse().ok(),
        });
    }
    let id = member.id;
    if !may_be_at(&desk, id, rows.iter().map(|row| row.location)) {
        return show(&desk, again(None, "hours-elsewhere")).await;
    }
    let author = author(&desk);
    let saved = save(&desk, &form, move |tx, _, (catalog, by)| {
        let places: Vec<LocationId> = rows.iter().map(|row| row.location).collect();
        check(tx, catalog, author, id, &places)?;
        Ok(((), hours::set_weekly_hours(tx, by, id, &rows)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done(&base, "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, &base),
        Err(Halt::Refused(OfferingError::Invalid("overlap"))) => {
            show(&desk, again(None, "hours-overlap")).await
        }
        Err(Halt::Refused(OfferingError::Invalid(_))) => {
            show(&desk, again(None, "hours-wrong")).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

/// `POST …/hours/day`: one day that differs, a day off, or the usual week again.
pub(super) async fn day(desk: DeskTo<ChangeHours>, Sent(form): Sent) -> Answer {
    let (member, base) = whose(&desk)?;
    let again = |wrong| Again {
        day: Some((form.clone(), wrong)),
        ..Again::default()
    };
    if is_again(&form) {
        return show(&desk, again("")).await;
    }
    let Ok(day) = text(&form, "date").parse::<Date>() else {
        return show(&desk, again("day-wrong")).await;
    };
    let mut open = Vec::new();
    for row in times::rows(&form) {
        let read = times::span(&row.from, &row.to).zip(row.place.parse::<LocationId>().ok());
        let Some(((opens, closes), location)) = read else {
            return show(&desk, again("hours-wrong")).await;
        };
        open.push((location, opens, closes));
    }
    let kind = text(&form, "kind");
    if kind == "open" && open.is_empty() {
        return show(&desk, again("hours-wrong")).await;
    }
    let id = member.id;
    if !may_be_at(&desk, id, open.iter().map(|(location, _, _)| *location)) {
        return show(&desk, again("hours-elsewhere")).await;
    }
    let author = author(&desk);
    let saved = save(&desk, &form, move |tx, _, (catalog, by)| {
        let places: Vec<LocationId> = open.iter().map(|(location, _, _)| *location).collect();
        check(tx, catalog, author, id, &places)?;
        let open = match kind.as_str() {
            "usual" => None,
            "off" => Some(&[][..]),
            _ => Some(open.as_slice()),
        };
        Ok(((), hours::set_day(tx, by, id, day, open)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done(&base, "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, &base),
        Err(Halt::Refused(OfferingError::Invalid("overlap"))) => {
            show(&desk, again("hours-overlap")).await
        }
        Err(Halt::Refused(OfferingError::Invalid(_))) => show(&desk, again("hours-wrong")).await,
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

/// `POST …/hours/away`: time off, by days or to the minute.
pub(super) async fn away(desk: DeskTo<ChangeHours>, Sent(form): Sent) -> Answer {
    let (member, base) = whose(&desk)?;
    let again = |wrong| Again {
        away: Some((form.clone(), wrong)),
        ..Again::default()
    };
    if is_again(&form) {
        return show(&desk, again("")).await;
    }
    let Some(window) = absence_typed(&desk, &form) else {
        return show(&desk, again("away-wrong")).await;
    };
    let id = member.id;
    let author = author(&desk);
    let saved = save(&desk, &form, move |tx, _, (catalog, by)| {
        check(tx, catalog, author, id, &[])?;
        Ok(((), hours::go_away(tx, by, id, window)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done(&base, "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, &base),
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

/// From the beginning of the first day, or a time on it, to the end of the last.
fn absence_typed(desk: &Desk, form: &Fields) -> Option<Window> {
    let zone = &desk.catalog.zone;
    let first: Date = text(form, "first").parse().ok()?;
    let last: Date = match text(form, "last") {
        empty if empty.is_empty() => first,
        typed => typed.parse().ok()?,
    };
    let at = |day: Date, minute: u16| -> Option<Timestamp> {
        let day = if minute == 1_440 {
            day.tomorrow().ok()?
        } else {
            day
        };
        let minute = i8::try_from(minute % 60)
            .ok()
            .zip(i8::try_from(minute % 1_440 / 60).ok())?;
        zone.to_timestamp(day.at(minute.1, minute.0, 0, 0)).ok()
    };
    let minute = |name: &str, fallback: u16| match text(form, name) {
        empty if empty.is_empty() => Some(fallback),
        typed => times::minute(&typed),
    };
    let starts = at(first, minute("first-time", 0)?)?;
    let ends = at(last, minute("last-time", 1_440)?)?;
    Window::new(starts, ends)
}

/// `POST …/hours/back`: time off is over, or was not meant.
pub(super) async fn back(desk: DeskTo<ChangeHours>, Sent(form): Sent) -> Answer {
    let (member, base) = whose(&desk)?;
    let Ok(away) = text(&form, "away").parse() else {
        return Err(Problem::not_found());
    };
    let id = member.id;
    let author = author(&desk);
    let saved = save(&desk, &form, move |tx, _, (catalog, by)| {
        check(tx, catalog, author, id, &[])?;
        // Of this staff member alone: the address says whose rights were looked at.
        if hours::time_off_of(tx, away)? != Some(id) {
            return Err(OfferingError::Unknown);
        }
        Ok(((), hours::remove_time_off(tx, by, away)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done(&base, "removed", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, &base),
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}
