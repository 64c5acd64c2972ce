//! Patroni as it is published, in a folder of its own: Debian 12's has a fault that matters.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::{Scratch, python};
use crate::step::Failure;

/// The version that is tested. 3.0.2, which Debian 12 has, overwrites the leader's key when it
/// wakes after a long sleep (mended in 3.0.3): then two nodes lead, and what one of them
/// acknowledged is lost.
pub const VERSION: &str = "4.1.5";

/// Installs it from PyPI below the build's folder where it is not there yet; tells the program.
///
/// # Errors
///
/// When that cannot be done.
pub fn install(scratch: &Scratch) -> Result<PathBuf, Failure> {
    let folder = scratch.beside(&format!("patroni-{VERSION}"));
    let wanted = format!("patroni[etcd3,psycopg2-binary]=={VERSION}");
    python::install(&folder, &wanted, "patroni")
}

/// What a program says of its version, such as `patroni 4.1.5`.
pub fn version(program: &Path) -> String {
    let said = Command::new(program).arg("--version").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    said.unwrap_or_else(|_| "patroni".to_owned())
}
