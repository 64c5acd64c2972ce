//! A real ACME server: Pebble, which Let's Encrypt tests its clients with, and the name server that
//! comes with it and says that every name is this machine's. Both end with the test.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::json;
use tokio::net::TcpStream;

use crate::rim::tls::authority::Authority;
use crate::rim::tls::client::{Client, trusting};

/// Turns a server that never starts into a failure.
const WITHIN: Duration = Duration::from_secs(60);

pub struct Pebble {
    folder: tempfile::TempDir,
    authority: Authority,
    directory: SocketAddr,
    management: SocketAddr,
    children: Vec<Child>,
}

/// An address that was free a moment ago.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

impl Pebble {
    /// Starts one that asks for proofs at that port.
    ///
    /// # Panics
    ///
    /// When it is not installed.
    pub async fn start(http_port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = Authority::new();
        authority.issue("127.0.0.1").write(folder.path());
        std::fs::write(folder.path().join("root.pem"), &authority.root_pem).expect("it is ours");
        let [directory, management, dns, names] = [free(), free(), free(), free()];
        let config = json!({ "pebble": {
            "listenAddress": directory.to_string(),
            "managementListenAddress": management.to_string(),
            "certificate": folder.path().join("chain.pem"),
            "privateKey": folder.path().join("key.pem"),
            "httpPort": http_port,
            "tlsPort": 1,
        }});
        let path = folder.path().join("pebble.json");
        std::fs::write(&path, config.to_string()).expect("it is ours");
        let mut challtestsrv = Command::new("pebble-challtestsrv");
        challtestsrv.args(["-defaultIPv6", "", "-http01", "", "-https01", ""]);
        challtestsrv.args(["-tlsalpn01", "", "-dns01", &dns.to_string()]);
        challtestsrv.args(["-management", &names.to_string()]);
        let mut pebble = Command::new("pebble");
        // It refuses some nonces on purpose; answering that is the client library's matter.
        pebble.env("PEBBLE_WFE_NONCEREJECT", "0");
        pebble.args(["-dnsserver", &dns.to_string(), "-config"]);
        pebble.arg(&path).env("PEBBLE_VA_NOSLEEP", "1");
        pebble.env("PEBBLE_AUTHZREUSE", "0");
        let children = vec![spawn(challtestsrv), spawn(pebble)];
        for address in [directory, management, dns] {
            reached(address).await;
        }
        Self {
            folder,
            authority,
            directory,
            management,
            children,
        }
    }

    /// Where orders go.
    pub fn directory(&self) -> String {
        format!("https://{}/dir", self.directory)
    }

    /// The file of the authority that vouches for that address.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    /// What vouches for the certificates that it makes.
    pub async fn root(&self) -> CertificateDer<'static> {
        let config = trusting(&self.authority.root, rustls::ALL_VERSIONS);
        let client = Client::connect(self.management, "127.0.0.1", config).await;
        let answer = client.expect("a handshake").get("/roots/0").await;
        CertificateDer::from_pem_slice(answer.body.as_bytes()).expect("a certificate")
    }
}

fn spawn(mut command: Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect(
        "the tests of ACME need Pebble: run `cargo xtask test`, which installs Debian's package",
    )
}

async fn reached(address: SocketAddr) {
    let begun = Instant::now();
    while TcpStream::connect(address).await.is_err() {
        assert!(begun.elapsed() < WITHIN, "nothing listens on {address}");
        tokio::task::yield_now().await;
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for child in &mut self.children {
            // Both fail when it has ended by itself, which is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
