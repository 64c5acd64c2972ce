//! Rows as they are, to be kept for a while and put back.

use kept_base::params;
use kept_base::store::{Error, FromValue, ToValue, Tx, Value, ValueRef};
use serde::{Deserialize, Serialize};

/// One column of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(in crate::offering) enum Cell {
    Null,
    Int(i64),
    Text(String),
}

impl FromValue for Cell {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        match value {
            ValueRef::Null => Ok(Self::Null),
            ValueRef::Int(int) => Ok(Self::Int(int)),
            ValueRef::Text(text) => Ok(Self::Text(text.to_owned())),
            ValueRef::Blob(_) => Err(Error::Decode("text or number")),
        }
    }
}

impl ToValue for Cell {
    fn to_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(int) => Value::Int(*int),
            Self::Text(text) => Value::Text(text.as_str().into()),
        }
    }
}

/// The rows of one table that have `key` in `column`, as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::offering) struct Rows {
    table: String,
    column: String,
    key: String,
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    /// The key that the rows have.
    pub(in crate::offering) fn key(&self) -> &str {
        &self.key
    }

    /// Whether these are rows of the same place, then or now.
    pub(in crate::offering) fn is_of(&self, other: &Self) -> bool {
        self.table == other.table && self.column == other.column && self.key == other.key
    }
}

/// What becomes of a row that was not there before, when its adding is undone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gone {
    /// Others may refer to it by now: it is archived.
    Archived,
    /// It is deleted.
    Deleted,
    /// It belongs to a noun: all of them are replaced.
    Replaced,
}

struct Kept {
    table: &'static str,
    columns: &'static [&'static str],
    gone: Gone,
}

/// The tables whose rows are kept, and every column of them.
const TABLES: &[Kept] = &[
    Kept {
        table: "location",
        columns: &[
            "id",
            "name",
            "address",
            "zone",
            "position",
            "parent_id",
            "archived_at",
        ],
        gone: Gone::Archived,
    },
    Kept {
        table: "room",
        columns: &[
            "id",
            "location_id",
            "name",
            "position",
            "kind",
            "capacity",
            "archived_at",
        ],
        gone: Gone::Archived,
    },
    Kept {
        table: "staff",
        columns: &["id", "name", "title", "email", "position", "archived_at"],
        gone: Gone::Archived,
    },
    Kept {
        table: "service",
        columns: &[
            "id",
            "slug",
            "name",
            "description",
            "length_minutes",
            "buffer_before_minutes",
            "buffer_after_minutes",
            "step_minutes",
            "step_offset_minutes",
            "notice_minutes",
            "horizon_days",
            "daily_limit",
            "staffing",
            "price_minor",
            "price_currency",
            "move_until_minutes",
            "cancel_until_minutes",
            "position",
            "mode",
            "video_link",
            "needs_room",
            "room_capacity",
            "archived_at",
        ],
        gone: Gone::Archived,
    },
    Kept {
        table: "field",
        columns: &[
            "id",
            "service_id",
            "key",
            "kind",
            "label",
            "reason",
            "choices",
            "required",
            "position",
            "archived_at",
        ],
        gone: Gone::Archived,
    },
    Kept {
        table: "skill",
        columns: &["id", "name", "position"],
        gone: Gone::Deleted,
    },
    Kept {
        table: "closed_day",
        columns: &["id", "location_id", "day", "name"],
        gone: Gone::Deleted,
    },
    Kept {
        table: "service_staff",
        columns: &["service_id", "staff_id"],
        gone: Gone::Replaced,
    },
    Kept {
        table: "service_room",
        columns: &["service_id", "room_id"],
        gone: Gone::Replaced,
    },
    Kept {
        table: "service_skill",
        columns: &["service_id", "skill_id"],
        gone: Gone::Replaced,
    },
    Kept {
        table: "staff_skill",
        columns: &["staff_id", "skill_id"],
        gone: Gone::Replaced,
    },
    Kept {
        table: "weekly_hours",
        columns: &[
            "id",
            "staff_id",
            "location_id",
            "weekday",
            "opens_minute",
            "closes_minute",
            "service_id",
        ],
        gone: Gone::Replaced,
    },
    Kept {
        table: "room_hours",
        columns: &["id", "room_id", "weekday", "opens_minute", "closes_minute"],
        gone: Gone::Replaced,
    },
    Kept {
        table: "hours_override",
        columns: &[
            "id",
            "staff_id",
            "day",
            "location_id",
            "opens_minute",
            "closes_minute",
        ],
        gone: Gone::Replaced,
    },
    Kept {
        table: "time_off",
        columns: &["id", "staff_id", "starts_at", "ends_at"],
        gone: Gone::Replaced,
    },
];

/// Names of tables and columns come from this list alone, whatever was kept.
fn known(table: &str, column: &str) -> Result<(&'static Kept, &'static str), Error> {
    let kept = TABLES.iter().find(|kept| kept.table == table);
    let kept = kept.ok_or(Error::Decode("kept table"))?;
    let column = kept.columns.iter().find(|known| **known == column);
    Ok((kept, column.ok_or(Error::Decode("kept column"))?))
}

/// The rows of `table` that have `key` in `column`.
pub(in crate::offering) fn rows(
    tx: &Tx<'_>,
    table: &str,
    column: &str,
    key: &str,
) -> Result<Rows, Error> {
    let (kept, column) = known(table, column)?;
    let columns = kept.columns.join(", ");
    let sql = format!("select {columns} from {table} where {column} = $1 order by 1, 2");
    let rows = tx.query(&sql, params![key], |row| {
        (0..kept.columns.len()).map(|at| row.get(at)).collect()
    })?;
    Ok(Rows {
        table: table.to_owned(),
        column: column.to_owned(),
        key: key.to_owned(),
        rows,
    })
}

/// The same rows as they are now.
pub(in crate::offering) fn again(tx: &Tx<'_>, earlier: &Rows) -> Result<Rows, Error> {
    rows(tx, &earlier.table, &earlier.column, &earlier.key)
}

/// Makes the tables hold these rows again. What refers to others goes first and comes last.
pub(in crate::offering) fn put_back(tx: &Tx<'_>, earlier: &[Rows]) -> Result<(), Error> {
    let mut all = Vec::with_capacity(earlier.len());
    for part in earlier {
        let (kept, column) = known(&part.table, &part.column)?;
        all.push((kept, column, part));
    }
    for (kept, column, part) in all.iter().filter(|(kept, ..)| kept.gone == Gone::Replaced) {
        let sql = format!("delete from {} where {column} = $1", kept.table);
        tx.execute(&sql, params![part.key])?;
    }
    for (kept, column, part) in all.iter().filter(|(kept, ..)| kept.gone != Gone::Replaced) {
        if part.rows.is_empty() {
            leave(tx, kept, column, &part.key)?;
        }
        insert(tx, kept, &part.rows, " on conflict (id) do update set ")?;
    }
    for (kept, _, part) in all.iter().filter(|(kept, ..)| kept.gone == Gone::Replaced) {
        insert(tx, kept, &part.rows, "")?;
    }
    Ok(())
}

fn leave(tx: &Tx<'_>, kept: &Kept, column: &str, key: &str) -> Result<(), Error> {
    let table = kept.table;
    if kept.gone == Gone::Archived {
        let sql = format!("update {table} set archived_at = $2 where {column} = $1");
        tx.execute(&sql, params![key, tx.now()])?;
    } else {
        let sql = format!("delete from {table} where {column} = $1");
        tx.execute(&sql, params![key])?;
    }
    Ok(())
}

fn insert(tx: &Tx<'_>, kept: &Kept, rows: &[Vec<Cell>], on_conflict: &str) -> Result<(), Error> {
    let numbers: Vec<String> = (1..=kept.columns.len()).map(|n| format!("${n}")).collect();
    let mut sql = format!(
        "insert into {} ({}) values ({})",
        kept.table,
        kept.columns.join(", "),
        numbers.join(", ")
    );
    if !on_conflict.is_empty() {
        let set = kept.columns[1..]
            .iter()
            .map(|column| format!("{column} = excluded.{column}"));
        sql += on_conflict;
        sql += &set.collect::<Vec<_>>().join(", ");
    }
    for row in rows {
        let values: Vec<Value<'_>> = row.iter().map(ToValue::to_value).collect();
        tx.execute(&sql, &values)?;
    }
    Ok(())
}
