//! A disk without room: a small file system in memory, and a file that takes the rest of it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Tried;
use super::mount::{self, Mount};
use super::report::Course;
use super::site::{Site, code};
use crate::server::{Scratch, pause, until};
use crate::step::Failure;

/// How large the disk is, in MiB.
const DISK_MIB: u32 = 96;
/// How long it stays full, in seconds.
const FULL_SECONDS: u64 = 5;
/// How long it may take until a write meets the end of the disk, in seconds.
const MEET_SECONDS: u64 = 30;
/// Bytes written at once.
const PIECE: usize = 4_096;

/// # Errors
///
/// When Kept does not answer as it should, or does not go on.
pub fn run(scratch: &Scratch, program: &Path) -> Result<Tried, Failure> {
    if !mount::is_root() {
        return Ok(Tried::Skipped("mounting needs root"));
    }
    let disk = Mount::memory(scratch, DISK_MIB)?;
    let mut site = Site::start(scratch, program, &disk.folder, Vec::new())?;
    let before = site.process();
    let load = site.book();
    load.serves(Instant::now())?;
    let from = Instant::now();
    let ballast = disk.folder.join("ballast");
    fill(&ballast)?;
    let met = Duration::from_secs(MEET_SECONDS);
    let mut tries = 0..;
    until("an answer of storage_full", met, || {
        let answer = site.hold(tries.next()?).ok()?;
        (answer.status == 503 && code(&answer) == "storage_full").then_some(())
    })?;
    pause(Duration::from_secs(FULL_SECONDS));
    let read = site.read()?;
    expect(read.iter().all(|status| *status == 200), "reads go on")?;
    empty(&ballast)?;
    load.serves(Instant::now())?;
    let (gap, failed) = load.gaps(from)[0];
    expect(site.process() == before, "it is the same process")?;
    let (writers, _) = load.stop()?;
    site.check(&writers)?;
    let start = start_on_full(&mut site, &ballast)?;
    let check = site.check(&writers)?;
    let seen = format!(
        "503 `storage_full`; reads went on; bookings went on in the same process as soon as there \
         was room; {start}"
    );
    Ok(Tried::Seen(vec![Course {
        fault: format!("a disk of {DISK_MIB} MiB is full for {FULL_SECONDS} s"),
        check,
        gap,
        failed,
        seen,
    }]))
}

/// What a process does that is started while there is no room.
fn start_on_full(site: &mut Site<'_>, ballast: &Path) -> Result<&'static str, Failure> {
    site.stop();
    fill(ballast)?;
    let started = site.serve();
    let seen = match &started {
        Ok(()) => "a start on the full disk serves",
        Err(failure) if failure.to_string().contains("disk of the database is full") => {
            "a start on the full disk is refused and says so"
        }
        Err(_) => return started.map(|()| ""),
    };
    site.kill();
    empty(ballast)?;
    site.serve()?;
    Ok(seen)
}

/// Takes all the room there is.
fn fill(ballast: &Path) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut file = fs::File::create(ballast).map_err(|error| wrong(&error))?;
    let piece = [0x5A; PIECE];
    loop {
        match file.write(&piece) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Ok(()),
            Err(error) => return Err(wrong(&error)),
        }
    }
}

fn empty(ballast: &Path) -> Result<(), Failure> {
    fs::remove_file(ballast).map_err(|error| wrong(&error))
}

fn wrong(error: &std::io::Error) -> Failure {
    Failure::new(1, format!("xtask: the ballast: {error}"))
}

fn expect(is_so: bool, what: &str) -> Result<(), Failure> {
    if is_so {
        return Ok(());
    }
    Err(Failure::new(1, format!("xtask: faults: not so: {what}")))
}
