//! What can go wrong in the store. Texts name tables, columns and states, never values.

/// An error of the store. Slices pass it through; the rim turns it into a 500 or 503.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A constraint or trigger refused the row; the name is the constraint's, or the columns'.
    #[error("constraint {0} refused the row")]
    Constraint(String),
    /// A column holds something its reader does not expect.
    #[error("a column does not hold a {0}")]
    Decode(&'static str),
    /// The database engine failed; the code is the engine's.
    #[error("database engine: {0}")]
    Engine(String),
    /// The file cannot be opened with its key, is not encrypted, or is missing.
    #[error("database file: {0}")]
    File(String),
    /// What was read is not what was written: a page without its seal, tables that do not agree.
    #[error("damaged data: {0}")]
    Damaged(String),
    /// The disk failed to read or write; the code is the engine's.
    #[error("the disk failed: {0}")]
    Disk(i32),
    /// No organization of that id is placed here.
    #[error("no such organization")]
    NoOrganization,
    /// The data of the organization has moved to another place while it was asked for.
    #[error("the organization has moved")]
    Moved,
    /// Whoever runs the installation suspended the organization: nothing of it is answered.
    #[error("the organization is suspended")]
    Suspended,
    /// More work is queued than the named limit allows; try again shortly.
    #[error("the store is busy")]
    Busy,
    /// The disk is full: nothing more can be written until there is room again.
    #[error("the disk of the database is full")]
    Full,
    /// The database server cannot be reached, or does not let us in.
    #[error("database server: {0}")]
    Unavailable(String),
    /// The connection was lost or the disk failed while a transaction was committed: it may stand
    /// or not.
    #[error("the database was lost during a commit, which may stand or not")]
    Unknown,
    /// The closure panicked; its changes were rolled back and the file stays open.
    #[error("a transaction panicked and was rolled back")]
    Panicked,
    /// The store is closing.
    #[error("the store is closing")]
    Closing,
    /// A key could not be read, unwrapped or written.
    #[error("key: {0}")]
    Key(String),
    /// What was sealed does not open: it was changed, moved, or is of another key.
    #[error("a sealed {0} does not open")]
    Sealed(String),
    /// Erasures that one copy knows of and another does not.
    #[error("erasures: {0}")]
    Erasures(String),
    /// The organization was restored and waits for the erasures that came after; says why.
    #[error("the organization is held: {0}")]
    Held(String),
    /// A copy of data is not what it should be.
    #[error("the copy cannot be used: {0}")]
    Archive(&'static str),
    /// A copy cannot be written or read; what the system says.
    #[error("copying: {0}")]
    Copying(String),
    /// The same job is at work already.
    #[error("a {0} is running already")]
    Running(&'static str),
    /// The schema is newer than this program, or a migration failed.
    #[error("migration: {0}")]
    Migration(String),
}

impl Error {
    /// Whether the named constraint or trigger refused the row.
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(found) if found == name)
    }
}

/// The engine's index of its log could not grow. That is written to the disk, whose lack of room the
/// engine tells everywhere else by a code of its own.
const NO_ROOM_FOR_INDEX: i32 = rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::SqliteFailure(code, message) => match code.code {
                ErrorCode::ConstraintViolation => {
                    Self::Constraint(super::dialect::constraint_name(message.as_deref()))
                }
                ErrorCode::DiskFull => Self::Full,
                // Another process has the file longer than we wait.
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                ErrorCode::SystemIoFailure if code.extended_code == NO_ROOM_FOR_INDEX => Self::Full,
                ErrorCode::SystemIoFailure => Self::Disk(code.extended_code),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    Self::Damaged(format!("{:?} ({})", code.code, code.extended_code))
                }
                other => Self::Engine(format!("{other:?} ({})", code.extended_code)),
            },
            rusqlite::Error::SqlInputError { msg, .. } => Self::Engine(msg.clone()),
            other => Self::Engine(
                match other {
                    rusqlite::Error::InvalidColumnIndex(_) => "no such column in the row",
                    rusqlite::Error::InvalidColumnType(..) => "unexpected column type",
                    rusqlite::Error::QueryReturnedNoRows => "no row",
                    _ => "unexpected failure",
                }
                .to_owned(),
            ),
        }
    }
}
