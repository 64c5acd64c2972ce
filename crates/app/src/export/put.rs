//! Putting the rows of a package into the tables, each checked and sealed.

use std::collections::HashMap;

use kept_base::store::copy::plain::{Column, Kind, Known};
use kept_base::store::{PersonKey, Tx, Value};

use super::import::Importing;
use super::nested::Nested;
use super::package::{Package, Row};
use super::rules::{Fill, How, Rule};
use super::{ExportError, MAX_PACKAGE_ENTRIES, check, gather, pack};
use crate::look::MAX_LOGO_BYTES;

/// Rows that are read and inserted at once.
const ROWS_AT_ONCE: usize = 500;

/// Puts rows into the tables.
pub(super) struct Putting<'t, 'c> {
    tx: &'t Tx<'c>,
    importing: &'t Importing,
    /// The organization's id in the package and here.
    from: String,
    to: String,
    /// People's new keys, by their ids.
    pub keys: HashMap<String, PersonKey>,
    /// How many rows there are so far, and will be.
    pub rows: u64,
    total: u64,
}

/// A row as it is kept.
pub(super) type Copied = Vec<Value<'static>>;

impl<'t, 'c> Putting<'t, 'c> {
    pub fn new(tx: &'t Tx<'c>, importing: &'t Importing, package: &Package) -> Self {
        Self {
            tx,
            importing,
            from: package.schema.organization.id.to_string(),
            to: tx.organization().to_string(),
            keys: HashMap::new(),
            rows: 0,
            total: package.schema.tables.iter().map(|table| table.rows).sum(),
        }
    }

    /// Puts in all rows of a table.
    pub fn table(
        &mut self,
        package: &mut Package,
        known: &Known,
        rule: &Rule,
    ) -> Result<(), ExportError> {
        let mut described = package.schema.tables.iter();
        let expected = described.find(|one| one.name == known.name());
        let expected = expected.map(|table| table.rows);
        let before = self.rows;
        let mut nested = Nested::of(known);
        let mut pictures: Vec<Row> = Vec::new();
        let has_pictures = rule.special.iter().any(|(_, how)| *how == How::Picture);
        package.rows(known.name(), ROWS_AT_ONCE, |page| {
            self.rows += page.len() as u64;
            (self.importing.told)(self.rows, self.total);
            if has_pictures {
                // Their files are read once the list is.
                if pictures.len() + page.len() > MAX_PACKAGE_ENTRIES {
                    return Err(ExportError::package("it has too many pictures"));
                }
                pictures.extend(page);
                return Ok(());
            }
            let rows = (page.into_iter().map(|row| self.row(known, rule, row, None)))
                .collect::<Result<Vec<Copied>, _>>()?;
            match &mut nested {
                Some(nested) => nested.add(rows),
                None => Ok(known.insert(self.tx, &rows)?),
            }
        })?;
        for row in pictures {
            let (hash, kind) = check::picture_name(&row)?;
            let path = pack::picture_path(known.name(), &hash, &kind);
            let file = package.file(&path, MAX_LOGO_BYTES as u64)?;
            check::picture(&file, &hash, &kind)?;
            let row = self.row(known, rule, row, Some(file))?;
            known.insert(self.tx, &[row])?;
        }
        if let Some(nested) = nested {
            nested.insert(self.tx, known)?;
        }
        if expected.is_none_or(|expected| expected != self.rows - before) {
            let name = known.name();
            return Err(ExportError::package(format!(
                "{name} has other rows than it says"
            )));
        }
        Ok(())
    }

    /// A row as it is kept here.
    fn row(
        &mut self,
        known: &Known,
        rule: &Rule,
        row: Row,
        picture: Option<Vec<u8>>,
    ) -> Result<Copied, ExportError> {
        let wrong = |column: &str| {
            ExportError::package(format!("{}.{column} is not as it must be", known.name()))
        };
        check::row(known.name(), &row, &self.importing.zones).map_err(|column| wrong(&column))?;
        let mut left: HashMap<String, Value<'static>> = row.0.into_iter().collect();
        let mut values = Vec::with_capacity(known.columns.len());
        for column in &known.columns {
            let how = rule.how(&column.name).ok_or_else(|| wrong(&column.name))?;
            let value = match how {
                How::Out(_, Fill::Nothing) | How::NoRow(_) => Value::Null,
                How::Out(_, Fill::NoBytes) => Value::Blob(Vec::new().into()),
                How::Out(_, Fill::FreshKey) => self.fresh_key(&values)?,
                _ => (left.remove(&column.name))
                    .filter(|value| fits(value, how, column))
                    .map(|value| self.as_kept(how, value, picture.as_ref()))
                    .ok_or_else(|| wrong(&column.name))?,
            };
            values.push(value);
        }
        if let Some(name) = left.keys().next() {
            return Err(wrong(&name.escape_default().take(40).collect::<String>()));
        }
        self.seal(known, rule, &mut values)
            .map_err(|column| wrong(&column))?;
        Ok(values)
    }

    /// A value of the package as it is kept here, but for sealing.
    fn as_kept(
        &self,
        how: How,
        value: Value<'static>,
        picture: Option<&Vec<u8>>,
    ) -> Value<'static> {
        match (how, value) {
            (How::Organization, Value::Text(id)) if *id == self.from => {
                Value::Text(self.to.clone().into())
            }
            (How::Slug, _) => Value::Text(self.importing.slug.clone().into()),
            (How::Picture, _) => Value::Blob(picture.cloned().unwrap_or_default().into()),
            (_, value) => value,
        }
    }

    /// A key for the person whose id is the first value of the row.
    fn fresh_key(&mut self, values: &[Value<'static>]) -> Result<Value<'static>, ExportError> {
        let Some(Value::Text(person)) = values.first() else {
            return Err(ExportError::package("a person has no id"));
        };
        let (id, key) = self.tx.person_keys()?.fresh()?;
        self.keys.insert(person.to_string(), key);
        Ok(Value::Text(id.to_string().into()))
    }

    /// Seals what is kept under the person's key; names the column that cannot be.
    fn seal(&self, known: &Known, rule: &Rule, values: &mut Copied) -> Result<(), String> {
        let at = rule.person().and_then(|column| known.position(column));
        let key = match at.map(|at| &values[at]) {
            Some(Value::Text(person)) => self.keys.get(person.as_ref()),
            _ => None,
        };
        for (at, column) in known.columns.iter().enumerate() {
            if !matches!(rule.how(&column.name), Some(How::Sealed(_))) {
                continue;
            }
            let (Some(key), Value::Text(text)) = (key, &values[at]) else {
                return Err(column.name.clone());
            };
            let place = gather::place(known, column, values);
            let bytes = key.seal(&place, text, self.tx.entropy());
            values[at] = Value::Blob(bytes.into());
        }
        Ok(())
    }
}

/// Whether a value of a package is of the kind that its column holds.
fn fits(value: &Value<'_>, how: How, column: &Column) -> bool {
    match value {
        Value::Null => column.nullable,
        Value::Int(_) => column.kind == Kind::Int,
        // Sealed bytes and pictures stand there as texts.
        Value::Text(_) => column.kind == Kind::Text || matches!(how, How::Sealed(_) | How::Picture),
        Value::Blob(_) => false,
    }
}
