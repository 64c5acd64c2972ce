//! All integration tests, in one binary.

mod http;
mod process;
mod scheduling;
mod smtp;
mod support;
