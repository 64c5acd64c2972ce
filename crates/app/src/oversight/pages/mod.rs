//! The page of the record, and the record as a file.

mod asked;
mod file;
mod list;

use crate::desk;

/// The routes.
#[must_use]
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/audit-log", list::page)
        .post("/audit-log/file", file::download)
}
