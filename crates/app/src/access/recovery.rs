//! Recovery codes: for whoever has lost the device with the second factor. Shown once, stored as
//! hashes, each used once.

use data_encoding::BASE32_NOPAD;
use kept_base::kit::{Entropy, Secret, Token, TokenHash};
use kept_base::store::{Error, Tx};
use zeroize::Zeroizing;

use super::store;
use super::totp::in_fours;
use crate::audit::{self, Act};
use crate::ids::MemberId;

/// How many a member has after they were made.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes of one: 120 bits, so that a plain hash of it tells nothing (ASVS 5.0, 6.5.2).
const CODE_BYTES: usize = 15;

const PURPOSE: &str = "recovery code";

/// Makes new codes for a member, to be shown once; those before are dead.
///
/// # Errors
/// Those of the store.
pub fn make_recovery_codes(tx: &Tx<'_>, member: MemberId) -> Result<Vec<Secret>, Error> {
    store::factor::remove_recovery_codes(tx, member)?;
    let mut shown = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let (code, hash) = new_recovery_code(tx.entropy());
        store::factor::insert_recovery_code(tx, member, hash)?;
        shown.push(code);
    }
    audit::record(tx, Act::RecoveryCodesMade, member, "")?;
    Ok(shown)
}

/// A new code, as it is shown once, and the hash that is kept of it.
#[must_use]
pub fn new_recovery_code(entropy: &Entropy) -> (Secret, TokenHash) {
    let text = Zeroizing::new(BASE32_NOPAD.encode(&entropy.bytes::<CODE_BYTES>()));
    let hash = hash(&text).expect("letters and digits of that length are a token");
    (Secret::new(in_fours(&text, '-')), hash)
}

/// The hash of a code that somebody typed; `None` when it can be none.
#[must_use]
pub fn recovery_code_hash(typed: &str) -> Option<TokenHash> {
    hash(&normal(typed))
}

/// How many codes a member has left.
///
/// # Errors
/// Those of the store.
pub fn recovery_codes_left(tx: &Tx<'_>, member: MemberId) -> Result<usize, Error> {
    store::factor::count_recovery_codes(tx, member)
}

/// Uses a code up; `false` when the member has no such code.
pub(super) fn use_recovery_code(tx: &Tx<'_>, member: MemberId, typed: &str) -> Result<bool, Error> {
    let Some(hash) = recovery_code_hash(typed) else {
        return Ok(false);
    };
    let used = store::factor::remove_recovery_code(tx, member, hash)?;
    if used {
        audit::record(tx, Act::RecoveryCodeUsed, member, "")?;
    }
    Ok(used)
}

/// As it was made, however it was typed.
fn normal(typed: &str) -> String {
    let plain = typed.chars().filter(char::is_ascii_alphanumeric);
    plain.map(|c| c.to_ascii_uppercase()).collect()
}

fn hash(code: &str) -> Option<TokenHash> {
    Token::presented(code).map(|code| code.hash(PURPOSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        assert_eq!(normal(" abcd-efgh ij\u{a0}23"), "ABCDEFGHIJ23");
        assert_eq!(hash(""), None);
        assert_eq!(hash(&"A".repeat(200)), None);
    }
}
