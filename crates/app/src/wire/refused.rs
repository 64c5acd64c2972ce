//! A token that was refused, for the audit log.

use std::net::IpAddr;

use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::store::{Error, Tx};

use crate::access::{self, Right, TokenKind, TokenRefusal};
use crate::app::App;
use crate::ids::TokenId;

/// A token that is known and was refused.
#[derive(Debug, Clone, Copy)]
pub struct Refused {
    /// Which token.
    pub id: TokenId,
    why: TokenRefusal,
}

/// The token that was refused what needs `right`, where it is one that is known.
pub async fn refused_token(
    app: &App,
    organization: OrganizationId,
    (token, kind, right): (&Token, TokenKind, Right),
    from: Option<IpAddr>,
) -> Option<Refused> {
    let token = token.clone();
    let read = app.store.read(organization, Actor::VISITOR, move |tx| {
        access::token_refusal(tx, (&token, kind), from, right)
    });
    let found: Result<_, Error> = read.await;
    let (id, why) = found.ok().flatten()?;
    Some(Refused { id, why })
}

impl Refused {
    /// Writes it down. Whether that succeeds or not, it is refused.
    pub async fn note(self, app: &App, organization: OrganizationId) {
        let Self { id, why } = self;
        let verb = move |tx: &Tx<'_>| access::note_token_refusal(tx, id, why);
        let noted: Result<(), Error> = (app.store)
            .write(organization, Actor::token(id), verb)
            .await;
        if let Err(error) = noted {
            tracing::warn!(token.id = %id, error = %error, "A refusal of {id} was not noted");
        }
    }
}
