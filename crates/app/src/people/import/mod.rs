//! Recording people from a list: uploaded once and kept for a few days, so that nothing is lost
//! between the steps; read and compared before anything is recorded; taken back as one.

mod columns;
mod list;
mod run;

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

pub use columns::{Listed, Meaning, Reading, guess, mapping_fault};
pub(crate) use list::{FORMULA_STARTS, harmless};
pub use list::{List, ListError, read as read_list};
pub(super) use run::{Done, done_to_json};
pub use run::{Taken, check_rows, run_batch, take_back_import};

use super::{PeopleError, PersonField, store};
use crate::audit::{self, Act};
use crate::ids::{ImportId, PersonId};
use crate::policy::May;
use crate::policy::rights::ExportPeople;

/// Largest list, in bytes.
pub const MAX_IMPORT_BYTES: usize = 4 * 1024 * 1024;
/// Most rows of a list.
pub const MAX_IMPORT_ROWS: usize = 10_000;
/// Most columns of a list.
pub const MAX_IMPORT_COLUMNS: usize = 40;
/// Longest cell of a list that is kept, in characters.
pub const MAX_CELL_CHARS: usize = 2_000;
/// Rows recorded in one transaction, so that others are served between.
pub const MAX_IMPORT_BATCH: u32 = 500;
/// How long an uploaded list is kept, in days.
pub const IMPORT_DAYS: i64 = 7;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It is said what the columns mean.
    Columns,
    /// The rows were read and compared; nothing is recorded.
    Checked,
    /// Some rows are recorded.
    Running,
    /// All rows are recorded.
    Done,
    /// It was taken back.
    TakenBack,
}

impl ImportState {
    const ALL: [Self; 5] = [
        Self::Columns,
        Self::Checked,
        Self::Running,
        Self::Done,
        Self::TakenBack,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::TakenBack => "taken_back",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What a row is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Not looked at.
    Unread,
    /// Something is wrong with it.
    Faulty,
    /// Somebody new.
    New,
    /// Somebody known of whom it says more than is recorded.
    More,
    /// Somebody known, and nothing new about them.
    Known,
    /// The same as a row before it.
    Twice,
    /// Left out on request.
    LeftOut,
    /// Recorded.
    Recorded,
    /// Taken back.
    TakenBack,
}

impl RowState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Unread,
        Self::Faulty,
        Self::New,
        Self::More,
        Self::Known,
        Self::Twice,
        Self::LeftOut,
        Self::Recorded,
        Self::TakenBack,
    ];

    /// The stable code, as stored; texts are named by it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Faulty => "faulty",
            Self::New => "new",
            Self::More => "more",
            Self::Known => "known",
            Self::Twice => "twice",
            Self::LeftOut => "left_out",
            Self::Recorded => "recorded",
            Self::TakenBack => "taken_back",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// An uploaded list.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// How far it is.
    pub state: ImportState,
    /// What stands above the columns.
    pub columns: Vec<String>,
    /// What each column means, as codes.
    pub mapping: Vec<String>,
    /// How many rows it has.
    pub rows: u32,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it is removed.
    pub expires_at: Timestamp,
}

impl Import {
    /// What each column means.
    #[must_use]
    pub fn meanings(&self, fields: &[PersonField]) -> Vec<Meaning> {
        let codes = self.mapping.iter();
        codes.map(|code| Meaning::from_code(code, fields)).collect()
    }
}

/// A row of an uploaded list.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Its number; the first below the columns is 1.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<String>,
    /// What it is found to be.
    pub state: RowState,
    /// Who it became.
    pub person: Option<PersonId>,
}

/// Keeps an uploaded list, with a guess at its columns.
///
/// # Errors
/// Those of the store.
pub fn start_import(tx: &Tx<'_>, _: &May<ExportPeople>, list: &List) -> Result<ImportId, Error> {
    tx.keep_revision();
    let fields = store::fields(tx)?;
    let mapping = guess(&list.columns, &fields).into_iter();
    let id = ImportId::new(tx.now(), tx.entropy());
    let import = Import {
        id,
        state: ImportState::Columns,
        columns: list.columns.clone(),
        mapping: mapping.map(Meaning::code).collect(),
        rows: u32::try_from(list.rows.len()).unwrap_or(u32::MAX),
        created_at: tx.now(),
        expires_at: plus_minutes(tx.now(), IMPORT_DAYS * 24 * 60),
    };
    store::insert_import(tx, &import, &list.rows)?;
    Ok(id)
}

/// The import of that id.
///
/// # Errors
/// Those of the store.
pub fn import(tx: &Tx<'_>, id: ImportId) -> Result<Option<Import>, Error> {
    store::import(tx, id)
}

/// Uploaded lists of which not all is recorded yet, latest first.
///
/// # Errors
/// Those of the store.
pub fn open_imports(tx: &Tx<'_>) -> Result<Vec<Import>, Error> {
    store::open_imports(tx)
}

/// Rows in a state, from the first, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn import_rows(
    tx: &Tx<'_>,
    id: ImportId,
    state: Option<RowState>,
    limit: u32,
) -> Result<Vec<ImportRow>, Error> {
    store::import_rows(tx, id, state, limit)
}

/// How many rows are in each state.
///
/// # Errors
/// Those of the store.
pub fn import_counts(tx: &Tx<'_>, id: ImportId) -> Result<Vec<(RowState, u32)>, Error> {
    store::import_counts(tx, id)
}

/// Says what the columns mean.
///
/// # Errors
/// [`PeopleError::Unknown`] when there is no such import or it is past that; those of the store.
pub fn set_columns(
    tx: &Tx<'_>,
    _: &May<ExportPeople>,
    id: ImportId,
    meanings: &[Meaning],
) -> Result<(), PeopleError> {
    tx.keep_revision();
    let mut import = changeable(tx, id)?;
    let mapping = meanings.iter().map(|meaning| meaning.code());
    import.mapping = mapping.take(import.columns.len()).collect();
    Ok(store::update_import(tx, &import)?)
}

/// Corrects cells of a row, or leaves the row out.
///
/// # Errors
/// [`PeopleError::Unknown`] when there is no such row or it is recorded; those of the store.
pub fn correct_row(
    tx: &Tx<'_>,
    _: &May<ExportPeople>,
    id: ImportId,
    number: u32,
    cells: &[(usize, String)],
    left_out: bool,
) -> Result<(), PeopleError> {
    tx.keep_revision();
    changeable(tx, id)?;
    let mut row = store::import_row(tx, id, number)?.ok_or(PeopleError::Unknown)?;
    for (at, text) in cells {
        if let Some(cell) = row.cells.get_mut(*at) {
            *cell = text.trim().chars().take(MAX_CELL_CHARS).collect();
        }
    }
    row.state = if left_out {
        RowState::LeftOut
    } else {
        RowState::Unread
    };
    Ok(store::update_import_row(tx, id, &row)?)
}

fn changeable(tx: &Tx<'_>, id: ImportId) -> Result<Import, PeopleError> {
    let found = store::import(tx, id)?.ok_or(PeopleError::Unknown)?;
    match found.state {
        ImportState::Columns | ImportState::Checked => Ok(found),
        ImportState::Running | ImportState::Done | ImportState::TakenBack => {
            Err(PeopleError::Unknown)
        }
    }
}

/// Removes an uploaded list; who was recorded from it stays.
///
/// # Errors
/// Those of the store.
pub fn remove_import(tx: &Tx<'_>, _: &May<ExportPeople>, id: ImportId) -> Result<(), Error> {
    tx.keep_revision();
    store::remove_import(tx, id)
}

/// Removes uploaded lists that were kept long enough; tells how many rows went.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let removed = store::remove_expired_imports(tx)?;
    if removed > 0 {
        let detail = format!("people {removed}");
        audit::record(tx, Act::RetentionApplied, tx.organization(), &detail)?;
    }
    Ok(removed)
}
