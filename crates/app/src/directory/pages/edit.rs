//! The form with what is recorded of a person.

use askama::Template;
use axum::http::StatusCode;
use kept_base::input::Fields;
use kept_base::kit::personal::PersonalError;
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::page::Locale;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::input::{Faults, Input, Shape, own, own_name, typed};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::PersonId;
use crate::people::{self, Changes, MAX_CONTACTS_OF_A_KIND, PersonField, Record};
use crate::policy::rights::ChangePeople;

/// The form.
#[derive(Template)]
#[template(path = "directory/edit.html")]
struct EditPage<'d> {
    d: DeskFrame<'d>,
    heading: String,
    action: String,
    back: String,
    inputs: Vec<Input>,
    wrong: bool,
}

/// `GET /people/new`.
pub(super) async fn new(desk: DeskTo<ChangePeople>) -> Answer {
    let fields = desk.read(|tx, _| people::fields(tx)).await??;
    let typed: Fields = [
        ("zone".to_owned(), desk.catalog.organization.zone.clone()),
        (
            "locale".to_owned(),
            desk.catalog.organization.locale.clone(),
        ),
    ]
    .into_iter()
    .collect();
    show(&desk, None, &fields, &typed, &Vec::new())
}

/// `GET /people/{person}/edit`.
pub(super) async fn edit(desk: DeskTo<ChangePeople>) -> Answer {
    let (record, fields) = load(&desk).await?;
    let typed = of_record(&record, &fields);
    show(&desk, Some(&record), &fields, &typed, &Vec::new())
}

/// The person of the path, and the organization's own fields.
pub(super) async fn load(desk: &Desk) -> Result<(Record, Vec<PersonField>), Problem> {
    let id: PersonId = desk
        .segment("person")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let found = desk.read(move |tx, _| {
        let record = people::record_of(tx, id)?;
        Ok::<_, Error>((record, people::fields(tx)?))
    });
    let (record, fields) = found.await??;
    Ok((record.ok_or_else(Problem::not_found)?, fields))
}

/// What the form holds when nobody typed anything.
fn of_record(record: &Record, fields: &[PersonField]) -> Fields {
    let mut pairs = vec![
        ("name".to_owned(), record.name.expose().to_owned()),
        ("zone".to_owned(), record.zone.clone()),
        ("locale".to_owned(), record.locale.clone()),
    ];
    for (number, email) in (1..).zip(record.emails()) {
        pairs.push((format!("email-{number}"), email.expose().to_owned()));
    }
    for (number, phone) in (1..).zip(record.phones()) {
        pairs.push((format!("phone-{number}"), phone.expose().to_owned()));
    }
    for field in fields {
        let text = record.value(field.id).map(Note::expose);
        pairs.push((own_name(field), text.unwrap_or_default().to_owned()));
    }
    pairs.into_iter().collect()
}

/// Shows the form with what was typed and what is wrong with it.
pub(super) fn show(
    desk: &Desk,
    record: Option<&Record>,
    fields: &[PersonField],
    form: &Fields,
    faults: &Faults,
) -> Answer {
    let words = desk.words();
    let (heading, path) = match record {
        None => (words.say("people-new"), "/people/new".to_owned()),
        Some(record) => {
            let path = format!("/people/{}/edit", record.id);
            (words.say("people-edit"), path)
        }
    };
    let back = match record {
        None => "/people".to_owned(),
        Some(record) => format!("/people/{}", record.id),
    };
    let d = desk.frame(&heading, Section::People);
    let nonce = d.f.nonce.clone();
    let page = EditPage {
        d,
        heading,
        action: desk.url(&path),
        back: desk.url(&back),
        inputs: inputs(desk, fields, form, faults),
        wrong: !faults.is_empty(),
    };
    let status = if page.wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &nonce, &page)
}

fn inputs(desk: &Desk, fields: &[PersonField], form: &Fields, faults: &Faults) -> Vec<Input> {
    let words = desk.words();
    let name = Input::line("name", words.say("people-name"), typed(form, "name")).required(true);
    let mut inputs = vec![name];
    for (kind, shape) in [("email", "email"), ("phone", "tel")] {
        // One more than there are, so that one can be added.
        let filled = (1..=MAX_CONTACTS_OF_A_KIND)
            .filter(|number| form.filled(&format!("{kind}-{number}")).is_some())
            .max();
        let shown = (filled.unwrap_or(0) + 1).min(MAX_CONTACTS_OF_A_KIND);
        for number in 1..=shown {
            let name = format!("{kind}-{number}");
            let nth = if number == 1 {
                kind.to_owned()
            } else {
                format!("{kind}-more")
            };
            let label = words.say(&format!("people-{nth}"));
            let hint = words.say(&format!("people-{nth}.hint"));
            let value = typed(form, &name);
            inputs.push(
                Input::line(name.clone(), label, value)
                    .shape(Shape::Line(shape))
                    .hint(hint),
            );
        }
    }
    let zone = Input::line("zone", words.say("people-zone"), typed(form, "zone"));
    inputs.push(zone.hint(words.say("people-zone.hint")).required(true));
    let locales = Locale::ALL.iter();
    let locales = locales.map(|one| (one.tag().to_owned(), one.endonym().to_owned()));
    let locale = Input::line("locale", words.say("people-locale"), typed(form, "locale"));
    let locale = locale.shape(Shape::Select(locales.collect()));
    inputs.push(locale.required(true));
    for field in fields {
        inputs.push(own(field, typed(form, &own_name(field)), words));
    }
    let inputs = inputs.into_iter();
    inputs.map(|input| input.faults(faults, words)).collect()
}

/// Reads a sent form.
///
/// # Errors
/// Everything that is wrong.
pub(super) fn read(form: &Fields, fields: &[PersonField], app: &App) -> Result<Changes, Faults> {
    let mut faults = Faults::new();
    let name = PersonName::parse(typed(form, "name"));
    let name = name.map_err(|error| faults.push(("name".to_owned(), code(error))));
    let emails = several(form, "email", &mut faults, Email::parse);
    let phones = several(form, "phone", &mut faults, Phone::parse);
    let zone = app.zones.parse_zone(typed(form, "zone").trim());
    if zone.is_none() {
        faults.push(("zone".to_owned(), "unknown"));
    }
    let locale = Locale::from_tag(typed(form, "locale"));
    if locale.is_none() {
        faults.push(("locale".to_owned(), "unknown"));
    }
    let mut values = Vec::new();
    for field in fields {
        match field.read(typed(form, &own_name(field))) {
            Ok(text) => values.push((field.id, text)),
            Err(code) => faults.push((own_name(field), code)),
        }
    }
    match (name, zone, locale) {
        (Ok(name), Some((zone, _)), Some(locale)) if faults.is_empty() => Ok(Changes {
            name,
            emails,
            phones,
            zone,
            locale: locale.tag().to_owned(),
            values,
        }),
        _ => Err(faults),
    }
}

fn several<T>(
    form: &Fields,
    kind: &str,
    faults: &mut Faults,
    parse: impl Fn(&str) -> Result<T, PersonalError>,
) -> Vec<T> {
    let mut read = Vec::new();
    for number in 1..=MAX_CONTACTS_OF_A_KIND {
        let name = format!("{kind}-{number}");
        match form.filled(&name).map(&parse) {
            None => {}
            Some(Ok(one)) => read.push(one),
            Some(Err(PersonalError::Malformed)) if kind == "phone" => {
                faults.push((name, "no_phone"));
            }
            Some(Err(error)) => faults.push((name, code(error))),
        }
    }
    read
}

pub(super) fn code(error: PersonalError) -> &'static str {
    match error {
        PersonalError::Empty => "required",
        PersonalError::TooLong => "too_long",
        PersonalError::Malformed => "malformed",
    }
}
