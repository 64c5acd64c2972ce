//! Writing a package.

use std::io::{self, Write};

use kept_base::store::copy::plain::{Known, Plain};
use kept_base::store::{Error, ValueRef};
use serde_json::{Map, Value as Json};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use super::gather::Gathered;
use super::lock::Lock;
use super::rules::{How, Rule};
use super::{ExportError, Exported, readme};
use crate::people::FORMULA_STARTS;

type Zip<W> = ZipWriter<StreamWriter<age::stream::StreamWriter<W>>>;

/// Writes what was gathered, encrypted as it goes.
pub(super) fn write<W: Write>(
    mut gathered: Gathered,
    lock: &Lock,
    out: W,
) -> Result<(W, Exported), ExportError> {
    let mut zip = ZipWriter::new_stream(lock.wrap(out)?);
    entry(&mut zip, "README.txt", |out| {
        out.write_all(readme::text(&gathered.schema).as_bytes())
    })?;
    let schema = serde_json::to_vec_pretty(&gathered.schema).map_err(io::Error::from);
    entry(&mut zip, "schema.json", |out| out.write_all(&schema?))?;
    for (table, rule) in &gathered.tables {
        json(&mut zip, &gathered.plain, table, rule)?;
        csv(&mut zip, &gathered.plain, table, rule)?;
        files(&mut zip, &gathered.plain, table, rule)?;
    }
    let exported = Exported {
        tables: gathered.schema.tables.len(),
        rows: gathered.schema.tables.iter().map(|table| table.rows).sum(),
    };
    let bytes = gathered.plain.bytes()?;
    entry(&mut zip, "organization.db", |out| out.write_all(&bytes))?;
    let wrapped = zip.finish().map_err(|error| failed(&error))?.into_inner();
    let mut out = wrapped.finish().map_err(|error| failed(&error))?;
    out.flush().map_err(|error| failed(&error))?;
    Ok((out, exported))
}

fn failed(error: &dyn std::fmt::Display) -> ExportError {
    ExportError::Write(error.to_string())
}

/// Begins a file of the package.
fn begin<W: Write>(zip: &mut Zip<W>, name: &str) -> Result<(), ExportError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        // How long it becomes is not known when it begins.
        .large_file(true)
        .unix_permissions(0o600);
    zip.start_file(name, options)
        .map_err(|error| failed(&error))
}

fn entry<W: Write>(
    zip: &mut Zip<W>,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ExportError> {
    begin(zip, name)?;
    write(zip).map_err(|error| failed(&error))
}

/// Where the picture of a row lies; its name is made of what the row says of it.
pub(super) fn picture_path(table: &str, hash: &str, kind: &str) -> String {
    format!("files/{table}/{hash}.{kind}")
}

/// The same for a row as it was read.
fn path_of(table: &Known, row: &[ValueRef<'_>]) -> String {
    let text = |column| match table.position(column).map(|at| row[at]) {
        Some(ValueRef::Text(text)) => text,
        _ => "",
    };
    picture_path(table.name(), text("hash"), text("kind"))
}

fn json<W: Write>(
    zip: &mut Zip<W>,
    plain: &Plain,
    table: &Known,
    rule: &Rule,
) -> Result<(), ExportError> {
    begin(zip, &format!("json/{}.ndjson", table.name()))?;
    plain.each(table, |row| {
        let mut object = Map::new();
        for (column, value) in table.columns.iter().zip(row) {
            let value = match (rule.how(&column.name), value) {
                (Some(How::Picture), _) => Json::from(path_of(table, row)),
                (_, ValueRef::Null) => Json::Null,
                (_, ValueRef::Int(int)) => Json::from(*int),
                (_, ValueRef::Text(text)) => Json::from(*text),
                (_, ValueRef::Blob(_)) => return Err(Error::Decode("value that leaves").into()),
            };
            object.insert(column.name.clone(), value);
        }
        let mut line = serde_json::to_vec(&object).map_err(|error| failed(&error))?;
        line.push(b'\n');
        zip.write_all(&line).map_err(|error| failed(&error))
    })
}

fn csv<W: Write>(
    zip: &mut Zip<W>,
    plain: &Plain,
    table: &Known,
    rule: &Rule,
) -> Result<(), ExportError> {
    begin(zip, &format!("csv/{}.csv", table.name()))?;
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(zip);
    let names = table.columns.iter().map(|column| column.name.as_str());
    writer.write_record(names).map_err(|error| failed(&error))?;
    plain.each(table, |row| {
        let cells = table.columns.iter().zip(row).map(|(column, value)| {
            match (rule.how(&column.name), value) {
                (Some(How::Picture), _) => path_of(table, row),
                (_, ValueRef::Text(text)) if text.starts_with(FORMULA_STARTS) => format!("'{text}"),
                (_, ValueRef::Text(text)) => (*text).to_owned(),
                (_, ValueRef::Int(int)) => int.to_string(),
                (_, ValueRef::Null | ValueRef::Blob(_)) => String::new(),
            }
        });
        writer.write_record(cells).map_err(|error| failed(&error))
    })?;
    writer.flush().map_err(|error| failed(&error))
}

fn files<W: Write>(
    zip: &mut Zip<W>,
    plain: &Plain,
    table: &Known,
    rule: &Rule,
) -> Result<(), ExportError> {
    let is_picture = |name: &str| rule.how(name) == Some(How::Picture);
    let Some(at) = (table.columns.iter()).position(|column| is_picture(&column.name)) else {
        return Ok(());
    };
    plain.each(table, |row| {
        let ValueRef::Blob(bytes) = row[at] else {
            return Ok(());
        };
        entry(zip, &path_of(table, row), |out| out.write_all(bytes))
    })
}
