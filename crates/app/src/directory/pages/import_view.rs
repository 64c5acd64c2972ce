//! How an import is shown, step by step.

use askama::Template;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::page::when;
use kept_base::problem::Problem;

use super::import::{id, with_reading};
use super::input::fault;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::ImportId;
use crate::people::{
    self, IMPORT_DAYS, Import, ImportRow, ImportState, ListError, MAX_IMPORT_BYTES,
    MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS, Meaning, PeopleError, PersonField, RowState,
};
use crate::policy::rights::ExportPeople;

/// Inputs for faulty cells on one page, with the row and its leaving out at most three
/// fields each, below what a form may hold.
const MAX_CELL_INPUTS: usize = 40;

/// A list that was begun.
struct Begun {
    url: String,
    text: String,
}

#[derive(Template)]
#[template(path = "directory/import_start.html")]
struct StartPage<'d> {
    d: DeskFrame<'d>,
    wrong: Option<String>,
    limits: String,
    kept: String,
    begun: Vec<Begun>,
}

/// A column, with what stands in it.
struct ColumnLine {
    name: String,
    heading: String,
    samples: String,
    meaning: String,
}

/// A cell that is wrong.
struct CellLine {
    name: String,
    label: String,
    value: String,
    error: String,
}

/// A row that is wrong.
struct FaultyLine {
    number: u32,
    heading: String,
    who: String,
    cells: Vec<CellLine>,
}

#[derive(Template)]
#[template(path = "directory/import.html")]
struct ImportPage<'d> {
    d: DeskFrame<'d>,
    path: String,
    state: &'static str,
    columns: Vec<ColumnLine>,
    meanings: Vec<(String, String)>,
    wrong: Option<String>,
    counts: Vec<String>,
    faulty: Vec<FaultyLine>,
    faulty_more: Option<String>,
    record: Option<String>,
}

/// The page where a list is uploaded.
pub(super) async fn start(desk: &Desk, status: StatusCode, error: Option<ListError>) -> Answer {
    let begun = desk.read(|tx, _| people::open_imports(tx)).await??;
    let words = desk.words();
    let d = desk.frame(&words.say("people-import"), Section::People);
    let nonce = d.f.nonce.clone();
    let limits = args![
        "mib" => MAX_IMPORT_BYTES / 1024 / 1024,
        "rows" => MAX_IMPORT_ROWS,
        "columns" => MAX_IMPORT_COLUMNS,
    ]
    .to_vec();
    let begun = begun.iter().map(|import| {
        let at = when::date_time(desk.locale(), import.created_at, &desk.catalog.zone);
        let about = args!["when" => &at, "rows" => import.rows].to_vec();
        Begun {
            url: desk.url(&format!("/people/import/{}", import.id)),
            text: words.with("people-import-begun", &about),
        }
    });
    let page = StartPage {
        d,
        wrong: error.map(|error| {
            let id = format!("people-import-{}", error.to_string().replace('_', "-"));
            words.with(&id, &limits)
        }),
        limits: words.with("people-import-limits", &limits),
        kept: words.with("people-import-kept", args!["days" => IMPORT_DAYS]),
        begun: begun.collect(),
    };
    desk.respond(status, &nonce, &page)
}

/// `GET /people/import/{import}`.
pub(super) async fn show(desk: DeskTo<ExportPeople>) -> Answer {
    let id = id(&desk)?;
    page(&desk, id, None).await
}

/// All that the page says, read at once.
struct Seen {
    import: Import,
    fields: Vec<PersonField>,
    samples: Vec<ImportRow>,
    counts: Vec<(RowState, u32)>,
    faulty: Vec<(ImportRow, Vec<(usize, &'static str)>)>,
}

/// The page of an import, with what is wrong with its columns.
pub(super) async fn page(desk: &Desk, id: ImportId, wrong: Option<&'static str>) -> Answer {
    let seen = desk.read(move |tx, app| {
        with_reading(tx, app, id, |reading| {
            let most = u32::try_from(MAX_CELL_INPUTS).unwrap_or(u32::MAX);
            let faulty = people::import_rows(tx, id, Some(RowState::Faulty), most)?;
            let faulty = faulty.into_iter().map(|row| {
                let faults = reading.row(&row.cells).err().unwrap_or_default();
                (row, faults)
            });
            Ok(Seen {
                import: people::import(tx, id)?.ok_or(PeopleError::Unknown)?,
                fields: people::fields(tx)?,
                samples: people::import_rows(tx, id, None, 3)?,
                counts: people::import_counts(tx, id)?,
                faulty: faulty.collect(),
            })
        })
    });
    let seen = seen.await?.map_err(Problem::from)?;
    let words = desk.words();
    let d = desk.frame(&words.say("people-import"), Section::People);
    let nonce = d.f.nonce.clone();
    let count = |state| {
        let found = seen.counts.iter().find(|(known, _)| *known == state);
        found.map_or(0, |(_, count)| *count)
    };
    let counts = RowState::ALL.into_iter().filter(|state| count(*state) > 0);
    let counts = counts.map(|state| {
        let id = format!("people-import-rows-{}", state.code().replace('_', "-"));
        words.with(&id, args!["count" => count(state)])
    });
    let (faulty, shown) = faulty(desk, &seen);
    let left = count(RowState::Faulty).saturating_sub(shown);
    let waiting = count(RowState::New) + count(RowState::More);
    let is_open = matches!(
        seen.import.state,
        ImportState::Checked | ImportState::Running
    );
    let page = ImportPage {
        d,
        path: desk.url(&format!("/people/import/{id}")),
        state: seen.import.state.code(),
        columns: columns(&seen),
        meanings: meanings(desk, &seen.fields),
        wrong: wrong.map(|code| words.say(&format!("people-columns-{}", code.replace('_', "-")))),
        counts: if seen.import.state == ImportState::Columns {
            Vec::new()
        } else {
            counts.collect()
        },
        faulty: if seen.import.state == ImportState::Checked {
            faulty
        } else {
            Vec::new()
        },
        faulty_more: (left > 0)
            .then(|| words.with("people-import-faulty-more", args!["count" => left])),
        record: (is_open && waiting > 0)
            .then(|| words.with("people-import-record", args!["count" => waiting])),
    };
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    desk.respond(status, &nonce, &page)
}

fn columns(seen: &Seen) -> Vec<ColumnLine> {
    let meanings = seen.import.meanings(&seen.fields);
    let lines = seen.import.columns.iter().zip(meanings).enumerate();
    lines
        .map(|(at, (heading, meaning))| {
            let cells = seen.samples.iter().filter_map(|row| row.cells.get(at));
            let cells = cells.filter(|cell| !cell.is_empty()).cloned();
            ColumnLine {
                name: format!("column-{at}"),
                heading: heading.clone(),
                samples: cells.collect::<Vec<_>>().join(" · "),
                meaning: meaning.code(),
            }
        })
        .collect()
}

fn meanings(desk: &Desk, fields: &[PersonField]) -> Vec<(String, String)> {
    let words = desk.words();
    let common = Meaning::COMMON.into_iter().map(|meaning| {
        let code = meaning.code();
        let text = words.say(&format!("people-column-{code}"));
        (code, text)
    });
    let own = fields
        .iter()
        .map(|field| (field.id.to_string(), field.label.clone()));
    common.chain(own).collect()
}

/// The faulty rows that one page has room for, and how many those are.
fn faulty(desk: &Desk, seen: &Seen) -> (Vec<FaultyLine>, u32) {
    let words = desk.words();
    let (mut lines, mut inputs) = (Vec::new(), 0);
    for (row, faults) in &seen.faulty {
        inputs += faults.len();
        if inputs > MAX_CELL_INPUTS {
            break;
        }
        let cells = faults.iter().map(|(at, code)| {
            let label = seen.import.columns.get(*at).cloned().unwrap_or_default();
            CellLine {
                name: format!("cell-{}-{at}", row.number),
                value: row.cells.get(*at).cloned().unwrap_or_default(),
                error: fault(words, &label, code),
                label,
            }
        });
        let filled: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        let filled: Vec<&str> = filled.into_iter().filter(|cell| !cell.is_empty()).collect();
        lines.push(FaultyLine {
            number: row.number,
            heading: words.with("people-import-row", args!["number" => row.number]),
            who: filled.into_iter().take(4).collect::<Vec<_>>().join(" · "),
            cells: cells.collect(),
        });
    }
    let shown = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    (lines, shown)
}
