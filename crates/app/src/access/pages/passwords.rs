//! A new password in a form.

use kept_base::input::Fields;
use kept_base::kit::Secret;
use kept_base::problem::Problem;

use crate::access::{self, PasswordHash};
use crate::app::App;

/// Why there is no new password.
pub(super) enum PasswordTrouble {
    /// The text of that id says why.
    Text(&'static str),
    /// It could not be hashed.
    Problem(Problem),
}

/// Reads the field `password`; `known` is what an attacker knows anyway.
pub(super) async fn read(
    app: &App,
    form: &Fields,
    known: &[&str],
) -> Result<PasswordHash, PasswordTrouble> {
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    if let Err(error) = access::check_password(&password, known) {
        return Err(PasswordTrouble::Text(error.text()));
    }
    let salt = app.store.entropy().bytes();
    let hash = access::hash_password(password, salt).await;
    hash.map_err(|error| PasswordTrouble::Problem(Problem::busy().because(&error)))
}
