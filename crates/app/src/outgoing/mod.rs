//! The one way in which Kept asks other servers. Whom it asks is often named by an organization, so a name is
//! resolved once, each address that comes of it is looked at ([`deny`]), and the connection goes to one of
//! these addresses and to no other. TLS alone, unless the operator allows a network; no redirect is
//! followed; an answer is JSON, short and soon.

mod address;
mod deny;
mod wire;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{Method, Request, StatusCode, header};
use hyper::body::Bytes;
use ipnet::IpNet;
use kept_base::kit::Secret;
use tokio_rustls::TlsConnector;

pub use address::{Address, AddressError, Host, MAX_ADDRESS_BYTES};
pub use deny::is_denied;
pub(crate) use wire::{Answered, WireError, exchange, over_tls, trusting};

/// How long one question may take, resolving and connecting included, in seconds.
pub const OUTGOING_SECONDS: u64 = 8;
/// Most bytes of one answer.
pub const MAX_OUTGOING_ANSWER_BYTES: usize = 256 * 1024;
/// Most networks that an operator allows.
pub const MAX_ALLOWED_NETWORKS: usize = 64;
/// Ports that are asked at addresses that nobody allowed.
const PORTS: [u16; 2] = [443, 8443];

/// Asks other servers.
#[derive(Clone)]
pub struct Outgoing {
    /// Networks that the operator allows, though they are private; they are asked without TLS too.
    allowed: Arc<[IpNet]>,
    /// A certificate authority of the operator's own.
    ca_file: Option<Arc<Path>>,
    tls: Arc<OnceLock<TlsConnector>>,
    time: Duration,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self::new(&[], None)
    }
}

/// Why there is no answer. The codes stand in logs and in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The name or the address leads to where nobody may be sent, or by a port that is not asked.
    #[error("the address is not allowed")]
    Denied,
    /// No TLS, to somewhere that the operator does not allow.
    #[error("the address does not begin with https")]
    Plain,
    /// The name is not known, or nobody answers there.
    #[error("nobody could be reached")]
    Unreachable,
    /// The certificate is none to be trusted.
    #[error("there was no trusted connection")]
    Tls,
    /// It took longer than [`OUTGOING_SECONDS`].
    #[error("the answer took too long")]
    TooLate,
    /// It would send somewhere else.
    #[error("the answer leads elsewhere")]
    Redirect,
    /// It is an error.
    #[error("the answer was {0}")]
    Status(u16),
    /// It is longer than [`MAX_OUTGOING_ANSWER_BYTES`].
    #[error("the answer was too long")]
    TooLong,
    /// It is no JSON by what it says it is.
    #[error("the answer was no JSON")]
    Kind,
    /// It was not understood.
    #[error("the answer broke off or was no HTTP")]
    Broken,
}

impl OutgoingError {
    /// The code in logs and records.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Plain => "plain",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::TooLate => "too_late",
            Self::Redirect => "redirect",
            Self::Status(_) => "status",
            Self::TooLong => "too_long",
            Self::Kind => "kind",
            Self::Broken => "broken",
        }
    }
}

impl From<WireError> for OutgoingError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Tls => Self::Tls,
            WireError::Broken => Self::Broken,
            WireError::TooLong => Self::TooLong,
        }
    }
}

impl Outgoing {
    /// Asks everybody who is not denied, and whoever is in the `allowed` networks; trusts whom the system
    /// trusts, and those in `ca_file`.
    #[must_use]
    pub fn new(allowed: &[IpNet], ca_file: Option<&Path>) -> Self {
        Self {
            allowed: allowed.into(),
            ca_file: ca_file.map(Arc::from),
            tls: Arc::default(),
            time: Duration::from_secs(OUTGOING_SECONDS),
        }
    }

    /// Whether a file has a certificate authority that can be trusted.
    ///
    /// # Errors
    /// What is wrong with it, to follow its name.
    pub fn check_ca_file(path: &Path) -> Result<(), String> {
        trusting(Some(path)).map(drop)
    }

    /// The same with another limit of time.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// Fetches JSON.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn get(&self, address: &Address) -> Result<Vec<u8>, OutgoingError> {
        self.ask(address, Method::GET, None, String::new()).await
    }

    /// The same with an `Authorization`.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn get_with(
        &self,
        address: &Address,
        authorization: &Secret,
    ) -> Result<Vec<u8>, OutgoingError> {
        let authorization = Some(authorization);
        self.ask(address, Method::GET, authorization, String::new())
            .await
    }

    /// Sends a form, with an `Authorization` where there is one, and reads JSON.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn post(
        &self,
        address: &Address,
        authorization: Option<&Secret>,
        form: String,
    ) -> Result<Vec<u8>, OutgoingError> {
        self.ask(address, Method::POST, authorization, form).await
    }

    async fn ask(
        &self,
        address: &Address,
        method: Method,
        authorization: Option<&Secret>,
        form: String,
    ) -> Result<Vec<u8>, OutgoingError> {
        let mut request = Request::builder()
            .method(&method)
            .uri(address.path())
            .header(header::HOST, address.authority())
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, "Kept");
        if method == Method::POST {
            let kind = "application/x-www-form-urlencoded";
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization.expose());
        }
        let body = http_body_util::Full::new(Bytes::from(form));
        let request = request.body(body).map_err(|_| OutgoingError::Broken)?;
        let asked = tokio::time::timeout(self.time, self.exchanged(address, request));
        let answer = asked.await.unwrap_or(Err(OutgoingError::TooLate))?;
        judged(answer)
    }

    async fn exchanged(
        &self,
        address: &Address,
        request: Request<http_body_util::Full<Bytes>>,
    ) -> Result<Answered, OutgoingError> {
        let to = self.resolved(address).await?;
        let stream = tokio::net::TcpStream::connect(to).await;
        let stream = stream.map_err(|_| OutgoingError::Unreachable)?;
        // The kernel may know the way, but the address is the one that was looked at.
        let peer = stream.peer_addr().map_err(|_| OutgoingError::Unreachable)?;
        if !self.may_dial(peer, address.is_https()) {
            return Err(OutgoingError::Denied);
        }
        if address.is_https() {
            let tls = self.connector()?;
            let stream = over_tls(tls, address.host_text(), stream).await?;
            Ok(exchange(stream, request, MAX_OUTGOING_ANSWER_BYTES).await?)
        } else {
            Ok(exchange(stream, request, MAX_OUTGOING_ANSWER_BYTES).await?)
        }
    }

    fn connector(&self) -> Result<&TlsConnector, OutgoingError> {
        if let Some(known) = self.tls.get() {
            return Ok(known);
        }
        let made = trusting(self.ca_file.as_deref()).map_err(|_| OutgoingError::Tls)?;
        Ok(self.tls.get_or_init(|| made))
    }

    /// Where to connect to. All that a name leads to must be allowed: a name that leads to public and to
    /// private places means no good.
    async fn resolved(&self, address: &Address) -> Result<SocketAddr, OutgoingError> {
        let port = address.port();
        let all: Vec<SocketAddr> = match address.host() {
            Host::Ip(ip) => vec![SocketAddr::new(*ip, port)],
            Host::Name(name) => {
                let found = tokio::net::lookup_host((name.as_str(), port)).await;
                found.map_err(|_| OutgoingError::Unreachable)?.collect()
            }
        };
        self.chosen(&all, address.is_https())
    }

    fn chosen(&self, all: &[SocketAddr], is_https: bool) -> Result<SocketAddr, OutgoingError> {
        let first = all.first().ok_or(OutgoingError::Unreachable)?;
        if !is_https && !all.iter().all(|one| self.is_allowed(one.ip())) {
            return Err(OutgoingError::Plain);
        }
        if !all.iter().all(|one| self.may_dial(*one, is_https)) {
            return Err(OutgoingError::Denied);
        }
        Ok(SocketAddr::new(first.ip().to_canonical(), first.port()))
    }

    fn may_dial(&self, to: SocketAddr, is_https: bool) -> bool {
        if self.is_allowed(to.ip()) {
            return true;
        }
        is_https && !is_denied(to.ip()) && PORTS.contains(&to.port())
    }

    fn is_allowed(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.allowed.iter().any(|network| network.contains(&ip))
    }
}

/// The body of an answer that is one.
fn judged(answer: Answered) -> Result<Vec<u8>, OutgoingError> {
    match answer.status {
        StatusCode::OK => {}
        status if status.is_redirection() => return Err(OutgoingError::Redirect),
        status => return Err(OutgoingError::Status(status.as_u16())),
    }
    let text = |name| {
        let value = answer.headers.get(name)?.to_str().ok()?;
        Some(value.to_ascii_lowercase())
    };
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_json =
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    let is_packed = text(header::CONTENT_ENCODING).is_some_and(|how| how != "identity");
    if !is_json || is_packed {
        return Err(OutgoingError::Kind);
    }
    Ok(answer.body)
}

#[cfg(test)]
#[path = "outgoing_tests.rs"]
mod tests;
