//! `/o/{org}/export`: asking for a package of everything, how far it is, fetching it, and who did.

mod fetching;
mod form;
mod list;

use kept_base::input::Form;
use kept_base::problem::Problem;

use super::PackageError;
use crate::desk::{self, Answer, Desk, DeskTo};
use crate::ids::PackageId;
use crate::policy::rights::ExportOrganization;

/// The addresses of members.
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/export", list::page)
        .post("/export", form::ask)
        .post("/export/{package}/download", fetching::download)
        .post("/export/{package}/removal", remove)
}

/// The package of the path.
fn id(desk: &Desk) -> Result<PackageId, Problem> {
    desk.segment("package")
        .parse()
        .map_err(|_| Problem::not_found())
}

/// `POST /export/{package}/removal`.
async fn remove(desk: DeskTo<ExportOrganization>, Form(_): Form) -> Answer {
    let id = id(&desk)?;
    let removed = desk.write(move |tx, _, by| super::remove(tx, by, id));
    let undo = removed.await?.map_err(Problem::from)?;
    Ok(desk.done("/export", "export-removed", undo))
}

impl From<PackageError> for Problem {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::Unknown => Self::not_found(),
            PackageError::AtWork | PackageError::TooMany | PackageError::InTheWay => {
                Self::conflict().because(&error)
            }
            PackageError::Store(error) => error.into(),
        }
    }
}
