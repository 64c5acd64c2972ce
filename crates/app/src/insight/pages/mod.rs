//! The page with the numbers.

mod chart;
mod figures;
mod view;

use crate::access::Right;
use crate::desk;

/// The routes.
#[must_use]
pub fn desk() -> desk::Routes {
    desk::Routes::new().get("/insight", Right::SeeInsight, view::insight)
}
