//! Patroni as it is published, in a folder of its own: Debian 12's has a fault that matters.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::Scratch;
use crate::step::{self, Failure};

/// The version that is tested. 3.0.2, which Debian 12 has, overwrites the leader's key when it
/// wakes after a long sleep (mended in 3.0.3): then two nodes lead, and what one of them
/// acknowledged is lost.
pub const VERSION: &str = "4.1.5";

/// Debian's own Python: one in somebody's home cannot be reached without rights.
const PYTHON: &str = "/usr/bin/python3";

/// Installs it from PyPI below the build's folder where it is not there yet; tells the program.
///
/// # Errors
///
/// When that cannot be done.
pub fn install(scratch: &Scratch) -> Result<PathBuf, Failure> {
    let folder = scratch.beside(&format!("patroni-{VERSION}"));
    let program = folder.join("bin/patroni");
    if program.is_file() {
        return Ok(program);
    }
    if fs::exists(&folder).unwrap_or(true) {
        // Whatever an interrupted run left there.
        let removed = fs::remove_dir_all(&folder);
        removed
            .map_err(|error| Failure::new(1, format!("xtask: {}: {error}", folder.display())))?;
    }
    let mut venv = Command::new(PYTHON);
    venv.args(["-m", "venv"]).arg(&folder);
    step::run("a folder for Patroni", venv)?;
    let wanted = format!("patroni[etcd3,psycopg2-binary]=={VERSION}");
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", &wanted]);
    step::run("Patroni", pip)?;
    Ok(program)
}

/// What a program says of its version, such as `patroni 4.1.5`.
pub fn version(program: &Path) -> String {
    let said = Command::new(program).arg("--version").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    said.unwrap_or_else(|_| "patroni".to_owned())
}
