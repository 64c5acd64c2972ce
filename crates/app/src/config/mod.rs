//! Settings: a TOML file, then `KEPT__SECTION__KEY` from the environment, then `--set` flags; each
//! later source wins. [`Raw`] gathers what is said and where, [`Config`] is what it means. All
//! that is wrong is reported at once, with what to write instead; unknown keys are wrong. Every
//! key may be absent.
//!
//! The keys, their meaning and what stands in for them are one table: [`keys::KEYS`].

mod key;
pub mod keys;
mod network;
mod raw;
mod reader;
mod resolve;
mod state;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use kept_base::store::Dsn;

use crate::backup::Recipient;
use crate::messaging::transport::{SettingsError, Smtp, SmtpServer, Transport};

pub use network::{MAX_DOMAINS, MAX_TRUSTED_PROXIES, host_of};
pub(crate) use raw::read_bounded;
pub use raw::{MAX_CONFIG_BYTES, Raw, Sources};
pub use reader::{MAX_SECRET_BYTES, read_secret};

/// Settings, resolved and checked.
#[derive(Debug)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[outgoing]`
    pub outgoing: OutgoingSettings,
    /// `[data]`
    pub data: Data,
    /// `[backup]`; without a folder none are made.
    pub backup: Option<Backup>,
    /// `[mail]`: how letters leave; checked as far as it can be without connecting.
    pub mail: Mail,
    /// `[store]`
    pub store: Storage,
    /// `[log]`
    pub log: Log,
}

/// `[server]`: where requests come in.
#[derive(Debug)]
pub struct Server {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// How people reach it, without a slash at the end; `None` when that is where it listens.
    pub base_url: Option<String>,
    /// Where plain HTTP is answered beside TLS.
    pub plain_listen: Option<SocketAddr>,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How often one address may ask within a minute.
    pub address_requests: u32,
    /// Whether the operator's pages open only with a second factor.
    pub operators_need_factor: bool,
    /// Whether browsers may be delivered with the rule to use TLS only.
    pub hsts_preload: bool,
    /// `[tls]`: how TLS is spoken; `None` when a proxy does.
    pub tls: Option<Tls>,
}

/// `[tls]`: where certificates come from.
#[derive(Debug, Clone)]
pub enum Tls {
    /// The operator's own files, in PEM.
    Files {
        /// The chain, the server's own certificate first.
        certificate: PathBuf,
        /// The key of that certificate.
        key: PathBuf,
    },
    /// They are ordered and renewed (RFC 8555).
    Acme(Acme),
}

/// How certificates are ordered. The terms of whoever makes them were agreed to.
#[derive(Debug, Clone)]
pub struct Acme {
    /// The names they are for.
    pub domains: Vec<String>,
    /// Whom the certificate authority may write to.
    pub contact: Option<String>,
    /// Where it is reached.
    pub directory: String,
    /// A certificate authority to trust there, beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// `[outgoing]`: whom Kept may ask beside everybody public.
#[derive(Debug, Clone, Default)]
pub struct OutgoingSettings {
    /// Private networks that may be asked, without TLS too.
    pub allow: Vec<IpNet>,
    /// A certificate authority to trust, beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// `[data]`: where everything is kept.
#[derive(Debug, Clone)]
pub struct Data {
    /// The folder of the encrypted databases.
    pub folder: PathBuf,
    /// The file with the root key, which opens all of them.
    pub root_key_file: PathBuf,
    /// The program that prints the root key instead, with its arguments.
    pub root_key_command: Option<String>,
    /// The PostgreSQL database that has the data instead of files in the folder.
    pub postgres: Option<Dsn>,
    /// Most connections of this process to it.
    pub postgres_connections: usize,
}

/// `[backup]`: where copies go, how often, and how long they stay.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The folder of all backups.
    pub folder: PathBuf,
    /// Whom they are encrypted to.
    pub recipient: Recipient,
    /// The identity that opens them, where the server has it.
    pub identity_file: Option<PathBuf>,
    /// Hours from one backup of the data to the next.
    pub every_hours: i64,
    /// Days that a backup of the data is kept.
    pub keep_days: i64,
    /// Hours from one backup of keys to the next.
    pub keys_every_hours: i64,
    /// Days that a backup of keys is kept.
    pub keys_keep_days: i64,
    /// Days from one drill to the next.
    pub drill_every_days: i64,
}

/// `[mail]`: how letters leave.
#[derive(Debug, Clone)]
pub enum Mail {
    /// Not at all.
    Off,
    /// By a mail server.
    Smtp(Smtp),
}

/// `[store]`: how the databases behave.
#[derive(Debug)]
pub struct Storage {
    /// Many transactions in one commit.
    pub group_commit: bool,
}

/// `[log]`: what is written to standard error.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// One JSON object per line, or text.
    pub format: LogFormat,
    /// The least severe that is written.
    pub level: LogLevel,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For people.
    Text,
}

/// The least severe that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Somebody must act.
    Error,
    /// Somebody should look.
    Warn,
    /// One line per request and job.
    Info,
    /// What is needed to find a fault.
    Debug,
}

/// One thing that is wrong with the settings. Never holds a secret's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The key, such as `server.listen`; the file's name when it cannot be read.
    pub key: String,
    /// Where it was set, unless it was not.
    pub set_in: Option<String>,
    /// What is wrong, and what to write instead.
    pub what: String,
}

/// Everything that is wrong, at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings(pub Vec<Finding>);

impl Config {
    /// Reads all sources and resolves them. Looks at the data folder and the files it names, and
    /// changes nothing.
    ///
    /// # Errors
    /// [`Findings`], all of them.
    pub fn load(sources: &Sources) -> Result<Self, Findings> {
        let (raw, mut findings) = Raw::gather(sources);
        let resolved = resolve::resolve(raw, &mut findings);
        match resolved {
            Some(config) if findings.is_empty() => Ok(config),
            _ => Err(Findings(findings)),
        }
    }
}

impl Mail {
    /// Prepares what was set, without connecting.
    ///
    /// # Errors
    /// [`Findings`] for a certificate authority or a host that cannot be used.
    pub fn transport(self) -> Result<Transport, Findings> {
        let Self::Smtp(settings) = self else {
            return Ok(Transport::Off);
        };
        let finding = |error: SettingsError| {
            let (key, what) = match error {
                SettingsError::CaFile(why) => (keys::CA_FILE, format!("cannot be used: {why}")),
                SettingsError::Tls(why) => (keys::HOST, format!("cannot be used with TLS: {why}")),
                SettingsError::PasswordInTheClear => (keys::MAIL_TLS, error.to_string()),
                SettingsError::Timeout => (keys::TIMEOUT_SECONDS, error.to_string()),
            };
            Finding {
                key: key.name.to_owned(),
                set_in: None,
                what,
            }
        };
        SmtpServer::new(settings)
            .map(Transport::Smtp)
            .map_err(|errors| Findings(errors.into_iter().map(finding).collect()))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.set_in {
            Some(place) => write!(f, "{} ({place}): {}", self.key, self.what),
            None => write!(f, "{}: {}", self.key, self.what),
        }
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, finding) in self.0.iter().enumerate() {
            let end_of_last = if number == 0 { "" } else { "\n" };
            write!(f, "{end_of_last}{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

#[cfg(test)]
mod tests;
