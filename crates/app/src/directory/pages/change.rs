//! What the form with a person's record does.

use kept_base::input::Form;

use super::edit::{load, read, show};
use crate::desk::{Answer, DeskTo};
use crate::policy::rights::ChangePeople;
use crate::{directory, people};

/// `POST /people/new`.
pub(super) async fn add(desk: DeskTo<ChangePeople>, Form(form): Form) -> Answer {
    let fields = desk.read(|tx, _| people::fields(tx)).await??;
    let new = match read(&form, &fields, &desk.app) {
        Ok(new) => new,
        Err(faults) => return show(&desk, None, &fields, &form, &faults),
    };
    let (id, undo) = desk
        .write(move |tx, _, by| directory::add(tx, by, &new))
        .await??;
    Ok(desk.done(&format!("/people/{id}"), "person-added", Some(undo)))
}

/// `POST /people/{person}/edit`.
pub(super) async fn change(desk: DeskTo<ChangePeople>, Form(form): Form) -> Answer {
    let (record, fields) = load(&desk).await?;
    let to = match read(&form, &fields, &desk.app) {
        Ok(to) => to,
        Err(faults) => return show(&desk, Some(&record), &fields, &form, &faults),
    };
    let id = record.id;
    let undo = desk
        .write(move |tx, _, by| people::change(tx, by, id, &to))
        .await??;
    let said = if undo.is_some() {
        "person-changed"
    } else {
        "unchanged"
    };
    Ok(desk.done(&format!("/people/{id}"), said, undo))
}
