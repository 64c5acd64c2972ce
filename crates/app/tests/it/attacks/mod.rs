//! The attacks that broke other scheduling and privacy products, each by its name; docs/attacks.md
//! says which is tried where.

mod bodies;
mod doors;
mod hostile;
mod identity;
mod leads;
mod origins;
mod planted;
mod reflected;
mod secrets;
mod sessions;
mod written;
