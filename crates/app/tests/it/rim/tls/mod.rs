//! TLS that Kept speaks itself, with a client of its own.

pub mod authority;
pub mod client;
mod commands;
mod outgoing;
mod plain;
mod spoken;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use kept_app::http::{Door, Entrance, Limits, Trusted};
use kept_app::tls::{Certificates, Files, server_config};

use self::authority::{Authority, Issued};
use super::{Rim, local};

/// A server with TLS, and a plain listener beside it.
struct Secure {
    rim: Rim,
    plain: SocketAddr,
    authority: Authority,
    files: Files,
    folder: tempfile::TempDir,
}

impl Secure {
    async fn start(limits: Limits) -> Self {
        Self::named("book.example", limits).await
    }

    /// The same with a certificate for another name.
    async fn named(name: &str, limits: Limits) -> Self {
        let authority = Authority::new();
        let folder = tempfile::tempdir().expect("a temporary folder");
        authority.issue(name).write(folder.path());
        let certificates = Arc::new(Certificates::default());
        let paths = ["chain.pem", "key.pem"].map(|name| folder.path().join(name));
        let [chain, key]: [PathBuf; 2] = paths;
        let (files, _) = Files::open(chain, key, Arc::clone(&certificates)).expect("a pair");
        let (listener, beside) = (local().await, local().await);
        let plain = beside.local_addr().expect("an address");
        let doors = vec![
            Door {
                listener,
                entrance: Entrance::Tls(server_config(certificates)),
            },
            Door {
                listener: beside,
                entrance: Entrance::PlainBesideTls,
            },
        ];
        Self {
            rim: Rim::at(doors, Trusted::default(), limits),
            plain,
            authority,
            files,
            folder,
        }
    }

    fn address(&self) -> SocketAddr {
        self.rim.address()
    }

    /// Replaces the files by those of another certificate.
    fn replace(&self) -> Issued {
        let issued = self.authority.issue("book.example");
        issued.write(self.folder.path());
        issued
    }
}
