//! What a service asks beside name and e-mail.

use axum::http::StatusCode;
use kept_base::input::{Fields, Form as Sent};
use kept_base::problem::Problem;

use super::effect::Halt;
use super::effect::{self, save};
use super::form::{Asking, Choice, Input, Shape, text};
use super::lists::{Action, Item, ListPage, ListSection};
use super::service_fields::written;
use super::services::find;
use super::{Form, Link, id, problem, show_form, status, tabs};
use crate::desk::{Answer, Desk, DeskTo, Section};
use crate::ids::FieldId;
use crate::offering::{self, Field, FieldKind, NewField, OfferingError, Service, Thing};
use crate::policy::rights::ChangeOffering;

fn base(service: &Service) -> String {
    format!("/services/{}/questions", service.id)
}

pub(super) async fn list(desk: DeskTo<ChangeOffering>) -> Answer {
    let service = find(&desk)?;
    let words = desk.words();
    let base = base(service);
    let items = service.fields.iter().map(|field| {
        let at = format!("{base}/{}", field.id);
        let kind = words.say(&format!("kind-{}", field.kind.code().replace('_', "-")));
        let needed = field.required.then(|| words.say("question-required"));
        Item {
            name: field.label.clone(),
            url: Some(desk.url(&at)),
            depth: 0,
            facts: std::iter::once(kind).chain(needed).collect(),
            actions: vec![
                Action::order(&desk, &format!("{at}/order")),
                Action::new(words.say("remove"), desk.url(&format!("{at}/remove")), &[]),
            ],
        }
    });
    let items: Vec<_> = items.collect();
    let title = words.with("questions-of", kept_base::args!["service" => &service.name]);
    let page = ListPage {
        d: desk.frame(&title, Section::Offering),
        tabs: tabs(&desk, "services"),
        title,
        intro: words.say("questions-intro"),
        add: Vec::new(),
        empty: items.is_empty().then(|| words.say("questions-empty")),
        sections: vec![ListSection { title: None, items }],
        form: Some(super::lists::Adding {
            title: words.say("question-new"),
            known: Vec::new(),
            action: desk.url(&base),
            inputs: inputs(&desk, &Fields::default(), None),
            submit: words.say("question-add"),
        }),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

fn question(desk: &Desk) -> Result<&Field, Problem> {
    let wanted: FieldId = id(desk, "field")?;
    let found = find(desk)?.fields.iter().find(|field| field.id == wanted);
    found.ok_or_else(Problem::not_found)
}

pub(super) async fn edit(desk: DeskTo<ChangeOffering>) -> Answer {
    let field = question(&desk)?;
    let mut fields = vec![
        ("label", field.label.clone()),
        ("reason", field.reason.clone()),
        ("kind", field.kind.code().to_owned()),
        ("choices", field.choices.join("\n")),
    ];
    if field.required {
        fields.push(("required", "yes".to_owned()));
    }
    show(&desk, &written(&fields), None).await
}

async fn show(desk: &Desk, fields: &Fields, wrong: Option<&'static str>) -> Answer {
    let words = desk.words();
    let service = find(desk)?;
    let back = desk.url(&base(service));
    let form = Form {
        title: words.say("question"),
        tab: "services",
        inputs: inputs(desk, fields, wrong),
        more: Vec::new(),
        links: vec![Link::new(words.say("service-questions"), back)],
        subject: desk
            .segment("field")
            .parse::<FieldId>()
            .ok()
            .map(|id| id.to_string()),
    };
    show_form(desk, form, status(wrong)).await
}

fn inputs(desk: &Desk, fields: &Fields, wrong: Option<&'static str>) -> Vec<Input> {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "question",
        wrong,
    };
    let kind = text(fields, "kind");
    let kinds = FieldKind::ALL.iter().map(|one| {
        let label = words.say(&format!("kind-{}", one.code().replace('_', "-")));
        Choice::new(one.code(), label, one.code() == kind)
    });
    let required = Choice::new(
        "yes",
        words.say("question-required-label"),
        fields.get("required").is_some(),
    );
    vec![
        asking.needed("label", text(fields, "label"), Shape::Line),
        asking.needed("reason", text(fields, "reason"), Shape::Line),
        asking.input("kind", "", Shape::Select(kinds.collect())),
        asking.input("choices", text(fields, "choices"), Shape::Lines),
        asking.input("required", "", Shape::Checks(vec![required])),
    ]
}

fn read(form: &Fields) -> NewField {
    let kind = FieldKind::from_code(&text(form, "kind")).unwrap_or(FieldKind::Text);
    let typed = text(form, "choices");
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    NewField {
        key: String::new(),
        kind,
        label: text(form, "label"),
        reason: text(form, "reason"),
        choices: if kind == FieldKind::Choice {
            lines.map(str::to_owned).collect()
        } else {
            Vec::new()
        },
        required: form.get("required").is_some(),
    }
}

/// The field of the form in which the refused value stands.
fn field_of(invalid: &str) -> &'static str {
    match invalid {
        "reason" => "reason",
        "choices" => "choices",
        _ => "label",
    }
}

pub(super) async fn add(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let service = find(&desk)?;
    let (id, back) = (service.id, base(service));
    let new = read(&form);
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        offering::ask(tx, by, id, &new)
    });
    finish(&desk, &form, &back, saved.await?.map(|(_, undo)| undo)).await
}

pub(super) async fn change(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let (field, back) = (question(&desk)?.id, base(find(&desk)?));
    let new = read(&form);
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        offering::change_question(tx, by, field, &new).map(|earlier| ((), earlier))
    });
    finish(&desk, &form, &back, saved.await?.map(|(_, undo)| undo)).await
}

async fn finish(
    desk: &Desk,
    form: &Fields,
    back: &str,
    saved: Result<Option<crate::ids::UndoId>, Halt>,
) -> Answer {
    match saved {
        Ok(undo) => Ok(desk.done(back, "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, back),
        Err(Halt::Refused(OfferingError::Invalid(wrong))) => {
            show(desk, form, Some(field_of(wrong))).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

pub(super) async fn remove(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let (field, back) = (question(&desk)?.id, base(find(&desk)?));
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        let earlier = offering::archive(tx, by, Thing::Field(field), true)?;
        Ok(((), earlier))
    });
    finish(&desk, &form, &back, saved.await?.map(|(_, undo)| undo)).await
}

pub(super) async fn order(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let service = find(&desk)?;
    let (field, back) = (question(&desk)?.id, base(service));
    let order: Vec<Thing> = service.fields.iter().map(|f| Thing::Field(f.id)).collect();
    let up = form.get("up").is_some();
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        let earlier = offering::shift(tx, by, &order, Thing::Field(field), up)?;
        Ok(((), earlier))
    });
    finish(&desk, &form, &back, saved.await?.map(|(_, undo)| undo)).await
}
