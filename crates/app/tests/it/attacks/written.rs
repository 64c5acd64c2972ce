//! What leaves as letters and lists, looked at for what hostile texts did to it.

use kept_app::messaging::transport::Captured;

/// What hostile texts did to letters: whoever reads them sees texts, and no line of a header, of an
/// address or of a calendar is made of one.
pub fn in_letters(letters: &[Captured]) -> Vec<String> {
    let mut found = Vec::new();
    for letter in letters {
        let heads = [&letter.subject, &letter.from.name, &letter.to.name];
        if heads.iter().any(|head| head.chars().any(char::is_control)) {
            found.push(format!("a broken head: {heads:?}"));
        }
        if letter.text.contains("62615533") || letter.text.contains("zqzq7zqzq8") {
            found.push("a template computed in a letter".to_owned());
        }
        let lines = letter
            .calendar
            .iter()
            .flat_map(|entry| entry.object.split("\r\n"));
        let is_property = |line: &str| {
            line.starts_with(' ')
                || line.is_empty()
                || line.split([':', ';']).next().is_some_and(|name| {
                    !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'-')
                })
        };
        let broken = lines.filter(|line| !is_property(line) || line.contains('\n'));
        found.extend(broken.map(|line| format!("a broken line of a calendar: {line}")));
    }
    found
}

/// What a spreadsheet program would compute in a list.
pub fn formulas(csv: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(csv.as_bytes());
    let records = reader.records().map(|record| record.expect("a row"));
    let cells = records.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>());
    cells
        .filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\0']))
        .collect()
}
