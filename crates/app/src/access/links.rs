//! Links by which somebody joins an organization, sets a new password, takes another address or,
//! as an owner, comes past its networks: used once, stored as a hash, with an end.

use kept_base::kit::Token;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};

use super::addresses::ADDRESS_HOURS;
use super::giving::check_given;
use super::{MemberError, MemberState, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, MemberLinkId};
use crate::policy::May;
use crate::policy::rights::ManageMembers;

/// How long an invitation can be taken up, in hours.
pub const INVITATION_HOURS: i64 = 24 * 7;
/// How long a link for a new password works, in hours.
pub const RESET_HOURS: i64 = 2;
/// How long an owner's link past the networks works, in minutes.
pub const PASS_MINUTES: i64 = 15;

/// What a member's link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Setting up an organization that has no owner yet.
    SetUp,
    /// Joining as an invited member.
    Join,
    /// Setting a new password.
    Reset,
    /// An owner's way past the networks, for whoever has shown who they are.
    Pass,
    /// Taking another address, for the member it is for.
    Address,
}

impl LinkPurpose {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Join => "join",
            Self::Reset => "reset",
            Self::Pass => "pass",
            Self::Address => "address",
        }
    }

    fn minutes(self) -> i64 {
        match self {
            Self::SetUp | Self::Join => INVITATION_HOURS * 60,
            Self::Reset => RESET_HOURS * 60,
            Self::Pass => PASS_MINUTES,
            Self::Address => ADDRESS_HOURS * 60,
        }
    }

    fn hashed_as(self) -> String {
        format!("member link {}", self.code())
    }
}

/// Makes a link; earlier ones of the same purpose for the same member die. `member` is `None` only
/// for [`LinkPurpose::SetUp`].
///
/// # Errors
/// Those of the store.
pub fn issue_link(
    tx: &Tx<'_>,
    purpose: LinkPurpose,
    member: Option<MemberId>,
) -> Result<Token, Error> {
    let token = Token::new("", tx.entropy());
    record_link(tx, purpose, member, &token)?;
    Ok(token)
}

/// Makes a new invitation of a member who has yet to join, on behalf of `by`; the one before dies.
/// Whoever holds it can join as that member, so `by` may do what that member will.
///
/// # Errors
/// [`MemberError::Unknown`] when nobody invited has that id, [`MemberError::OwnersOnly`],
/// [`MemberError::Beyond`]; those of the store.
pub fn invite_again(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    id: MemberId,
) -> Result<Token, MemberError> {
    let invited = store::members::by_id(tx, id)?.filter(|m| m.state == MemberState::Invited);
    let invited = invited.ok_or(MemberError::Unknown)?;
    check_given(by.grants(), invited.role)?;
    Ok(issue_link(tx, LinkPurpose::Join, Some(id))?)
}

/// Makes `token` such a link, so that a letter can be written before its link works.
///
/// # Errors
/// Those of the store.
pub fn record_link(
    tx: &Tx<'_>,
    purpose: LinkPurpose,
    member: Option<MemberId>,
    token: &Token,
) -> Result<(), Error> {
    let id = MemberLinkId::new(tx.now(), tx.entropy());
    let expires_at = plus_minutes(tx.now(), purpose.minutes());
    store::members::remove_links(tx, purpose, member)?;
    let hash = token.hash(&purpose.hashed_as());
    store::members::insert_link(tx, id, hash, purpose, member, expires_at)?;
    let subject = member.map_or_else(|| tx.organization().to_string(), |id| id.to_string());
    audit::record(tx, Act::MemberInvited, subject, purpose.code())
}

/// Whose link it is: the outer `None` when it is unknown, used or too old, the inner one when it
/// sets up an organization.
///
/// # Errors
/// Those of the store.
pub fn open_link(
    tx: &Tx<'_>,
    purpose: LinkPurpose,
    token: &Token,
) -> Result<Option<Option<MemberId>>, Error> {
    store::members::link(tx, purpose, token.hash(&purpose.hashed_as()))
}

/// Uses a link up, in the transaction of its effect.
///
/// # Errors
/// Those of the store.
pub fn use_link(tx: &Tx<'_>, purpose: LinkPurpose, token: &Token) -> Result<(), Error> {
    store::members::use_link(tx, token.hash(&purpose.hashed_as()))
}
