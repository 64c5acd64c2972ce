//! Opening the doors that requests come in by, with the certificates that are shown there.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::kept::Kept;
use crate::app::App;
use crate::config::{self, Data, Server, host_of};
use crate::http::{Door, Entrance};
use crate::tls::acme::{Acme, AcmeError};
use crate::tls::{Certificates, Files, PairError, server_config};

/// The server cannot listen where it should.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {address} cannot be listened on; choose another or stop what has it")]
pub(super) struct ListenError {
    key: &'static str,
    address: SocketAddr,
    source: io::Error,
}

/// Why there is nothing to show to whoever connects.
#[derive(Debug, thiserror::Error)]
pub(super) enum TlsError {
    /// The files will not do.
    #[error("tls: {0}")]
    Pair(#[from] PairError),
    /// What was ordered cannot be kept.
    #[error("tls: {0}")]
    Acme(#[from] AcmeError),
}

/// Where the server listens, before anything is answered.
pub(super) struct Listening {
    listener: TcpListener,
    plain: Option<TcpListener>,
    /// Where, with the port that was taken.
    pub address: SocketAddr,
}

impl Listening {
    pub async fn bind(server: &Server) -> Result<Self, ListenError> {
        let listener = bind("server.listen", server.listen).await?;
        let address = listener.local_addr().map_err(|source| ListenError {
            key: "server.listen",
            address: server.listen,
            source,
        })?;
        let plain = match server.plain_listen {
            Some(address) => Some(bind("server.plain_listen", address).await?),
            None => None,
        };
        Ok(Self {
            listener,
            plain,
            address,
        })
    }

    /// How people reach it, unless the settings say otherwise.
    pub fn base_url(&self, server: &Server) -> String {
        let scheme = if server.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let own = || format!("{scheme}://{}", self.address);
        server.base_url.clone().unwrap_or_else(own)
    }

    /// The doors, and who looks after the certificates that are shown there.
    pub fn doors(
        self,
        server: &Server,
        data: &Data,
        app: &App,
    ) -> Result<(Vec<Door>, Option<Keeper>), TlsError> {
        let (entrance, keeper) = match &server.tls {
            None => (Entrance::Http, None),
            Some(tls) => {
                let certificates = Arc::new(Certificates::default());
                let keeper = Keeper::open(tls, data, app, Arc::clone(&certificates))?;
                (Entrance::Tls(server_config(certificates)), Some(keeper))
            }
        };
        let first = Door {
            listener: self.listener,
            entrance,
        };
        let plain = self.plain.map(|listener| Door {
            listener,
            entrance: Entrance::PlainBesideTls,
        });
        Ok(([Some(first), plain].into_iter().flatten().collect(), keeper))
    }
}

async fn bind(key: &'static str, address: SocketAddr) -> Result<TcpListener, ListenError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| ListenError {
        key,
        address,
        source,
    })
}

/// Looks after the certificates.
pub(super) enum Keeper {
    Files(Files),
    Acme(Box<Acme>),
}

impl Keeper {
    fn open(
        tls: &config::Tls,
        data: &Data,
        app: &App,
        certificates: Arc<Certificates>,
    ) -> Result<Self, TlsError> {
        match tls {
            config::Tls::Files { certificate, key } => {
                let opened = Files::open(certificate.clone(), key.clone(), certificates)?;
                let (files, pair) = opened;
                let now: Timestamp = app.store.clock().now();
                for warning in pair.warnings(key, Some(host_of(&app.base_url)), now) {
                    tracing::warn!("{warning}");
                }
                Ok(Self::Files(files))
            }
            config::Tls::Acme(settings) => {
                let acme = Acme::open(
                    settings.clone(),
                    &data.folder,
                    certificates,
                    Arc::clone(&app.challenges),
                    Arc::clone(app.store.clock()),
                )?;
                Ok(Self::Acme(Box::new(acme)))
            }
        }
    }

    pub fn start(self, kept: &mut Kept) {
        match self {
            Self::Files(files) => {
                kept.run_beside("Looking at the certificate", |stop| files.run(stop));
            }
            Self::Acme(acme) => {
                kept.run_beside("Ordering certificates", |stop| acme.run(stop));
            }
        }
    }
}
