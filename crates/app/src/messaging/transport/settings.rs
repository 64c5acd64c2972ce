//! Which mail server, and how to talk to it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use kept_base::kit::Secret;
use lettre::transport::smtp::client::{Certificate, TlsParameters};

/// Longest configurable wait for a server's answer, in seconds.
pub const MAX_TIMEOUT_SECONDS: u64 = 120;
/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on this machine.
    None,
    /// By STARTTLS, which must succeed.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// The account at the mail server.
#[derive(Clone)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Which mail server, and how to talk to it.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// Name or address.
    pub host: String,
    /// Port: 587 for STARTTLS, 465 for implicit TLS by custom.
    pub port: u16,
    /// Protection on the way.
    pub tls: Tls,
    /// The account, when the server asks for one.
    pub credentials: Option<Credentials>,
    /// File in PEM with a certificate authority to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// How long to wait for each answer; at most [`MAX_TIMEOUT_SECONDS`].
    pub timeout: Duration,
}

/// What is wrong with the settings of mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A password would travel in the clear over a network.
    #[error("a password needs tls = \"starttls\" or \"implicit\", unless the host is this machine")]
    PasswordInTheClear,
    /// The certificate authority's file cannot be read.
    #[error("ca_file: {0}")]
    CaFile(String),
    /// TLS cannot be set up.
    #[error("tls: {0}")]
    Tls(String),
    /// Out of range.
    #[error("timeout_seconds is 1 to {MAX_TIMEOUT_SECONDS}")]
    Timeout,
}

impl Smtp {
    /// Checks everything that can be checked without connecting, and prepares TLS.
    pub(super) fn prepare(&self) -> Result<Option<TlsParameters>, Vec<SettingsError>> {
        let mut problems = Vec::new();
        let in_the_clear = self.tls == Tls::None && !is_this_machine(&self.host);
        if self.credentials.is_some() && in_the_clear {
            problems.push(SettingsError::PasswordInTheClear);
        }
        let longest = Duration::from_secs(MAX_TIMEOUT_SECONDS);
        if self.timeout.is_zero() || self.timeout > longest {
            problems.push(SettingsError::Timeout);
        }
        let tls = match self.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Implicit => {
                tls(self).map_err(|problem| problems.push(problem)).ok()
            }
        };
        if problems.is_empty() {
            Ok(tls)
        } else {
            Err(problems)
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn tls(settings: &Smtp) -> Result<TlsParameters, SettingsError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(file) = &settings.ca_file {
        let pem = std::fs::read(file).map_err(|error| SettingsError::CaFile(error.to_string()))?;
        let authority = Certificate::from_pem(&pem)
            .map_err(|error| SettingsError::CaFile(error.to_string()))?;
        builder = builder.add_root_certificate(authority);
    }
    builder
        .build()
        .map_err(|error| SettingsError::Tls(error.to_string()))
}
