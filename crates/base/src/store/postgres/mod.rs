//! The PostgreSQL engine: one schema and one role for each organization, reached through a pool of
//! connections that all organizations of a server share.

mod connect;
mod pool;
mod schema;
mod scratch;
mod session;
mod value;
mod watch;

pub use connect::Dsn;
pub use pool::{CONNECTIONS_DEFAULT, Lent, MAX_CONNECTIONS, Permit, Server, Tier};
pub use schema::{Asked, CONTROL_SCHEMA, Schema, has_schema, prepare_schema, take_due};
pub use scratch::{Scratch, TEST_SERVER};
pub use session::Session;
pub use value::value;
pub use watch::{Told, listen};

/// Why a transaction cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Another transaction was in the way (serialization failure, deadlock): the same again may
    /// succeed at once.
    Again,
    /// The connection or the server went away.
    Lost,
}
