//! Closed days: one by one, the holidays of a region, or from somebody's calendar file.

use axum::extract::{FromRequest as _, Request};
use axum::http::StatusCode;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kept_base::input::{Fields, Form as Sent, Upload, is_upload};
use kept_base::page::{Locale, when};
use kept_base::problem::Problem;
use kept_ical::ReadError;

use super::effect::{self, Halt, save};
use super::form::{Choice, text};
use super::holidays::{self, REGIONS};
use super::{Tab, id, is_again, problem, tabs};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{ClosedDayId, LocationId};
use crate::offering::{MAX_TITLE_CHARS, OfferingError, hours};
use crate::policy::rights::ChangeOffering;

/// Years that events of every year are closed days for.
const YEARS_AHEAD: i16 = 2;

/// Most days that are taken of a file: as many as one form can send on.
const MAX_FILE_DAYS: usize = 400;

/// A closed day in words.
struct Closed {
    id: String,
    day: String,
    name: String,
    place: String,
}

#[derive(askama::Template)]
#[template(path = "arrange/rest.html")]
struct RestPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    title: String,
    days: Vec<Closed>,
    date: String,
    name: String,
    places: Vec<Choice>,
    regions: Vec<(Choice, &'static str)>,
    add_wrong: Option<String>,
    file_wrong: Option<String>,
}

pub(super) async fn page(desk: DeskTo<ChangeOffering>) -> Answer {
    show(&desk, &Fields::default(), None).await
}

/// `wrong` is the form (`add` or `file`) and the text.
async fn show(desk: &Desk, sent: &Fields, wrong: Option<(&str, &str)>) -> Answer {
    let zone = desk.catalog.zone.clone();
    let found = desk.read(move |tx, _| hours::closed_days(tx, zone.to_datetime(tx.now()).date()));
    let days = found.await??;
    let words = desk.words();
    let catalog = &desk.catalog;
    let everywhere = words.say("everywhere");
    let days = days.into_iter().map(|closed| Closed {
        id: closed.id.to_string(),
        day: when::day(words.locale(), closed.day),
        name: closed.name,
        place: (closed.location.and_then(|id| catalog.location(id)))
            .map_or_else(|| everywhere.clone(), |location| location.name.clone()),
    });
    let live = catalog.locations.iter().enumerate();
    let live = live.filter(|(_, location)| !location.archived);
    let named = live.map(|(at, location)| {
        let chosen = location.id.to_string() == text(sent, "place");
        Choice::new(location.id, catalog.full_name(at), chosen)
    });
    let all = Choice::new("", &everywhere, text(sent, "place").is_empty());
    let regions = REGIONS.iter().map(|region| {
        let chosen = region.code == text(sent, "region");
        (Choice::new(region.code, region.name, chosen), region.law)
    });
    let title = words.say("tab-closed-days");
    let said = |form: &str| {
        let found = wrong.filter(|(of, id)| *of == form && !id.is_empty());
        found.map(|(_, id)| words.say(id))
    };
    let page = RestPage {
        d: desk.frame(&title, Section::Offering),
        tabs: tabs(desk, "closed-days"),
        title,
        days: days.collect(),
        date: text(sent, "date"),
        name: text(sent, "name"),
        places: std::iter::once(all).chain(named).collect(),
        regions: regions.collect(),
        add_wrong: said("add"),
        file_wrong: said("file"),
    };
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// Closes these days at the place that the form names.
async fn close(
    desk: &DeskTo<ChangeOffering>,
    form: &Fields,
    days: Vec<(Date, String)>,
    which: &str,
) -> Answer {
    let place: Option<LocationId> = text(form, "place").parse().ok();
    let saved = save(desk, form, move |tx, _, (_, by)| {
        Ok(((), hours::close_days(tx, by, place, &days)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done("/closed-days", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, "/closed-days"),
        Err(Halt::Refused(OfferingError::Invalid(_))) => {
            show(desk, form, Some((which, "closed-wrong"))).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

pub(super) async fn add(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    if is_again(&form) {
        return show(&desk, &form, Some(("add", ""))).await;
    }
    let Ok(day) = text(&form, "date").parse::<Date>() else {
        return show(&desk, &form, Some(("add", "closed-wrong"))).await;
    };
    let days = vec![(day, text(&form, "name"))];
    close(&desk, &form, days, "add").await
}

pub(super) async fn add_holidays(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    if is_again(&form) {
        return show(&desk, &form, Some(("holidays", ""))).await;
    }
    let region = holidays::region(&text(&form, "region")).ok_or_else(Problem::not_found)?;
    let today = today(&desk).await?;
    // Customers read them, so they are in the organization's language.
    let locale = Locale::from_tag(&desk.catalog.organization.locale).unwrap_or_default();
    let words = desk.app.look.words(locale);
    let days = holidays::holidays(region, today);
    let days = days
        .into_iter()
        .map(|(day, code)| (day, words.say(&format!("holiday-{code}"))));
    close(&desk, &form, days.collect(), "holidays").await
}

async fn today(desk: &Desk) -> Result<Date, Problem> {
    let zone = desk.catalog.zone.clone();
    let today =
        desk.read(move |tx, _| Ok::<_, kept_base::store::Error>(zone.to_datetime(tx.now()).date()));
    Ok(today.await??)
}

/// An iCalendar file, or what was read of one and is confirmed: its days, each on a line.
pub(super) async fn import(desk: DeskTo<ChangeOffering>, request: Request) -> Answer {
    let (form, text) = if is_upload(request.headers()) {
        let upload = Upload::from_request(request, &()).await?;
        let text = String::from_utf8_lossy(&upload.file).into_owned();
        (upload.fields, text)
    } else {
        let Sent(form) = Sent::from_request(request, &()).await?;
        (form, String::new())
    };
    if is_again(&form) {
        return show(&desk, &form, Some(("file", ""))).await;
    }
    if form.get("days").is_some() {
        let days = lines(&text_of_days(&form));
        return close(&desk, &form, days, "file").await;
    }
    let days = match days_in(&desk, &text).await? {
        Ok(days) => days,
        Err(wrong) => return show(&desk, &form, Some(("file", wrong))).await,
    };
    // The days go along with the page that shows their effect, not the file.
    let written = days.iter().map(|(day, name)| format!("{day} {name}"));
    let sent = [
        ("days".to_owned(), written.collect::<Vec<_>>().join("\n")),
        ("place".to_owned(), self::text(&form, "place")),
    ];
    close(&desk, &sent.into_iter().collect(), days, "file").await
}

fn text_of_days(form: &Fields) -> String {
    form.get("days").unwrap_or_default().to_owned()
}

/// Reads `2026-12-25 Christmas` line by line.
fn lines(text: &str) -> Vec<(Date, String)> {
    let read = |line: &str| {
        let (day, name) = line.trim().split_once(' ')?;
        Some((day.parse().ok()?, name.to_owned()))
    };
    text.lines().filter_map(read).collect()
}

/// The whole days of a file from today on, or the text that says what is wrong with it.
async fn days_in(
    desk: &Desk,
    file: &str,
) -> Result<Result<Vec<(Date, String)>, &'static str>, Problem> {
    let read = match kept_ical::read_whole_days(file) {
        Ok(read) => read,
        Err(ReadError::NotCalendar) => return Ok(Err("file-not-calendar")),
        Err(ReadError::TooLarge) => return Ok(Err("file-too-large")),
    };
    let today = today(desk).await?;
    let fallback = desk.words().say("closed-unnamed");
    let mut days: Vec<(Date, String)> = Vec::new();
    for event in &read.days {
        for day in days_of(event, today) {
            let name: String = event.summary.chars().take(MAX_TITLE_CHARS).collect();
            let name = if name.trim().is_empty() {
                fallback.clone()
            } else {
                name
            };
            if days.len() < MAX_FILE_DAYS && !days.iter().any(|(known, _)| *known == day) {
                days.push((day, name));
            }
        }
    }
    Ok(if days.is_empty() {
        Err("file-no-days")
    } else {
        Ok(days)
    })
}

/// Its days from today on; of a yearly one those of the years to come.
fn days_of(event: &kept_ical::WholeDays, today: Date) -> Vec<Date> {
    let years: Vec<i16> = if event.yearly {
        (today.year()..=today.year().saturating_add(YEARS_AHEAD)).collect()
    } else {
        vec![event.first.year()]
    };
    let length = (event.last - event.first).get_days();
    let mut days = Vec::new();
    for year in years {
        // A 29 February is in leap years alone.
        let Ok(first) = Date::new(year, event.first.month(), event.first.day()) else {
            continue;
        };
        let all = (0..=length).filter_map(|n| first.checked_add(n.days()).ok());
        days.extend(all.filter(|day| *day >= today));
    }
    days
}

pub(super) async fn remove(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let closed: ClosedDayId = id(&desk, "id")?;
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        Ok(((), hours::open_again(tx, by, closed)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done("/closed-days", "removed", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, "/closed-days"),
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}
