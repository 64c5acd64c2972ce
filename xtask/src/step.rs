//! A step: one command, announced, timed, and the end of the run if it fails.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Instant;

/// Why the run ends: a sentence for the reader and the exit code for the caller.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// `code` is the exit code of the whole run and is never 0.
    pub fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code: code.max(1),
            message: message.into(),
        }
    }

    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The cargo that started this program, so that a `+toolchain` is kept.
pub fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The folder of cargo's builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}

/// The folder of the sources.
pub fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// Runs one step with its output passed through.
///
/// # Errors
///
/// With the command's own exit code when it fails; 1 when it cannot be started or is killed.
pub fn run(name: &str, mut command: Command) -> Result<(), Failure> {
    println!("xtask: {name}: {}", shown(&command));
    let started = Instant::now();
    let status = command.status().map_err(|error| {
        let program = command.get_program().display().to_string();
        Failure::new(
            1,
            format!("xtask: {name}: {program} cannot be started: {error}"),
        )
    })?;
    let seconds = started.elapsed().as_secs_f64();
    if status.success() {
        println!("xtask: {name}: passed in {seconds:.1} s");
        return Ok(());
    }
    Err(Failure::new(
        code_of(status),
        format!("xtask: {name}: failed after {seconds:.1} s"),
    ))
}

/// The exit code to hand on; a death by signal has none and counts as 1.
fn code_of(status: ExitStatus) -> u8 {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

fn shown(command: &Command) -> String {
    let program = command.get_program();
    // Cargo hands on its full path, which says nothing to the reader.
    let program = Path::new(program).file_name().unwrap_or(program);
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn the_exit_code_of_a_failed_step_is_the_exit_code_of_the_run() {
        assert!(run("fine", shell("exit 0")).is_ok());
        assert_eq!(run("broken", shell("exit 101")).unwrap_err().code(), 101);
        assert_eq!(run("killed", shell("kill -9 $$")).unwrap_err().code(), 1);
        assert_eq!(
            run("absent", Command::new("/no/such/program"))
                .unwrap_err()
                .code(),
            1
        );
    }

    #[test]
    fn a_step_is_announced_as_it_would_be_typed() {
        let mut command = Command::new("/usr/local/bin/cargo");
        command.args(["test", "--workspace"]);
        assert_eq!(shown(&command), "cargo test --workspace");
    }
}
