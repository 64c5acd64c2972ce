//! Single sign-on: members come in by a provider of the organization's own (OpenID Connect).
//!
//! ```text
//! oidc            what providers write, read and judged: pure
//! wanted          what an owner sets, read from a form: pure
//! settings        the verbs of it
//! begin, finish   out to the provider and back
//! logout          the provider's order to end sessions
//! back_channel    what is asked of the provider meanwhile
//! pages           the addresses
//! ```
//!
//! Decision 18 says why no library of OpenID Connect is in it.

mod back_channel;
mod begin;
mod finish;
mod logout;
mod oidc;
pub mod pages;
mod records;
mod settings;
mod store;
mod trouble;
mod wanted;

pub use back_channel::{DOCUMENT_HOURS, KEYS_ASKED_EVERY_MINUTES, KEYS_HOURS};
pub use begin::{MAX_PROVIDER_SIGN_INS, PROVIDER_SIGN_IN_MINUTES};
pub use logout::MAX_LOGOUTS;
pub use oidc::{
    MAX_ACCESS_TOKEN_BYTES, MAX_CLAIM_NAME_CHARS, MAX_CLAIM_VALUE_CHARS, MAX_CLIENT_ID_BYTES,
    MAX_DOCUMENT_BYTES, MAX_KEYS, MAX_KEYS_BYTES, MAX_LOGOUT_MINUTES, MAX_ROLE_MAPPINGS,
    MAX_SIGNED_TOKEN_BYTES, SKEW_SECONDS,
};
pub use records::RECORDS;
pub use settings::take_back;
pub use store::remove_expired;
pub use wanted::{MAX_CLIENT_SECRET_BYTES, MAX_PINNED_DOMAINS};
