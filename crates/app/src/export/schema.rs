//! `schema.json`: what a package says of itself.

use std::collections::BTreeMap;

use kept_base::kit::OrganizationId;
use kept_base::store::copy::plain::{Kind, Known};
use serde::{Deserialize, Serialize};

use super::rules::{self, How, Rule};
use crate::manifest;

/// The form of packages that this program writes and reads.
pub(super) const FORMAT: u32 = 1;

/// The whole of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schema {
    /// The form of the package.
    pub format: u32,
    /// What made it.
    pub program: String,
    /// The version of the tables.
    pub schema_version: u32,
    /// When its rows were as they are, in UTC.
    pub made_at: jiff::Timestamp,
    /// Whose it is.
    pub organization: About,
    /// How values are written.
    pub values: BTreeMap<String, String>,
    /// Tables in it, those that others refer to first.
    pub tables: Vec<Table>,
    /// Tables that are not, each with the reason.
    pub left_out: BTreeMap<String, String>,
}

/// The organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    /// Its id where it comes from.
    pub id: OrganizationId,
    /// Its slug there.
    pub slug: String,
    /// What it is called.
    pub name: String,
    /// Its language.
    pub locale: String,
}

/// A table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Its name.
    pub name: String,
    /// What a row is, and what it is needed for.
    pub purpose: String,
    /// How many rows are in the package.
    pub rows: u64,
    /// Columns in the package.
    pub columns: Vec<Column>,
    /// Columns that are not, each with the reason.
    pub left_out: BTreeMap<String, String>,
}

/// A column.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    /// Its name.
    pub name: String,
    /// `integer`, `text` or `file`.
    pub kind: String,
    /// Whether it tells one row from another, with the others that do.
    pub key: bool,
    /// Whether it may be empty.
    pub nullable: bool,
    /// What it is needed for, where it tells something about somebody.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub personal: Option<String>,
}

impl Table {
    /// What is said of a table that leaves.
    pub fn of(known: &Known, rule: &Rule, rows: u64) -> Self {
        let listed = manifest::tables().find(|table| table.name == known.name());
        let columns = known.columns.iter().filter(|one| rule.leaves(&one.name));
        let columns = columns.map(|column| {
            let personal = listed.and_then(|table| {
                let mut personal = table.personal.iter();
                personal.find(|personal| personal.column == column.name)
            });
            Column {
                name: column.name.clone(),
                kind: match column.kind {
                    Kind::Int => "integer",
                    Kind::Text => "text",
                    Kind::Bytes if rule.how(&column.name) == Some(How::Picture) => "file",
                    // Sealed in the database, and opened here.
                    Kind::Bytes => "text",
                }
                .to_owned(),
                key: known.key().contains(column),
                nullable: column.nullable,
                personal: personal.map(|personal| personal.purpose.to_owned()),
            }
        });
        let left_out = rule.special.iter().filter_map(|(name, how)| match how {
            How::Out(why, _) | How::NoRow(why) => Some(((*name).to_owned(), why.code().to_owned())),
            _ => None,
        });
        Self {
            name: known.name().to_owned(),
            purpose: listed.map_or_else(String::new, |table| table.purpose.to_owned()),
            rows,
            columns: columns.collect(),
            left_out: left_out.collect(),
        }
    }
}

/// Tables of which no row leaves, with the reasons.
pub(super) fn left_out() -> BTreeMap<String, String> {
    let out = rules::RULES.iter().filter_map(|rule| {
        let why = rule.out?;
        Some((rule.table.to_owned(), why.code().to_owned()))
    });
    out.collect()
}

/// How values are written.
pub(super) fn values() -> BTreeMap<String, String> {
    [
        (
            "instants",
            "integers: microseconds since 1970-01-01T00:00:00Z",
        ),
        ("days", "text: YYYY-MM-DD"),
        ("flags", "integers: 0 or 1"),
        ("money", "integers: minor units of the currency beside them"),
        ("files", "text: where the file lies in this package"),
        (
            "csv",
            "text that a spreadsheet program would take for a formula begins with '",
        ),
    ]
    .into_iter()
    .map(|(what, how)| (what.to_owned(), how.to_owned()))
    .collect()
}
