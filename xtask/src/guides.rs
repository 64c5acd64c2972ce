//! `cargo xtask guides`: takes the pictures of `docs/guides` and puts them there.

use std::fs;
use std::path::Path;

use super::step::{self, Failure, cargo};

/// Walks through the program in a browser and copies what it saw.
pub fn take() -> Result<(), Failure> {
    let mut walks = cargo(["test", "-p", "kept_app", "--test", "it", "--"]);
    walks.args(["journeys::guides", "journeys::setting_up::from_nothing"]);
    step::run("walks", walks)?;
    let (from, to) = (
        step::target().join("screenshots"),
        step::root().join("docs/guides/img"),
    );
    copy(&from, &to).map_err(|error| Failure::new(1, format!("xtask: guides: {error}")))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("guide-") {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
