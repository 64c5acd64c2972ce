//! A client that speaks TLS by the library's own rules, and trusts one authority.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::rim::wire::Answer;

/// One connection.
pub struct Client {
    sender: SendRequest<Empty<Bytes>>,
    pub version: ProtocolVersion,
    pub protocol: Option<Vec<u8>>,
    pub shown: CertificateDer<'static>,
}

/// What a client trusts, and which versions it speaks.
pub fn trusting(
    root: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions that ring has")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

impl Client {
    /// Connects and checks that the certificate is good for `name`.
    pub async fn connect(
        address: SocketAddr,
        name: &str,
        config: ClientConfig,
    ) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await?;
        let (_, tls) = stream.get_ref();
        let version = tls.protocol_version().expect("a version was agreed");
        let protocol = tls.alpn_protocol().map(<[u8]>::to_vec);
        let chain = tls.peer_certificates().expect("the server shows some");
        let shown = chain[0].clone().into_owned();
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("no I/O yet");
        tokio::spawn(connection);
        Ok(Self {
            sender,
            version,
            protocol,
            shown,
        })
    }

    /// A client of `book.example`.
    pub async fn book(address: SocketAddr, root: &CertificateDer<'static>) -> Self {
        let config = trusting(root, rustls::ALL_VERSIONS);
        let connected = Self::connect(address, "book.example", config).await;
        connected.expect("a handshake")
    }

    pub async fn get(&mut self, target: &str) -> Answer {
        let request = hyper::Request::get(target).header("host", "book.example");
        let request = request.body(Empty::new()).expect("a request");
        let response = self.sender.send_request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let headers = parts.headers.iter().map(|(name, value)| {
            let value = value.to_str().expect("ASCII").to_owned();
            (name.as_str().to_owned(), value)
        });
        Answer {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8(body.to_vec()).expect("UTF-8"),
        }
    }
}
