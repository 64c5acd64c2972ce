//! Operators: whoever runs the installation, with an account of their own. They see where
//! organizations are, how large they are and whether they open; make, suspend and resume them; and
//! see the work of the installation. Nothing here shows what is in an organization.

mod creating;
pub mod factor;
pub mod pages;
pub mod vetting;

use kept_base::kit::{Actor, OperatorId, Secret, Token};
use kept_base::store::{self, MAX_REASON_CHARS, Operator, OperatorState, Store};

pub use creating::{CreateError, Created, NewOrganization, Wish, Wrong, create};

use crate::access::{self, HashError, PasswordError, PasswordHash};

/// Longest name that an operator signs in with, in characters.
pub const MAX_OPERATOR_NAME_CHARS: usize = 40;

const LINK: &str = "operator link";
const SESSION: &str = "operator session";

/// Why an operator is not added, changed or linked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OperatorError {
    /// Not 2 to [`MAX_OPERATOR_NAME_CHARS`] plain characters.
    #[error(
        "use 2 to 40 lower-case letters, digits, dots and hyphens, beginning with a letter or digit"
    )]
    Name,
    /// Another operator has the name.
    #[error("another operator has this name")]
    Taken,
    /// There are as many as there may be.
    #[error("there are {} operators already", store::MAX_OPERATORS)]
    TooMany,
    /// There is no such operator, or not one whom this can be done to.
    #[error("no such operator, or a suspended one")]
    Unknown,
    /// They have set a password: a new link is for whoever has the machine.
    #[error("they have set a password: make a new link on the server with kept operator link")]
    OnServer,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Whether a reason says something, on one line of at most [`MAX_REASON_CHARS`] characters.
#[must_use]
pub fn is_reason(text: &str) -> bool {
    let chars = text.trim().chars().count();
    (1..=MAX_REASON_CHARS).contains(&chars) && !text.contains(char::is_control)
}

/// Checks a name to sign in with. It is no address, so that nothing in the control database tells
/// whom to write to.
///
/// # Errors
/// [`OperatorError::Name`].
pub fn check_name(name: &str) -> Result<(), OperatorError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let well_formed = (2..=MAX_OPERATOR_NAME_CHARS).contains(&name.len())
        && name.chars().all(|c| plain(c) || c == '.' || c == '-')
        && name.starts_with(plain);
    if well_formed {
        Ok(())
    } else {
        Err(OperatorError::Name)
    }
}

/// Adds an operator. The token of their link is shown once.
///
/// # Errors
/// [`OperatorError`] says why not.
pub async fn add(store: &Store, name: &str, author: Actor) -> Result<Token, OperatorError> {
    check_name(name)?;
    let token = Token::new("", store.entropy());
    let added = store.add_operator(name, token.hash(LINK), author).await;
    added.map_err(|error| {
        if error.is_constraint("operator.name") {
            OperatorError::Taken
        } else if error.is_constraint("operator.most") {
            OperatorError::TooMany
        } else {
            error.into()
        }
    })?;
    Ok(token)
}

/// Makes a new link by which an active operator sets a password; the one before is dead. Operators make
/// it for whoever has never set one; else they could become anybody.
///
/// # Errors
/// [`OperatorError::Unknown`], [`OperatorError::OnServer`]; those of the store.
pub async fn link(store: &Store, id: OperatorId, author: Actor) -> Result<Token, OperatorError> {
    let token = Token::new("", store.entropy());
    let made = store.link_operator(id, token.hash(LINK), author).await;
    let made = made.map_err(|error| {
        if error.is_constraint("operator.password") {
            OperatorError::OnServer
        } else {
            error.into()
        }
    })?;
    made.then_some(token).ok_or(OperatorError::Unknown)
}

/// Lets an operator in again, or no longer.
///
/// # Errors
/// [`OperatorError::Unknown`] when it is so already; those of the store.
pub async fn set_state(
    store: &Store,
    id: OperatorId,
    state: OperatorState,
    author: Actor,
) -> Result<(), OperatorError> {
    let changed = store.set_operator_state(id, state, author).await?;
    changed.then_some(()).ok_or(OperatorError::Unknown)
}

/// The address of a link.
#[must_use]
pub fn link_url(base_url: &str, token: &Token) -> String {
    format!("{base_url}/operator/link/{}", token.expose())
}

/// The operator of that name whose password it is, as long as they are let in, with its stored hash. It takes
/// as long where there is no such operator.
///
/// # Errors
/// [`SignInError`] when that cannot be found out.
pub async fn recognize(
    store: &Store,
    name: &str,
    password: Secret,
) -> Result<Option<(Operator, String)>, SignInError> {
    let found = match check_name(name) {
        Ok(()) => store.operator_by_name(name).await?,
        Err(_) => None,
    };
    let (operator, hash) = found.map_or((None, None), |(operator, hash)| (Some(operator), hash));
    let known = hash.clone().map(PasswordHash::from_store);
    let right = access::verify_password(password, known).await?;
    let operator = operator.filter(|one| right && one.state == OperatorState::Active);
    Ok(operator.zip(hash))
}

/// Starts a session, by a password alone, of which that is the stored hash, or by a second factor after it;
/// `None` when the operator was suspended, or either changed, a moment ago.
///
/// # Errors
/// Those of the store.
pub async fn start_session(
    store: &Store,
    id: OperatorId,
    password: Option<String>,
) -> Result<Option<Token>, store::Error> {
    let token = Token::session(store.entropy());
    let started = store.start_operator_session(id, password, token.hash(SESSION));
    Ok(started.await?.then_some(token))
}

/// A hash of a new password of the operator `name`.
///
/// # Errors
/// Inside, why the password will not do.
pub async fn new_password(
    store: &Store,
    password: Secret,
    name: &str,
) -> Result<Result<PasswordHash, PasswordError>, HashError> {
    if let Err(error) = access::check_password(&password, &[name, "operator"]) {
        return Ok(Err(error));
    }
    let salt = store.entropy().bytes();
    access::hash_password(password, salt).await.map(Ok)
}

/// Who signs in cannot be found out.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_no_addresses() {
        for name in ["robin", "r2", "robin.vale", "night-shift", "0ps"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        let long = "a".repeat(MAX_OPERATOR_NAME_CHARS + 1);
        for name in [
            "",
            "r",
            "Robin",
            "robin@example.org",
            "robin vale",
            ".robin",
            "-r",
            "rübe",
            &long,
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
