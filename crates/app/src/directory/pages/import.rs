//! Recording people from a list: what the forms of each step do.

use std::sync::Arc;

use axum::http::StatusCode;
use kept_base::input::{Form, Upload};
use kept_base::page::Locale;
use kept_base::page::zone::Zones;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::import_view;
use crate::app::App;
use crate::desk::{Answer, Desk, DeskTo};
use crate::directory;
use crate::ids::ImportId;
use crate::people::{
    self, ListError, MAX_IMPORT_BYTES, Meaning, PeopleError, Reading, mapping_fault, read_list,
};
use crate::policy::rights::ExportPeople;

/// `GET /people/import`.
pub(super) async fn start(desk: DeskTo<ExportPeople>) -> Answer {
    import_view::start(&desk, StatusCode::OK, None).await
}

/// `POST /people/import`: the list is kept from here on, whatever comes next.
pub(super) async fn upload(desk: DeskTo<ExportPeople>, upload: Upload) -> Answer {
    let bytes = upload.file;
    if bytes.len() > MAX_IMPORT_BYTES {
        return Err(Problem::too_large(MAX_IMPORT_BYTES));
    }
    let read = tokio::task::spawn_blocking(move || read_list(&bytes)).await;
    let list = match read.unwrap_or(Err(ListError::NotText)) {
        Ok(list) => list,
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return import_view::start(&desk, status, Some(error)).await;
        }
    };
    let id = desk
        .write(move |tx, _, by| people::start_import(tx, by, &list))
        .await??;
    Ok(desk.done(&format!("/people/import/{id}"), "list-uploaded", None))
}

/// The import of the path.
pub(super) fn id(desk: &Desk) -> Result<ImportId, Problem> {
    desk.segment("import")
        .parse()
        .map_err(|_| Problem::not_found())
}

/// `POST /people/import/{import}/columns`: what the columns mean; then every row is compared.
pub(super) async fn columns(desk: DeskTo<ExportPeople>, Form(form): Form) -> Answer {
    let id = id(&desk)?;
    let read = desk.read(move |tx, _| {
        let import = people::import(tx, id)?;
        Ok::<_, Error>((import, people::fields(tx)?))
    });
    let (import, fields) = read.await??;
    let import = import.ok_or_else(Problem::not_found)?;
    let meanings: Vec<Meaning> = (0..import.columns.len())
        .map(|at| form.get(&format!("column-{at}")).unwrap_or_default())
        .map(|code| Meaning::from_code(code, &fields))
        .collect();
    let fault = mapping_fault(&meanings);
    let checked = desk.write(move |tx, app, by| {
        people::set_columns(tx, by, id, &meanings)?;
        match fault {
            Some(_) => Ok(()),
            None => with_reading(tx, app, id, |reading| people::check_rows(tx, id, reading)),
        }
    });
    checked.await??;
    match fault {
        Some(fault) => import_view::page(&desk, id, Some(fault)).await,
        None => Ok(desk.done(&format!("/people/import/{id}"), "list-checked", None)),
    }
}

/// `POST /people/import/{import}/rows`: corrected cells `cell-{row}-{column}` and rows left out.
pub(super) async fn rows(desk: DeskTo<ExportPeople>, Form(form): Form) -> Answer {
    let id = id(&desk)?;
    let mut rows = Vec::new();
    for number in form
        .get_all("row")
        .filter_map(|number| number.parse::<u32>().ok())
    {
        let start = format!("cell-{number}-");
        let cells = form.iter().filter_map(|(name, text)| {
            let at = name.strip_prefix(&start)?.parse().ok()?;
            Some((at, text.to_owned()))
        });
        let out = form.get(&format!("out-{number}")).is_some();
        rows.push((number, cells.collect::<Vec<(usize, String)>>(), out));
    }
    let checked = desk.write(move |tx, app, by| {
        for (number, cells, out) in &rows {
            people::correct_row(tx, by, id, *number, cells, *out)?;
        }
        with_reading(tx, app, id, |reading| people::check_rows(tx, id, reading))
    });
    checked.await??;
    Ok(desk.done(&format!("/people/import/{id}"), "list-checked", None))
}

/// `POST /people/import/{import}/run`: batch after batch, each a transaction, so that others are
/// served between. When it breaks off, the page of the import goes on where it stopped.
pub(super) async fn run(desk: DeskTo<ExportPeople>, Form(_): Form) -> Answer {
    let id = id(&desk)?;
    loop {
        let batch = desk.write(move |tx, app, by| {
            with_reading(tx, app, id, |reading| {
                people::run_batch(tx, by, id, reading)
            })
        });
        if !batch.await?? {
            break;
        }
    }
    let undo = desk
        .write(move |tx, _, by| directory::imported(tx, by, id))
        .await??;
    Ok(desk.done("/people", "list-recorded", Some(undo)))
}

/// `POST /people/import/{import}/remove`: away with the list.
pub(super) async fn remove(desk: DeskTo<ExportPeople>, Form(_): Form) -> Answer {
    let id = id(&desk)?;
    desk.write(move |tx, _, by| people::remove_import(tx, by, id))
        .await??;
    Ok(desk.done("/people/import", "list-removed", None))
}

/// Runs something with what rows of an import are read with.
pub(super) fn with_reading<T>(
    tx: &Tx<'_>,
    app: &App,
    id: ImportId,
    run: impl FnOnce(&Reading<'_>) -> Result<T, PeopleError>,
) -> Result<T, PeopleError> {
    let import = people::import(tx, id)?.ok_or(PeopleError::Unknown)?;
    let fields = people::fields(tx)?;
    let catalog = app.catalogs.get(tx)?;
    let zones: Arc<Zones> = Arc::clone(&app.zones);
    let own = &catalog.organization;
    run(&Reading {
        meanings: &import.meanings(&fields),
        fields: &fields,
        defaults: (&own.zone, &own.locale),
        zone: &|text| zones.parse_zone(text).map(|(name, _)| name),
        locale: &locale,
    })
}

/// A language by its tag or by its own name.
pub(super) fn locale(text: &str) -> Option<String> {
    let same = |locale: &&Locale| locale.endonym().to_lowercase() == text.trim().to_lowercase();
    let named = Locale::ALL.iter().find(same).copied();
    let tagged = Locale::from_tag(text.trim());
    tagged.or(named).map(|locale| locale.tag().to_owned())
}
