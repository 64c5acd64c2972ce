//! Taking back that a network was named or removed.

use std::net::IpAddr;

use jiff::Timestamp;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::networks::{Network, NetworkError, Standpoint, member_of, put, take};
use super::{Role, member};
use crate::ids::NetworkId;

/// What such a change is called.
pub(super) const KIND: &str = "access.network";

/// A change that can be taken back.
#[derive(Serialize, Deserialize)]
pub(super) enum Change {
    Added(String),
    Removed {
        id: String,
        role: Option<String>,
        range: String,
        note: String,
        created_by: Option<String>,
        created_at: Timestamp,
    },
}

impl Change {
    pub fn removed(network: &Network) -> Self {
        Self::Removed {
            id: network.id.to_string(),
            role: network.role.map(|role| role.code().to_owned()),
            range: network.range.to_string(),
            note: network.note.clone(),
            created_by: network.created_by.map(|id| id.to_string()),
            created_at: network.created_at,
        }
    }

    /// The network that was removed.
    fn network(self) -> Option<Network> {
        let Self::Removed {
            id,
            role,
            range,
            note,
            created_by,
            created_at,
        } = self
        else {
            return None;
        };
        Some(Network {
            id: id.parse().ok()?,
            role: match role {
                Some(code) => Some(Role::from_code(&code)?),
                None => None,
            },
            range: range.parse().ok()?,
            note,
            created_by: created_by.and_then(|id| id.parse().ok()),
            created_at,
        })
    }
}

/// Takes a change back, for whoever made it, from where they stand now.
///
/// # Errors
/// [`NetworkError`] when what came later is in the way, or they would be shut out.
pub(super) fn take_back(
    tx: &Tx<'_>,
    payload: &serde_json::Value,
    from: Option<IpAddr>,
) -> Result<(), NetworkError> {
    tx.keep_revision();
    let unread = || NetworkError::Store(Error::Decode("earlier values"));
    let change = Change::deserialize(payload).map_err(|_| unread())?;
    let author = member_of(tx.actor()).ok_or(NetworkError::Unknown)?;
    let role = member(tx, author)?.ok_or(NetworkError::Unknown)?.role;
    let by = Standpoint {
        role: Some(role),
        from,
    };
    if let Change::Added(id) = &change {
        let id: NetworkId = id.parse().map_err(|_| unread())?;
        return take(tx, id, by).map(drop);
    }
    put(tx, &change.network().ok_or_else(unread)?, by)
}
