//! The program that is measured, as a process.

use std::io::{BufRead as _, BufReader, Error, Result};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// Longest wait for the program to be done with what was prepared.
const SETTLE_SECONDS: u32 = 120;

/// A running `kept demo` or `kept serve`.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

/// The program beside this one: both are built into one folder.
pub fn binary() -> Result<PathBuf> {
    let kept = std::env::current_exe()?.with_file_name("kept");
    if kept.is_file() {
        Ok(kept)
    } else {
        let missing = kept.display();
        Err(Error::other(format!(
            "{missing} is missing: cargo build --release -p kept_app"
        )))
    }
}

impl Server {
    /// Starts the program on a data folder that is there, and waits until it is ready.
    pub fn start(data_dir: &Path, flags: &[&str]) -> Result<Self> {
        let mut command = Command::new(binary()?);
        command
            .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .args(flags);
        Self::run(command)
    }

    /// Starts it as an installation does, with these settings.
    pub fn serve(settings: &Path) -> Result<Self> {
        let mut command = Command::new(binary()?);
        command.args(["serve", "--config"]).arg(settings);
        Self::run(command)
    }

    fn run(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let address = ready["base_url"]
            .as_str()
            .and_then(|url| url.strip_prefix("http://"));
        match address.and_then(|address| address.parse().ok()) {
            Some(address) => Ok(Self { child, address }),
            None => {
                let _ = child.kill();
                Err(Error::other("the program did not say that it is ready"))
            }
        }
    }

    /// Memory of the process: resident now, and at most, in MB (10^6 bytes).
    pub fn memory_mb(&self) -> Result<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()
        };
        match (kib("VmRSS:"), kib("VmHWM:")) {
            (Some(now), Some(most)) => Ok((now * 1.024e-3, most * 1.024e-3)),
            _ => Err(Error::other(
                "the system does not tell the memory of a process",
            )),
        }
    }

    /// Files and connections that the process has open.
    pub fn open_files(&self) -> Result<usize> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count())
    }

    /// Processor time that the process has used, in seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in parentheses, may hold spaces; user and system time are the 14th and 15th
        // field (proc_pid_stat(5)), in ticks of which Linux shows 100 a second.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks = fields.split_ascii_whitespace().skip(11).take(2);
        let ticks: Option<u64> = ticks.map(|ticks| ticks.parse::<u64>().ok()).sum();
        match ticks {
            Some(ticks) => Ok(ticks as f64 / 100.0),
            None => Err(Error::other(
                "the system does not tell the time of a process",
            )),
        }
    }

    /// Waits until the program has nothing to do of its own accord: until the mail of what was
    /// prepared is delivered.
    #[expect(
        clippy::disallowed_methods,
        reason = "another process tells nobody when it has nothing to do"
    )]
    pub fn settle(&self) -> Result<()> {
        let mut before = self.cpu_seconds()?;
        for _ in 0..SETTLE_SECONDS * 2 {
            std::thread::sleep(Duration::from_millis(500));
            let now = self.cpu_seconds()?;
            if now - before < 0.015 {
                return Ok(());
            }
            before = now;
        }
        Err(Error::other("the program is busy on its own"))
    }

    /// Tells the program to stop, and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let status = self.child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(Error::other(format!("the program ended with {status}")))
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
