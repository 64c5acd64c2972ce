//! A disk that fails: a library in front of C's lets writes, or making them durable, fail.

use std::path::Path;
use std::time::{Duration, Instant};

use super::report::Course;
use super::site::{Site, code};
use super::{Tried, compiled};
use crate::ha::load::Seen;
use crate::server::{Scratch, pause};
use crate::step::Failure;

/// How long the disk fails, in seconds.
const BROKEN_SECONDS: u64 = 5;

/// What fails, the name of its file, and what it is called.
const FAILURES: [(&str, &str, &str); 2] = [
    ("KEPT_FAULT_SYNC", "fail-sync", "`fsync`"),
    ("KEPT_FAULT_WRITE", "fail-write", "`write`"),
];

/// # Errors
///
/// When Kept acknowledges what it could not keep, or does not go on.
pub fn run(scratch: &Scratch, program: &Path) -> Result<Tried, Failure> {
    let source = ("shim.so", include_str!("shim.c"));
    let Some(shim) = compiled(scratch, source, &["-shared", "-fPIC", "-ldl"])? else {
        return Ok(Tried::Skipped("there is no C compiler (cc)"));
    };
    let mut courses = Vec::new();
    for (variable, file, what) in FAILURES {
        let disk = scratch.folder(file.trim_start_matches("fail-"))?;
        let armed = scratch.path(file);
        let environment = vec![
            ("LD_PRELOAD", shim.clone()),
            ("KEPT_FAULT_BELOW", disk.join("data")),
            (variable, armed.clone()),
        ];
        let mut site = Site::start(scratch, program, &disk, environment)?;
        let load = site.book();
        load.serves(Instant::now())?;
        let from = Instant::now();
        scratch.file(file, "")?;
        pause(Duration::from_secs(1));
        let broken = Instant::now();
        pause(Duration::from_secs(BROKEN_SECONDS));
        let whole = Instant::now();
        let read = site.read()?;
        let refused = site.hold(0)?;
        if refused.status < 500 {
            let text = format!("xtask: faults: a broken disk answered {}", refused.status);
            return Err(Failure::new(1, text));
        }
        let refused = format!("{} `{}`", refused.status, code(&refused));
        std::fs::remove_file(&armed)
            .map_err(|error| Failure::new(1, format!("xtask: {file}: {error}")))?;
        load.serves(Instant::now())?;
        let (gap, failed) = load.gaps(from)[0];
        let (writers, marks) = load.stop()?;
        let meanwhile = |seen| {
            let during = marks.iter().filter(|m| m.at > broken && m.at < whole);
            during.filter(|mark| mark.seen == seen).count()
        };
        if meanwhile(Seen::Kept) > 0 || meanwhile(Seen::Failed) == 0 {
            let kept = meanwhile(Seen::Kept);
            let text = format!("xtask: faults: {kept} bookings were acknowledged by a broken disk");
            return Err(Failure::new(1, text));
        }
        site.kill();
        site.serve()?;
        let check = site.check(&writers)?;
        courses.push(Course {
            fault: format!(
                "{what} answers EIO for {} s, then `kill -9`",
                BROKEN_SECONDS + 1
            ),
            check,
            gap,
            failed,
            seen: format!(
                "{refused}, nothing acknowledged meanwhile, reads answered {read:?}; bookings went \
                 on in the same process"
            ),
        });
    }
    Ok(Tried::Seen(courses))
}
