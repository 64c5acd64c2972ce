//! The real program as a process: started, asked, stopped or killed.
//!
//! Nothing here waits for a length of time. A process is ready when it says so on standard
//! output, and it has ended when its standard error is closed; the limits below only turn a hang
//! into a failure.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::http::Http;

/// The longest start: a demo fills two organizations first, in a debug build, on a busy machine.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// The longest orderly end: what was accepted is finished first.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

/// A running process that has said that it is ready.
pub struct Running {
    child: Child,
    ready: Value,
    stderr: Receiver<String>,
    /// Where the process works; removed when this is dropped.
    folder: TempDir,
}

/// A process that has ended: how, and all it wrote to standard error.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    pub stderr: String,
}

/// `kept` with `arguments`, for a start through [`Running::start`] or a run to its end through
/// [`run`].
pub fn kept(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kept"));
    command.args(arguments);
    remove_settings(&mut command, std::env::vars_os().map(|(name, _)| name));
    command
}

/// Keeps the settings of whoever runs the tests away from the program.
fn remove_settings(command: &mut Command, names: impl Iterator<Item = OsString>) {
    for name in names.filter(|name| name.to_string_lossy().starts_with("KEPT__")) {
        command.env_remove(name);
    }
}

/// Runs the program in a folder to its end: what it printed and how it ended.
pub fn run_in(folder: &Path, arguments: &[&str]) -> (String, Ended) {
    let mut command = kept(arguments);
    command.current_dir(folder);
    run(command)
}

/// Runs a command to its end: what it printed and how it ended.
pub fn run(mut command: Command) -> (String, Ended) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the program can be started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        text(&output.stdout),
        Ended {
            status: output.status,
            stderr: text(&output.stderr),
        },
    )
}

impl Running {
    /// Starts a command in a fresh working folder and waits for the line of JSON on its standard
    /// output that says `"ready":true`.
    ///
    /// # Panics
    ///
    /// With the command's standard error, when it ends or stays silent instead.
    pub fn start(mut command: Command) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        command.current_dir(&folder).stdin(Stdio::null());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let stderr = collect(child.stderr.take().expect("standard error is piped"));
        let lines = first_ready_line(child.stdout.take().expect("standard output is piped"));
        // Built before the wait, so that a panic ends the process.
        let mut running = Self {
            child,
            ready: Value::Null,
            stderr,
            folder,
        };
        match lines.recv_timeout(READY_WITHIN) {
            Ok(ready) => running.ready = ready,
            Err(_) => panic!("no ready line; standard error:\n{}", running.kill().stderr),
        }
        running
    }

    /// The ready line.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Such as `http://127.0.0.1:40321`.
    pub fn base_url(&self) -> &str {
        self.ready["base_url"]
            .as_str()
            .expect("the ready line has a base_url")
    }

    /// What the ready line says of one organization: its links, token and sign-ins.
    pub fn organization(&self, slug: &str) -> &Value {
        let organizations = self.ready["organizations"].as_array();
        let mut organizations = organizations.into_iter().flatten();
        organizations
            .find(|organization| organization["slug"] == slug)
            .unwrap_or_else(|| panic!("the ready line has no organization {slug}"))
    }

    /// A client without a token.
    pub fn http(&self) -> Http {
        Http::new(self.base_url())
    }

    /// The folder that the process was started in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// SIGKILL: nothing of the program runs any more.
    pub fn kill(mut self) -> Ended {
        self.child.kill().expect("a child of ours can be killed");
        self.ended()
    }

    /// SIGTERM: the orderly end, waited for.
    pub fn stop(mut self) -> Ended {
        // The standard library sends no signal but SIGKILL; every shell does.
        let script = format!("kill -TERM {}", self.child.id());
        let sent = Command::new("sh")
            .args(["-c", &script])
            .status()
            .expect("there is a shell");
        assert!(
            sent.success(),
            "the process had ended before it was told to"
        );
        self.ended()
    }

    fn ended(&mut self) -> Ended {
        match self.stderr.recv_timeout(ENDED_WITHIN) {
            Ok(stderr) => {
                let status = self
                    .child
                    .wait()
                    .expect("a child of ours can be waited for");
                Ended { status, stderr }
            }
            Err(RecvTimeoutError::Timeout) => panic!("the process is still there"),
            Err(RecvTimeoutError::Disconnected) => panic!("standard error was lost"),
        }
    }
}

/// The demo, with its two organizations.
#[expect(dead_code, reason = "the tests of the demo arrive with the demo")]
impl Running {
    /// The demo on a free port, with its data in a temporary folder of its own.
    pub fn demo() -> Self {
        Self::start(kept(&["demo", "--json", "--listen", "127.0.0.1:0"]))
    }

    /// The demo on data that outlives it: created there, or reopened as it stands.
    pub fn demo_in(data_dir: &Path) -> Self {
        let data_dir = data_dir
            .to_str()
            .expect("temporary folders have plain names");
        let listen = [
            "demo",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
            data_dir,
        ];
        Self::start(kept(&listen))
    }

    /// A client with the organization's API token.
    pub fn api(&self, slug: &str) -> Http {
        let token = self.organization(slug)["api_token"].as_str();
        self.http()
            .bearer(token.expect("the ready line has the token"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when the process was waited for already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends the first line of JSON with `"ready":true`, and reads on so that the pipe never fills.
/// The channel closes without a line when the process closes its standard output first.
fn first_ready_line(stdout: impl Read + Send + 'static) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut sender = Some(sender);
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let value: Value = serde_json::from_str(&line).unwrap_or_default();
            if value["ready"] == true
                && let Some(sender) = sender.take()
            {
                // A test that panicked meanwhile no longer listens.
                let _ = sender.send(value);
            }
        }
    });
    receiver
}

/// Sends all of standard error once it is closed.
fn collect(mut stderr: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stderr.read_to_end(&mut bytes);
        let note = read
            .err()
            .map(|error| format!("\n({error})"))
            .unwrap_or_default();
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned() + &note);
    });
    receiver
}

/// The harness itself, proved on shell scripts: what it says of a process is what happened.
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;
    use crate::http::Request;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    const READY: &str = concat!(
        r#"echo starting; echo '{"ready":true,"base_url":"http://127.0.0.1:9","#,
        r#""organizations":[{"slug":"riverside","api_token":"t"}]}'"#,
    );

    #[test]
    fn a_process_is_stopped_in_order_and_heard_to_the_end() {
        let script = "echo up >&2; tail -f /dev/null >/dev/null 2>&1 & \
                      trap 'echo done >&2; kill $!; exit 3' TERM";
        let running = Running::start(shell(&format!("{script}; {READY}; wait")));
        assert_eq!(running.base_url(), "http://127.0.0.1:9");
        assert_eq!(running.organization("riverside")["api_token"], "t");
        assert_eq!(running.ready()["ready"], true);
        assert!(running.folder().is_dir());
        assert!(running.http().try_send(Request::get("/")).is_err());
        let ended = running.stop();
        assert_eq!(
            (ended.status.code(), ended.stderr.as_str()),
            (Some(3), "up\ndone\n")
        );
    }

    #[test]
    fn a_killed_process_runs_nothing_more() {
        let ended = Running::start(shell(&format!("{READY}; exec tail -f /dev/null"))).kill();
        assert_eq!(
            (ended.status.signal(), ended.stderr.as_str()),
            (Some(9), "")
        );
    }

    #[test]
    #[should_panic(expected = "no ready line; standard error:\nbad")]
    fn a_process_that_ends_instead_is_a_failure_with_its_own_words() {
        Running::start(shell("echo not json; echo bad >&2; exit 1"));
    }

    #[test]
    fn a_run_to_the_end_keeps_the_two_outputs_apart() {
        let (out, ended) = run(shell("echo out; echo err >&2; exit 7"));
        assert_eq!((out.as_str(), ended.stderr.as_str()), ("out\n", "err\n"));
        assert_eq!(ended.status.code(), Some(7));
    }

    #[test]
    fn settings_of_the_caller_do_not_reach_the_program() {
        let mut command = kept(&["demo"]);
        let names = ["KEPT__MAIL__HOST", "PATH"].map(OsString::from);
        remove_settings(&mut command, names.into_iter());
        assert!(
            command
                .get_envs()
                .any(|setting| setting == ("KEPT__MAIL__HOST".as_ref(), None))
        );
        assert!(!command.get_envs().any(|(name, _)| name == "PATH"));
    }
}
