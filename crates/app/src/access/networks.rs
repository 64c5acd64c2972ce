//! From where members may act: networks that an organization names, for all of its roles or for one.
//!
//! Where none applies to a role, its members come from anywhere. Where one does, they come from an
//! address within one of those that apply and from nowhere else; an address that nobody knows is within
//! none. Operators on a grant, and tokens of the installation, have no role: what holds for all roles
//! holds for them.
//!
//! Whoever makes a change cannot shut themselves out by it. For an owner who is outside all the same
//! there is a link by mail ([`super::past_networks`]).

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use jiff::Timestamp;
use kept_base::kit::{Actor, ActorKind};
use kept_base::store::{Error, Tx};

use super::networks_back::{Change, KIND};
use super::{Role, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, NetworkId, UndoId};
use crate::messaging::Notice;
use crate::policy::May;
use crate::policy::rights::LimitNetworks;
use crate::undo;

/// Most networks of one organization.
pub const MAX_NETWORKS: usize = 100;
/// Longest note on a network, in characters.
pub const MAX_NETWORK_NOTE_CHARS: usize = 80;
/// Longest text that is read as a network, in bytes: the longest address, a stroke and three digits.
pub const MAX_NETWORK_BYTES: usize = 50;

/// A network from which members may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: NetworkId,
    /// The role that it holds for; all where there is none.
    pub role: Option<Role>,
    /// Its addresses.
    pub range: IpNet,
    /// What the organization calls it; may be empty.
    pub note: String,
    /// Who named it; none where the installation did.
    pub created_by: Option<MemberId>,
    /// When.
    pub created_at: Timestamp,
}

/// A network that is to be named.
#[derive(Debug, Clone)]
pub struct NewNetwork {
    /// As [`Network::role`].
    pub role: Option<Role>,
    /// As [`Network::range`].
    pub range: IpNet,
    /// As [`Network::note`].
    pub note: String,
}

/// Where somebody stands who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standpoint {
    /// Their role; none for operators and for the installation's own tokens.
    pub role: Option<Role>,
    /// Their address; none where the rim does not know it.
    pub from: Option<IpAddr>,
}

/// Why networks are not changed: nothing of them is.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The note is longer than [`MAX_NETWORK_NOTE_CHARS`], or more than one line.
    #[error("a note is one line of at most {MAX_NETWORK_NOTE_CHARS} characters")]
    Note,
    /// There are [`MAX_NETWORKS`].
    #[error("there are as many networks as there may be")]
    TooMany,
    /// The same network holds for the same roles already.
    #[error("this network is named already")]
    Known,
    /// Whoever makes the change would be outside.
    #[error("this would shut out whoever asks for it")]
    ShutsOut,
    /// There is no such network.
    #[error("there is no such network")]
    Unknown,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// All that is named, as it decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<(Option<Role>, IpNet)>);

impl Networks {
    /// These.
    #[must_use]
    pub fn new(all: &[(Option<Role>, IpNet)]) -> Self {
        Self(all.to_vec())
    }

    /// Whether somebody may act from where they stand.
    #[must_use]
    pub fn admit(&self, who: Standpoint) -> bool {
        let applies = |of: &Option<Role>| of.is_none() || *of == who.role;
        let mut held = self.0.iter().filter(|(of, _)| applies(of)).peekable();
        if held.peek().is_none() {
            return true;
        }
        // IPv4 within IPv6 is IPv4 (RFC 4291, 2.5.5.2).
        let from = who.from.map(|from| from.to_canonical());
        from.is_some_and(|from| held.any(|(_, range)| range.contains(&from)))
    }

    /// Whether `after` in place of these shuts out whoever stands there and is inside now.
    #[must_use]
    pub fn shut_out(&self, after: &Self, who: Standpoint) -> bool {
        self.admit(who) && !after.admit(who)
    }
}

impl<'n> FromIterator<&'n Network> for Networks {
    fn from_iter<I: IntoIterator<Item = &'n Network>>(all: I) -> Self {
        Self(all.into_iter().map(|one| (one.role, one.range)).collect())
    }
}

/// Reads a network such as `192.0.2.0/24` or `2001:db8::/32` (RFC 4632, RFC 4291), or one address.
/// Bits of the address behind the length are dropped; IPv4 within IPv6 is IPv4.
#[must_use]
pub fn read_network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    if text.len() > MAX_NETWORK_BYTES {
        return None;
    }
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let range: IpNet = text.parse().ok().or_else(address)?;
    Some(plain(range.trunc()))
}

fn plain(range: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    let IpNet::V6(six) = range else {
        return range;
    };
    let four = six.addr().to_ipv4_mapped();
    let bits = six.prefix_len().checked_sub(MAPPED_BITS);
    let four = four.zip(bits).map(|(four, bits)| Ipv4Net::new(four, bits));
    match four {
        Some(Ok(four)) => IpNet::V4(four),
        _ => range,
    }
}

/// Every network, those for all roles first.
///
/// # Errors
/// Those of the store.
pub fn networks(tx: &Tx<'_>) -> Result<Vec<Network>, Error> {
    store::networks::all(tx)
}

/// Whether somebody may act from where they stand.
///
/// # Errors
/// Those of the store.
pub fn is_let_in(tx: &Tx<'_>, who: Standpoint) -> Result<bool, Error> {
    let all: Networks = networks(tx)?.iter().collect();
    Ok(all.admit(who))
}

/// Names a network, on behalf of somebody who stands there.
///
/// # Errors
/// [`NetworkError`].
pub fn add_network(
    tx: &Tx<'_>,
    _: &May<LimitNetworks>,
    new: &NewNetwork,
    by: Standpoint,
) -> Result<UndoId, NetworkError> {
    tx.keep_revision();
    let note = new.note.trim();
    if note.chars().count() > MAX_NETWORK_NOTE_CHARS || note.contains(char::is_control) {
        return Err(NetworkError::Note);
    }
    let network = Network {
        id: NetworkId::new(tx.now(), tx.entropy()),
        role: new.role,
        range: new.range,
        note: note.to_owned(),
        created_by: member_of(tx.actor()),
        created_at: tx.now(),
    };
    put(tx, &network, by)?;
    Ok(undo::offer(
        tx,
        KIND,
        &Change::Added(network.id.to_string()),
    )?)
}

/// Removes a network, on behalf of somebody who stands there.
///
/// # Errors
/// [`NetworkError`].
pub fn remove_network(
    tx: &Tx<'_>,
    _: &May<LimitNetworks>,
    id: NetworkId,
    by: Standpoint,
) -> Result<UndoId, NetworkError> {
    tx.keep_revision();
    let network = take(tx, id, by)?;
    Ok(undo::offer(tx, KIND, &Change::removed(&network))?)
}

/// Removes every network, so that everybody comes in from anywhere; owners are told. Answers how many
/// there were.
///
/// # Errors
/// Those of the store.
pub fn clear_networks(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let all = networks(tx)?;
    for network in &all {
        store::networks::remove(tx, network.id)?;
        record(tx, Act::NetworkRemoved, network)?;
    }
    if !all.is_empty() {
        super::tell_owners(tx, Notice::NetworksCleared)?;
    }
    Ok(all.len())
}

pub(super) fn put(tx: &Tx<'_>, network: &Network, by: Standpoint) -> Result<(), NetworkError> {
    let all = networks(tx)?;
    if all.len() >= MAX_NETWORKS {
        return Err(NetworkError::TooMany);
    }
    let is_same = |one: &Network| one.role == network.role && one.range == network.range;
    if all.iter().any(is_same) {
        return Err(NetworkError::Known);
    }
    let before: Networks = all.iter().collect();
    let after: Networks = all.iter().chain([network]).collect();
    if before.shut_out(&after, by) {
        return Err(NetworkError::ShutsOut);
    }
    store::networks::insert(tx, network)?;
    Ok(record(tx, Act::NetworkAdded, network)?)
}

pub(super) fn take(tx: &Tx<'_>, id: NetworkId, by: Standpoint) -> Result<Network, NetworkError> {
    let network = store::networks::by_id(tx, id)?.ok_or(NetworkError::Unknown)?;
    let all = networks(tx)?;
    let before: Networks = all.iter().collect();
    let after: Networks = all.iter().filter(|one| one.id != id).collect();
    if before.shut_out(&after, by) {
        return Err(NetworkError::ShutsOut);
    }
    store::networks::remove(tx, id)?;
    record(tx, Act::NetworkRemoved, &network)?;
    Ok(network)
}

/// The role alone: an address may be somebody's home.
fn record(tx: &Tx<'_>, act: Act, network: &Network) -> Result<(), Error> {
    audit::record(tx, act, network.id, network.role.map_or("all", Role::code))
}

pub(super) fn member_of(actor: &Actor) -> Option<MemberId> {
    let id = actor.id.as_deref()?;
    (actor.kind == ActorKind::Member).then(|| id.parse().ok())?
}

#[cfg(test)]
#[path = "networks_tests.rs"]
mod tests;
