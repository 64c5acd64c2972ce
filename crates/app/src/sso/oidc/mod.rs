//! OpenID Connect as text in, judgment out: what a provider says of itself, its keys, the tokens it signs. No
//! clock, no network, no database. From OpenID Connect Core 1.0, Discovery 1.0, Back-Channel Logout 1.0, RFC
//! 7515 to 7519, RFC 8414, RFC 8725 and RFC 9207.

mod claims;
mod discovery;
mod id_token;
mod json;
mod jws;
mod keys;
mod logout_token;
mod role_map;
#[cfg(test)]
pub(super) mod samples;
mod token_answer;

pub use claims::{Claims, MAX_CLIENT_ID_BYTES, SKEW_SECONDS};
pub use discovery::{Document, MAX_DOCUMENT_BYTES};
pub use id_token::{Expected, IdToken, read_id_token};
pub use jws::MAX_SIGNED_TOKEN_BYTES;
pub use keys::{Keys, MAX_KEYS, MAX_KEYS_BYTES};
pub use logout_token::{LogoutToken, MAX_LOGOUT_MINUTES, read_logout_token};
pub use role_map::{
    MAX_CLAIM_NAME_CHARS, MAX_CLAIM_VALUE_CHARS, MAX_ROLE_MAPPINGS, RoleMap, RoleMapError,
};
pub use token_answer::{MAX_ACCESS_TOKEN_BYTES, TokenAnswer};

/// Why something that came from a provider, or by it, is not believed. The code stands in the audit log; whoever
/// tries to sign in is never told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum Refusal {
    /// It is no JSON object, or says something twice.
    Json,
    /// The discovery document is another issuer's (Discovery, 4.3).
    DocumentIssuer,
    /// The discovery document lacks something, or offers nothing that Kept takes.
    Document,
    /// An address in the discovery document is no https address.
    DocumentAddress,
    /// No signed token: not three parts, too long, a header that cannot be read.
    Malformed,
    /// The token is of another type.
    Type,
    /// The algorithm is none that is taken: `none`, a shared secret, an unknown one.
    Algorithm,
    /// The header brings a key, or asks for something that is not known.
    Header,
    /// No key has that id.
    UnknownKey,
    /// The key is for something else.
    Key,
    /// The signature is not the key's.
    Signature,
    /// `iss` is another.
    Issuer,
    /// `aud` lacks us.
    Audience,
    /// `azp` is another, or missing where there are several audiences.
    AuthorizedParty,
    /// `exp` is missing or over.
    Expired,
    /// `iat` or `nbf` lies ahead, or `iat` is missing.
    Early,
    /// `nonce` is missing or another; in an order to sign out it must be missing.
    Nonce,
    /// `at_hash` is another access token's.
    AccessToken,
    /// `sub` is missing, empty or too long.
    Subject,
    /// A claim is of another kind than it should be.
    Claim,
    /// `auth_time` is missing or too long ago.
    Stale,
    /// It is no order to sign out.
    Event,
    /// `jti` is missing.
    TokenId,
    /// The answer with the tokens lacks something.
    TokenAnswer,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::DocumentIssuer => "document_issuer",
            Self::Document => "document",
            Self::DocumentAddress => "document_address",
            Self::Malformed => "malformed",
            Self::Type => "typ",
            Self::Algorithm => "alg",
            Self::Header => "header",
            Self::UnknownKey => "kid",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Issuer => "iss",
            Self::Audience => "aud",
            Self::AuthorizedParty => "azp",
            Self::Expired => "exp",
            Self::Early => "iat",
            Self::Nonce => "nonce",
            Self::AccessToken => "at_hash",
            Self::Subject => "sub",
            Self::Claim => "claim",
            Self::Stale => "auth_time",
            Self::Event => "events",
            Self::TokenId => "jti",
            Self::TokenAnswer => "token_answer",
        }
    }
}
