//! A folder for servers and what runs in it: both gone at the end.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Mutex;

use super::Account;
use crate::step::{Failure, target};

/// Ends what is left and removes the folder once nobody holds the other end of its input, so it
/// also works when this program is killed. It is told of processes as they begin and end. Servers
/// that were started by others (Patroni starts PostgreSQL) are known by where they stand.
const GUARD: &str = r#"
folder=$1
known=" "
while read -r word process; do
    case $word in
        began) known="$known$process " ;;
        ended) known="${known%% $process *} ${known#* $process }" ;;
    esac
done
standing() {
    find /proc/[0-9]*/cwd -maxdepth 0 -lname "$folder/*" 2>/dev/null | tr -dc '0-9\n'
}
all() {
    for process in $known $(standing); do kill -s "$1" "$process" 2>/dev/null; done
}
# QUIT lets PostgreSQL give back its shared memory.
all QUIT
all CONT
tries=0
while [ "$tries" -lt 30 ]; do
    tries=$((tries + 1))
    left=$(standing)
    for process in $known; do
        # A process that only waits for its parent to notice has no program any more.
        [ -e "/proc/$process/exe" ] && left=yes
    done
    [ -z "$left" ] && break
    sleep 0.1
done
all KILL
rm -rf "$folder"
"#;

/// A folder below the build's, for an account's servers; see [`Account`].
pub struct Scratch {
    pub account: Account,
    folder: PathBuf,
    guard: Child,
    /// Where the guard hears of processes; it acts when this is closed.
    told: Mutex<Option<ChildStdin>>,
}

impl Scratch {
    /// Makes a fresh folder called after `name`.
    ///
    /// # Errors
    ///
    /// When there is no account for servers, or no folder that it reaches.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let account = Account::find()?;
        let made = make(account, name).and_then(|folder| {
            let mut guard = account.command("sh");
            guard.args(["-c", GUARD, "guard"]).arg(&folder);
            guard.stdin(Stdio::piped()).stdout(Stdio::null());
            let mut guard = guard.spawn()?;
            let told = Mutex::new(guard.stdin.take());
            Ok(Self {
                account,
                folder,
                guard,
                told,
            })
        });
        made.map_err(|error| Failure::new(1, format!("xtask: a folder for {name}: {error}")))
    }

    /// The path of something in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The path of something that stays when the folder goes.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.with_file_name(name)
    }

    /// A folder in the folder, which only the account can read.
    pub fn folder(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        let made = fs::create_dir_all(&path).and_then(|()| self.own(&path, 0o700));
        made.map_err(|error| Failure::new(1, format!("xtask: {name}: {error}")))?;
        Ok(path)
    }

    /// A file in the folder, which only the account can read.
    pub fn file(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        let made = fs::write(&path, text).and_then(|()| self.own(&path, 0o600));
        made.map_err(|error| Failure::new(1, format!("xtask: {name}: {error}")))?;
        Ok(path)
    }

    /// Tells the guard of a process that `began` or `ended`.
    pub fn tell(&self, word: &str, process: u32) {
        let mut told = self
            .told
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(told) = told.as_mut() {
            // A guard that is gone finds what stands in the folder no more than this could.
            let _ = writeln!(told, "{word} {process}");
        }
    }

    fn own(&self, path: &Path, mode: u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        self.account.give(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut told = self
            .told
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(told.take());
        // The guard may have been killed; the folder is all that can be done without it.
        let _ = self.guard.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder that the account owns and reaches: below the build's, else below the system's for
/// files of a moment.
fn make(account: Account, name: &str) -> io::Result<PathBuf> {
    let name = format!("{name}-{}", std::process::id());
    let mut tried = io::Error::other("no folder");
    for parent in [
        target().join("servers"),
        std::env::temp_dir().join("kept-servers"),
    ] {
        let folder = parent.join(&name);
        let made = fs::create_dir_all(&folder)
            .and_then(|()| account.give(&parent))
            .and_then(|()| account.give(&folder))
            .and_then(|()| folder.canonicalize());
        match made {
            Ok(folder) if account.reaches(&folder) => return Ok(folder),
            Ok(folder) => {
                let _ = fs::remove_dir(&folder);
                let shown = folder.display();
                tried = io::Error::other(format!("{shown} cannot be reached without rights"));
            }
            Err(error) => tried = error,
        }
    }
    Err(tried)
}

#[cfg(test)]
mod tests {
    use super::super::until;
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_runs_in_the_folder_ends_with_it() {
        let scratch = Scratch::new("scratch-test").expect("a folder");
        let folder = scratch.folder("inner").expect("a folder");
        scratch.file("inner/note", "text").expect("a file");
        let mut known = scratch
            .account
            .command("sleep")
            .arg("600")
            .spawn()
            .expect("sleep");
        scratch.tell("began", known.id());
        // Nobody tells of this one, as nobody tells of a PostgreSQL that Patroni starts.
        let mut sleep = scratch.account.command("sleep");
        let mut unknown = sleep
            .arg("601")
            .current_dir(&folder)
            .spawn()
            .expect("sleep");
        let mut other = scratch
            .account
            .command("sleep")
            .arg("602")
            .spawn()
            .expect("sleep");
        scratch.tell("began", other.id());
        scratch.tell("ended", other.id());
        drop(scratch);
        assert!(!folder.exists());
        for child in [&mut known, &mut unknown] {
            let ended = || child.try_wait().ok().flatten();
            until("the end of a process", Duration::from_secs(9), ended).expect("an end");
        }
        assert_eq!(
            other.try_wait().expect("a state"),
            None,
            "it was not ours any more"
        );
        other.kill().expect("ours");
        other.wait().expect("ours");
    }
}
