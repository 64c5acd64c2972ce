//! One question over one connection, whoever's it is: TLS, HTTP/1.1, an answer that is bounded.

use std::path::Path;
use std::sync::Arc;

use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Most bytes of the head of an answer.
const MAX_ANSWER_HEAD_BYTES: usize = 32 * 1024;

/// An answer.
pub(crate) struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WireError {
    #[error("there was no trusted connection")]
    Tls,
    #[error("the answer broke off or was no HTTP")]
    Broken,
    #[error("the answer was too long")]
    TooLong,
}

/// Trusts whom the system trusts, and those in the file.
///
/// # Errors
/// What is wrong with the file, to follow its name.
pub(crate) fn trusting(ca_file: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let own = CertificateDer::from_pem_file(path);
        let own = own.map_err(|_| "has no certificate that can be read".to_owned())?;
        roots.add(own).map_err(|error| error.to_string())?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// TLS to whoever shows a trusted certificate for `host`.
///
/// # Errors
/// [`WireError::Tls`].
pub(crate) async fn over_tls(
    tls: &TlsConnector,
    host: String,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, WireError> {
    let name = ServerName::try_from(host).map_err(|_| WireError::Tls)?;
    let stream = tls.connect(name, stream).await;
    stream.map_err(|_| WireError::Tls)
}

/// Sends one request and reads the answer, whose body has at most `most` bytes.
///
/// # Errors
/// [`WireError`].
pub(crate) async fn exchange<S, B>(
    stream: S,
    request: Request<B>,
    most: usize,
) -> Result<Answered, WireError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let made = http1::Builder::new()
        .max_buf_size(MAX_ANSWER_HEAD_BYTES)
        .handshake(TokioIo::new(stream))
        .await;
    let (mut sender, connection) = made.map_err(|_| WireError::Broken)?;
    // Ends with the sender; what goes wrong is the answer's error too.
    tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    let (parts, body) = answer.map_err(|_| WireError::Broken)?.into_parts();
    let body = Limited::new(body, most).collect().await;
    let body = body.map_err(|error| {
        if error.is::<LengthLimitError>() {
            WireError::TooLong
        } else {
            WireError::Broken
        }
    })?;
    Ok(Answered {
        status: parts.status,
        headers: parts.headers,
        body: body.to_bytes().to_vec(),
    })
}
