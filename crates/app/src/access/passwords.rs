//! Passwords: argon2id with the parameters that OWASP's password storage sheet gives; common ones, one's
//! own name and what is soon guessed are refused instead of asking for kinds of characters (NIST SP
//! 800-63B-4, 3.1.1.2).

use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use kept_base::kit::Secret;
use tokio::sync::Semaphore;

use super::common_passwords::{is_common, is_own};

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// Most characters of a password.
pub const MAX_PASSWORD_CHARS: usize = 200;
/// Memory for one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes made at once; further ones wait, so that sign-ins cannot take all the memory.
const HASHES_AT_ONCE: usize = 2;
/// Of 4, what the estimate of guesses must reach: 10^8 and more.
const MIN_SCORE: zxcvbn::Score = zxcvbn::Score::Three;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(HASHES_AT_ONCE)));

/// What is stored of a password. `Debug` tells nothing.
#[derive(Clone)]
pub struct PasswordHash(String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

impl PasswordHash {
    /// What was stored.
    #[must_use]
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_PASSWORD_CHARS`] characters.
    #[error("too short")]
    TooShort,
    /// More than [`MAX_PASSWORD_CHARS`] characters.
    #[error("too long")]
    TooLong,
    /// Many people use it.
    #[error("commonly used")]
    Common,
    /// It is made of their name, their address or the organization's name.
    #[error("made of what is known of them")]
    Own,
    /// Among the first that somebody would try.
    #[error("easily guessed")]
    Guessable,
}

impl PasswordError {
    /// The id of the text that says so.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::TooShort => "password-too-short",
            Self::TooLong => "password-too-long",
            Self::Common => "password-common",
            Self::Own => "password-own",
            Self::Guessable => "password-guessable",
        }
    }
}

/// Whether a new password will do, wherever one is set; `known` is what an attacker knows anyway:
/// name, address, organization.
///
/// # Errors
/// [`PasswordError`] says why not.
pub fn check_password(password: &Secret, known: &[&str]) -> Result<(), PasswordError> {
    let chars = password.expose().chars().count();
    if chars < MIN_PASSWORD_CHARS {
        return Err(PasswordError::TooShort);
    }
    if chars > MAX_PASSWORD_CHARS {
        return Err(PasswordError::TooLong);
    }
    if is_common(password.expose()) {
        return Err(PasswordError::Common);
    }
    if is_own(password.expose(), known) {
        return Err(PasswordError::Own);
    }
    let words = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let known: Vec<&str> = known.iter().copied().chain(words).collect();
    if zxcvbn::zxcvbn(password.expose(), &known).score() < MIN_SCORE {
        return Err(PasswordError::Guessable);
    }
    Ok(())
}

/// Hashes a password, off the runtime's threads, in turn. `salt` is fresh randomness.
///
/// # Errors
/// When the hash fails, which fixed parameters do not make happen.
pub async fn hash_password(password: Secret, salt: [u8; 16]) -> Result<PasswordHash, HashError> {
    on_its_turn(move || {
        let hash = argon2()
            .hash_password_with_salt(password.expose().as_bytes(), &salt)
            .map_err(|_| HashError)?;
        Ok(PasswordHash(hash.to_string()))
    })
    .await?
}

/// Whether `password` is the one that `hash` was made of. Without a hash as much work is done, so
/// that nobody learns from the clock which addresses have an account.
///
/// # Errors
/// When no thread could do it.
pub async fn verify_password(
    password: Secret,
    hash: Option<PasswordHash>,
) -> Result<bool, HashError> {
    on_its_turn(move || {
        let given = password.expose().as_bytes();
        match hash.as_ref().map(|hash| argon2::PasswordHash::new(&hash.0)) {
            Some(Ok(hash)) => argon2().verify_password(given, &hash).is_ok(),
            _ => {
                let _ = argon2().hash_password_with_salt(given, &[0; 16]);
                false
            }
        }
    })
    .await
}

/// A hash could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

async fn on_its_turn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HashError> {
    let turn = Arc::clone(&TURNS).acquire_owned().await;
    let turn = turn.map_err(|_| HashError)?;
    let work = move || {
        // Its turn ends with the work, also when nobody waits for it any more.
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| HashError)
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_would_try_is_refused() {
        let known = ["Ama Okafor", "ama@example.org", "Riverside Clinic"];
        let check = |text: &str| check_password(&Secret::new(text.to_owned()), &known);
        assert_eq!(check("short"), Err(PasswordError::TooShort));
        assert_eq!(check(&"x".repeat(201)), Err(PasswordError::TooLong));
        for (password, error) in [
            ("password12", PasswordError::Common),
            ("1234567890", PasswordError::Common),
            ("ama@example.org", PasswordError::Own),
            ("riversideclinic", PasswordError::Own),
            ("zyxwvutsrqp", PasswordError::Guessable),
        ] {
            assert_eq!(check(password), Err(error), "{password}");
        }
        assert_eq!(check("maple lantern orbit"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let secret = |text: &str| Secret::new(text.to_owned());
        let hash = hash_password(secret("maple lantern orbit"), [7; 16])
            .await
            .expect("a hash");
        assert!(
            verify_password(secret("maple lantern orbit"), Some(hash.clone()))
                .await
                .expect("done")
        );
        assert!(
            !verify_password(secret("maple lantern orbis"), Some(hash))
                .await
                .expect("done")
        );
        assert!(
            !verify_password(secret("maple lantern orbit"), None)
                .await
                .expect("done")
        );
    }
}
