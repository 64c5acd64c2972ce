//! Saving and removing choices of people and rooms.

use kept_base::input::Form;
use kept_base::problem::Problem;

use super::super::asked::Asked;
use super::super::sets::{add_set, remove_set};
use super::forms::back;
use crate::desk::{Answer, DeskTo};
use crate::page::see_other;
use crate::policy::rights::SeeCalendar;

pub(super) async fn add(desk: DeskTo<SeeCalendar>, Form(form): Form) -> Answer {
    let today = desk
        .catalog
        .zone
        .to_datetime(desk.app.store.clock().now())
        .date();
    let asked = Asked::read(&form, today);
    let name = form.get("name").unwrap_or_default().to_owned();
    let (member, shown) = (desk.member.id, asked.chosen());
    let added = desk
        .write(move |tx, _, by| add_set(tx, by, member, &name, &shown))
        .await??;
    Ok(match added {
        Some(_) => desk.done(&asked.path(), "set-saved", None),
        None => desk.done(&asked.path(), "set-not-saved", None),
    })
}

pub(super) async fn remove(desk: DeskTo<SeeCalendar>, Form(form): Form) -> Answer {
    let id = desk
        .segment("id")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let member = desk.member.id;
    let removed = desk
        .write(move |tx, _, by| remove_set(tx, by, member, id))
        .await??;
    let path = back(&form);
    Ok(match removed {
        Some(undo) => desk.done(&path, "set-removed", Some(undo)),
        None => see_other(&desk.url(&path)),
    })
}
