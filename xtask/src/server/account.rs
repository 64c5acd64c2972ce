//! Who the servers run as: PostgreSQL refuses to be root.

use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::Failure;

/// The accounts to use when this is root, the first that exists: the package's own, and nobody.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// An account without rights: another one when this is root, else one's own.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    /// User and group to become.
    other: Option<(u32, u32)>,
}

impl Account {
    /// # Errors
    ///
    /// When this is root and the system has none of the accounts to run servers as.
    pub fn find() -> Result<Self, Failure> {
        if id(&["-u"]) != Some(0) {
            return Ok(Self { other: None });
        }
        let other = UNPRIVILEGED
            .iter()
            .find_map(|name| id(&["-u", name]).zip(id(&["-g", name])));
        match other {
            Some(other) => Ok(Self { other: Some(other) }),
            None => Err(Failure::new(
                1,
                "xtask: this is root, and there is neither an account postgres nor nobody",
            )),
        }
    }

    /// A command as this account, apart from the terminal's signals.
    pub fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.process_group(0).stdin(Stdio::null());
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        command
    }

    /// Makes a file or folder the account's.
    pub fn give(self, path: &Path) -> io::Result<()> {
        match self.other {
            Some((user, group)) => chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    /// Whether the account can write in a folder, which may lie below one that is closed to it.
    pub fn reaches(self, folder: &Path) -> bool {
        let mut test = self.command("test");
        test.arg("-w").arg(folder);
        test.status().is_ok_and(|status| status.success())
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let said = Command::new("id").args(arguments).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    text.trim().parse().ok().filter(|_| said.status.success())
}
