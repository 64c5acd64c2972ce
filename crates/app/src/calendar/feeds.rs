//! Calendars that a staff member's own programs read, at addresses that are secrets.

use jiff::{Timestamp, ToSpan as _};
use kept_base::kit::{Actor, Token};
use kept_base::store::{Error, Tx};

use super::read::{Found, find_for};
use super::{FEED_DAYS_AHEAD, FEED_DAYS_BACK, MAX_FEEDS, store};
use crate::access::{self, Grant, Right};
use crate::audit::{self, Act};
use crate::ids::{FeedId, MemberId, StaffId};
use crate::offering::Catalogs;
use crate::policy::May;
use crate::policy::rights::SeeCalendar;

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
pub fn make_feed(
    tx: &Tx<'_>,
    _: &May<SeeCalendar>,
    staff: StaffId,
) -> Result<Option<(FeedId, Token)>, Error> {
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
pub fn revoke_feed(
    tx: &Tx<'_>,
    _: &May<SeeCalendar>,
    staff: StaffId,
    id: FeedId,
) -> Result<bool, Error> {
    let revoked = store::revoke_feed(tx, staff, id, Some(tx.now()))?;
    if revoked {
        audit::record(tx, Act::FeedRevoked, id, &staff.to_string())?;
    }
    Ok(revoked)
}

/// Makes every address that a member made useless, for good.
///
/// # Errors
/// Those of the store.
pub fn revoke_feeds_of(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    let author = Actor::member(member).to_string();
    for id in store::revoke_feeds_of(tx, &author)? {
        audit::record(tx, Act::FeedRevoked, id, &member.to_string())?;
    }
    Ok(())
}

/// What the address of `token` shows; `None` when it opens nothing. It shows what the member who made
/// it may see at this moment: nothing when they are suspended or gone, when their role has no
/// calendar, or when they serve as somebody else by now.
///
/// # Errors
/// Those of the store.
pub fn feed_content(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    token: &Token,
) -> Result<Option<FeedContent>, Error> {
    let Some((author, staff)) = store::feed_staff(tx, token.hash(PURPOSE))? else {
        return Ok(None);
    };
    let Some(grant) = grant(tx, &author, staff)? else {
        return Ok(None);
    };
    let days = |days: i64| {
        tx.now()
            .checked_add((days * 24).hours())
            .unwrap_or(tx.now())
    };
    let between = (days(-FEED_DAYS_BACK), days(FEED_DAYS_AHEAD));
    let catalog = catalogs.get(tx)?;
    let found = find_for(tx, (&grant, &catalog), between, Some(staff), false)?;
    Ok(Some(FeedContent { staff, found }))
}

/// How far the author of an address sees the calendar of `staff` now.
fn grant(tx: &Tx<'_>, author: &str, staff: StaffId) -> Result<Option<Grant>, Error> {
    let member = (author.strip_prefix("member:")).and_then(|id| id.parse().ok());
    let member = member
        .map(|id| access::member(tx, id))
        .transpose()?
        .flatten();
    let Some(member) = member.filter(|member| member.staff == Some(staff)) else {
        return Ok(None);
    };
    let grants = access::grants_of(tx, member.id)?;
    Ok(grants.and_then(|grants| grants.grant(Right::SeeCalendar)))
}
