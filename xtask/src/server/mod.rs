//! Servers of other people's making that a run starts for itself: in a folder of its own, on
//! loopback, as an account without rights, and gone when the run ends, however it ends.

mod account;
pub mod http;
mod port;
pub mod psql;
pub mod python;
mod running;
mod scratch;
mod wait;

pub use account::Account;
pub use port::free_ports;
pub use running::{Running, send};
pub use scratch::Scratch;
pub use wait::{pause, until};
