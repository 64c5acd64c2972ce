//! Why a change of what is offered is refused.

use kept_base::store::Error;

/// Why a change of the offering is refused.
#[derive(Debug, thiserror::Error)]
pub enum OfferingError {
    /// A value is missing, too long or out of its range; the text is the name of the value.
    #[error("{0} is missing, too long or out of range")]
    Invalid(&'static str),
    /// The slug or key is in use.
    #[error("the slug or key is in use")]
    Taken,
    /// It cannot be undone: somebody has changed it since.
    #[error("changed since by somebody")]
    ChangedSince,
    /// A location, room, staff member or service of that id does not exist.
    #[error("no such location, room, staff member or service")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(Error),
}

impl From<Error> for OfferingError {
    fn from(error: Error) -> Self {
        match error {
            Error::Constraint(name) if name.starts_with("FOREIGN KEY") => Self::Unknown,
            Error::Constraint(name)
                if name == "service.slug" || name.starts_with("field.service_id") =>
            {
                Self::Taken
            }
            other => Self::Store(other),
        }
    }
}
