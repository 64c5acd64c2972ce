//! A process that is killed again and again.

use std::path::Path;
use std::time::Instant;

use super::Tried;
use super::report::Course;
use super::site::Site;
use crate::server::Scratch;
use crate::step::Failure;

/// How often.
const KILLS: u32 = 10;

/// # Errors
///
/// When the process does not come back.
pub fn run(scratch: &Scratch, program: &Path) -> Result<Tried, Failure> {
    let disk = scratch.folder("disk")?;
    let mut site = Site::start(scratch, program, &disk, Vec::new())?;
    let load = site.book();
    let from = Instant::now();
    for _ in 0..KILLS {
        load.serves(Instant::now())?;
        site.kill();
        site.serve()?;
    }
    load.serves(Instant::now())?;
    let (gap, failed) = load.gaps(from)[0];
    let (writers, _) = load.stop()?;
    let check = site.check(&writers)?;
    Ok(Tried::Seen(vec![Course {
        fault: format!("`kill -9`, {KILLS} times, and a start at once"),
        check,
        gap,
        failed,
        seen: "nothing to be done by hand".to_owned(),
    }]))
}
