//! Lists of people as files for spreadsheet programs. Nothing in them is a formula, whatever
//! somebody was called.

use kept_base::kit::{Email, Note, Phone};
use kept_base::store::{Error, Tx};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::audit::{self, Act};
use crate::ids::PersonId;
use crate::people::{self, PersonField, Record, harmless};
use crate::policy::May;
use crate::policy::rights::ExportPeople;

/// Most people in one CSV file.
pub const MAX_CSV_ROWS: u32 = 100_000;
/// Most people in one XLSX file: it is made in memory, since what the writer of such files lays
/// aside on the disk would not be encrypted.
pub const MAX_XLSX_ROWS: u32 = 20_000;

/// The columns beside the organization's own fields, as programs know them again.
const COLUMNS: [&str; 8] = [
    "id",
    "name",
    "email",
    "phone",
    "zone",
    "language",
    "created",
    "more contacts",
];

/// What is handed over: the columns' names and the rows.
struct Sheet {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn sheet(tx: &Tx<'_>, ids: &[PersonId]) -> Result<Sheet, Error> {
    let fields = people::fields(tx)?;
    let own = fields.iter().map(|field| field.key.clone());
    let columns = COLUMNS.iter().map(ToString::to_string).chain(own).collect();
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(record) = people::record_of(tx, *id)? {
            rows.push(row(&record, &fields));
        }
    }
    Ok(Sheet { columns, rows })
}

fn row(record: &Record, fields: &[PersonField]) -> Vec<String> {
    let mut emails = record.emails().map(Email::expose);
    let mut phones = record.phones().map(Phone::expose);
    let (email, phone) = (
        emails.next().unwrap_or_default(),
        phones.next().unwrap_or_default(),
    );
    let more: Vec<&str> = emails.chain(phones).collect();
    let mut cells = vec![
        record.id.to_string(),
        record.name.expose().to_owned(),
        email.to_owned(),
        phone.to_owned(),
        record.zone.clone(),
        record.locale.clone(),
        record.created_at.to_string(),
        more.join(" "),
    ];
    cells.extend(fields.iter().map(|field| {
        let text = record.value(field.id).map(Note::expose);
        text.unwrap_or_default().to_owned()
    }));
    cells
}

/// A list as CSV: UTF-8 with a mark that spreadsheet programs know it by. A cell that would begin a
/// formula begins with an apostrophe, which the import takes off again.
///
/// # Errors
/// Those of the store.
pub fn csv(tx: &Tx<'_>, ids: &[PersonId]) -> Result<Vec<u8>, Error> {
    let sheet = sheet(tx, ids)?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let failed = || Error::Decode("list as CSV");
    for cells in std::iter::once(&sheet.columns).chain(&sheet.rows) {
        let cells = cells.iter().map(|cell| harmless(cell));
        writer.write_record(cells).map_err(|_| failed())?;
    }
    writer.into_inner().map_err(|_| failed())
}

/// A list as XLSX; every cell is text.
///
/// # Errors
/// Those of the store.
pub fn xlsx(tx: &Tx<'_>, ids: &[PersonId]) -> Result<Vec<u8>, Error> {
    let sheet = sheet(tx, ids)?;
    workbook(&sheet).map_err(|_| Error::Decode("list as XLSX"))
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (at, name) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(0, at, name, &bold)?;
    }
    for (line, cells) in (1..).zip(&sheet.rows) {
        for (at, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            page.write_string(line, at, cell)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

/// Records that a list left; `detail` is a count and the file's kind.
///
/// # Errors
/// Those of the store.
pub fn note_export(
    tx: &Tx<'_>,
    _: &May<ExportPeople>,
    people: usize,
    kind: &str,
) -> Result<(), Error> {
    tx.keep_revision();
    let detail = format!("{kind} {people}");
    audit::record(tx, Act::PeopleExported, tx.organization(), &detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+4930123456", "'+4930123456"),
            ("-1", "'-1"),
            ("@cmd", "'@cmd"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("Ama = Okafor", "Ama = Okafor"),
        ] {
            assert_eq!(harmless(cell), written);
        }
    }

    #[test]
    fn cells_of_a_workbook_are_texts() {
        let sheet = Sheet {
            columns: vec!["name".to_owned()],
            rows: vec![vec!["=1+1".to_owned()]],
        };
        let file = workbook(&sheet).expect("a file");
        assert!(file.starts_with(b"PK"));
    }
}
