//! One run of Schemathesis: one role, one seed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::counts::{self, Count};
use super::demo::Demo;
use super::facts::Facts;
use super::roles::{Interface, Role};
use super::settings;
use crate::step::Failure;

/// The version that is used.
pub const VERSION: &str = "4.32.5";

/// What is not asked of the JSON API. Whether everything that fits the document is taken: it says of an
/// id that it is a text, and which texts are ids is nobody's to know. Whether what was just made is
/// there: a repeated request is answered as the first one was, whose hold may be gone by now, and
/// somebody with the link of one appointment who books another gets another link for it.
const NOT_OF_JSON: &str = "positive_data_acceptance,ensure_resource_availability";
/// Nor of SCIM, which passes over attributes that it does not know (RFC 7644, 3.3).
const NOT_OF_SCIM: &str = "positive_data_acceptance,negative_data_rejection";

/// The routes of SCIM with the statuses that they answer.
const SCIM: &str = include_str!("scim.yaml");
/// What counts the answers.
const COUNT: &str = include_str!("count.py");

/// Lines of a log that are shown when a check fails.
const SHOWN_LINES: usize = 60;
/// Characters of each that are shown: what is made up can be long.
const SHOWN_CHARS: usize = 400;

/// The program, and the folder for what it says.
pub struct Tool {
    program: PathBuf,
    folder: PathBuf,
}

/// How somebody comes in, and what is theirs.
#[derive(Default)]
pub struct Visit {
    pub token: Option<String>,
    /// The appointment that a link opens.
    pub appointment: Option<String>,
    /// Whom and what a directory brought in.
    pub users: Vec<String>,
    pub groups: Vec<String>,
}

/// What came of one run.
pub struct Course {
    pub role: &'static Role,
    pub seed: u32,
    pub counts: Vec<Count>,
    /// Whether all checks passed.
    pub passed: bool,
    pub took: Duration,
    pub log: PathBuf,
}

impl Tool {
    /// # Errors
    ///
    /// When a file cannot be written.
    pub fn new(program: PathBuf, folder: PathBuf) -> Result<Self, Failure> {
        let tool = Self { program, folder };
        tool.file("scim.yaml", SCIM)?;
        tool.file("count.py", COUNT)?;
        Ok(tool)
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(name);
        let written = fs::write(&path, text);
        written.map_err(|error| Failure::new(1, format!("xtask: {}: {error}", path.display())))?;
        Ok(path)
    }

    /// Scans the demo as somebody.
    ///
    /// # Errors
    ///
    /// When the program cannot be started or does not say what was answered.
    pub fn scan(
        &self,
        (demo, facts): (&Demo<'_>, &Facts),
        (role, seed, examples): (&'static Role, u32, u32),
        visit: &Visit,
    ) -> Result<Course, Failure> {
        let name = format!("{}-{seed}", role.code);
        let broken =
            |error: std::io::Error| Failure::new(1, format!("xtask: scan: {name}: {error}"));
        // Of a link, and of a token that opens nothing, no requests are counted.
        let paced =
            visit.token.is_some() && visit.appointment.is_none() && role.may().next().is_some();
        let text = settings::text(role.interface, facts, visit, paced);
        let settings = self.file(&format!("{name}.toml"), &text)?;
        let (log, counts) = (self.path(&name, "log"), self.path(&name, "counts"));
        // What an earlier run left there is none of this one's.
        let _ = fs::remove_file(&counts);
        let mut command = self.command(demo, role.interface, &settings);
        command.args([
            "--seed",
            &seed.to_string(),
            "--max-examples",
            &examples.to_string(),
        ]);
        command
            .arg("--report-junit-path")
            .arg(self.path(&name, "xml"));
        command.env("KEPT_SCAN_COUNTS", &counts);
        match &visit.token {
            Some(token) => command.env("KEPT_TOKEN", token),
            None => command.env_remove("KEPT_TOKEN"),
        };
        let out = File::create(&log).map_err(broken)?;
        command.stderr(out.try_clone().map_err(broken)?).stdout(out);
        let started = Instant::now();
        let status = command.status().map_err(broken)?;
        let took = started.elapsed();
        let read = fs::read_to_string(&counts).ok();
        let read = read.and_then(|text| counts::read(&text));
        let read = read.filter(|counts| !counts.is_empty());
        let read = read.ok_or_else(|| {
            let said = last_words(&log);
            Failure::new(
                1,
                format!("xtask: scan: {name}: nothing was counted\n{said}"),
            )
        })?;
        Ok(Course {
            role,
            seed,
            counts: read,
            passed: status.success(),
            took,
            log,
        })
    }

    fn path(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{name}.{ending}"))
    }

    fn command(&self, demo: &Demo<'_>, interface: Interface, settings: &Path) -> Command {
        let base = format!("http://{}", demo.address);
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).stdin(Stdio::null());
        command.env("SCHEMATHESIS_HOOKS", self.folder.join("count.py"));
        command.arg("--config-file").arg(settings).arg("run");
        let without = match interface {
            Interface::Json => {
                command.arg(format!("{base}/api/v1/openapi.json"));
                NOT_OF_JSON
            }
            Interface::Scim => {
                command
                    .arg(self.folder.join("scim.yaml"))
                    .args(["--url", &base]);
                NOT_OF_SCIM
            }
        };
        command.args(["--checks", "all", "--exclude-checks", without]);
        command.args(["--phases", "examples,coverage,fuzzing,stateful"]);
        command.args(["--generation-database", "none", "--report", "junit"]);
        command.args(["--warnings", "off", "--continue-on-failure", "--no-color"]);
        command
    }
}

/// The end of a log.
pub fn last_words(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let lines = lines[lines.len().saturating_sub(SHOWN_LINES)..].iter();
    let lines = lines.map(|line| line.chars().take(SHOWN_CHARS).collect::<String>());
    lines.collect::<Vec<_>>().join("\n")
}
