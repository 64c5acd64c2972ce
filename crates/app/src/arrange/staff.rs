//! Staff members and what they can do.

use kept_base::input::{Fields, Form as Sent};
use kept_base::kit::Email;
use kept_base::problem::Problem;

use super::effect::{self, Halt, save};
use super::form::{Asking, Choice, Shape, ids, text};
use super::lists::Adding;
use super::service_fields::written;
use super::{Form, Link, id, is_again, problem, show_form, status};
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::{SkillId, StaffId};
use crate::offering::{self, OfferingError, StaffChange};
use crate::policy::rights::ChangeOffering;

pub(super) async fn new(desk: DeskTo<ChangeOffering>) -> Answer {
    show(&desk, None, &Fields::default(), None).await
}

pub(super) async fn edit(desk: DeskTo<ChangeOffering>) -> Answer {
    let id: StaffId = id(&desk, "id")?;
    let member = desk
        .catalog
        .staff_member(id)
        .ok_or_else(Problem::not_found)?;
    let email = member.email.as_ref().map(|email| email.expose().to_owned());
    let mut fields = vec![
        ("name", member.name.clone()),
        ("title", member.title.clone()),
        ("email", email.unwrap_or_default()),
    ];
    let skills = member.skills.iter().map(|at| desk.catalog.skills[*at].id);
    fields.extend(skills.map(|id| ("skills", id.to_string())));
    show(&desk, Some(id), &written(&fields), None).await
}

async fn show(
    desk: &Desk,
    id: Option<StaffId>,
    fields: &Fields,
    wrong: Option<&'static str>,
) -> Answer {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "staff",
        wrong,
    };
    let of = |name: &str| text(fields, name);
    let skills = desk.catalog.skills.iter().map(|skill| {
        let id = skill.id.to_string();
        let chosen = fields.get_all("skills").any(|one| one == id);
        Choice::new(id, &skill.name, chosen)
    });
    let links = id.map(|id| {
        let url = desk.url(&format!("/staff/{id}/hours"));
        Link::new(words.say("staff-hours"), url)
    });
    let form = Form {
        title: id.map_or_else(|| words.say("new-staff"), |_| of("name")),
        tab: "staff",
        inputs: vec![
            asking.needed("name", of("name"), Shape::Line),
            asking.input("title", of("title"), Shape::Line),
            asking.input("email", of("email"), Shape::Email),
            asking.input("skills", "", Shape::Checks(skills.collect())),
        ],
        more: Vec::new(),
        links: links.into_iter().collect(),
        subject: id.map(|id| id.to_string()),
    };
    show_form(desk, form, status(wrong)).await
}

pub(super) async fn add(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    keep(&desk, None, &form).await
}

pub(super) async fn change(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let id: StaffId = id(&desk, "id")?;
    desk.catalog
        .staff_member(id)
        .ok_or_else(Problem::not_found)?;
    keep(&desk, Some(id), &form).await
}

async fn keep(desk: &DeskTo<ChangeOffering>, id: Option<StaffId>, form: &Fields) -> Answer {
    if is_again(form) {
        return show(desk, id, form, None).await;
    }
    let email = match text(form, "email") {
        empty if empty.is_empty() => None,
        typed => match Email::parse(&typed) {
            Ok(email) => Some(email),
            Err(_) => return show(desk, id, form, Some("email")).await,
        },
    };
    let to = StaffChange {
        name: text(form, "name"),
        title: text(form, "title"),
        email,
        skills: ids(form, "skills"),
    };
    let saved = save(desk, form, move |tx, _, (_, by)| {
        offering::set_staff(tx, by, id, &to)
    });
    match saved.await? {
        // Whoever is new has no hours yet: that is next.
        Ok((made, undo)) if id.is_none() => {
            Ok(desk.done(&format!("/staff/{made}/hours"), "saved", undo))
        }
        Ok((_, undo)) => Ok(desk.done("/staff", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, "/staff"),
        Err(Halt::Refused(OfferingError::Invalid(wrong))) => {
            show(desk, id, form, Some(wrong)).await
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

/// The form below the list of the staff.
pub(super) fn adding_skill(desk: &Desk) -> Adding {
    let words = desk.words();
    let asking = Asking {
        words,
        prefix: "skill",
        wrong: desk.query.filled("wrong").filter(|wrong| *wrong == "name"),
    };
    let known = desk.catalog.skills.iter().map(|skill| {
        let url = desk.url(&format!("/skills/{}/remove", skill.id));
        (skill.name.clone(), url)
    });
    Adding {
        title: words.say("skills"),
        known: known.collect(),
        inputs: vec![asking.needed("name", "", Shape::Line)],
        action: desk.url("/skills"),
        submit: words.say("skill-add"),
    }
}

pub(super) async fn add_skill(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let name = text(&form, "name");
    let saved = save(&desk, &form, move |tx, _, (catalog, by)| {
        offering::add_skill(tx, by, catalog, &name)
    });
    match saved.await? {
        Ok((_, undo)) => Ok(desk.done("/staff", "saved", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, "/staff"),
        Err(Halt::Refused(OfferingError::Invalid(_))) => {
            Ok(desk.done("/staff?wrong=name", "not-saved", None))
        }
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

pub(super) async fn remove_skill(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let skill: SkillId = id(&desk, "id")?;
    let saved = save(&desk, &form, move |tx, _, (_, by)| {
        Ok(((), offering::remove_skill(tx, by, skill)?))
    });
    match saved.await? {
        Ok(((), undo)) => Ok(desk.done("/staff", "removed", undo)),
        Err(Halt::Effect(effect)) => effect::show(&desk, &form, &effect, "/staff"),
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}
