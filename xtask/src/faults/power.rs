//! A machine without power: a file system in a file is shut down, so that what was not made durable
//! is gone, and mounted again.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::mount::{self, Mount};
use super::report::Course;
use super::site::Site;
use super::{Tried, compiled};
use crate::server::Scratch;
use crate::step::Failure;

/// How often.
const CUTS: u32 = 5;
/// How large the disk is, in MiB.
const DISK_MIB: u32 = 512;

/// # Errors
///
/// When the file system or the process does not come back.
pub fn run(scratch: &Scratch, program: &Path) -> Result<Tried, Failure> {
    if !mount::is_root() {
        return Ok(Tried::Skipped("mounting needs root"));
    }
    let source = ("power", include_str!("power.c"));
    let Some(power) = compiled(scratch, source, &[])? else {
        return Ok(Tried::Skipped("there is no C compiler (cc)"));
    };
    let image = scratch.path("image");
    let Ok(mut disk) = Mount::image(scratch, &image, DISK_MIB) else {
        return Ok(Tried::Skipped(
            "the system mounts no ext4 from a file (loop devices)",
        ));
    };
    if !forgets(&disk, &power) {
        return Ok(Tried::Skipped("the system cannot shut a file system down"));
    }
    disk.end()?;
    disk = Mount::again(scratch, &image)?;
    let mut site = Site::start(scratch, program, &disk.folder, Vec::new())?;
    let load = site.book();
    let from = Instant::now();
    for _ in 0..CUTS {
        load.serves(Instant::now())?;
        cut(&disk, &power)?;
        site.kill();
        disk.end()?;
        disk = Mount::again(scratch, &image)?;
        site.serve()?;
    }
    load.serves(Instant::now())?;
    let (gap, failed) = load.gaps(from)[0];
    let (writers, _) = load.stop()?;
    let check = site.check(&writers)?;
    site.stop();
    drop(disk);
    Ok(Tried::Seen(vec![Course {
        fault: format!("the power is cut, {CUTS} times (ext4 shut down without its journal)"),
        check,
        gap,
        failed,
        seen: "nothing to be done by hand".to_owned(),
    }]))
}

/// Whether a cut loses what it should: a file that nobody made durable.
fn forgets(disk: &Mount, power: &Path) -> bool {
    let note = disk.folder.join("note");
    std::fs::write(&note, "not durable").is_ok() && cut(disk, power).is_ok()
}

fn cut(disk: &Mount, power: &Path) -> Result<(), Failure> {
    let status = Command::new(power).arg(&disk.folder).status();
    let status = status.map_err(|error| Failure::new(1, format!("xtask: power: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(1, format!("xtask: power: {status}")))
}
