//! What leaves in a package, table by table and column by column: the one place where it is decided.
//! A test holds it against the manifest, so that nothing new leaves, or stays behind, unnoticed.

mod directory;
mod every;
mod lending;
mod provider;

pub use every::RULES;

/// Why something does not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It lets somebody in: hashes of passwords, sessions, links and tokens.
    Secret,
    /// It names keys of this installation; an import makes others.
    Keys,
    /// It is made of the rest; an import makes it again.
    Rebuilt,
    /// It goes by itself within hours or a day.
    Passing,
    /// It is about this copy of the data, not about the organization.
    Installation,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::Secret,
        Self::Keys,
        Self::Rebuilt,
        Self::Passing,
        Self::Installation,
    ];

    /// The stable code, as a package has it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Keys => "keys",
            Self::Rebuilt => "rebuilt",
            Self::Passing => "passing",
            Self::Installation => "installation",
        }
    }
}

/// What an import puts into a column that did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Null.
    Nothing,
    /// The id of a key that is made for the row.
    FreshKey,
    /// No bytes, until they are made again.
    NoBytes,
}

/// How a column leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As it is.
    Kept,
    /// As it is; where it is the organization's id, an import puts the new one.
    Organization,
    /// As it is; an import puts the slug that was asked for.
    Slug,
    /// It is sealed under the key of the person whose id the column holds, and leaves as plain text.
    Sealed(&'static str),
    /// As a file; its table has the columns `hash` and `kind`, which name it.
    Picture,
    /// Not.
    Out(Why, Fill),
    /// A row with a value in it stays behind.
    NoRow(Why),
}

/// What leaves of a table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The table.
    pub table: &'static str,
    /// Why no row of it leaves.
    pub out: Option<Why>,
    /// Columns that leave as they are.
    pub kept: &'static [&'static str],
    /// The other columns.
    pub special: &'static [(&'static str, How)],
}

impl Rule {
    /// How a column leaves; `None` when nothing is said of it.
    #[must_use]
    pub fn how(&self, column: &str) -> Option<How> {
        let special = self.special.iter().find(|(name, _)| *name == column);
        let kept = self.kept.contains(&column).then_some(How::Kept);
        special.map(|(_, how)| *how).or(kept)
    }

    /// Whether a column is in the package.
    #[must_use]
    pub fn leaves(&self, column: &str) -> bool {
        !matches!(self.how(column), None | Some(How::Out(..) | How::NoRow(_)))
    }

    /// The column with the id of the person under whose key columns of the table are sealed.
    #[must_use]
    pub fn person(&self) -> Option<&'static str> {
        self.special.iter().find_map(|(_, how)| match how {
            How::Sealed(column) => Some(*column),
            _ => None,
        })
    }
}

/// The rule of a table.
#[must_use]
pub fn of(table: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.table == table)
}
