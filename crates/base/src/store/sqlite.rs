//! Opening SQLCipher files, the one way it is done.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use rusqlite::limits::Limit;
use rusqlite::{CachedStatement, Connection, OpenFlags};

use super::{Error, Value, ValueRef, keys::Key};

const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";
/// Prepared statements kept per connection.
const STATEMENT_CACHE: usize = 256;
/// How long a connection waits for a lock that another process holds, in milliseconds.
const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Page cache of a writing connection, in KiB.
const WRITER_CACHE_KIB: i64 = 8_192;
/// Page cache of a reading connection, in KiB.
const READER_CACHE_KIB: i64 = 2_048;
/// Memory of the engine in the whole process, in bytes, above which page caches take no more but
/// let go of what they kept.
const HEAP_LIMIT_BYTES: i64 = 32 * 1024 * 1024;
/// What each open organization adds to that, in bytes: what its connections know of its tables cannot
/// be let go, and would leave nothing for pages.
const HEAP_BYTES_PER_OPEN: i64 = 1024 * 1024;
/// How many organizations this process has open.
static OPEN: AtomicI64 = AtomicI64::new(0);

/// Notes how many organizations this process has open.
pub(super) fn note_open(organizations: usize) {
    OPEN.store(i64::try_from(organizations).unwrap_or(0), Ordering::Relaxed);
}

fn heap_limit_bytes() -> i64 {
    HEAP_LIMIT_BYTES + OPEN.load(Ordering::Relaxed) * HEAP_BYTES_PER_OPEN
}

/// Pages in the log before they are moved into the file. Pages that many commits change are moved
/// once, and each move waits for the disk twice.
const CHECKPOINT_PAGES: u32 = 4_000;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The one writer of a file, which is made unless it is there.
    Make,
    /// The one writer of a file that is there.
    Write,
    /// A reader on WAL snapshots; every write is refused.
    Read,
}

/// Opens (or, for [`Use::Make`], creates) the encrypted file at `path`.
///
/// # Errors
/// [`Error::File`] when the file is plain or the key does not open it.
pub fn open(path: &Path, key: &Key, purpose: Use) -> Result<Connection, Error> {
    refuse_plain_file(path)?;
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if purpose == Use::Make {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    // Failures come back as errors; the engine's own lines on stderr would say them twice.
    connection.execute_batch("pragma cipher_log_level = none")?;
    connection.execute_batch(key.pragma().as_str())?;
    // Every page carries a seal of 256 bits either way. Processors have instructions for this one:
    // a page is sealed in half the time, and that is much of what a commit costs.
    connection.execute_batch("pragma cipher_hmac_algorithm = HMAC_SHA256")?;
    refuse_missing_cipher(&connection)?;
    connection
        .query_row("select count(*) from sqlite_master", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(|failure| match Error::from(failure) {
            // The first page tells no more than this.
            Error::Damaged(_) => Error::File(format!(
                "{} does not open with its key: the key is another one's, or the first page is damaged",
                name_of(path)
            )),
            other => other,
        })?;
    let cache = if purpose != Use::Read {
        WRITER_CACHE_KIB
    } else {
        READER_CACHE_KIB
    };
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS))?;
    connection.execute_batch(&format!(
        "pragma journal_mode = wal;
         pragma synchronous = full;
         pragma foreign_keys = on;
         pragma secure_delete = on;
         pragma temp_store = memory;
         pragma trusted_schema = off;
         pragma wal_autocheckpoint = {CHECKPOINT_PAGES};
         pragma cache_size = -{cache};
         pragma soft_heap_limit = {};",
        heap_limit_bytes()
    ))?;
    if purpose == Use::Read {
        connection.execute_batch("pragma query_only = on;")?;
    }
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(connection)
}

/// The name of a file, without where it is.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A forgotten key silently gives a plain file: only the header proves otherwise.
fn refuse_plain_file(path: &Path) -> Result<(), Error> {
    use std::io::Read as _;
    let Ok(mut file) = std::fs::File::open(path) else {
        return Ok(());
    };
    let mut header = [0_u8; 16];
    match file.read_exact(&mut header) {
        Ok(()) if &header == PLAIN_HEADER => {
            Err(Error::File(format!("{} is not encrypted", name_of(path))))
        }
        _ => Ok(()),
    }
}

fn refuse_missing_cipher(connection: &Connection) -> Result<(), Error> {
    let version: Option<String> = connection
        .query_row("pragma cipher_version", [], |row| row.get(0))
        .ok();
    match version {
        Some(version) if !version.is_empty() => Ok(()),
        _ => Err(Error::File(
            "this program was built without SQLCipher".to_owned(),
        )),
    }
}

/// Whether the data of this file lives elsewhere now, as the transaction at hand sees it.
pub(super) fn is_left(connection: &Connection) -> Result<bool, Error> {
    let mark: i64 = connection
        .prepare_cached("pragma user_version")?
        .query_row([], |row| row.get(0))?;
    Ok(mark != 0)
}

/// Says for good that the data of this file lives elsewhere, within the transaction at hand.
pub(super) fn leave(connection: &Connection) -> Result<(), Error> {
    Ok(connection.execute_batch("pragma user_version = 1")?)
}

/// Runs a statement and tells how many rows it changed.
pub(super) fn execute(
    connection: &Connection,
    sql: &str,
    params: &[Value<'_>],
) -> Result<usize, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    Ok(statement.raw_execute()?)
}

/// Runs a query and hands each row to `read` until it answers `false`.
pub(super) fn each(
    connection: &Connection,
    sql: &str,
    params: &[Value<'_>],
    mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if !read(row)? {
            break;
        }
    }
    Ok(())
}

/// A column of a row.
pub(super) fn value<'r>(row: &'r rusqlite::Row<'r>, index: usize) -> Result<ValueRef<'r>, Error> {
    Ok(match row.get_ref(index)? {
        rusqlite::types::ValueRef::Null => ValueRef::Null,
        rusqlite::types::ValueRef::Integer(int) => ValueRef::Int(int),
        rusqlite::types::ValueRef::Real(_) => return Err(Error::Decode("known type")),
        rusqlite::types::ValueRef::Text(text) => {
            ValueRef::Text(std::str::from_utf8(text).map_err(|_| Error::Decode("UTF-8 text"))?)
        }
        rusqlite::types::ValueRef::Blob(bytes) => ValueRef::Blob(bytes),
    })
}

/// Binds `$n` to `params[n - 1]`. SQLite numbers parameters by first appearance, so the name is
/// read; a statement may use a parameter twice or leave one out.
fn bind(statement: &mut CachedStatement<'_>, params: &[Value<'_>]) -> Result<(), Error> {
    for index in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(|| Error::Engine("parameters are written $1, $2, ..".to_owned()))?;
        let value = params
            .get(number.wrapping_sub(1))
            .ok_or_else(|| Error::Engine(format!("no value for ${number}")))?;
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Int(int) => statement.raw_bind_parameter(index, int)?,
            Value::Text(text) => statement.raw_bind_parameter(index, text.as_ref())?,
            Value::Blob(bytes) => statement.raw_bind_parameter(index, bytes.as_ref())?,
        }
    }
    Ok(())
}

/// The versions of SQLCipher and SQLite in this program, for `doctor`.
#[must_use]
pub fn versions() -> (String, String) {
    let cipher = Connection::open_in_memory()
        .and_then(|c| c.query_row("pragma cipher_version", [], |row| row.get(0)))
        .unwrap_or_else(|_| "missing".to_owned());
    (cipher, rusqlite::version().to_owned())
}
