//! The way in for a directory (SCIM 2.0: RFC 7643, RFC 7644): members are brought in, changed and let go,
//! and its groups give the roles that an owner says.
//!
//! ```text
//! filter, path, patch, query   the language: pure, bounded
//! resource, wanted             members and groups as JSON, and back
//! everything                   all that can be asked about, from one snapshot
//! users, groups, rules         the verbs
//! api                          the addresses
//! ```

pub mod api;
mod discovery;
mod error;
mod everything;
mod filter;
mod groups;
pub mod pages;
mod patch;
mod path;
mod query;
mod records;
mod resource;
mod rules;
mod store;
mod users;
mod wanted;

pub use error::{MEDIA_TYPE, body_of};
pub use filter::{MAX_FILTER_CHARS, MAX_FILTER_DEPTH, MAX_FILTER_TERMS};
pub use groups::MAX_GROUP_MEMBERSHIPS;
pub use query::MAX_SCIM_ROWS;
pub use records::RECORDS;
