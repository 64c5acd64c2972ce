//! The pages of people: list and search, one person, merging, lists in and out, many at once.
//! What is typed to find somebody stands in bodies of forms only, since addresses are kept in
//! histories and logs.

mod alike;
mod change;
mod edit;
mod fields;
mod files;
mod import;
mod import_view;
mod input;
mod list;
mod mass;
mod person;

use kept_base::problem::Problem;

use crate::desk;
use crate::people::PeopleError;

/// The routes.
#[must_use]
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/people", list::list)
        .post("/people/search", list::search)
        .get("/people/new", edit::new)
        .post("/people/new", change::add)
        .get("/people/alike", alike::pairs)
        .get("/people/alike/{first}/{second}", alike::compare)
        .post("/people/alike/{first}/{second}", alike::merge)
        .get("/people/fields", fields::list)
        .post("/people/fields", fields::add)
        .get("/people/fields/{field}", fields::edit)
        .post("/people/fields/{field}", fields::change)
        .post("/people/fields/{field}/remove", fields::remove)
        .post("/people/export", files::export)
        .post("/people/mass", mass::mass)
        .get("/people/import", import::start)
        .post("/people/import", import::upload)
        .get("/people/import/{import}", import_view::show)
        .post("/people/import/{import}/columns", import::columns)
        .post("/people/import/{import}/rows", import::rows)
        .post("/people/import/{import}/run", import::run)
        .post("/people/import/{import}/remove", import::remove)
        .get("/people/{person}", person::show)
        .get("/people/{person}/edit", edit::edit)
        .post("/people/{person}/edit", change::change)
        .post("/people/{person}/notes", person::add_note)
        .post("/people/{person}/notes/{note}/remove", person::remove_note)
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Unknown => Self::not_found(),
            PeopleError::ChangedSince | PeopleError::TooMany => Self::conflict().because(&error),
            PeopleError::Store(error) => error.into(),
        }
    }
}
