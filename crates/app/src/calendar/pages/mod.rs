//! The pages of the calendar: what is shown, and the forms that change it.

mod booking;
mod feeds;
mod forms;
mod grid;
mod history;
mod letter;
mod live;
mod moving;
mod overview;
mod refusal;
mod reserving;
mod sets;
mod sheet;
mod today;
mod view;
mod what;

pub use live::told;

use kept_base::store::Tx;

use crate::desk::Routes;
use crate::page::{Door, OpenRoutes};
use crate::scheduling::staff::{Earlier, StaffError};

/// The pages of members.
pub fn desk() -> Routes {
    Routes::new()
        .get("/", today::today)
        .get("/calendar", view::calendar)
        .get("/calendar/live", live::live)
        .get("/calendar/new", booking::form)
        .post("/calendar/new", booking::book)
        .get("/calendar/reserve", reserving::form)
        .post("/calendar/reserve", reserving::reserve)
        .get("/calendar/reserved/{id}", reserving::show)
        .post("/calendar/reserved/{id}", reserving::release)
        .get("/calendar/appointments/{id}", sheet::show)
        .post("/calendar/appointments/{id}/move", sheet::relocate)
        .post("/calendar/appointments/{id}/status", sheet::status)
        .post("/calendar/sets", sets::add)
        .post("/calendar/sets/{id}", sets::remove)
        .get("/calendar/feeds", feeds::list)
        .post("/calendar/feeds", feeds::make)
        .post("/calendar/feeds/{id}", feeds::revoke)
}

/// What is reached without signing in: a secret address.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new().get("/{org}/feed/{token}", Door::Link, feeds::download)
}

/// Keeps how to take back what the staff did.
fn offer(tx: &Tx<'_>, earlier: &Earlier) -> Result<crate::ids::UndoId, StaffError> {
    Ok(crate::undo::offer(
        tx,
        crate::scheduling::staff::KIND,
        earlier,
    )?)
}
