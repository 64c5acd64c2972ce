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

use crate::access::Right;
use crate::desk;
use crate::people::PeopleError;

/// The routes.
#[must_use]
pub fn desk() -> desk::Routes {
    desk::Routes::new()
        .get("/people", Right::SeePeople, list::list)
        .post("/people/search", Right::SeePeople, list::search)
        .get("/people/new", Right::ChangePeople, edit::new)
        .post("/people/new", Right::ChangePeople, change::add)
        .get("/people/alike", Right::ChangePeople, alike::pairs)
        .get(
            "/people/alike/{first}/{second}",
            Right::ChangePeople,
            alike::compare,
        )
        .post(
            "/people/alike/{first}/{second}",
            Right::ChangePeople,
            alike::merge,
        )
        .get("/people/fields", Right::ChangeSettings, fields::list)
        .post("/people/fields", Right::ChangeSettings, fields::add)
        .get(
            "/people/fields/{field}",
            Right::ChangeSettings,
            fields::edit,
        )
        .post(
            "/people/fields/{field}",
            Right::ChangeSettings,
            fields::change,
        )
        .post(
            "/people/fields/{field}/remove",
            Right::ChangeSettings,
            fields::remove,
        )
        .post("/people/export", Right::ExportPeople, files::export)
        .post("/people/mass", Right::ChangePeople, mass::mass)
        .get("/people/import", Right::ExportPeople, import::start)
        .post("/people/import", Right::ExportPeople, import::upload)
        .get(
            "/people/import/{import}",
            Right::ExportPeople,
            import_view::show,
        )
        .post(
            "/people/import/{import}/columns",
            Right::ExportPeople,
            import::columns,
        )
        .post(
            "/people/import/{import}/rows",
            Right::ExportPeople,
            import::rows,
        )
        .post(
            "/people/import/{import}/run",
            Right::ExportPeople,
            import::run,
        )
        .post(
            "/people/import/{import}/remove",
            Right::ExportPeople,
            import::remove,
        )
        .get("/people/{person}", Right::SeePeople, person::show)
        .get("/people/{person}/edit", Right::ChangePeople, edit::edit)
        .post("/people/{person}/edit", Right::ChangePeople, change::change)
        .post(
            "/people/{person}/notes",
            Right::ChangePeople,
            person::add_note,
        )
        .post(
            "/people/{person}/notes/{note}/remove",
            Right::ChangePeople,
            person::remove_note,
        )
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
