//! What a store of rows is for, whom it is about and how it ends: data about the data, which each
//! slice declares beside its tables. A test holds it against the schema, and retention, export and
//! erasure read it.

/// A table, with every column in one of three lists.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What one row is, and what it is needed for.
    pub purpose: &'static str,
    /// Whom a row is about.
    pub subject: Subject,
    /// How long a row is kept.
    pub retention: Retention,
    /// What erasing its subject does to a row.
    pub erase: Erase,
    /// Columns that tell nothing about anybody by themselves: ids, states, times, settings.
    pub plain: &'static [&'static str],
    /// Columns that tell something about somebody.
    pub personal: &'static [Personal],
}

/// A column that tells something about somebody.
#[derive(Debug, Clone, Copy)]
pub struct Personal {
    /// Its name.
    pub column: &'static str,
    /// What it is needed for.
    pub purpose: &'static str,
    /// Its name in what a person is handed of their data; `None` when it is not theirs to have,
    /// or useless to them.
    pub export: Option<&'static str>,
}

/// Whom a row is about, and by which column it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nobody.
    Nobody,
    /// The person whose id the column holds.
    Person(&'static str),
    /// The person of the appointment whose id the column holds.
    PersonOfAppointment(&'static str),
    /// The staff member whose id the column holds.
    Staff(&'static str),
    /// The member (somebody with an account) whose id the column holds.
    Member(&'static str),
    /// People whom no column names; rows go by themselves soon, and all of them at an erasure.
    Unnamed,
}

/// How long a row is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// As long as the organization has it in use; it is a setting or an offer.
    InUse,
    /// As long as its subject is on record.
    WithSubject,
    /// As long as the organization: it is the record of what happened.
    WithOrganization,
    /// Until the instant in the column; then a job removes it.
    Until(&'static str),
    /// So many days after the instant in the column; then a job removes it.
    DaysAfter(i64, &'static str),
}

/// What erasing its subject does to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erase {
    /// Nothing: it is about nobody.
    Nothing,
    /// The row goes.
    Row,
    /// The row stays under an id that names nobody once the subject's own rows are gone.
    StaysUnnamed,
}
