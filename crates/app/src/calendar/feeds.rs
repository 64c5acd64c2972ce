//! Calendars that a staff member's own programs read, at addresses that are secrets.

use jiff::{Timestamp, ToSpan as _};
use kept_base::kit::Token;
use kept_base::store::{Error, Tx};

use super::read::{Found, find};
use super::{FEED_DAYS_AHEAD, FEED_DAYS_BACK, MAX_FEEDS, store};
use crate::audit::{self, Act};
use crate::ids::{FeedId, StaffId};

/// What a secret's hash is made for.
const PURPOSE: &str = "calendar_feed";
/// What every secret begins with.
const PREFIX: &str = "fed";

/// A calendar that is read somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// When its address was made.
    pub created_at: Timestamp,
}

/// What a feed shows.
#[derive(Debug)]
pub struct FeedContent {
    /// Whose calendar.
    pub staff: StaffId,
    /// Their appointments; names are not among it: such calendars are read by companies.
    pub found: Found,
}

/// The calendars in use of a staff member.
///
/// # Errors
/// Those of the store.
pub fn feeds_of(tx: &Tx<'_>, staff: StaffId) -> Result<Vec<Feed>, Error> {
    store::feeds(tx, staff)
}

/// Makes a secret address; it is shown once. `None` when there are [`MAX_FEEDS`] already.
///
/// # Errors
/// Those of the store.
pub fn make_feed(tx: &Tx<'_>, staff: StaffId) -> Result<Option<(FeedId, Token)>, Error> {
    if store::feeds(tx, staff)?.len() >= MAX_FEEDS {
        return Ok(None);
    }
    let id = FeedId::new(tx.now(), tx.entropy());
    let token = Token::new(PREFIX, tx.entropy());
    store::insert_feed(tx, id, staff, token.hash(PURPOSE))?;
    audit::record(tx, Act::FeedMade, id, &staff.to_string())?;
    Ok(Some((id, token)))
}

/// Makes an address useless, for good. Tells whether there was one.
///
/// # Errors
/// Those of the store.
pub fn revoke_feed(tx: &Tx<'_>, staff: StaffId, id: FeedId) -> Result<bool, Error> {
    let revoked = store::revoke_feed(tx, staff, id, Some(tx.now()))?;
    if revoked {
        audit::record(tx, Act::FeedRevoked, id, &staff.to_string())?;
    }
    Ok(revoked)
}

/// What the address of `token` shows; `None` when it opens nothing.
///
/// # Errors
/// Those of the store.
pub fn feed_content(tx: &Tx<'_>, token: &Token) -> Result<Option<FeedContent>, Error> {
    let Some((_, staff)) = store::feed_staff(tx, token.hash(PURPOSE))? else {
        return Ok(None);
    };
    let days = |days: i64| {
        tx.now()
            .checked_add((days * 24).hours())
            .unwrap_or(tx.now())
    };
    let between = (days(-FEED_DAYS_BACK), days(FEED_DAYS_AHEAD));
    let found = find(tx, between, Some(staff), false)?;
    Ok(Some(FeedContent { staff, found }))
}
