//! Uploaded lists. The columns' names are the row with the number 0, since a list without them has
//! a person there.

use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use crate::ids::ImportId;
use crate::people::{Import, ImportRow, ImportState, RowState};

fn cells(text: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(text).map_err(|_| Error::Decode("cells"))
}

fn json(cells: &[String]) -> Result<String, Error> {
    serde_json::to_string(cells).map_err(|_| Error::Decode("cells"))
}

pub(in crate::people) fn insert_import(tx: &Tx<'_>, import: &Import) -> Result<(), Error> {
    tx.execute(
        "insert into import (id, state, mapping, row_count, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            import.id,
            import.state.code(),
            import.mapping.join(" "),
            import.rows,
            import.created_at,
            import.expires_at,
        ],
    )?;
    insert_import_row(tx, import, 0, &import.columns)
}

pub(in crate::people) fn insert_import_row(
    tx: &Tx<'_>,
    import: &Import,
    number: u32,
    cells: &[String],
) -> Result<(), Error> {
    tx.execute(
        "insert into import_row (import_id, number, cells, state, expires_at)
         values ($1, $2, $3, $4, $5)",
        params![
            import.id,
            number,
            json(cells)?,
            RowState::Unread.code(),
            import.expires_at,
        ],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Import, Error> {
    Ok(Import {
        id: row.get(0)?,
        state: ImportState::from_code(row.borrow(1)?).ok_or(Error::Decode("import's state"))?,
        mapping: row
            .borrow::<&str>(2)?
            .split(' ')
            .map(str::to_owned)
            .collect(),
        rows: row.get(3)?,
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        columns: cells(row.borrow(6)?)?,
    })
}

const IMPORT: &str = "select id, import.state, mapping, row_count, created_at, import.expires_at,
    import_row.cells
    from import join import_row on import_row.import_id = import.id and import_row.number = 0";

pub(in crate::people) fn import(tx: &Tx<'_>, id: ImportId) -> Result<Option<Import>, Error> {
    tx.query_opt(&format!("{IMPORT} where import.id = $1"), params![id], read)
}

pub(in crate::people) fn open_imports(tx: &Tx<'_>) -> Result<Vec<Import>, Error> {
    let sql = format!(
        "{IMPORT} where import.state in ('columns', 'checked', 'running')
         order by import.id desc limit 20"
    );
    tx.query(&sql, &[], read)
}

pub(in crate::people) fn update_import(tx: &Tx<'_>, import: &Import) -> Result<(), Error> {
    tx.execute(
        "update import set state = $2, mapping = $3 where id = $1",
        params![import.id, import.state.code(), import.mapping.join(" ")],
    )?;
    Ok(())
}

fn read_row(row: &Row<'_>) -> Result<ImportRow, Error> {
    Ok(ImportRow {
        number: row.get(0)?,
        cells: cells(row.borrow(1)?)?,
        state: RowState::from_code(row.borrow(2)?).ok_or(Error::Decode("row's state"))?,
        person: row.get(3)?,
    })
}

pub(in crate::people) fn import_rows(
    tx: &Tx<'_>,
    id: ImportId,
    state: Option<RowState>,
    limit: u32,
) -> Result<Vec<ImportRow>, Error> {
    tx.query(
        "select number, cells, state, person_id from import_row
         where import_id = $1 and number > 0 and ($2 is null or state = $2)
         order by number limit $3",
        params![id, state.map(RowState::code), limit],
        read_row,
    )
}

pub(in crate::people) fn import_row(
    tx: &Tx<'_>,
    id: ImportId,
    number: u32,
) -> Result<Option<ImportRow>, Error> {
    tx.query_opt(
        "select number, cells, state, person_id from import_row
         where import_id = $1 and number = $2 and number > 0",
        params![id, number],
        read_row,
    )
}

pub(in crate::people) fn import_counts(
    tx: &Tx<'_>,
    id: ImportId,
) -> Result<Vec<(RowState, u32)>, Error> {
    tx.query(
        "select state, count(*) from import_row where import_id = $1 and number > 0
         group by state",
        params![id],
        |row| {
            let state = RowState::from_code(row.borrow(0)?).ok_or(Error::Decode("row's state"))?;
            Ok((state, row.get(1)?))
        },
    )
}

pub(in crate::people) fn update_import_row(
    tx: &Tx<'_>,
    id: ImportId,
    row: &ImportRow,
) -> Result<(), Error> {
    tx.execute(
        "update import_row set cells = $3, state = $4, person_id = $5
         where import_id = $1 and number = $2",
        params![
            id,
            row.number,
            json(&row.cells)?,
            row.state.code(),
            row.person
        ],
    )?;
    Ok(())
}

/// Notes who a row became, and what recording it did.
pub(in crate::people) fn finish_import_row(
    tx: &Tx<'_>,
    id: ImportId,
    row: &ImportRow,
    done: &str,
) -> Result<(), Error> {
    update_import_row(tx, id, row)?;
    tx.execute(
        "update import_row set before = $3 where import_id = $1 and number = $2",
        params![id, row.number, done],
    )?;
    Ok(())
}

pub(in crate::people) fn import_row_done(
    tx: &Tx<'_>,
    id: ImportId,
    number: u32,
) -> Result<Option<String>, Error> {
    tx.query_opt(
        "select coalesce(before, '') from import_row where import_id = $1 and number = $2",
        params![id, number],
        |row| row.get(0),
    )
}

pub(in crate::people) fn remove_import(tx: &Tx<'_>, id: ImportId) -> Result<(), Error> {
    tx.execute("delete from import_row where import_id = $1", params![id])?;
    tx.execute("delete from import where id = $1", params![id])?;
    Ok(())
}

pub(in crate::people) fn remove_expired_imports(tx: &Tx<'_>) -> Result<usize, Error> {
    let rows = tx.execute(
        "delete from import_row where expires_at <= $1",
        params![tx.now()],
    )?;
    tx.execute(
        "delete from import where expires_at <= $1",
        params![tx.now()],
    )?;
    Ok(rows)
}
