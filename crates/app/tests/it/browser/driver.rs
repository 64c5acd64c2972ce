//! One `chromedriver` for all tests of this binary, which cannot outlive it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, OnceLock};
use std::thread;

/// What to do when something is missing.
pub const REMEDY: &str = "run `cargo xtask test`, which installs it";

/// A driver and its browsers are one process group. The shell in front of it waits for its
/// standard input to close, which happens when the tests end in whatever way, and then ends the
/// whole group. (A driver that ends by itself would leave its browsers behind.)
const GUARDED: &str = r#"{ "$0" --port=0; kill -KILL 0; } & cat >/dev/null; kill -KILL 0"#;

/// The last words before the port, in the line that says that the driver listens.
const READY: &str = "was started successfully on port ";

struct Driver {
    url: String,
    guard: Child,
    /// Closed when no process of the group holds the standard output any more.
    ended: Mutex<Receiver<()>>,
}

/// The address of the driver, which is started when the first test asks.
///
/// # Panics
///
/// When it cannot be started; each test then fails with the same words.
pub fn url() -> &'static str {
    static DRIVER: OnceLock<Result<Driver, String>> = OnceLock::new();
    match DRIVER.get_or_init(|| start("chromedriver")) {
        Ok(driver) => &driver.url,
        Err(problem) => panic!("{problem}"),
    }
}

fn start(program: &str) -> Result<Driver, String> {
    let mut guard = Command::new("sh")
        .args(["-c", GUARDED, program])
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("no shell: {error}"))?;
    let stdout = guard.stdout.take().expect("standard output is piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once(READY)?;
        port.trim_end_matches('.').parse::<u16>().ok()
    });
    // Read on, so that the pipe never fills.
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        lines.for_each(drop);
        drop(sender);
    });
    let url = format!("http://127.0.0.1:{}", port.unwrap_or_default());
    let driver = Driver {
        url,
        guard,
        ended: Mutex::new(ended),
    };
    match port {
        Some(_) => Ok(driver),
        None => Err(format!(
            "the browser journeys need {program} and Chromium: {REMEDY}"
        )),
    }
}

impl Driver {
    /// Closes the guard's input; it takes its group with it.
    fn dismiss(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.dismiss();
    }
}

mod tests {
    use std::sync::mpsc::RecvTimeoutError;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_missing_driver_is_a_failure_that_names_the_remedy() {
        let problem = start("no-such-chromedriver")
            .err()
            .expect("there is no such program");
        assert!(problem.contains("no-such-chromedriver"), "{problem}");
        assert!(problem.contains("cargo xtask test"), "{problem}");
    }

    #[test]
    fn the_driver_ends_with_the_tests() {
        let mut driver = start("chromedriver").unwrap_or_else(|problem| panic!("{problem}"));
        driver.dismiss();
        let ended = driver.ended.get_mut().expect("nothing panicked with it");
        let ended = ended.recv_timeout(Duration::from_secs(60));
        assert_eq!(ended, Err(RecvTimeoutError::Disconnected));
    }
}
