//! Browsers that a member signed in with before, known again by a random cookie: so that they hear of
//! a sign-in from another one.

use std::net::IpAddr;

use kept_base::kit::Token;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::device::Device;
use super::store;
use crate::ids::MemberId;
use crate::messaging::{self, Notice};

/// How long a browser is known after the last sign-in with it, in days.
pub const KNOWN_BROWSER_DAYS: i64 = 180;
/// Most browsers that are known of one member; the ones that were not used for longest go first.
pub const MAX_KNOWN_BROWSERS: u32 = 20;

const PURPOSE: &str = "known browser";

/// The browser of somebody who signs in.
#[derive(Debug, Clone)]
pub struct Browser {
    /// What it says it is.
    pub device: Device,
    /// What it was given to be known by.
    pub token: Option<Token>,
    /// Whether the member hears of it when it is a new one; not when they join with it.
    pub is_told: bool,
    /// The session that it had until now, which ends when another one begins (ASVS 7.2.4).
    pub session: Option<Token>,
    /// From where it asks; none where the rim does not know.
    pub from: Option<IpAddr>,
}

/// Knows a browser again after a sign-in, or writes to the member that it is a new one. The answer is
/// what the browser is to be known by from now on.
pub(super) fn recognize(tx: &Tx<'_>, member: MemberId, browser: &Browser) -> Result<Token, Error> {
    let until = plus_minutes(tx.now(), KNOWN_BROWSER_DAYS * 24 * 60);
    if let Some(token) = &browser.token {
        let hash = token.hash(PURPOSE);
        if store::browsers::renew(tx, hash, member, until)? {
            return Ok(token.clone());
        }
    }
    if browser.is_told {
        messaging::notify(tx, Notice::NewBrowser, member)?;
    }
    // One browser may be used by several members: it stays known to each by what it has.
    let known = match browser.token.clone() {
        Some(token) => store::browsers::is_known(tx, token.hash(PURPOSE))?.then_some(token),
        None => None,
    };
    let token = known.unwrap_or_else(|| Token::new("", tx.entropy()));
    store::browsers::insert(tx, token.hash(PURPOSE), member, until)?;
    store::browsers::keep_newest(tx, member, MAX_KNOWN_BROWSERS)?;
    Ok(token)
}
