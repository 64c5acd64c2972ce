//! The page with the numbers.

mod chart;
mod figures;
mod view;

use crate::desk;

/// The routes.
#[must_use]
pub fn desk() -> desk::Routes {
    desk::Routes::new().get("/insight", view::insight)
}
