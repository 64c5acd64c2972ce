//! `/o/{org}/set-up`: a starter kit, then the first service, its place and its hours, filled in.

use axum::http::StatusCode;
use jiff::civil::Weekday;
use kept_base::input::{Fields, Form};
use kept_base::problem::Problem;

use super::Input;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::offering::OfferingError;
use crate::page::{Words, see_other};
use crate::policy::rights::ChangeSettings;
use crate::setup::{FirstService, Kit, SetupError, set_up_first_service};

/// A kit to choose.
struct KitChoice {
    url: String,
    name: String,
    about: String,
    chosen: bool,
}

/// A day of the week.
struct Day {
    number: i8,
    name: String,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "setup/first_service.html")]
struct FirstServicePage<'p> {
    d: DeskFrame<'p>,
    kits: Vec<KitChoice>,
    chosen: Option<String>,
    inputs: Vec<Input>,
    days: Vec<Day>,
    days_error: Option<String>,
    wrong: bool,
}

type Errors = Vec<(&'static str, &'static str)>;

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    if !desk.catalog.services.is_empty() {
        return Ok(see_other(&desk.url("/checklist")));
    }
    let kit = desk.query.filled("kit").and_then(Kit::from_code);
    let filled = kit.map(|kit| filled_in(&desk, kit)).unwrap_or_default();
    shown(&desk, kit, &filled, &[])
}

pub(super) async fn set_up(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let kit = form
        .filled("kit")
        .and_then(Kit::from_code)
        .unwrap_or(Kit::Clinic);
    let first = match read(&form) {
        Ok(first) => first,
        Err(errors) => return shown(&desk, Some(kit), &form, &errors),
    };
    let member = desk.member.id;
    let done = desk.write(move |tx, app, by| {
        set_up_first_service(tx, by, app.catalogs.zones(), member, &first)
    });
    match done.await? {
        Ok(()) => Ok(desk.done("/checklist", "set-up", None)),
        Err(SetupError::Done) => Ok(see_other(&desk.url("/checklist"))),
        Err(SetupError::Offering(OfferingError::Invalid(_))) => {
            shown(&desk, Some(kit), &form, &[("service", "setup-text-wrong")])
        }
        Err(SetupError::Forbidden) => Err(Problem::forbidden()),
        Err(SetupError::Store(error)) => Err(error.into()),
        Err(error) => Err(Problem::conflict().because(&error)),
    }
}

/// What a kit fills in.
fn filled_in(desk: &Desk, kit: Kit) -> Fields {
    let words = desk.words();
    let text = |what: &str| words.say(&format!("kit-{}-{what}", kit.code()));
    let weekly = kit.weekly();
    let mut pairs = vec![
        ("place".to_owned(), text("place")),
        ("service".to_owned(), text("service")),
        ("length".to_owned(), kit.length_minutes().to_string()),
        ("from".to_owned(), clock(weekly.hours.0)),
        ("to".to_owned(), clock(weekly.hours.1)),
        ("staff".to_owned(), desk.member.name.expose().to_owned()),
    ];
    let (first, last) = weekly.days;
    for number in first.to_monday_one_offset()..=last.to_monday_one_offset() {
        pairs.push(("day".to_owned(), number.to_string()));
    }
    pairs.into_iter().collect()
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 1_440).then_some(hour * 60 + minute)
}

fn read(form: &Fields) -> Result<FirstService, Errors> {
    let mut errors = Vec::new();
    let text = |name: &'static str, errors: &mut Errors| {
        let text = form.filled(name).unwrap_or_default().trim().to_owned();
        let chars = text.chars().count();
        if !(1..=crate::offering::MAX_TITLE_CHARS).contains(&chars) {
            errors.push((name, "setup-text-wrong"));
        }
        text
    };
    let place = text("place", &mut errors);
    let service = text("service", &mut errors);
    let staff = text("staff", &mut errors);
    let length = form
        .filled("length")
        .and_then(|text| text.trim().parse::<u16>().ok());
    let length = length.filter(|minutes| (5..=480).contains(minutes));
    if length.is_none() {
        errors.push(("length", "setup-length-wrong"));
    }
    let hours = (
        form.filled("from").and_then(minute),
        form.filled("to").and_then(minute),
    );
    let hours = match hours {
        (Some(from), Some(to)) if from < to => Some((from, to)),
        _ => {
            errors.push(("to", "setup-hours-wrong"));
            None
        }
    };
    let days = days_of(form);
    if days.is_empty() {
        errors.push(("day", "setup-days-wrong"));
    }
    match (length, hours) {
        (Some(length_minutes), Some(hours)) if errors.is_empty() => Ok(FirstService {
            place,
            address: form.filled("address").unwrap_or_default().trim().to_owned(),
            service,
            length_minutes,
            days,
            hours,
            staff,
        }),
        _ => Err(errors),
    }
}

fn days_of(form: &Fields) -> Vec<Weekday> {
    let sent = form.iter().filter(|(name, _)| *name == "day");
    let days = sent.filter_map(|(_, text)| text.parse().ok());
    days.filter_map(|number| Weekday::from_monday_one_offset(number).ok())
        .collect()
}

fn shown(
    desk: &Desk,
    kit: Option<Kit>,
    typed: &Fields,
    errors: &[(&'static str, &'static str)],
) -> Answer {
    let words = desk.words();
    let wrong = !errors.is_empty();
    let page = FirstServicePage {
        d: desk.frame(&words.say("setup-first"), Section::Settings),
        kits: kits(desk, words, kit),
        chosen: kit.map(|kit| kit.code().to_owned()),
        inputs: inputs(words, typed, errors),
        days: days(desk, typed),
        days_error: errors
            .iter()
            .find(|(of, _)| *of == "day")
            .map(|(_, text)| words.say(text)),
        wrong,
    };
    let status = if wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn kits(desk: &Desk, words: Words<'_>, chosen: Option<Kit>) -> Vec<KitChoice> {
    let choice = |kit: Kit| KitChoice {
        url: format!("{}?kit={}", desk.url("/set-up"), kit.code()),
        name: words.say(&format!("kit-{}", kit.code())),
        about: words.say(&format!("kit-{}-service", kit.code())),
        chosen: chosen == Some(kit),
    };
    Kit::ALL.into_iter().map(choice).collect()
}

fn inputs(words: Words<'_>, typed: &Fields, errors: &[(&'static str, &'static str)]) -> Vec<Input> {
    let names = [
        "service", "length", "place", "address", "staff", "from", "to",
    ];
    let input = |name: &'static str| {
        let error = errors.iter().find(|(of, _)| *of == name);
        let hint = format!("setup-{name}.hint");
        Input {
            name,
            label: words.say(&format!("setup-{name}")),
            hint: words.has(&hint).then(|| words.say(&hint)),
            value: typed.get(name).unwrap_or_default().to_owned(),
            error: error.map(|(_, text)| words.say(text)),
        }
    };
    names.into_iter().map(input).collect()
}

fn days(desk: &Desk, typed: &Fields) -> Vec<Day> {
    let chosen = days_of(typed);
    let words = desk.words();
    let day = |number: i8| {
        let weekday = Weekday::from_monday_one_offset(number).ok();
        Day {
            number,
            name: words.say(&format!("setup-day-{number}")),
            chosen: weekday.is_some_and(|day| chosen.contains(&day)),
        }
    };
    (1..=7).map(day).collect()
}
