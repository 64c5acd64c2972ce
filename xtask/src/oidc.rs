//! The provider of single sign-on that tests sign in with: npm's `oidc-provider`, by its lock file, in `target`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::step::{self, Failure};

const LOCKED: &str = "crates/app/tests/it/sso/real";
const FOLDER: &str = "target/oidc-provider";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Installs what the lock file says, unless it is there already. No script of a package runs.
///
/// # Errors
///
/// When a file cannot be written, or npm fails; the message says so.
pub fn install() -> Result<(), Failure> {
    let (from, to) = (Path::new(LOCKED), Path::new(FOLDER));
    let same = |name: &str| {
        let there = fs::read(to.join(name)).ok();
        there.is_some() && there == fs::read(from.join(name)).ok()
    };
    let is_there = to.join("node_modules/.package-lock.json").is_file();
    if is_there && FILES.iter().all(|name| same(name)) {
        return Ok(());
    }
    let wrong = |error: std::io::Error| Failure::new(1, format!("xtask: {FOLDER}: {error}"));
    fs::create_dir_all(to).map_err(wrong)?;
    for name in FILES {
        fs::copy(from.join(name), to.join(name)).map_err(wrong)?;
    }
    let mut npm = Command::new("npm");
    npm.current_dir(to)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    step::run("oidc-provider", npm)
}
