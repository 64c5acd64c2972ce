//! Uploaded lists. The columns' names are the row with the number 0, since a list without them has
//! a person there.

use kept_base::params;
use kept_base::store::{Error, KeyId, PersonKey, Row, Tx, Value};

use super::open_all;
use crate::ids::ImportId;
use crate::people::{Import, ImportRow, ImportState, RowState};

/// The cells of a row.
type Cells = Vec<String>;

pub(super) fn cells_place(id: ImportId, number: u32) -> String {
    format!("import_row.cells {id} {number}")
}

fn done_place(id: ImportId, number: u32) -> String {
    format!("import_row.before {id} {number}")
}

fn open_cells(key: &PersonKey, id: ImportId, number: u32, sealed: &[u8]) -> Result<Cells, Error> {
    let text = key.open(&cells_place(id, number), sealed)?;
    serde_json::from_str(&text).map_err(|_| Error::Decode("cells"))
}

/// Seals cells for their row.
fn seal_cells(
    tx: &Tx<'_>,
    key: &PersonKey,
    (id, number): (ImportId, u32),
    cells: &[String],
) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string(cells).map_err(|_| Error::Decode("cells"))?;
    Ok(key.seal(&cells_place(id, number), &text, tx.entropy()))
}

/// Seals what recording a row did, for its row.
pub(super) fn seal_done(
    tx: &Tx<'_>,
    key: &PersonKey,
    (id, number): (ImportId, u32),
    done: &str,
) -> Vec<u8> {
    key.seal(&done_place(id, number), done, tx.entropy())
}

/// The key of a list; `None` when there is no such list, or its key is gone.
fn key_of_import(tx: &Tx<'_>, id: ImportId) -> Result<Option<PersonKey>, Error> {
    let key = tx.query_opt(
        "select key_id from import where id = $1",
        params![id],
        |row| row.get(0),
    )?;
    match key {
        Some(key) => tx.person_keys()?.get(key),
        None => Ok(None),
    }
}

fn key_to_write(tx: &Tx<'_>, id: ImportId) -> Result<PersonKey, Error> {
    key_of_import(tx, id)?.ok_or_else(|| Error::Constraint("import.id".to_owned()))
}

/// Keeps a list under a key of its own, which goes with it.
pub(in crate::people) fn insert_import(
    tx: &Tx<'_>,
    import: &Import,
    rows: &[Cells],
) -> Result<(), Error> {
    let (key_id, key) = tx.person_keys()?.fresh()?;
    tx.execute(
        "insert into import (id, key_id, state, mapping, row_count, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            import.id,
            key_id,
            import.state.code(),
            import.mapping.join(" "),
            import.rows,
            import.created_at,
            import.expires_at,
        ],
    )?;
    for (number, cells) in (0..).zip(std::iter::once(&import.columns).chain(rows)) {
        tx.execute(
            "insert into import_row (import_id, number, cells, state, expires_at)
             values ($1, $2, $3, $4, $5)",
            params![
                import.id,
                number,
                seal_cells(tx, &key, (import.id, number), cells)?,
                RowState::Unread.code(),
                import.expires_at,
            ],
        )?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<(KeyId, (Import, Vec<u8>)), Error> {
    let import = Import {
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
        columns: Vec::new(),
    };
    Ok((row.get(7)?, (import, row.get(6)?)))
}

fn imports(tx: &Tx<'_>, sql: &str, params: &[Value<'_>]) -> Result<Vec<Import>, Error> {
    let sealed = tx.query(sql, params, read)?;
    open_all(tx, sealed, |key, (mut import, columns)| {
        import.columns = open_cells(key, import.id, 0, &columns)?;
        Ok(import)
    })
}

const IMPORT: &str = "select id, import.state, mapping, row_count, created_at, import.expires_at,
    import_row.cells, import.key_id
    from import join import_row on import_row.import_id = import.id and import_row.number = 0";

pub(in crate::people) fn import(tx: &Tx<'_>, id: ImportId) -> Result<Option<Import>, Error> {
    let sql = format!("{IMPORT} where import.id = $1");
    Ok(imports(tx, &sql, params![id])?.into_iter().next())
}

pub(in crate::people) fn open_imports(tx: &Tx<'_>) -> Result<Vec<Import>, Error> {
    let sql = format!(
        "{IMPORT} where import.state in ('columns', 'checked', 'running')
         order by import.id desc limit 20"
    );
    imports(tx, &sql, &[])
}

pub(in crate::people) fn update_import(tx: &Tx<'_>, import: &Import) -> Result<(), Error> {
    tx.execute(
        "update import set state = $2, mapping = $3 where id = $1",
        params![import.id, import.state.code(), import.mapping.join(" ")],
    )?;
    Ok(())
}

fn read_row(row: &Row<'_>, id: ImportId, key: &PersonKey) -> Result<ImportRow, Error> {
    let number = row.get(0)?;
    Ok(ImportRow {
        number,
        cells: open_cells(key, id, number, &row.get::<Vec<u8>>(1)?)?,
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
    let Some(key) = key_of_import(tx, id)? else {
        return Ok(Vec::new());
    };
    tx.query(
        "select number, cells, state, person_id from import_row
         where import_id = $1 and number > 0 and (cast($2 as text) is null or state = $2)
         order by number limit $3",
        params![id, state.map(RowState::code), limit],
        |row| read_row(row, id, &key),
    )
}

pub(in crate::people) fn import_row(
    tx: &Tx<'_>,
    id: ImportId,
    number: u32,
) -> Result<Option<ImportRow>, Error> {
    let Some(key) = key_of_import(tx, id)? else {
        return Ok(None);
    };
    tx.query_opt(
        "select number, cells, state, person_id from import_row
         where import_id = $1 and number = $2 and number > 0",
        params![id, number],
        |row| read_row(row, id, &key),
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
            seal_cells(tx, &key_to_write(tx, id)?, (id, row.number), &row.cells)?,
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
    let sealed = seal_done(tx, &key_to_write(tx, id)?, (id, row.number), done);
    tx.execute(
        "update import_row set before = $3 where import_id = $1 and number = $2",
        params![id, row.number, sealed],
    )?;
    Ok(())
}

pub(in crate::people) fn import_row_done(
    tx: &Tx<'_>,
    id: ImportId,
    number: u32,
) -> Result<Option<String>, Error> {
    let sealed = tx.query_opt(
        "select before from import_row where import_id = $1 and number = $2",
        params![id, number],
        |row| row.get::<Option<Vec<u8>>>(0),
    )?;
    let Some(sealed) = sealed.flatten() else {
        return Ok(None);
    };
    let text = key_to_write(tx, id)?.open(&done_place(id, number), &sealed)?;
    Ok(Some(text.to_string()))
}

pub(in crate::people) fn remove_import(tx: &Tx<'_>, id: ImportId) -> Result<(), Error> {
    tx.execute("delete from import_row where import_id = $1", params![id])?;
    let keys = tx.query(
        "delete from import where id = $1 returning key_id",
        params![id],
        |row| row.get(0),
    )?;
    keys.into_iter().try_for_each(|key| tx.retire_key(key))
}

pub(in crate::people) fn remove_expired_imports(tx: &Tx<'_>) -> Result<usize, Error> {
    let rows = tx.execute(
        "delete from import_row where expires_at <= $1",
        params![tx.now()],
    )?;
    let keys = tx.query(
        "delete from import where expires_at <= $1 returning key_id",
        params![tx.now()],
        |row| row.get(0),
    )?;
    keys.into_iter().try_for_each(|key| tx.retire_key(key))?;
    Ok(rows)
}
