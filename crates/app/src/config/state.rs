//! What is on the disk already: is it as closed as it must be, and does it belong together?

use std::fs::Metadata;
use std::path::Path;

use kept_base::store::keys::weak_mode;

use super::Data;
use super::keys::{FOLDER, Key, ROOT_KEY_FILE};
use super::reader::Reader;

/// Finds what is weaker than it must be. Absent is fine: the first start makes it.
pub(super) fn check(data: &Data, reader: &mut Reader<'_>) {
    if let Some(what) = folder_weakness(&data.folder) {
        reader.find(FOLDER, None, what);
    }
    if data.root_key_command.is_some() {
        return;
    }
    if let Some(what) = key_weakness(data) {
        reader.find(ROOT_KEY_FILE, None, what);
    }
    if data.root_key_file.starts_with(&data.folder) {
        let what = "lies in data.folder, where each copy of the data would carry its key along; \
                    write a path outside";
        reader.find(ROOT_KEY_FILE, None, what);
    }
}

fn folder_weakness(folder: &Path) -> Option<String> {
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Ok(found) if !found.is_dir() => {
            Some(format!("{shown} is no folder; write {}", FOLDER.write))
        }
        Ok(found) => open_to_others(&found, "0700").map(|weakness| format!("{shown} {weakness}")),
        Err(error) => unreadable(folder, &error, FOLDER),
    }
}

fn key_weakness(data: &Data) -> Option<String> {
    let file = &data.root_key_file;
    let shown = file.display();
    match std::fs::metadata(file) {
        Ok(found) if !found.is_file() => {
            Some(format!("{shown} is no file; write {}", ROOT_KEY_FILE.write))
        }
        Ok(found) => weak_mode(&found).map(|weakness| format!("{shown} {weakness}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => data
            .folder
            .join(kept_base::store::CONTROL_FILE)
            .exists()
            .then(|| {
                format!(
                    "{shown} is not there, but {} has data that only its key opens; put the key \
                     back",
                    data.folder.display()
                )
            }),
        Err(error) => unreadable(file, &error, ROOT_KEY_FILE),
    }
}

fn unreadable(path: &Path, error: &std::io::Error, key: &Key) -> Option<String> {
    let is_absent = error.kind() == std::io::ErrorKind::NotFound;
    (!is_absent).then(|| {
        format!(
            "{} cannot be looked at: {error}; write {}",
            path.display(),
            key.write
        )
    })
}

/// Says that others than the owner may look in.
fn open_to_others(found: &Metadata, want: &str) -> Option<String> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777;
        (mode & 0o077 != 0).then(|| format!("has mode {mode:04o}; others may look in, set {want}"))
    }
    #[cfg(not(unix))]
    {
        let _ = (found, want);
        None
    }
}
