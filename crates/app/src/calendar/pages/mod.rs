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

use crate::access::Right;
use crate::desk::Routes;
use crate::page::{Door, OpenRoutes};
use crate::scheduling::staff::{Earlier, StaffError};

/// The pages of members.
pub fn desk() -> Routes {
    let (see, change) = (Right::SeeCalendar, Right::ChangeAppointments);
    Routes::new()
        .get("/", Right::SeeToday, today::today)
        .get("/calendar", see, view::calendar)
        .get("/calendar/live", see, live::live)
        .get("/calendar/new", change, booking::form)
        .post("/calendar/new", change, booking::book)
        .get("/calendar/reserve", change, reserving::form)
        .post("/calendar/reserve", change, reserving::reserve)
        .get("/calendar/reserved/{id}", see, reserving::show)
        .post("/calendar/reserved/{id}", change, reserving::release)
        .get("/calendar/appointments/{id}", see, sheet::show)
        .post("/calendar/appointments/{id}/move", change, sheet::relocate)
        .post("/calendar/appointments/{id}/status", change, sheet::status)
        .post("/calendar/sets", see, sets::add)
        .post("/calendar/sets/{id}", see, sets::remove)
        .get("/calendar/feeds", see, feeds::list)
        .post("/calendar/feeds", see, feeds::make)
        .post("/calendar/feeds/{id}", see, feeds::revoke)
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
