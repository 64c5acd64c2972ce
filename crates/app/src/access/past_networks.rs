//! The way past the networks, for an owner who is outside: they show who they are as at any sign-in,
//! ask for a link, and get it by mail. In the browser that asked, and nowhere else, it lets them in for
//! an hour. The other owners hear of it, and it stands in the audit log.

use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, Token};
use kept_base::store::{Error, Tx};

use super::browsers::Browser;
use super::links::{self, LinkPurpose, PASS_MINUTES};
use super::owed::{Stage, gave_before};
use super::pending::{self, Admitted, PENDING_MINUTES};
use super::sessions::Began;
use super::telling::tell_other_owners;
use super::{Member, MemberState, Role, store};
use crate::audit::{self, Act};
use crate::messaging::{self, Notice};

/// How long a session past the networks lives at most, in minutes.
pub const PAST_NETWORKS_MINUTES: i64 = 60;
/// How long a sign-in waits for such a link once it was asked for, in minutes: longer than the link
/// works, which counts from the sending.
pub const WAITING_MINUTES: i64 = PASS_MINUTES + PENDING_MINUTES;

/// Asks for a link for the owner whose sign-in waits outside; `false` when there is none.
///
/// # Errors
/// Those of the store.
pub fn ask_to_pass(tx: &Tx<'_>, token: &Token) -> Result<bool, Error> {
    tx.keep_revision();
    let Some(owner) = owner_outside(tx, token)? else {
        return Ok(false);
    };
    tx.recognize(Actor::member(owner.id));
    let until = plus_minutes(tx.now(), WAITING_MINUTES);
    store::pending::extend(tx, token.hash(pending::PURPOSE), until)?;
    messaging::notify(tx, Notice::Pass, owner.id)?;
    audit::record(tx, Act::NetworkPassAsked, owner.id, "")?;
    Ok(true)
}

/// Whether a link is alive, and whether it is that of the sign-in that waits in this browser; `None`
/// when it is unknown, used or too old.
///
/// # Errors
/// Those of the store.
pub fn can_pass(tx: &Tx<'_>, link: &Token, token: Option<&Token>) -> Result<Option<bool>, Error> {
    let Some(Some(id)) = links::open_link(tx, LinkPurpose::Pass, link)? else {
        return Ok(None);
    };
    let owner = token.map(|token| owner_outside(tx, token)).transpose()?;
    let is_own = owner.flatten().is_some_and(|owner| owner.id == id);
    Ok(Some(is_own))
}

/// Lets the owner in whose link that is and whose sign-in waits in this browser, or says what is still
/// to come; `None` when either is not so.
///
/// # Errors
/// Those of the store.
pub fn pass_networks(
    tx: &Tx<'_>,
    link: &Token,
    token: &Token,
    browser: &Browser,
) -> Result<Option<Admitted>, Error> {
    tx.keep_revision();
    if can_pass(tx, link, Some(token))? != Some(true) {
        return Ok(None);
    }
    let hash = token.hash(pending::PURPOSE);
    let Some(pending) = store::pending::load(tx, hash)? else {
        return Ok(None);
    };
    let (owner, before) = (pending.member, pending.began);
    tx.recognize(Actor::member(owner.id));
    links::use_link(tx, LinkPurpose::Pass, link)?;
    store::pending::remove(tx, hash)?;
    audit::record(tx, Act::NetworkOverridden, owner.id, "")?;
    tell_other_owners(tx, Notice::NetworkOverridden, owner.id)?;
    let gave = gave_before(&before);
    let before = Began {
        past_networks: true,
        ..before
    };
    pending::go_on(tx, owner.id, browser, gave, before).map(Some)
}

fn owner_outside(tx: &Tx<'_>, token: &Token) -> Result<Option<Member>, Error> {
    let found = store::pending::load(tx, token.hash(pending::PURPOSE))?;
    let waits = found.filter(|pending| {
        let member = &pending.member;
        let is_owner = member.role == Role::Owner && member.state == MemberState::Active;
        is_owner && pending.stage == Stage::Outside
    });
    Ok(waits.map(|pending| pending.member))
}
