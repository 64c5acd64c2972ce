//! Archiving, restoring and putting in order, from the lists.

use kept_base::input::{Fields, Form as Sent};
use kept_base::store::Tx;

use super::effect::{self, Halt, save};
use super::{id, problem};
use crate::app::App;
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::{LocationId, RoomId, ServiceId, StaffId, UndoId};
use crate::offering::{self, Catalog, Thing};
use crate::policy::May;
use crate::policy::rights::ChangeOffering;

/// Archives or restores, with the effect shown first.
async fn archive(desk: &DeskTo<ChangeOffering>, form: &Fields, thing: Thing, back: &str) -> Answer {
    let archived = form.get("restore").is_none();
    let change = move |tx: &Tx<'_>, _: &App, (_, by): (&Catalog, &May<ChangeOffering>)| {
        Ok(((), offering::archive(tx, by, thing, archived)?))
    };
    let code = if archived { "archived" } else { "restored" };
    finish(desk, form, back, code, save(desk, form, change).await?)
}

fn finish(
    desk: &Desk,
    form: &Fields,
    back: &str,
    code: &str,
    saved: Result<((), Option<UndoId>), Halt>,
) -> Answer {
    match saved {
        Ok(((), undo)) => Ok(desk.done(back, code, undo)),
        Err(Halt::Effect(effect)) => effect::show(desk, form, &effect, back),
        Err(Halt::Refused(error)) => Err(problem(error)),
    }
}

pub(super) async fn archive_service(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Service(id::<ServiceId>(&desk, "id")?);
    archive(&desk, &form, thing, "/services").await
}

pub(super) async fn archive_location(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Location(id::<LocationId>(&desk, "id")?);
    archive(&desk, &form, thing, "/places").await
}

pub(super) async fn archive_room(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Room(id::<RoomId>(&desk, "id")?);
    archive(&desk, &form, thing, "/places").await
}

pub(super) async fn archive_staff(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Staff(id::<StaffId>(&desk, "id")?);
    archive(&desk, &form, thing, "/staff").await
}

/// One place up or down among those that stand.
async fn order(
    desk: &DeskTo<ChangeOffering>,
    form: &Fields,
    (thing, order): (Thing, Vec<Thing>),
    back: &str,
) -> Answer {
    let up = form.get("up").is_some();
    let change = move |tx: &Tx<'_>, _: &App, (_, by): (&Catalog, &May<ChangeOffering>)| {
        Ok(((), offering::shift(tx, by, &order, thing, up)?))
    };
    finish(desk, form, back, "ordered", save(desk, form, change).await?)
}

pub(super) async fn order_service(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Service(id::<ServiceId>(&desk, "id")?);
    let all = desk
        .catalog
        .offered()
        .map(|s| Thing::Service(s.id))
        .collect();
    order(&desk, &form, (thing, all), "/services").await
}

pub(super) async fn order_location(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let id = id::<LocationId>(&desk, "id")?;
    let own = desk
        .catalog
        .location(id)
        .and_then(|location| location.parent);
    let beside = desk.catalog.locations.iter();
    let beside = beside.filter(|location| !location.archived && location.parent == own);
    let all = beside
        .map(|location| Thing::Location(location.id))
        .collect();
    order(&desk, &form, (Thing::Location(id), all), "/places").await
}

pub(super) async fn order_staff(desk: DeskTo<ChangeOffering>, Sent(form): Sent) -> Answer {
    let thing = Thing::Staff(id::<StaffId>(&desk, "id")?);
    let live = desk.catalog.staff.iter().filter(|member| !member.archived);
    let all = live.map(|member| Thing::Staff(member.id)).collect();
    order(&desk, &form, (thing, all), "/staff").await
}
