//! What commands print: the one place that writes to standard output and standard error.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "results of commands are read on the terminal"
)]

use std::error::Error;
use std::fmt::Display;

/// A line of a command's result.
pub(super) fn line(text: impl Display) {
    println!("{text}");
}

/// What went wrong, with each cause once.
pub(super) fn error(error: &dyn Error) {
    eprintln!("kept: {}", error.to_string().replace('\n', "\n      "));
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
}
