//! Reading a list as spreadsheet programs save it: pure.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{MAX_CELL_CHARS, MAX_IMPORT_COLUMNS, MAX_IMPORT_ROWS};

/// What begins a formula in a spreadsheet program.
pub(crate) const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell of a list that opens in a spreadsheet as text, whatever it begins with (OWASP, CSV injection).
pub(crate) fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA_STARTS) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A list of people as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What stands above the columns.
    pub columns: Vec<String>,
    /// The rows below, each as wide as the columns.
    pub rows: Vec<Vec<String>>,
}

/// Why a file is no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Nothing but a first line, or not even that.
    #[error("empty")]
    Empty,
    /// A spreadsheet's own format, a picture, a program: not lines of text.
    #[error("not_text")]
    NotText,
    /// More rows than [`MAX_IMPORT_ROWS`].
    #[error("too_many_rows")]
    TooManyRows,
    /// More columns than [`MAX_IMPORT_COLUMNS`].
    #[error("too_many_columns")]
    TooManyColumns,
}

/// Reads a list whose first line names the columns. Commas, semicolons and tabs are told apart by
/// that line; text that is not UTF-8 is taken for the older Western encoding.
///
/// # Errors
/// [`ListError`].
pub fn read(bytes: &[u8]) -> Result<List, ListError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut lines = reader.records().filter_map(Result::ok).map(|record| {
        let cells = record.iter().map(cell);
        cells.collect::<Vec<_>>()
    });
    let columns = lines.next().ok_or(ListError::Empty)?;
    if columns.len() > MAX_IMPORT_COLUMNS {
        return Err(ListError::TooManyColumns);
    }
    let mut rows = Vec::new();
    for mut row in lines.filter(|row| row.iter().any(|cell| !cell.is_empty())) {
        if rows.len() == MAX_IMPORT_ROWS {
            return Err(ListError::TooManyRows);
        }
        row.resize(columns.len(), String::new());
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(ListError::Empty);
    }
    Ok(List { columns, rows })
}

fn decode(bytes: &[u8]) -> Result<String, ListError> {
    let wide = [(UTF_16LE, [0xff, 0xfe]), (UTF_16BE, [0xfe, 0xff])];
    if let Some((encoding, _)) = wide.iter().find(|(_, mark)| bytes.starts_with(mark)) {
        return Ok(encoding.decode(bytes).0.into_owned());
    }
    if bytes.contains(&0) {
        return Err(ListError::NotText);
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) if bytes.starts_with(b"PK") || bytes.starts_with(b"%PDF") => Err(ListError::NotText),
        Err(_) => Ok(WINDOWS_1252.decode(bytes).0.into_owned()),
    }
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    let marks = [b',', b';', b'\t'];
    // The first of equals: a single column has none of them.
    let most = marks.into_iter().rev().max_by_key(|mark| count(*mark));
    most.unwrap_or(b',')
}

/// A cell as meant: an apostrophe that keeps a spreadsheet from calculating is no part of it.
fn cell(text: &str) -> String {
    let text = text.trim();
    let meant = match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA_STARTS) => rest,
        _ => text,
    };
    meant.chars().take(MAX_CELL_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_sorts_are_read() {
        let plain = "Name,Email\nAma,a@example.org\n\n\"O, B\",b@example.org,more\nC\n";
        let list = read(plain.as_bytes()).expect("a list");
        assert_eq!(list.columns, ["Name", "Email"]);
        let rows = [
            ["Ama", "a@example.org"],
            ["O, B", "b@example.org"],
            ["C", ""],
        ];
        assert_eq!(list.rows, rows);
        let german = b"\xef\xbb\xbfName;Telefon\r\nM\xc3\xbcller;'+4930123456\r\n";
        assert_eq!(
            read(german).expect("a list").rows,
            [["Müller", "+4930123456"]]
        );
        let western = b"Name\tX\nM\xfcller\t\n";
        assert_eq!(read(western).expect("a list").rows, [["Müller", ""]]);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(read(b""), Err(ListError::Empty));
        assert_eq!(read(b"Name,Email\n"), Err(ListError::Empty));
        assert_eq!(read(b"PK\x03\x04\x00\x00"), Err(ListError::NotText));
        let wide = format!("{}\nx", ",".repeat(MAX_IMPORT_COLUMNS));
        assert_eq!(read(wide.as_bytes()), Err(ListError::TooManyColumns));
        let long = |rows: usize| read(format!("Name\n{}", "x\n".repeat(rows)).as_bytes());
        assert_eq!(
            long(MAX_IMPORT_ROWS).map(|list| list.rows.len()),
            Ok(MAX_IMPORT_ROWS)
        );
        assert_eq!(long(MAX_IMPORT_ROWS + 1), Err(ListError::TooManyRows));
    }
}
