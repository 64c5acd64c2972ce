//! Rows that refer to others of their table: places within places.

use std::collections::HashSet;

use kept_base::store::copy::plain::Known;
use kept_base::store::{Tx, Value};

use super::ExportError;
use super::put::Copied;

/// Most places of an organization, which are read at once since they may stand within each other.
const MAX_NESTED_ROWS: usize = 10_000;

/// Rows that refer to others of the same table, which must be there before them.
pub(super) struct Nested {
    parent: usize,
    rows: Vec<Copied>,
}

impl Nested {
    pub fn of(known: &Known) -> Option<Self> {
        let parent = known.position("parent_id")?;
        let rows = Vec::new();
        Some(Self { parent, rows })
    }

    pub fn add(&mut self, rows: Vec<Copied>) -> Result<(), ExportError> {
        self.rows.extend(rows);
        if self.rows.len() > MAX_NESTED_ROWS {
            return Err(ExportError::package(format!(
                "it has more than {MAX_NESTED_ROWS} places"
            )));
        }
        Ok(())
    }

    pub fn insert(self, tx: &Tx<'_>, known: &Known) -> Result<(), ExportError> {
        let mut left = self.rows;
        let mut there: HashSet<Option<String>> = HashSet::from([None]);
        while !there.is_empty() {
            let is_ready = |row: &Copied| there.contains(&text(&row[self.parent]));
            let (ready, rest): (Vec<Copied>, Vec<Copied>) = left.into_iter().partition(is_ready);
            known.insert(tx, &ready)?;
            there = ready.iter().map(|row| text(&row[0])).collect();
            left = rest;
        }
        if left.is_empty() {
            Ok(())
        } else {
            Err(ExportError::package(
                "places stand within each other in a circle",
            ))
        }
    }
}

fn text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}
