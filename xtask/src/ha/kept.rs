//! Two Kept processes on one PostgreSQL, and organizations to book in.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::setup;
use crate::server::http::Connection;
use crate::server::psql::Psql;
use crate::server::{Running, Scratch, free_ports};
use crate::step::Failure;

/// How many processes.
pub const PROCESSES: usize = 2;
/// How many organizations: so many that their times outlast the run.
const ORGANIZATIONS: usize = 12;
/// How long a process may take to be ready, in seconds.
const READY_SECONDS: u64 = 60;
/// How long one answer may take, in seconds: as long as Kept gives a request, and a little.
const ANSWER_SECONDS: u64 = 35;

/// The time zone of the organizations: one whose clock never changes.
const ZONE: &str = "Africa/Nairobi";

/// An organization with one on the staff, who serves day and night.
pub struct Organization {
    pub slug: String,
    /// Its token for the API.
    pub token: String,
    /// The times that can be booked, in their order.
    pub starts: Vec<String>,
}

/// The processes and their organizations.
pub struct Pair<'s> {
    _running: Vec<Running<'s>>,
    pub addresses: [SocketAddr; PROCESSES],
    pub organizations: Vec<Organization>,
}

impl<'s> Pair<'s> {
    /// Makes the organizations on `psql`'s database and starts both processes on it.
    ///
    /// # Errors
    ///
    /// When the program refuses or does not become ready.
    pub fn start(scratch: &'s Scratch, program: &Path, psql: &Psql) -> Result<Self, Failure> {
        let ports: [u16; PROCESSES] = free_ports(Ipv4Addr::LOCALHOST)
            .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
        let addresses = ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        scratch.file("postgres.dsn", &psql.dsn())?;
        scratch.folder("keys")?;
        let mut settings = Vec::new();
        for (number, address) in addresses.iter().enumerate() {
            settings.push(configure(scratch, number, *address)?);
        }
        let mut made = Vec::new();
        for number in 0..ORGANIZATIONS {
            made.push(create(
                scratch,
                program,
                &settings[0],
                &format!("hall-{number}"),
            )?);
        }
        let mut running = Vec::new();
        for (number, settings) in settings.iter().enumerate() {
            running.push(serve(
                scratch,
                program,
                number,
                (settings, addresses[number]),
            )?);
        }
        let mut organizations = Vec::new();
        for made in made {
            let mut connection = connection(addresses[0]);
            organizations.push(setup::set_up(&mut connection, made)?);
        }
        Ok(Self {
            _running: running,
            addresses,
            organizations,
        })
    }
}

/// A connection to a process, with a patience that outlasts its own.
pub fn connection(address: SocketAddr) -> Connection {
    Connection::new(address, Duration::from_secs(ANSWER_SECONDS))
}

fn configure(scratch: &Scratch, number: usize, listen: SocketAddr) -> Result<PathBuf, Failure> {
    let folder = scratch.folder(&format!("kept-{number}"))?.join("data");
    let text = format!(
        "\
[server]
listen = \"{listen}\"

[data]
folder = \"{}\"
root_key_file = \"{}\"
postgres_file = \"{}\"

[log]
level = \"warn\"
",
        folder.display(),
        scratch.path("keys/root.key").display(),
        scratch.path("postgres.dsn").display()
    );
    scratch.file(&format!("kept-{number}/kept.toml"), &text)
}

/// What `kept org create` tells of a fresh organization.
pub struct Created {
    pub slug: String,
    pub token: String,
    /// The path of the link that makes its first owner.
    pub own: String,
}

/// Makes an organization by `kept org create`.
///
/// # Errors
///
/// When the program refuses.
pub fn create(
    scratch: &Scratch,
    program: &Path,
    settings: &Path,
    slug: &str,
) -> Result<Created, Failure> {
    let mut command = scratch.account.command(program);
    command
        .args([
            "org", "create", slug, "--name", slug, "--zone", ZONE, "--config",
        ])
        .arg(settings)
        .args(["--mail-from", "desk@example.org"]);
    let said = command
        .output()
        .map_err(|error| Failure::new(1, format!("xtask: kept org create: {error}")))?;
    let text = String::from_utf8_lossy(&said.stdout);
    let told = |label: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(label))?;
        Some(line.trim().to_owned())
    };
    let own = told("set up").and_then(|link| link.find("/o/").map(|at| link[at..].to_owned()));
    match (told("API token"), own) {
        (Some(token), Some(own)) if said.status.success() => Ok(Created {
            slug: slug.to_owned(),
            token,
            own,
        }),
        _ => {
            let why = String::from_utf8_lossy(&said.stderr);
            Err(Failure::new(
                1,
                format!("xtask: kept org create: {}", why.trim()),
            ))
        }
    }
}

fn serve<'s>(
    scratch: &'s Scratch,
    program: &Path,
    number: usize,
    (settings, address): (&Path, SocketAddr),
) -> Result<Running<'s>, Failure> {
    let mut command = scratch.account.command(program);
    command.args(["serve", "--config"]).arg(settings);
    command.current_dir(scratch.folder(&format!("kept-{number}"))?);
    let mut running = Running::start(scratch, &format!("kept-{number}"), command)?;
    running.ready(Duration::from_secs(READY_SECONDS), || {
        let answer = connection(address).get("/readyz", "").ok()?;
        (answer.status == 200).then_some(())
    })?;
    Ok(running)
}
