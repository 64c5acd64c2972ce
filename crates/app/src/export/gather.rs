//! Reading an organization from one snapshot into a plain database in memory.

use std::collections::HashMap;

use kept_base::store::copy::plain::{self, Column, Kind, Known, Plain};
use kept_base::store::{Error, KeyId, PersonKey, Told, Tx, Value};

use super::rules::{self, How, Rule};
use super::schema::{self, About, Schema};
use super::{Bounds, ExportError};
use crate::{migrations, organization};

/// Everything that leaves.
pub(super) struct Gathered {
    pub plain: Plain,
    pub tables: Vec<(Known, &'static Rule)>,
    pub schema: Schema,
}

type Copied = Vec<Value<'static>>;

/// Reads everything that leaves.
pub(super) fn gather(tx: &Tx<'_>, told: &Told, bounds: &Bounds) -> Result<Gathered, ExportError> {
    let most = bounds.max_database_bytes;
    let own = organization::load(tx)?;
    let all = tables()?;
    let mut total = 0;
    for (known, _) in &all {
        total += known.count(tx)?;
    }
    let plain = Plain::new(most)?;
    let mut opening = Opening {
        tx,
        keys: HashMap::new(),
    };
    let (mut read, mut tables, mut described) = (0, Vec::new(), Vec::new());
    for (known, rule) in all {
        let leaving = opened(&known, rule);
        plain.create(&leaving).map_err(|error| match error {
            Error::Full => ExportError::TooLarge(most),
            error => error.into(),
        })?;
        let mut rows = 0;
        let mut is_full = false;
        let all_read = known.read(tx, |page| {
            if !(bounds.is_wanted)() {
                return Err(Error::Closing);
            }
            let page_leaves = opening.page(&known, rule, page)?;
            let put = plain.insert(&leaving, &page_leaves);
            is_full = matches!(put, Err(Error::Full));
            put?;
            rows += page_leaves.len() as u64;
            read += page.len() as u64;
            told(read, total);
            Ok(())
        });
        if is_full {
            return Err(ExportError::TooLarge(most));
        }
        all_read?;
        described.push(schema::Table::of(&known, rule, rows));
        tables.push((leaving, rule));
    }
    let schema = Schema {
        format: schema::FORMAT,
        program: format!("kept {}", env!("CARGO_PKG_VERSION")),
        schema_version: migrations::ORGANIZATION
            .last()
            .map_or(0, |step| step.version),
        made_at: tx.now(),
        organization: About {
            id: own.id,
            slug: own.slug,
            name: own.name,
            locale: own.locale,
        },
        values: schema::values(),
        tables: described,
        left_out: schema::left_out(),
    };
    Ok(Gathered {
        plain,
        tables,
        schema,
    })
}

/// The tables of which rows leave, those that others refer to first.
pub(super) fn tables() -> Result<Vec<(Known, &'static Rule)>, Error> {
    let mut found = Vec::new();
    for known in plain::tables(migrations::ORGANIZATION)? {
        let rule = rules::of(known.name()).ok_or(Error::Decode("table that an export knows"))?;
        if rule.out.is_none() {
            found.push((known, rule));
        }
    }
    Ok(found)
}

/// A table as it leaves: without what stays behind, and with text where that is sealed.
pub(super) fn opened(known: &Known, rule: &Rule) -> Known {
    let mut leaving = known.with(|column| rule.leaves(column));
    for column in &mut leaving.columns {
        if matches!(rule.how(&column.name), Some(How::Sealed(_))) {
            column.kind = Kind::Text;
        }
    }
    leaving
}

/// Where a sealed value stands: its column and the key of its row, as people's own store has it.
pub(super) fn place(known: &Known, column: &Column, row: &[Value<'_>]) -> String {
    let mut place = format!("{}.{}", known.name(), column.name);
    for value in &row[..known.key().len()] {
        if let Value::Text(text) = value {
            place.push(' ');
            place.push_str(text);
        }
    }
    place
}

/// Opens what is sealed. Keys of people are kept from their own rows on, which come first.
struct Opening<'t, 'c> {
    tx: &'t Tx<'c>,
    keys: HashMap<String, PersonKey>,
}

impl Opening<'_, '_> {
    fn page(&mut self, known: &Known, rule: &Rule, page: &[Copied]) -> Result<Vec<Copied>, Error> {
        self.learn(known, rule, page)?;
        let mut leaving = Vec::with_capacity(page.len());
        for row in page {
            leaving.extend(self.row(known, rule, row)?);
        }
        Ok(leaving)
    }

    /// Takes the keys of the people whose own rows these are.
    fn learn(&mut self, known: &Known, rule: &Rule, page: &[Copied]) -> Result<(), Error> {
        let Some(at) = key_column(known, rule) else {
            return Ok(());
        };
        let of_row = |row: &Copied| match (&row[0], &row[at]) {
            (Value::Text(person), Value::Text(key)) => Some((person.to_string(), key.to_string())),
            _ => None,
        };
        let mut people: Vec<(String, KeyId)> = Vec::with_capacity(page.len());
        for (person, key) in page.iter().filter_map(of_row) {
            people.push((person, key.parse()?));
        }
        let keys = self.tx.person_keys()?;
        keys.load(&people.iter().map(|(_, key)| *key).collect::<Vec<_>>())?;
        for (person, id) in people {
            if let Some(key) = keys.get(id)? {
                self.keys.insert(person, key);
            }
        }
        Ok(())
    }

    /// The row as it leaves; `None` when it stays behind.
    fn row(&self, known: &Known, rule: &Rule, row: &Copied) -> Result<Option<Copied>, Error> {
        let key = match rule.person().and_then(|column| known.position(column)) {
            Some(at) => match &row[at] {
                // Whoever has no key was erased.
                Value::Text(person) => match self.keys.get(person.as_ref()) {
                    Some(key) => Some(key),
                    None => return Ok(None),
                },
                _ => return Ok(None),
            },
            None => None,
        };
        let mut leaving = Vec::with_capacity(row.len());
        for (column, value) in known.columns.iter().zip(row) {
            match (rule.how(&column.name), value) {
                (Some(How::NoRow(_)), Value::Null) | (Some(How::Out(..)), _) => {}
                (Some(How::NoRow(_)) | None, _) => return Ok(None),
                (Some(How::Sealed(_)), Value::Blob(sealed)) => {
                    let key = key.ok_or(Error::Decode("key of a person"))?;
                    let text = key.open(&place(known, column, row), sealed)?;
                    leaving.push(Value::Text(text.to_string().into()));
                }
                _ => leaving.push(value.clone()),
            }
        }
        Ok(Some(leaving))
    }
}

/// Where a table of people has the ids of their keys.
pub(super) fn key_column(known: &Known, rule: &Rule) -> Option<usize> {
    let fresh = |how| matches!(how, Some(How::Out(_, rules::Fill::FreshKey)));
    (known.columns.iter()).position(|column| fresh(rule.how(&column.name)))
}
