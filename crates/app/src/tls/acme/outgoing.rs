//! How the certificate authority is asked: HTTPS only, no redirect, each answer bounded. It is the operator
//! who names it, so it may be anywhere, unlike those whom organizations name.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Request, Response, Uri, header, uri::Scheme};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::AcmeError;
use crate::outgoing::{exchange, over_tls, trusting};

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
        let connector = trusting(ca_file).map_err(|what| match ca_file {
            Some(path) => AcmeError::File(format!("{} {what}", path.display())),
            None => AcmeError::File(what),
        });
        connector.map(Self)
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
    let port = authority.port_u16().unwrap_or(HTTPS_PORT);
    let stream = TcpStream::connect((host, port)).await.map_err(other)?;
    let stream = over_tls(&tls, host.to_owned(), stream)
        .await
        .map_err(other)?;
    let named = HeaderValue::from_str(authority.as_str()).map_err(other)?;
    request.headers_mut().insert(header::HOST, named);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>()?;
    let answered = exchange(stream, request, MAX_ACME_ANSWER_BYTES).await;
    let answered = answered.map_err(other)?;
    let (mut parts, ()) = Response::new(()).into_parts();
    parts.status = answered.status;
    parts.headers = answered.headers;
    Ok(BytesResponse {
        parts,
        body: Box::new(Bytes::from(answered.body)),
    })
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(error))
}
