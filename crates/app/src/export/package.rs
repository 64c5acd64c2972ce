//! Reading a package. Whoever made it is a stranger: everything has a bound, and nothing in it is
//! believed before it was compared with what this program knows.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use kept_base::store::Value;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use zip::ZipArchive;

use super::ExportError;
use super::directory::{self, Bounded};
use super::lock::Opener;
use super::schema::{FORMAT, Schema};
use crate::migrations;

/// Most bytes of the description of a package.
pub const MAX_PACKAGE_SCHEMA_BYTES: u64 = 1024 * 1024;
/// Most bytes of one row of a package.
pub const MAX_PACKAGE_ROW_BYTES: u64 = 1024 * 1024;
/// Most rows of a package.
pub const MAX_PACKAGE_ROWS: u64 = 50_000_000;
/// Most files in a package.
pub const MAX_PACKAGE_ENTRIES: usize = 10_000;

/// An open package.
pub(super) struct Package {
    zip: ZipArchive<Bounded<age::stream::StreamReader<BufReader<File>>>>,
    pub schema: Schema,
}

/// A row as it stands in a package, its columns in their order. Values are flat: what nests is
/// refused where it begins.
pub(super) struct Row(pub Vec<(String, Value<'static>)>);

impl Package {
    /// Opens a package and reads what it says of itself.
    pub fn open(path: &Path, opener: &Opener) -> Result<Self, ExportError> {
        let mut zip = directory::open(opener.open(path)?)?;
        let bytes = read(&mut zip, "schema.json", MAX_PACKAGE_SCHEMA_BYTES)?;
        let versions: Versions = serde_json::from_slice(&bytes)
            .map_err(|_| ExportError::package("schema.json is not one of this program"))?;
        versions.check()?;
        let schema: Schema = serde_json::from_slice(&bytes)
            .map_err(|error| ExportError::package(format!("schema.json: {}", place(&error))))?;
        let rows = schema.tables.iter().map(|table| table.rows);
        if rows.fold(0, u64::saturating_add) > MAX_PACKAGE_ROWS {
            return Err(ExportError::package(format!(
                "it has more than {MAX_PACKAGE_ROWS} rows"
            )));
        }
        Ok(Self { zip, schema })
    }

    /// The bytes of a file that is no longer than `max_bytes`.
    pub fn file(&mut self, name: &str, max_bytes: u64) -> Result<Vec<u8>, ExportError> {
        read(&mut self.zip, name, max_bytes)
    }

    /// Hands the rows of a table to `take`, `at_once` at a time.
    pub fn rows(
        &mut self,
        table: &str,
        at_once: usize,
        mut take: impl FnMut(Vec<Row>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let name = format!("json/{table}.ndjson");
        let file = self.zip.by_name(&name);
        let file = file.map_err(|error| missing(&name, &error))?;
        let mut lines = BufReader::new(file);
        let (mut number, mut rows, mut line) = (0_u64, Vec::with_capacity(at_once), Vec::new());
        loop {
            line.clear();
            let mut part = (&mut lines).take(MAX_PACKAGE_ROW_BYTES + 1);
            part.read_until(b'\n', &mut line)
                .map_err(|error| unreadable(&error))?;
            number += 1;
            let wrong = |what: &str| {
                Err(ExportError::package(format!(
                    "{name}, line {number}: {what}"
                )))
            };
            if line.is_empty() {
                break;
            }
            if line.len() as u64 > MAX_PACKAGE_ROW_BYTES {
                return wrong(&format!("more than {MAX_PACKAGE_ROW_BYTES} bytes"));
            }
            if number > MAX_PACKAGE_ROWS {
                return wrong(&format!("more than {MAX_PACKAGE_ROWS} rows"));
            }
            match serde_json::from_slice(&line) {
                Ok(row) => rows.push(row),
                Err(error) => return wrong(&place(&error)),
            }
            if rows.len() == at_once {
                take(std::mem::replace(&mut rows, Vec::with_capacity(at_once)))?;
            }
        }
        take(rows)
    }
}

/// What is read first, whatever else a newer version may say.
#[derive(serde::Deserialize)]
struct Versions {
    format: u32,
    schema_version: u32,
    program: String,
}

impl Versions {
    fn check(&self) -> Result<(), ExportError> {
        let ours = migrations::ORGANIZATION
            .last()
            .map_or(0, |step| step.version);
        let program: String = (self.program.chars())
            .filter(|c| c.is_ascii_graphic() || *c == ' ')
            .take(40)
            .collect();
        if self.format > FORMAT || self.schema_version > ours {
            return Err(ExportError::package(format!(
                "{program} made it, which is newer than this program: import it with that version \
                 or a later one"
            )));
        }
        if self.format < FORMAT || self.schema_version < ours {
            return Err(ExportError::package(format!(
                "{program} made it with version {} of the tables, and this program has version \
                 {ours}: import it with {program}, then bring that installation up to date",
                self.schema_version
            )));
        }
        Ok(())
    }
}

fn read<R: Read + std::io::Seek>(
    zip: &mut ZipArchive<R>,
    name: &str,
    max_bytes: u64,
) -> Result<Vec<u8>, ExportError> {
    let file = zip.by_name(name).map_err(|error| missing(name, &error))?;
    let mut bytes = Vec::new();
    // Whatever it says of its length.
    (file.take(max_bytes + 1).read_to_end(&mut bytes)).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > max_bytes {
        return Err(ExportError::package(format!(
            "{name} has more than {max_bytes} bytes"
        )));
    }
    Ok(bytes)
}

fn missing(name: &str, error: &zip::result::ZipError) -> ExportError {
    ExportError::package(format!("{name}: {error}"))
}

pub(super) fn unreadable(error: &dyn fmt::Display) -> ExportError {
    ExportError::package(format!("it is damaged: {error}"))
}

/// Where JSON is wrong, without what stands there.
fn place(error: &serde_json::Error) -> String {
    format!("not as it must be, at column {}", error.column())
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Row, M::Error> {
                let mut row: Vec<(String, Value<'static>)> = Vec::new();
                while let Some((name, Flat(value))) = map.next_entry::<String, Flat>()? {
                    if row.iter().any(|(known, _)| *known == name) {
                        return Err(M::Error::custom("a column twice"));
                    }
                    row.push((name, value));
                }
                Ok(Row(row))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

/// Nothing, a whole number or a text.
struct Flat(Value<'static>);

impl<'de> Deserialize<'de> for Flat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;
        impl Visitor<'_> for Scalar {
            type Value = Flat;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("null, a whole number or a text")
            }

            fn visit_unit<E>(self) -> Result<Flat, E> {
                Ok(Flat(Value::Null))
            }

            fn visit_i64<E>(self, int: i64) -> Result<Flat, E> {
                Ok(Flat(Value::Int(int)))
            }

            fn visit_u64<E: serde::de::Error>(self, int: u64) -> Result<Flat, E> {
                let int = i64::try_from(int).map_err(|_| E::custom("a number too large"))?;
                Ok(Flat(Value::Int(int)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Flat, E> {
                Ok(Flat(Value::Text(text.to_owned().into())))
            }
        }
        deserializer.deserialize_any(Scalar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_flat_and_has_each_column_once() {
        let row: Row = serde_json::from_str(r#"{"a":1,"b":null,"c":"x"}"#).expect("a row");
        assert_eq!(row.0.len(), 3);
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        for wrong in [
            r#"{"a":{"b":1}}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":1.5}"#,
            r#"{"a":true}"#,
            r#"{"a":18446744073709551615}"#,
            "[]",
            &deep,
        ] {
            assert!(serde_json::from_str::<Row>(wrong).is_err());
        }
    }

    #[test]
    fn other_versions_are_named() {
        let newest = migrations::ORGANIZATION
            .last()
            .map_or(0, |step| step.version);
        let check = |format, schema_version| {
            let program = "kept 7".to_owned();
            let versions = Versions {
                format,
                schema_version,
                program,
            };
            versions.check().map_err(|error| error.to_string())
        };
        assert_eq!(check(FORMAT, newest), Ok(()));
        let newer = check(FORMAT, newest + 1).expect_err("newer");
        assert!(newer.contains("newer than this program"), "{newer}");
        let older = check(FORMAT, newest - 1).expect_err("older");
        assert!(older.contains("import it with kept 7"), "{older}");
    }
}
