//! Another e-mail address for a member, by themselves: it counts once they opened a link that was sent there,
//! and the one before is told.

use jiff::Timestamp;
use kept_base::kit::Email;
use kept_base::kit::Token;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::members::{keep_address_free, member};
use super::{LinkPurpose, Member, MemberError, links, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, MessageId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::UseAccount;

/// How long the link to a new address works, and that address is kept without it, in hours.
pub const ADDRESS_HOURS: i64 = 24;
/// How long an address is kept after it was a member's, so that it can be told, in days.
pub const ADDRESS_BEFORE_DAYS: i64 = 7;

/// Why an address is refused.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Another member has it.
    #[error("another member has this address")]
    Taken,
    /// It is theirs already.
    #[error("it is their address already")]
    Same,
    /// A directory says which address the member has.
    #[error("a directory keeps this member's address")]
    Directory,
    /// There is no such link, or it is somebody else's, or nothing waits for it.
    #[error("there is no such link")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<MemberError> for AddressError {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Taken => Self::Taken,
            MemberError::Store(error) => Self::Store(error),
            _ => Self::Unknown,
        }
    }
}

/// What a member's page says of their address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressState {
    /// A directory says which it is.
    pub is_from_directory: bool,
    /// The one that waits for its link to be opened, and until when.
    pub wanted: Option<(Email, Timestamp)>,
}

/// How a member's address stands.
///
/// # Errors
/// Those of the store.
pub fn address_state(tx: &Tx<'_>, id: MemberId) -> Result<AddressState, Error> {
    Ok(AddressState {
        is_from_directory: store::directory::has(tx, id)?,
        wanted: store::addresses::wanted(tx, id)?,
    })
}

/// Writes a link to an address that a member wants to have. What they asked for before counts no more.
///
/// # Errors
/// [`AddressError`].
pub fn ask_address(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    id: MemberId,
    wanted: &Email,
) -> Result<(), AddressError> {
    tx.keep_revision();
    let present = member(tx, id)?.ok_or(AddressError::Unknown)?.email;
    if &present == wanted {
        return Err(AddressError::Same);
    }
    check(tx, id, wanted)?;
    forget(tx, id)?;
    let letter = messaging::notify(tx, Notice::Address, id)?;
    let ends = plus_minutes(tx.now(), ADDRESS_HOURS * 60);
    store::addresses::put_wanted(tx, letter, id, wanted, ends)?;
    Ok(audit::record(tx, Act::AddressAsked, id, "")?)
}

fn check(tx: &Tx<'_>, id: MemberId, wanted: &Email) -> Result<(), AddressError> {
    if store::directory::has(tx, id)? {
        return Err(AddressError::Directory);
    }
    Ok(keep_address_free(tx, id, wanted)?)
}

fn forget(tx: &Tx<'_>, id: MemberId) -> Result<bool, Error> {
    store::members::remove_links(tx, LinkPurpose::Address, Some(id))?;
    store::addresses::remove_wanted(tx, id)
}

/// Keeps the present address: what was asked for counts no more.
///
/// # Errors
/// Those of the store.
pub fn keep_address(tx: &Tx<'_>, _: &May<UseAccount>, id: MemberId) -> Result<(), Error> {
    tx.keep_revision();
    if forget(tx, id)? {
        audit::record(tx, Act::AddressKept, id, "")?;
    }
    Ok(())
}

/// The address that a member's own link gives them; `None` when it is unknown, used, too old, or another
/// member's.
///
/// # Errors
/// Those of the store.
pub fn address_of_link(tx: &Tx<'_>, id: MemberId, link: &Token) -> Result<Option<Email>, Error> {
    if links::open_link(tx, LinkPurpose::Address, link)? != Some(Some(id)) {
        return Ok(None);
    }
    let wanted = store::addresses::wanted(tx, id)?;
    Ok(wanted.map(|(address, _)| address))
}

/// Gives a member the address that their link was sent to. Links that were sent to the one before die, and it is
/// told.
///
/// # Errors
/// [`AddressError`].
pub fn take_address(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    id: MemberId,
    link: &Token,
) -> Result<(), AddressError> {
    let wanted = address_of_link(tx, id, link)?.ok_or(AddressError::Unknown)?;
    check(tx, id, &wanted)?;
    let before = member(tx, id)?.ok_or(AddressError::Unknown)?;
    store::addresses::remove_wanted(tx, id)?;
    store::members::remove_all_links(tx, id)?;
    tell_before(tx, &before)?;
    let after = Member {
        email: wanted,
        ..before
    };
    store::members::update(tx, &after).map_err(MemberError::from)?;
    Ok(audit::record(tx, Act::AddressChanged, id, "")?)
}

/// Tells the address that a member has until now that it is not theirs any more.
pub(super) fn tell_before(tx: &Tx<'_>, before: &Member) -> Result<(), Error> {
    let letter = messaging::notify_each(tx, Notice::AddressChanged, before.id)?;
    let ends = plus_minutes(tx.now(), ADDRESS_BEFORE_DAYS * 24 * 60);
    store::addresses::put_before(tx, letter, before.id, &before.email, ends)
}

/// Where a letter goes that is not for a member's present address; `None` once that is not so any more.
///
/// # Errors
/// Those of the store.
pub fn address_of_letter(tx: &Tx<'_>, letter: MessageId) -> Result<Option<Email>, Error> {
    store::addresses::of_letter(tx, letter)
}
