//! Programs from PyPI, each of one version and in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{self, Failure};

/// Debian's own Python: one in somebody's home cannot be reached without rights.
const PYTHON: &str = "/usr/bin/python3";

/// Installs `wanted`, such as `patroni[etcd3]==4.1.5`, in `folder` where it is not there yet; tells
/// the path of its `program`.
///
/// # Errors
///
/// When that cannot be done.
pub fn install(folder: &Path, wanted: &str, program: &str) -> Result<PathBuf, Failure> {
    let path = folder.join("bin").join(program);
    if path.is_file() {
        return Ok(path);
    }
    if fs::exists(folder).unwrap_or(true) {
        // Whatever an interrupted run left there.
        let removed = fs::remove_dir_all(folder);
        removed
            .map_err(|error| Failure::new(1, format!("xtask: {}: {error}", folder.display())))?;
    }
    let mut venv = Command::new(PYTHON);
    venv.args(["-m", "venv"]).arg(folder);
    step::run(&format!("a folder for {program}"), venv)?;
    let mut pip = Command::new(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", wanted]);
    step::run(program, pip)?;
    Ok(path)
}
