//! What commands print: the one place that writes to standard output and standard error.
#![expect(
    clippy::print_stderr,
    reason = "results of commands are read on the terminal"
)]

use std::error::Error;
use std::fmt::Display;

/// A line of a command's result. Whoever stops reading does not stop the work.
pub(super) fn line(text: impl Display) {
    use std::io::Write as _;
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let _ = writeln!(std::io::stderr(), "kept: standard output: {error}");
        }
        _ => {}
    }
}

/// How far a command is: written over the last one on a terminal, and not at all elsewhere.
pub(super) fn progress(text: impl Display) {
    use std::io::{IsTerminal as _, Write as _};
    let mut out = std::io::stderr();
    if out.is_terminal() {
        // Nobody needs it for the work to go on.
        let _ = write!(out, "\r\x1b[K{text}");
        let _ = out.flush();
    }
}

/// Ends what [`progress`] wrote.
pub(super) fn progress_ends() {
    progress("");
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
