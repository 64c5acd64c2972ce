//! TLS that Kept speaks itself: the certificate that is shown, where it comes from, and how it is
//! replaced while connections are served. Either the operator's own files ([`Files`]), read again
//! when they change, or certificates that [`acme`] orders and renews.
//!
//! TLS 1.2 and 1.3 with the suites of `ring`; nothing older is spoken. The rim accepts connections
//! with [`server_config`]; nothing here knows of requests.

pub mod acme;
mod challenges;
mod files;
mod pair;

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

pub use challenges::{CHALLENGE_PATH, Challenges};
pub use files::{Files, Looked};
pub use pair::{MAX_PEM_BYTES, Pair, PairError, Validity};

/// The only protocol that is spoken inside TLS.
const ALPN: &[u8] = b"http/1.1";

/// The certificate that is shown to whoever connects; another can take its place at any time.
/// Connections that stand go on with the one that they began with.
#[derive(Debug, Default)]
pub struct Certificates {
    shown: RwLock<Option<Arc<CertifiedKey>>>,
}

impl Certificates {
    /// Shows this one from now on.
    pub fn show(&self, pair: &Pair) {
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        *shown = Some(Arc::clone(&pair.certified));
    }
}

impl ResolvesServerCert for Certificates {
    /// One for all names. `None` before the first was ordered: then the handshake fails.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }
}

/// How TLS is spoken with certificates of that source.
///
/// # Panics
/// Never: the versions are among those of the provider.
#[must_use]
pub fn server_config(certificates: Arc<Certificates>) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .expect("ring has suites for both versions")
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![ALPN.to_vec()];
    Arc::new(config)
}
