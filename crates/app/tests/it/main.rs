//! All integration tests, in one binary.

mod http;
mod process;
mod smtp;
mod support;
