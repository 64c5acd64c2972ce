//! The organization's own fields: what is kept of each person beside name and contact, and why.

use askama::Template;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::problem::Problem;

use super::input::{Faults, Input, Shape, typed};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::PersonFieldId;
use crate::page::Words;
use crate::people::{self, Kind, MAX_PERSON_FIELDS, NewPersonField, PeopleError, PersonField};
use crate::policy::rights::ChangeSettings;

/// A field of the list.
struct Line {
    label: String,
    reason: String,
    kind: String,
    required: bool,
    url: String,
}

#[derive(Template)]
#[template(path = "directory/fields.html")]
struct FieldsPage<'d> {
    d: DeskFrame<'d>,
    heading: String,
    lines: Vec<Line>,
    action: String,
    remove: Option<String>,
    inputs: Vec<Input>,
    wrong: Option<String>,
    full: bool,
}

/// `GET /people/fields`.
pub(super) async fn list(desk: DeskTo<ChangeSettings>) -> Answer {
    let fields = desk.read(|tx, _| people::fields(tx)).await??;
    show(
        &desk,
        &fields,
        None,
        &Fields::default(),
        &Faults::new(),
        None,
    )
}

/// `GET /people/fields/{field}`.
pub(super) async fn edit(desk: DeskTo<ChangeSettings>) -> Answer {
    let (fields, at) = find(&desk).await?;
    let field = &fields[at];
    let form: Fields = [
        ("label".to_owned(), field.label.clone()),
        ("reason".to_owned(), field.reason.clone()),
        ("kind".to_owned(), field.kind.code().to_owned()),
        ("choices".to_owned(), field.choices.join("\n")),
        (
            "required".to_owned(),
            if field.required { "yes" } else { "" }.to_owned(),
        ),
    ]
    .into_iter()
    .collect();
    show(&desk, &fields, Some(field), &form, &Faults::new(), None)
}

/// `POST /people/fields`.
pub(super) async fn add(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let new = match read(&form, None) {
        Ok(new) => new,
        Err(faults) => {
            let fields = desk.read(|tx, _| people::fields(tx)).await??;
            return show(&desk, &fields, None, &form, &faults, None);
        }
    };
    match desk
        .write(move |tx, _, by| people::add_field(tx, by, &new))
        .await?
    {
        Ok((_, undo)) => Ok(desk.done("/people/fields", "field-added", Some(undo))),
        Err(PeopleError::TooMany) => {
            let fields = desk.read(|tx, _| people::fields(tx)).await??;
            let most = args!["most" => MAX_PERSON_FIELDS].to_vec();
            let wrong = desk.words().with("people-fields-full", &most);
            show(&desk, &fields, None, &form, &Faults::new(), Some(wrong))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /people/fields/{field}`.
pub(super) async fn change(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let (fields, at) = find(&desk).await?;
    let field = &fields[at];
    let to = match read(&form, Some(field.kind)) {
        Ok(to) => to,
        Err(faults) => return show(&desk, &fields, Some(field), &form, &faults, None),
    };
    let id = field.id;
    let undo = desk
        .write(move |tx, _, by| people::change_field(tx, by, id, &to))
        .await??;
    Ok(desk.done("/people/fields", "field-changed", Some(undo)))
}

/// `POST /people/fields/{field}/remove`.
pub(super) async fn remove(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let (fields, at) = find(&desk).await?;
    let id = fields[at].id;
    match desk
        .write(move |tx, _, by| people::remove_field(tx, by, id))
        .await?
    {
        Ok(undo) => Ok(desk.done("/people/fields", "field-removed", Some(undo))),
        Err(PeopleError::TooMany) => {
            let wrong = desk.words().say("people-field-too-much");
            show(
                &desk,
                &fields,
                Some(&fields[at]),
                &form,
                &Faults::new(),
                Some(wrong),
            )
        }
        Err(error) => Err(error.into()),
    }
}

async fn find(desk: &Desk) -> Result<(Vec<PersonField>, usize), Problem> {
    let id: Result<PersonFieldId, _> = desk.segment("field").parse();
    let id = id.map_err(|_| Problem::not_found())?;
    let fields = desk.read(|tx, _| people::fields(tx)).await??;
    let at = fields.iter().position(|field| field.id == id);
    let at = at.ok_or_else(Problem::not_found)?;
    Ok((fields, at))
}

fn read(form: &Fields, known: Option<Kind>) -> Result<NewPersonField, Faults> {
    let kind = known.or_else(|| Kind::from_code(typed(form, "kind")));
    let choices = typed(form, "choices").lines().map(str::trim);
    let choices = choices.filter(|choice| !choice.is_empty());
    let new = NewPersonField {
        kind: kind.unwrap_or(Kind::Text),
        label: typed(form, "label").trim().to_owned(),
        reason: typed(form, "reason").trim().to_owned(),
        choices: choices.map(str::to_owned).collect(),
        required: form.get("required").is_some(),
    };
    let faults = new.faults().into_iter();
    let faults: Faults = faults.map(|(name, code)| (name.to_owned(), code)).collect();
    if faults.is_empty() {
        Ok(new)
    } else {
        Err(faults)
    }
}

fn show(
    desk: &Desk,
    fields: &[PersonField],
    field: Option<&PersonField>,
    form: &Fields,
    faults: &Faults,
    wrong: Option<String>,
) -> Answer {
    let words = desk.words();
    let heading = words.say(if field.is_some() {
        "people-field-edit"
    } else {
        "people-fields"
    });
    let d = desk.frame(&heading, Section::People);
    let nonce = d.f.nonce.clone();
    let own = |field: &PersonField| desk.url(&format!("/people/fields/{}", field.id));
    let is_wrong = wrong.is_some() || !faults.is_empty();
    let lines = fields.iter().map(|field| Line {
        label: field.label.clone(),
        reason: field.reason.clone(),
        kind: words.say(&format!("people-kind-{}", field.kind.code())),
        required: field.required,
        url: own(field),
    });
    let page = FieldsPage {
        d,
        heading,
        lines: if field.is_some() {
            Vec::new()
        } else {
            lines.collect()
        },
        action: field.map_or_else(|| desk.url("/people/fields"), own),
        remove: field.map(|field| format!("{}/remove", own(field))),
        inputs: inputs(words, field, form, faults),
        wrong: wrong.or_else(|| (!faults.is_empty()).then(|| words.say("people-wrong"))),
        full: field.is_none() && fields.len() >= MAX_PERSON_FIELDS,
    };
    let status = if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &nonce, &page)
}

fn inputs(
    words: Words<'_>,
    field: Option<&PersonField>,
    form: &Fields,
    faults: &Faults,
) -> Vec<Input> {
    let line = |name: &str| {
        let label = words.say(&format!("people-field-{name}"));
        let hint = words.say(&format!("people-field-{name}.hint"));
        Input::line(name, label, typed(form, name)).hint(hint)
    };
    let mut inputs = vec![line("label").required(true), line("reason").required(true)];
    if field.is_none() {
        let kinds = Kind::ALL.iter().map(|kind| {
            let text = words.say(&format!("people-kind-{}", kind.code()));
            (kind.code().to_owned(), text)
        });
        inputs.push(
            line("kind")
                .required(true)
                .shape(Shape::Select(kinds.collect())),
        );
    }
    if field.is_none_or(|field| field.kind == Kind::Choice) {
        inputs.push(line("choices").shape(Shape::Lines));
    }
    inputs.push(line("required").shape(Shape::Check));
    let inputs = inputs.into_iter();
    inputs.map(|input| input.faults(faults, words)).collect()
}
