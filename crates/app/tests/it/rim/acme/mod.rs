//! Certificates ordered from a real ACME server, which asks at the plain listener.

mod pebble;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use kept_app::config;
use kept_app::http::{Door, Entrance, Limits, Trusted};
use kept_app::tls::acme::{Acme, AcmeError, kept};
use kept_app::tls::{Certificates, server_config};
use kept_base::kit::Clock;

use self::pebble::Pebble;
use super::tls::client::{Client, trusting};
use super::{Rim, local};

/// A server that has no certificate yet, and whoever makes some.
struct Site {
    rim: Rim,
    plain: SocketAddr,
    certificates: Arc<Certificates>,
    data: tempfile::TempDir,
    pebble: Pebble,
}

impl Site {
    async fn start() -> Self {
        let certificates = Arc::new(Certificates::default());
        let (listener, beside) = (local().await, local().await);
        let plain = beside.local_addr().expect("an address");
        let tls = Entrance::Tls(server_config(Arc::clone(&certificates)));
        let doors = [(listener, tls), (beside, Entrance::PlainBesideTls)];
        let doors = doors.map(|(listener, entrance)| Door { listener, entrance });
        Self {
            rim: Rim::at(doors.into(), Trusted::default(), Limits::default()),
            plain,
            certificates,
            data: tempfile::tempdir().expect("a temporary folder"),
            pebble: Pebble::start(plain.port()).await,
        }
    }

    fn settings(&self, domains: &[&str]) -> config::Acme {
        config::Acme {
            domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
            contact: Some("admin@example.org".to_owned()),
            directory: self.pebble.directory(),
            ca_file: Some(self.pebble.ca_file()),
        }
    }

    /// As a process that starts now.
    fn acme(&self, settings: config::Acme) -> Acme {
        let clock: Arc<dyn Clock> = self.rim.clock.clone();
        let (data, shown) = (self.data.path(), Arc::clone(&self.certificates));
        let challenges = Arc::clone(&self.rim.app.challenges);
        Acme::open(settings, data, shown, challenges, clock).expect("a folder")
    }

    async fn client(&self, name: &str) -> std::io::Result<Client> {
        let config = trusting(&self.pebble.root().await, rustls::ALL_VERSIONS);
        Client::connect(self.rim.address(), name, config).await
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

#[tokio::test]
async fn a_certificate_is_ordered_kept_and_renewed() {
    let site = Site::start().await;
    let names = ["book.example", "www.book.example"];
    let settings = site.settings(&names);
    let mut acme = site.acme(settings.clone());
    assert!(
        site.client("book.example").await.is_err(),
        "there is none yet"
    );
    assert!(acme.renew_if_due().await.expect("an order"));
    assert!(!acme.renew_if_due().await.expect("nothing to do"));
    let first = site
        .client("book.example")
        .await
        .expect("a handshake")
        .shown;
    assert_eq!(
        site.client("www.book.example").await.expect("one").shown,
        first
    );

    let folder = site.data.path().join("acme");
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("account.json")), 0o600);
    assert_eq!(mode(&folder.join("certificate.pem")), 0o600);
    let account = std::fs::read(folder.join("account.json")).expect("it is there");

    // The next process shows it and orders none; in the last third of its life there is another.
    let mut acme = site.acme(settings.clone());
    assert!(!acme.renew_if_due().await.expect("nothing to do"));
    let validity = kept(site.data.path(), &settings)
        .expect("it is kept")
        .validity;
    let life = validity.until.duration_since(validity.from).as_secs();
    let renewal = validity.until - SignedDuration::from_secs(life / 3);
    site.rim.clock.set(renewal - SignedDuration::from_secs(1));
    assert!(!acme.renew_if_due().await.expect("nothing to do"));
    site.rim.clock.set(renewal);
    assert!(acme.renew_if_due().await.expect("an order"));
    let second = site
        .client("book.example")
        .await
        .expect("a handshake")
        .shown;
    assert_ne!(second, first);
    let same = std::fs::read(folder.join("account.json")).expect("it is there");
    assert_eq!(account, same, "one account for all orders");

    // One name more is another certificate.
    let settings = site.settings(&["book.example", "new.book.example"]);
    assert!(site.acme(settings).renew_if_due().await.expect("an order"));
    site.client("new.book.example").await.expect("a handshake");
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_gets_none() {
    let site = Site::start().await;
    // Pebble asks at the plain listener, whose Kept knows of another order.
    let elsewhere = Arc::default();
    let clock: Arc<dyn Clock> = site.rim.clock.clone();
    let (settings, data) = (site.settings(&["book.example"]), site.data.path());
    let shown = Arc::clone(&site.certificates);
    let mut acme = Acme::open(settings.clone(), data, shown, elsewhere, clock).expect("a folder");
    match acme.renew_if_due().await {
        Err(AcmeError::NotOurs { domain, .. }) => assert_eq!(domain, "book.example"),
        other => panic!("{other:?}"),
    }
    assert!(kept(data, &settings).is_none());
    assert!(site.client("book.example").await.is_err());
    // The address of the question is one that anybody may look at; nothing is left there.
    let asked = super::wire::get("/.well-known/acme-challenge/x");
    assert_eq!(super::wire::ask(site.plain, asked).await.status, 308);
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_told_nothing() {
    let site = Site::start().await;
    let settings = config::Acme {
        ca_file: None,
        ..site.settings(&["book.example"])
    };
    let error = site
        .acme(settings)
        .renew_if_due()
        .await
        .expect_err("no trust");
    assert!(matches!(error, AcmeError::Authority(_)), "{error:?}");
    assert!(!site.data.path().join("acme/account.json").exists());
}
