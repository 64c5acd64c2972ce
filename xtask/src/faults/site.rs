//! One Kept process on files, organizations to book in, and what became of the bookings.

use std::collections::{BTreeSet, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::report::Check;
use crate::ha::bookings::Booker;
use crate::ha::found;
use crate::ha::kept::{Organization, connection, create};
use crate::ha::load::Load;
use crate::ha::setup::{self, SERVICE, texts};
use crate::server::http::Answer;
use crate::server::{Running, Scratch, free_ports};
use crate::step::Failure;

/// How many times of an organization nobody books in the load: they are for whoever only tries.
const SPARE: usize = 400;
const ORGANIZATIONS: usize = 2;
/// How many book in one organization.
const CLIENTS: usize = 4;
/// How long a client rests after each booking, in milliseconds.
const REST_MS: u64 = 25;
/// How long a process may take to be ready, in seconds.
const READY_SECONDS: u64 = 60;

/// A process, its settings and its organizations.
pub struct Site<'s> {
    scratch: &'s Scratch,
    program: PathBuf,
    settings: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
    address: SocketAddr,
    running: Option<Running<'s>>,
    organizations: Vec<Organization>,
}

impl<'s> Site<'s> {
    /// Makes organizations with their data below `disk` and serves them. The root key and the log
    /// are elsewhere.
    ///
    /// # Errors
    ///
    /// When the program refuses or does not become ready.
    pub fn start(
        scratch: &'s Scratch,
        program: &Path,
        disk: &Path,
        environment: Vec<(&'static str, PathBuf)>,
    ) -> Result<Self, Failure> {
        let [port] = free_ports(Ipv4Addr::LOCALHOST)
            .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        scratch.folder("kept")?;
        let text = format!(
            "[server]\nlisten = \"{address}\"\n\n[data]\nfolder = \"{}\"\nroot_key_file = \"{}\"\n\n\
             [log]\nlevel = \"warn\"\n",
            disk.join("data").display(),
            scratch.path("kept/root.key").display()
        );
        let mut site = Self {
            settings: scratch.file("kept/kept.toml", &text)?,
            scratch,
            program: program.to_owned(),
            environment,
            address,
            running: None,
            organizations: Vec::new(),
        };
        let mut made = Vec::new();
        for number in 0..ORGANIZATIONS {
            let slug = format!("hall-{number}");
            made.push(create(scratch, program, &site.settings, &slug)?);
        }
        site.serve()?;
        for made in made {
            let made = setup::set_up(&mut connection(address), made)?;
            site.organizations.push(made);
        }
        Ok(site)
    }

    /// Starts the process, again if it ended.
    ///
    /// # Errors
    ///
    /// When it does not become ready; with its last words.
    pub fn serve(&mut self) -> Result<(), Failure> {
        let mut command = self.scratch.account.command(&self.program);
        command.args(["serve", "--config"]).arg(&self.settings);
        command.current_dir(self.scratch.path("kept"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let address = self.address;
        let mut running = Running::start(self.scratch, "kept-serve", command)?;
        running.ready(Duration::from_secs(READY_SECONDS), || {
            let answer = connection(address).get("/readyz", "").ok()?;
            (answer.status == 200).then_some(())
        })?;
        self.running = Some(running);
        Ok(())
    }

    /// Ends the process at once (`kill -9`).
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Asks the process to end.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.stop("TERM");
        }
    }

    /// The number of the process.
    pub fn process(&self) -> Option<u32> {
        self.running.as_ref().map(Running::id)
    }

    /// Starts to book.
    pub fn book(&self) -> Load<Booker> {
        let mut writers = Vec::new();
        for (number, organization) in self.organizations.iter().enumerate() {
            for client in 0..CLIENTS {
                let number_of = organization.starts.len().saturating_sub(SPARE);
                let starts = organization.starts.iter().take(number_of);
                let wanted: VecDeque<String> =
                    starts.skip(client).step_by(CLIENTS).cloned().collect();
                let booker = Booker::new(
                    self.address,
                    (number, organization),
                    client.to_string(),
                    wanted,
                );
                writers.push((0, booker));
            }
        }
        Load::start(1, Duration::from_millis(REST_MS), writers)
    }

    /// Holds one of the times that nobody books, the `number`th from the last.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn hold(&self, number: usize) -> Result<Answer, Failure> {
        let organization = &self.organizations[0];
        let spare = organization.starts.iter().rev().take(SPARE);
        let at = spare.cycle().nth(number).map_or("", String::as_str);
        let path = format!("/api/v1/orgs/{}/holds", organization.slug);
        let body = format!(r#"{{"service":"{SERVICE}","starts_at":"{at}"}}"#);
        let answer =
            connection(self.address).post(&path, "content-type: application/json\r\n", &body);
        answer.map_err(|error| Failure::new(1, format!("xtask: a hold: {error}")))
    }

    /// The statuses of what is only read: a page, a list of appointments, and the times of a day.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn read(&self) -> Result<Vec<u16>, Failure> {
        let Organization {
            slug,
            token,
            starts,
        } = &self.organizations[0];
        let day = starts.last().map_or("", |at| &at[..10]);
        let fields = format!("authorization: Bearer {token}\r\n");
        let paths = [
            format!("/{slug}"),
            format!("/api/v1/orgs/{slug}/appointments?limit=50"),
            format!("/api/v1/orgs/{slug}/slots?service={SERVICE}&date={day}"),
        ];
        let mut connection = connection(self.address);
        let mut ask = |path: &String| connection.get(path, &fields).map(|answer| answer.status);
        let asked: Result<Vec<u16>, _> = paths.iter().map(&mut ask).collect();
        asked.map_err(|error| Failure::new(1, format!("xtask: a question: {error}")))
    }

    /// Looks for every acknowledged booking and for times that were given twice, and lets
    /// `kept doctor` read every page.
    ///
    /// # Errors
    ///
    /// When the lists cannot be read or a file is damaged.
    pub fn check(&self, writers: &[Booker]) -> Result<Check, Failure> {
        let mut check = Check::default();
        for (number, organization) in self.organizations.iter().enumerate() {
            let there = found::list(&mut connection(self.address), organization)?;
            let known: BTreeSet<&(String, String)> = there.iter().collect();
            let times: BTreeSet<&String> = there.iter().map(|(_, at)| at).collect();
            let mine = writers.iter().filter(|one| one.organization == number);
            let kept: Vec<&(String, String)> = mine.flat_map(|booker| &booker.kept).collect();
            let lost = kept.iter().filter(|one| !known.contains(*one)).count();
            check.acknowledged += kept.len();
            check.lost += lost;
            check.doubled += there.len() - times.len();
            check.unheard += there.len() + lost - kept.len();
        }
        check.odd = writers.iter().map(|booker| booker.odd.len()).sum();
        self.doctor()?;
        Ok(check)
    }

    fn doctor(&self) -> Result<(), Failure> {
        let mut doctor = self.scratch.account.command(&self.program);
        doctor.args(["doctor", "--config"]).arg(&self.settings);
        doctor.current_dir(self.scratch.path("kept"));
        let said = doctor.output();
        let said = said.map_err(|error| Failure::new(1, format!("xtask: kept doctor: {error}")))?;
        let text = String::from_utf8_lossy(&said.stdout);
        let whole = text.matches(": opens, and is whole").count();
        if whole == self.organizations.len() {
            return Ok(());
        }
        Err(Failure::new(1, format!("xtask: kept doctor:\n{text}")))
    }
}

/// The code of a problem.
pub fn code(answer: &Answer) -> &str {
    texts(&answer.body, "code").next().unwrap_or_default()
}
