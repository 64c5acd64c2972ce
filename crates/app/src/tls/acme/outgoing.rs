//! How the certificate authority is asked: HTTPS only, no redirect, each answer bounded.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Uri, header, uri::Scheme};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::AcmeError;

/// How long one question may take, connecting included, in seconds.
const QUESTION_SECONDS: u64 = 30;
/// Most bytes of one answer.
const MAX_ACME_ANSWER_BYTES: usize = 256 * 1024;

const HTTPS_PORT: u16 = 443;

/// One connection for each question.
pub(super) struct Outgoing(TlsConnector);

impl Outgoing {
    /// Trusts whom the system trusts, and those in the file.
    pub fn new(ca_file: Option<&Path>) -> Result<Self, AcmeError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = ca_file {
            let wrong = |what: String| AcmeError::File(format!("{} {what}", path.display()));
            let own = CertificateDer::from_pem_file(path);
            let own = own.map_err(|_| wrong("has no certificate that can be read".to_owned()))?;
            roots.add(own).map_err(|error| wrong(error.to_string()))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| AcmeError::File(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>>;

impl HttpClient for Outgoing {
    fn request(&self, request: Request<BodyWrapper<Bytes>>) -> Answer {
        let asking = ask(self.0.clone(), request);
        let time = Duration::from_secs(QUESTION_SECONDS);
        Box::pin(async move {
            let answered = tokio::time::timeout(time, asking).await;
            answered.unwrap_or(Err(Error::Str("no answer in time")))
        })
    }
}

async fn ask(
    tls: TlsConnector,
    mut request: Request<BodyWrapper<Bytes>>,
) -> Result<BytesResponse, Error> {
    let uri = request.uri().clone();
    let authority = uri
        .authority()
        .filter(|_| uri.scheme() == Some(&Scheme::HTTPS));
    let authority = authority.ok_or(Error::Str("an https address"))?;
    let host = authority.host().trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(other)?;
    let port = authority.port_u16().unwrap_or(HTTPS_PORT);
    let stream = TcpStream::connect((host, port)).await.map_err(other)?;
    let stream = tls.connect(name, stream).await.map_err(other)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(other)?;
    // Ends with the sender; what goes wrong is the answer's error too.
    tokio::spawn(connection);
    let named = HeaderValue::from_str(authority.as_str()).map_err(other)?;
    request.headers_mut().insert(header::HOST, named);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>()?;
    let (parts, body) = sender
        .send_request(request)
        .await
        .map_err(other)?
        .into_parts();
    let body = Limited::new(body, MAX_ACME_ANSWER_BYTES).collect().await;
    let body = body.map_err(Error::Other)?.to_bytes();
    Ok(BytesResponse {
        parts,
        body: Box::new(body),
    })
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(error))
}
