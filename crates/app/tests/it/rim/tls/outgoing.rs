//! How Kept asks others over TLS: here it asks itself.

use kept_app::http::Limits;
use kept_app::outgoing::{Address, Outgoing, OutgoingError};

use super::Secure;

#[tokio::test]
async fn another_server_is_asked_when_its_certificate_can_be_trusted() {
    let secure = Secure::named("127.0.0.1", Limits::default()).await;
    let root = secure.folder.path().join("root.pem");
    std::fs::write(&root, &secure.authority.root_pem).expect("the folder is ours");
    let here = ["127.0.0.1/32".parse().expect("a network")];
    let address = |path: &str| {
        let text = format!("https://{}{path}", secure.address());
        Address::parse(&text).expect("an address")
    };
    let trusting = Outgoing::new(&here, Some(&root));
    let health = trusting.get(&address("/healthz")).await.expect("an answer");
    assert!(String::from_utf8_lossy(&health).contains("ok"));
    let nothing = trusting.get(&address("/api/nothing")).await;
    assert_eq!(nothing, Err(OutgoingError::Status(404)));
    let page = trusting.get(&address("/set-up")).await;
    assert!(page.is_err(), "a page is no JSON");
    let distrusting = Outgoing::new(&here, None);
    let asked = distrusting.get(&address("/healthz")).await;
    assert_eq!(asked, Err(OutgoingError::Tls));
    let elsewhere = Outgoing::new(&[], Some(&root));
    let asked = elsewhere.get(&address("/healthz")).await;
    assert_eq!(asked, Err(OutgoingError::Denied));
}

#[tokio::test]
async fn a_certificate_for_another_name_is_none() {
    let secure = Secure::start(Limits::default()).await;
    let root = secure.folder.path().join("root.pem");
    std::fs::write(&root, &secure.authority.root_pem).expect("the folder is ours");
    let here = ["127.0.0.1/32".parse().expect("a network")];
    let text = format!("https://{}/healthz", secure.address());
    let address = Address::parse(&text).expect("an address");
    let asked = Outgoing::new(&here, Some(&root)).get(&address).await;
    assert_eq!(asked, Err(OutgoingError::Tls));
}
