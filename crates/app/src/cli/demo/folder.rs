//! Where a demo keeps its data: `root.key`, `kept.lock` and, beside them, `data/` with the databases. While the
//! demo is filled the databases are in `filling/`, so that `data/` is always whole.

use std::path::{Path, PathBuf};

use super::DemoError;
use crate::cli::LOCK_FILE;

/// The folder of one demo.
pub(super) enum Folder {
    /// Removed at the end.
    Fresh(tempfile::TempDir),
    /// Given, and left as it is.
    Given(PathBuf),
}

impl Folder {
    /// The folder that was given, made when it is not there; else a temporary one.
    pub fn prepare(given: Option<&Path>) -> Result<Self, DemoError> {
        let unusable = |at: &Path, error: &std::io::Error| DemoError::Folder {
            folder: at.to_owned(),
            reason: error.to_string(),
        };
        let Some(path) = given else {
            let made = tempfile::Builder::new().prefix("kept-demo-").tempdir();
            return made
                .map(Self::Fresh)
                .map_err(|error| unusable(&std::env::temp_dir(), &error));
        };
        make_private(path).map_err(|error| unusable(path, &error))?;
        let path = path
            .canonicalize()
            .map_err(|error| unusable(path, &error))?;
        let folder = Self::Given(path.clone());
        let entries = std::fs::read_dir(&path).map_err(|error| unusable(&path, &error))?;
        let lock = path.join(LOCK_FILE);
        let ours = [folder.data(), folder.filling(), folder.root_key(), lock];
        for entry in entries {
            let entry = entry.map_err(|error| unusable(&path, &error))?.path();
            if !ours.contains(&entry) && !folder.is_filled() {
                return Err(DemoError::Foreign(path));
            }
        }
        Ok(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        match self {
            Self::Fresh(made) => made.path(),
            Self::Given(path) => path,
        }
    }

    /// Where the databases are.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Where the databases are while they are filled.
    fn filling(&self) -> PathBuf {
        self.path().join("filling")
    }

    /// The file of the root key.
    pub fn root_key(&self) -> PathBuf {
        self.path().join("root.key")
    }

    /// Whether a demo is there already.
    pub fn is_filled(&self) -> bool {
        self.data().is_dir()
    }

    /// An empty folder to fill; what an interrupted start left there goes.
    pub fn begin(&self) -> std::io::Result<PathBuf> {
        let filling = self.filling();
        if filling.exists() {
            std::fs::remove_dir_all(&filling)?;
        }
        make_private(&filling)?;
        Ok(filling)
    }

    /// What was filled becomes the data.
    pub fn finish(&self) -> std::io::Result<()> {
        std::fs::rename(self.filling(), self.data())
    }
}

/// Makes a folder for its owner only, unless it is there.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_else_in_it_is_left_alone() {
        let there = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(there.path().join("thesis.odt"), "").expect("a file");
        let refused = Folder::prepare(Some(there.path()));
        assert!(matches!(refused, Err(DemoError::Foreign(_))));
    }

    #[test]
    fn an_interrupted_filling_begins_anew() {
        let there = tempfile::tempdir().expect("a temporary folder");
        let path = there.path().join("new/demo");
        let folder = Folder::prepare(Some(&path)).expect("is made");
        let filling = folder.begin().expect("begins");
        std::fs::write(filling.join("control.db"), "half").expect("a file");
        let folder = Folder::prepare(Some(&path)).expect("is taken up again");
        assert!(!folder.is_filled());
        let filling = folder.begin().expect("begins anew");
        assert!(!filling.join("control.db").exists());
        folder.finish().expect("is done");
        assert!(Folder::prepare(Some(&path)).is_ok_and(|folder| folder.is_filled()));
    }
}
