//! File systems that are there for a moment.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::server::Scratch;
use crate::step::Failure;

/// A mounted file system; unmounted at the end, whatever still uses it.
pub struct Mount {
    pub folder: PathBuf,
}

impl Mount {
    /// A file system in memory of so many MiB, the account's own.
    ///
    /// # Errors
    ///
    /// When it cannot be mounted.
    pub fn memory(scratch: &Scratch, mib: u32) -> Result<Self, Failure> {
        let folder = scratch.folder("disk")?;
        let size = format!("size={mib}m");
        run("mount", ["-t", "tmpfs", "-o", &size, "kept"], &folder)?;
        let mount = Self { folder };
        mount.give(scratch)?;
        Ok(mount)
    }

    /// An ext4 in a file of so many MiB, the account's own.
    ///
    /// # Errors
    ///
    /// When it cannot be made or mounted.
    pub fn image(scratch: &Scratch, image: &Path, mib: u32) -> Result<Self, Failure> {
        let size = format!("{mib}M");
        run("truncate", ["-s", &size], image)?;
        run("mkfs.ext4", ["-q", "-F"], image)?;
        let mount = Self::again(scratch, image)?;
        mount.give(scratch)?;
        run("sync", ["-f"], &mount.folder)?;
        Ok(mount)
    }

    /// The file system of an image as it was left.
    ///
    /// # Errors
    ///
    /// When it cannot be mounted.
    pub fn again(scratch: &Scratch, image: &Path) -> Result<Self, Failure> {
        let folder = scratch.folder("disk")?;
        let image = image.as_os_str();
        run(
            "mount",
            [OsStr::new("-o"), OsStr::new("loop"), image],
            &folder,
        )?;
        Ok(Self { folder })
    }

    /// Unmounts it, once nothing uses it any more.
    ///
    /// # Errors
    ///
    /// When something does.
    pub fn end(self) -> Result<(), Failure> {
        run::<&str, 0>("umount", [], &self.folder)
    }

    fn give(&self, scratch: &Scratch) -> Result<(), Failure> {
        let given = scratch.account.give(&self.folder);
        given.map_err(|error| Failure::new(1, format!("xtask: {}: {error}", self.folder.display())))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let mut umount = Command::new("umount");
        umount.arg("-l").arg(&self.folder).stderr(Stdio::null());
        // It is gone already where it was ended.
        let _ = umount.status();
    }
}

fn run<T: AsRef<OsStr>, const N: usize>(
    program: &str,
    words: [T; N],
    last: &Path,
) -> Result<(), Failure> {
    let mut command = Command::new(program);
    // Debian has some of them where only root looks.
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin"));
    let said = command.args(words).arg(last).output();
    let said = said.map_err(|error| Failure::new(1, format!("xtask: {program}: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&said.stderr);
    Err(Failure::new(1, format!("xtask: {program}: {}", why.trim())))
}

/// Whether this may mount.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
