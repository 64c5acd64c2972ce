//! Where a server is, and connecting to it.

use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::Error;
use super::session::judge;
use crate::kit::Secret;

/// How long connecting may take, in seconds.
const CONNECT_TIMEOUT_SECONDS: u64 = 5;
/// How long a server may leave what was sent unacknowledged before the connection counts as lost,
/// in seconds: a machine that vanished says nothing.
const SILENCE_SECONDS: u64 = 10;
/// Longest that one statement may take, in seconds.
const STATEMENT_SECONDS: u64 = 60;
/// Longest that a transaction may rest between two statements, in seconds.
const IDLE_SECONDS: u64 = 60;

/// Where a server is and who we are to it: `postgres://kept:..@db.example.org/kept`. Its text holds
/// a password, so it is printed nowhere.
#[derive(Clone)]
pub struct Dsn(Config, Secret);

impl std::fmt::Debug for Dsn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dsn(..)")
    }
}

impl Dsn {
    /// Reads a connection string, as URL or as `key=value` pairs.
    ///
    /// Connections to other machines are always encrypted, and the server's certificate must be
    /// one that the system trusts (`SSL_CERT_FILE` names others), unless it says
    /// `sslmode=disable`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it is none; the text is not repeated.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |what: &str| Error::Unavailable(format!("the connection string {what}"));
        let mut config: Config = (text.trim().parse())
            .map_err(|_| refused("is none: write postgres://user:password@host/database"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(refused("names no host"));
        }
        if config.get_dbname().is_none() {
            return Err(refused("names no database"));
        }
        let near = config.get_hosts().iter().all(is_near)
            && config
                .get_hostaddrs()
                .iter()
                .all(std::net::IpAddr::is_loopback);
        match config.get_ssl_mode() {
            SslMode::Prefer if near => config.ssl_mode(SslMode::Disable),
            SslMode::Prefer => config.ssl_mode(SslMode::Require),
            _ => &mut config,
        };
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(CONNECT_TIMEOUT_SECONDS));
        }
        config
            .tcp_user_timeout(Duration::from_secs(SILENCE_SECONDS))
            .keepalives_idle(Duration::from_secs(SILENCE_SECONDS))
            .application_name("kept");
        Ok(Self(config, Secret::new(text.trim().to_owned())))
    }

    /// The text, to keep it sealed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.1.expose()
    }

    /// Another database of the same server.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.0.dbname(name);
        let text = self.expose();
        // Of what is said twice the last counts, in either form.
        let between = match (text.contains("://"), text.contains('?')) {
            (false, _) => ' ',
            (true, false) => '?',
            (true, true) => '&',
        };
        other.1 = Secret::new(format!("{text}{between}dbname={name}"));
        other
    }

    /// Connects. Blocks, and must not be called where futures are polled.
    ///
    /// # Errors
    /// [`Error::Unavailable`], with what the server answered as a code.
    pub fn connect(&self) -> Result<Client, Error> {
        let connected = if self.0.get_ssl_mode() == SslMode::Disable {
            self.0.connect(NoTls)
        } else {
            self.0.connect(MakeRustlsConnect::new(trust()?))
        };
        let mut client = connected.map_err(|error| match judge(&error).0 {
            Error::Engine(what) => Error::Unavailable(what),
            known => known,
        })?;
        let limits = format!(
            "set statement_timeout = '{STATEMENT_SECONDS}s';
             set idle_in_transaction_session_timeout = '{IDLE_SECONDS}s';
             set client_min_messages = 'error'"
        );
        client.batch_execute(&limits).map_err(|e| judge(&e).0)?;
        Ok(client)
    }
}

/// Whether nothing leaves this machine on the way there.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || (name.parse::<std::net::IpAddr>()).is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The certificates that the system trusts.
fn trust() -> Result<rustls::ClientConfig, Error> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::Unavailable("TLS cannot be set up".to_owned()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> SslMode {
        Dsn::parse(text).expect("is read").0.get_ssl_mode()
    }

    #[test]
    fn other_machines_are_reached_encrypted_unless_it_is_turned_off() {
        assert_eq!(mode("postgres://k:p@db.example.org/kept"), SslMode::Require);
        assert_eq!(
            mode("postgres://k:p@10.0.0.7,127.0.0.1/kept"),
            SslMode::Require
        );
        assert_eq!(mode("host=/run/postgresql dbname=kept"), SslMode::Disable);
        assert_eq!(mode("postgres://k:p@127.0.0.1:5432/kept"), SslMode::Disable);
        assert_eq!(
            mode("postgres://k:p@[::1]/kept?sslmode=require"),
            SslMode::Require
        );
        assert_eq!(
            mode("postgres://k:p@db.example.org/kept?sslmode=disable"),
            SslMode::Disable
        );
    }

    #[test]
    fn another_database_is_what_is_kept_of_it_too() {
        for text in [
            "postgres://k:p@127.0.0.1/kept",
            "postgres://k:p@127.0.0.1/kept?sslmode=disable",
            "host=127.0.0.1 user=k dbname=kept",
        ] {
            let other = Dsn::parse(text).expect("is read").with_database("other");
            let again = Dsn::parse(other.expose()).expect("is read");
            for dsn in [&other, &again] {
                assert_eq!(dsn.0.get_dbname(), Some("other"), "{text}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_text() {
        for text in [
            "",
            "postgres://",
            "postgres://secret@host",
            "dbname=kept",
            "nonsense secret",
        ] {
            let error = Dsn::parse(text).expect_err(text).to_string();
            assert!(error.contains("connection string"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
        let dsn = Dsn::parse("postgres://kept:secret@127.0.0.1/kept").expect("is read");
        assert_eq!(format!("{dsn:?}"), "Dsn(..)");
    }
}
