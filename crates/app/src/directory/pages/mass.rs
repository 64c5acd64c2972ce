//! One change to everybody on a list: chosen, looked at, done.

use askama::Template;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::Note;
use kept_base::page::Locale;
use kept_base::store::Error;

use super::edit::code;
use super::input::{Faults, Input, Shape, typed};
use super::list::which;
use super::person::shown;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::directory;
use crate::people::{self, MAX_MASS_PEOPLE, MassAct, PeopleError, PersonField, Preview, Which};
use crate::policy::Right;
use crate::policy::rights::ChangePeople;

/// What stands there now and will stand there then.
struct Line {
    name: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "directory/mass.html")]
struct MassPage<'d> {
    d: DeskFrame<'d>,
    typed: String,
    about: String,
    inputs: Vec<Input>,
    act: String,
    value: String,
    preview: Option<String>,
    lines: Vec<Line>,
    cut: Option<String>,
    can_do: bool,
    wrong: Option<String>,
}

/// `POST /people/mass`: `step` is absent, `preview` or `do`.
pub(super) async fn mass(desk: DeskTo<ChangePeople>, Form(form): Form) -> Answer {
    let which = which(&form);
    let fields = desk.read(|tx, _| people::fields(tx)).await??;
    let step = form.get("step").unwrap_or_default();
    if !matches!(step, "preview" | "do") {
        return show(&desk, &which, &fields, &form, Outcome::Nothing).await;
    }
    let act = match read(&desk, &form, &fields) {
        Ok(act) => act,
        Err(faults) => return show(&desk, &which, &fields, &form, Outcome::Wrong(faults)).await,
    };
    if step == "preview" {
        let (about, tried) = (which.clone(), act.clone());
        let sees = desk.grant(Right::SeeAppointments);
        let preview = desk.read(move |tx, _| {
            let ids = directory::ids(tx, (&about, sees.as_ref()), limit())?;
            people::preview(tx, &ids, &tried)
        });
        return match preview.await? {
            Ok(preview) => {
                show(
                    &desk,
                    &which,
                    &fields,
                    &form,
                    Outcome::Preview(preview, act),
                )
                .await
            }
            Err(PeopleError::TooMany) => {
                show(&desk, &which, &fields, &form, Outcome::TooMany).await
            }
            Err(error) => Err(error.into()),
        };
    }
    let about = which.clone();
    let done = desk.write(move |tx, _, by| {
        let sees = by.grants().grant(Right::SeeAppointments);
        let ids = directory::ids(tx, (&about, sees.as_ref()), limit())?;
        people::mass(tx, by, &ids, &act)
    });
    match done.await? {
        Ok((0, _)) => Ok(desk.done("/people", "unchanged", None)),
        Ok((_, undo)) => Ok(desk.done("/people", "people-changed", undo)),
        Err(PeopleError::TooMany) => show(&desk, &which, &fields, &form, Outcome::TooMany).await,
        Err(error) => Err(error.into()),
    }
}

/// One more than are changed at once, to notice that there are more.
fn limit() -> u32 {
    u32::try_from(MAX_MASS_PEOPLE + 1).unwrap_or(u32::MAX)
}

/// What came of a form.
enum Outcome {
    Nothing,
    Wrong(Faults),
    TooMany,
    Preview(Preview, MassAct),
}

fn read(desk: &Desk, form: &Fields, fields: &[PersonField]) -> Result<MassAct, Faults> {
    let value = typed(form, "value").trim();
    let wrong = |code| vec![("value".to_owned(), code)];
    let act = typed(form, "act");
    let field = |prefix: &str| {
        let id = act.strip_prefix(prefix)?;
        fields.iter().find(|field| field.id.to_string() == id)
    };
    if let Some(field) = field("clear-") {
        return Ok(MassAct::Field(field.clone(), None));
    }
    if let Some(field) = field("set-") {
        let text = field.read(value).map_err(wrong)?;
        let text = text.ok_or_else(|| wrong("required"))?;
        return Ok(MassAct::Field(field.clone(), Some(text)));
    }
    match act {
        "zone" => {
            let zone = desk.app.zones.parse_zone(value);
            let zone = zone.ok_or_else(|| wrong("unknown"))?;
            Ok(MassAct::Zone(zone.0))
        }
        "locale" => {
            let locale = super::import::locale(value).ok_or_else(|| wrong("unknown"))?;
            Ok(MassAct::Locale(locale))
        }
        "note" => {
            let note = Note::parse(value).map_err(|error| wrong(code(error)))?;
            Ok(MassAct::Remark(note))
        }
        _ => Err(vec![("act".to_owned(), "required")]),
    }
}

async fn show(
    desk: &Desk,
    which: &Which,
    fields: &[PersonField],
    form: &Fields,
    outcome: Outcome,
) -> Answer {
    let (sought, sees) = (which.clone(), desk.grant(Right::SeeAppointments));
    let found = desk.read(move |tx, _| {
        let ids = directory::ids(tx, (&sought, sees.as_ref()), limit())?;
        Ok::<_, Error>(ids.len())
    });
    let found = found.await??;
    let words = desk.words();
    let d = desk.frame(&words.say("people-mass"), Section::People);
    let nonce = d.f.nonce.clone();
    let (mut faults, mut lines, mut preview) = (Faults::new(), Vec::new(), None);
    let (mut wrong, mut cut, mut can_do) = (None, None, false);
    match outcome {
        Outcome::Nothing => {}
        Outcome::Wrong(found) => {
            faults = found;
            wrong = Some(words.say("people-wrong"));
        }
        Outcome::TooMany => {
            let most = args!["most" => MAX_MASS_PEOPLE].to_vec();
            wrong = Some(words.with("people-mass-too-many", &most));
        }
        Outcome::Preview(seen, act) => {
            let more = seen.changes.saturating_sub(seen.shown.len());
            let count = args!["changes" => seen.changes, "found" => seen.found].to_vec();
            preview = Some(words.with("people-mass-preview", &count));
            let count = args!["count" => more].to_vec();
            cut = (more > 0).then(|| words.with("people-mass-more", &count));
            can_do = seen.changes > 0;
            lines = seen
                .shown
                .iter()
                .map(|(record, before)| Line {
                    name: record.name.expose().to_owned(),
                    before: text(desk, &act, before.as_deref()),
                    after: text(desk, &act, after(&act).as_deref()),
                })
                .collect();
        }
    }
    let count = args!["count" => found.min(MAX_MASS_PEOPLE)].to_vec();
    let about = if which.is_everybody() {
        words.with("people-mass-about-all", &count)
    } else {
        words.with("people-mass-about-found", &count)
    };
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = MassPage {
        d,
        typed: which.typed.clone(),
        about,
        inputs: inputs(desk, fields, form, &faults),
        act: typed(form, "act").to_owned(),
        value: typed(form, "value").to_owned(),
        preview,
        lines,
        cut,
        can_do,
        wrong,
    };
    desk.respond(status, &nonce, &page)
}

fn after(act: &MassAct) -> Option<String> {
    match act {
        MassAct::Field(_, text) => text.as_ref().map(|text| text.expose().to_owned()),
        MassAct::Zone(text) | MassAct::Locale(text) => Some(text.clone()),
        MassAct::Remark(text) => Some(text.expose().to_owned()),
    }
}

/// What stands there, as people read it; a dash for nothing.
fn text(desk: &Desk, act: &MassAct, stored: Option<&str>) -> String {
    match (act, stored) {
        (_, None) => "–".to_owned(),
        (MassAct::Field(field, _), Some(text)) => shown(desk, field, text),
        (MassAct::Locale(_), Some(text)) => {
            let known = Locale::from_tag(text);
            known.map_or_else(|| text.to_owned(), |locale| locale.endonym().to_owned())
        }
        (_, Some(text)) => text.to_owned(),
    }
}

fn inputs(desk: &Desk, fields: &[PersonField], form: &Fields, faults: &Faults) -> Vec<Input> {
    let words = desk.words();
    let mut acts = vec![(String::new(), words.say("choose-one"))];
    for field in fields {
        let label = field.label.as_str();
        let set = words.with("people-mass-set", args!["label" => label]);
        let clear = words.with("people-mass-clear", args!["label" => label]);
        acts.push((format!("set-{}", field.id), set));
        acts.push((format!("clear-{}", field.id), clear));
    }
    for act in ["note", "locale", "zone"] {
        acts.push((act.to_owned(), words.say(&format!("people-mass-{act}"))));
    }
    let act = Input::line("act", words.say("people-mass-act"), typed(form, "act"));
    let value = Input::line(
        "value",
        words.say("people-mass-value"),
        typed(form, "value"),
    );
    [
        act.shape(Shape::Select(acts)).required(true),
        value.hint(words.say("people-mass-value.hint")),
    ]
    .into_iter()
    .map(|input| input.faults(faults, words))
    .collect()
}
