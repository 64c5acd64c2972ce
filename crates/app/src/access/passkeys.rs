//! Passkeys: keys in a member's own devices that sign in alone, because the device verifies who
//! holds it. What is stored of one opens nothing: a public key.

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use super::challenges::{Purpose, challenge};
use super::end_sessions;
use super::store::passkeys as store;
use super::webauthn::{self, CHALLENGE_BYTES, Made, Party, Refusal, USER_HANDLE_BYTES};
use crate::audit::{self, Act};
use crate::ids::{MemberId, PasskeyId, SessionId, UndoId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::UseAccount;
use crate::undo;

/// Most passkeys of one member.
pub const MAX_PASSKEYS: usize = 20;
/// Longest name of a passkey, in characters.
pub const MAX_PASSKEY_NAME_CHARS: usize = 60;

/// A passkey as its member sees it.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What its member calls it.
    pub name: String,
    /// Whether it may be copied to other devices, by a password manager for example.
    pub may_be_copied: bool,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

/// What a browser is told to make a passkey with.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What the authenticator is to say again.
    pub challenge: [u8; CHALLENGE_BYTES],
    /// How it is to know the member.
    pub user_handle: Vec<u8>,
    /// The ids of those that the member has: no authenticator makes a second one.
    pub present: Vec<Vec<u8>>,
}

/// Why a change of passkeys is refused.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// The member has [`MAX_PASSKEYS`].
    #[error("there are as many passkeys as there can be")]
    TooMany,
    /// The browser's answer is not that of a passkey made now, here.
    #[error("the passkey is refused: {0}")]
    Refused(Refusal),
    /// There is no such passkey of theirs.
    #[error("there is no such passkey")]
    Unknown,
    /// Empty, or longer than [`MAX_PASSKEY_NAME_CHARS`].
    #[error("the name is empty or too long")]
    Name,
    /// Without it the member could not sign in any more.
    #[error("it is the only way to sign in")]
    LastWay,
    /// The store failed.
    #[error(transparent)]
    Store(Error),
}

impl From<Error> for PasskeyError {
    fn from(error: Error) -> Self {
        // Another's id, which no authenticator chooses by chance.
        if error.is_constraint("passkey.credential_id") {
            Self::Refused(Refusal::Malformed)
        } else {
            Self::Store(error)
        }
    }
}

/// A member's passkeys, the oldest first.
///
/// # Errors
/// Those of the store.
pub fn passkeys_of(tx: &Tx<'_>, member: MemberId) -> Result<Vec<Passkey>, Error> {
    store::of(tx, member)
}

/// Begins to make a passkey, within a session.
///
/// # Errors
/// [`PasskeyError::TooMany`]; those of the store.
pub fn propose_passkey(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    session: SessionId,
) -> Result<Wanted, PasskeyError> {
    tx.keep_revision();
    let present = store::credential_ids(tx, member)?;
    if present.len() >= MAX_PASSKEYS {
        return Err(PasskeyError::TooMany);
    }
    let user_handle = match store::user_handle(tx, member)? {
        Some(handle) => handle,
        None => {
            let handle = tx.entropy().bytes::<USER_HANDLE_BYTES>().to_vec();
            store::put_user_handle(tx, member, &handle)?;
            handle
        }
    };
    Ok(Wanted {
        challenge: challenge(tx, Purpose::Add.of_session(session)?)?,
        user_handle,
        present,
    })
}

/// Keeps a passkey that was made in `session`; its member is written to. The challenge is used up
/// whatever comes of it, so that the outcome is no error.
///
/// # Errors
/// Those of the store.
pub fn add_passkey(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    session: SessionId,
    (made, party): (&Made, &Party),
    name: &str,
) -> Result<Result<PasskeyId, PasskeyError>, Error> {
    tx.keep_revision();
    let asked = store::take_challenge(tx, Purpose::Add.of_session(session)?)?;
    let checked = match asked {
        Some(challenge) => webauthn::check_made(made, &challenge, party),
        None => Err(Refusal::Challenge),
    };
    let new = match checked {
        Ok(new) => new,
        Err(refusal) => return Ok(Err(PasskeyError::Refused(refusal))),
    };
    if store::by_credential(tx, &new.id)?.is_some() {
        return Ok(Err(PasskeyError::Refused(Refusal::Malformed)));
    }
    if store::credential_ids(tx, member)?.len() >= MAX_PASSKEYS {
        return Ok(Err(PasskeyError::TooMany));
    }
    let id = PasskeyId::new(tx.now(), tx.entropy());
    store::insert(tx, (id, member), &new, name)?;
    audit::record(tx, Act::PasskeyAdded, id, &member.to_string())?;
    messaging::notify(tx, Notice::PasskeyAdded, member)?;
    Ok(Ok(id))
}

/// A name as it is kept; `None` for one that will not do.
#[must_use]
pub fn passkey_name(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = name.chars().count();
    let is_plain = !name.chars().any(char::is_control);
    ((1..=MAX_PASSKEY_NAME_CHARS).contains(&chars) && is_plain).then_some(name)
}

/// Calls a member's own passkey something else.
///
/// # Errors
/// [`PasskeyError::Unknown`], [`PasskeyError::Name`]; those of the store.
pub fn rename_passkey(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    id: PasskeyId,
    typed: &str,
) -> Result<UndoId, PasskeyError> {
    tx.keep_revision();
    let before = own(tx, member, id)?;
    let name = passkey_name(typed).ok_or(PasskeyError::Name)?;
    store::rename(tx, id, &name)?;
    audit::record(tx, Act::PasskeyRenamed, id, "")?;
    let earlier = (id.to_string(), member.to_string(), before.name);
    Ok(undo::offer(tx, "access.passkey", &earlier)?)
}

/// Takes a renaming back; a passkey that is gone stays gone.
///
/// # Errors
/// Those of the store.
pub(super) fn take_back(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), Error> {
    let unread = || Error::Decode("earlier values");
    let earlier: (String, String, String) =
        serde_json::from_value(payload.clone()).map_err(|_| unread())?;
    let id: PasskeyId = earlier.0.parse().map_err(|_| unread())?;
    let name = passkey_name(&earlier.2).ok_or_else(unread)?;
    store::rename(tx, id, &name)?;
    audit::record(tx, Act::PasskeyRenamed, id, "")
}

fn own(tx: &Tx<'_>, member: MemberId, id: PasskeyId) -> Result<Passkey, PasskeyError> {
    let all = store::of(tx, member)?;
    let found = all.into_iter().find(|passkey| passkey.id == id);
    found.ok_or(PasskeyError::Unknown)
}

/// Removes a member's own passkey: every session of theirs but `except` ends, and they are written to.
///
/// # Errors
/// [`PasskeyError::Unknown`], [`PasskeyError::LastWay`]; those of the store.
pub fn remove_passkey(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    id: PasskeyId,
    except: SessionId,
) -> Result<(), PasskeyError> {
    tx.keep_revision();
    own(tx, member, id)?;
    let others = store::credential_ids(tx, member)?.len() > 1;
    if !others && !super::store::members::has_password(tx, member)? {
        return Err(PasskeyError::LastWay);
    }
    store::remove(tx, id)?;
    end_sessions(tx, member, Some(except))?;
    audit::record(tx, Act::PasskeyRemoved, id, &member.to_string())?;
    messaging::notify(tx, Notice::PasskeyRemoved, member)?;
    Ok(())
}

/// Removes every passkey of a member who lost them; every session of theirs ends, and they are written
/// to. They stay where the member has no password.
pub(super) fn remove_passkeys(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    let has_password = super::store::members::has_password(tx, member)?;
    if !has_password || store::remove_all(tx, member)? == 0 {
        return Ok(());
    }
    end_sessions(tx, member, None)?;
    audit::record(tx, Act::PasskeyRemoved, member, "all")?;
    messaging::notify(tx, Notice::PasskeyRemoved, member)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lines() {
        let long = "é".repeat(MAX_PASSKEY_NAME_CHARS);
        assert_eq!(passkey_name(" My  phone "), Some("My phone".to_owned()));
        assert_eq!(passkey_name(&long), Some(long.clone()));
        assert_eq!(passkey_name(&format!("{long}x")), None);
        assert_eq!(passkey_name(" \t"), None);
        assert_eq!(passkey_name("a\u{7}b"), None);
    }
}
