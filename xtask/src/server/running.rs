//! A server as a process.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{Scratch, until};
use crate::step::Failure;

/// How long a server may take to stop before it is killed, in seconds.
const STOP_SECONDS: u64 = 10;

/// Lines of a log that are shown when its server fails.
const SHOWN_LINES: usize = 15;

/// A running server; killed where it was not stopped before.
pub struct Running<'s> {
    scratch: &'s Scratch,
    name: String,
    child: Child,
    log: PathBuf,
}

impl<'s> Running<'s> {
    /// Starts `command`, which is made by the scratch's account; what it says goes to a log.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(scratch: &'s Scratch, name: &str, mut command: Command) -> Result<Self, Failure> {
        let log = scratch.path(&format!("{name}.log"));
        let started = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .and_then(|out| Ok((out.try_clone()?, out)))
            .and_then(|(out, errors)| {
                let out = Stdio::from(out);
                command.stdout(out).stderr(errors).spawn()
            });
        let child = started.map_err(|error| {
            Failure::new(1, format!("xtask: {name} cannot be started: {error}"))
        })?;
        scratch.tell("began", child.id());
        Ok(Self {
            scratch,
            name: name.to_owned(),
            child,
            log,
        })
    }

    /// Waits until `ask` has an answer.
    ///
    /// # Errors
    ///
    /// When there is none within the limit, or the server ends before; with the end of its log.
    pub fn ready<T>(
        &mut self,
        limit: Duration,
        mut ask: impl FnMut() -> Option<T>,
    ) -> Result<T, Failure> {
        let mut ended = None;
        let answer = until(&format!("{} to be ready", self.name), limit, || {
            ended = self.child.try_wait().ok().flatten();
            match ended {
                Some(_) => Some(None),
                None => ask().map(Some),
            }
        });
        let why = match answer {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => match ended {
                Some(status) => format!("xtask: {} ended with {status}", self.name),
                None => format!("xtask: {} ended", self.name),
            },
            Err(failure) => failure.to_string(),
        };
        Err(Failure::new(1, format!("{why}\n{}", self.last_words())))
    }

    /// Waits until it ends of its own accord.
    pub fn wait(&mut self) {
        // That there is nothing to wait for is as good as an end.
        let _ = self.child.wait();
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as the system does when memory runs out.
    pub fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it by a signal to stop, and kills it when it does not.
    pub fn stop(&mut self, signal: &str) {
        send(signal, self.child.id());
        let limit = Duration::from_secs(STOP_SECONDS);
        let stopped = until("an end", limit, || self.child.try_wait().ok().flatten());
        if stopped.is_err() {
            self.kill();
        }
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.kill();
        self.scratch.tell("ended", self.child.id());
    }
}

/// Sends a signal to a process, which may have ended.
pub fn send(signal: &str, process: u32) {
    let mut kill = Command::new("kill");
    kill.args(["-s", signal, &process.to_string()]);
    let _ = kill.stderr(Stdio::null()).status();
}
