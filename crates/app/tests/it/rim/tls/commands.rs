//! What the commands say about certificates.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::authority::Authority;
use super::client::{Client, trusting};
use crate::process::{Running, kept, run_in};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// A folder with a certificate for `localhost` and settings that name it.
fn folder(authority: &Authority) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    authority.issue("localhost").write(folder.path());
    let settings = "[server]\nlisten = '127.0.0.1:0'\nplain_listen = '127.0.0.1:0'\n\
                    base_url = 'https://localhost'\n\
                    [tls]\ncertificate_file = 'chain.pem'\nkey_file = 'key.pem'\n";
    fs::write(folder.path().join("kept.toml"), settings).expect("the folder is ours");
    folder
}

#[test]
fn a_server_starts_with_its_certificate_and_says_what_is_odd_about_it() {
    let authority = Authority::new();
    let folder = folder(&authority);
    let settings = folder.path().join("kept.toml");
    authority
        .issue_until("other.example", 2_021)
        .write(folder.path());
    set_mode(&folder.path().join("key.pem"), 0o644);
    let config = settings.to_str().expect("UTF-8");
    let server = Running::start(kept(&["serve", "--config", config]));
    assert_eq!(server.base_url(), "https://localhost");
    let ended = server.stop();
    assert!(ended.status.success(), "{}", ended.stderr);
    for warning in [
        "key.pem has mode 0644; others may read it, set 0600",
        "the certificate is not for localhost",
        "the certificate expired at 2021-01-01T00:00:00Z",
    ] {
        assert!(
            ended.stderr.contains(warning),
            "{warning}: {}",
            ended.stderr
        );
    }
    let (out, ended) = run_in(folder.path(), &["doctor"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        out.contains("BAD   certificate: the certificate expired at 2021-01-01"),
        "{out}"
    );
}

#[test]
fn a_certificate_without_a_base_url_is_served_where_it_listens() {
    let authority = Authority::new();
    let folder = folder(&authority);
    authority.issue("127.0.0.1").write(folder.path());
    let chain = format!("tls.certificate_file={}/chain.pem", folder.path().display());
    let key = format!("tls.key_file={}/key.pem", folder.path().display());
    let listen = "server.listen=127.0.0.1:0";
    let arguments = ["serve", "--set", listen, "--set", &chain, "--set", &key];
    let server = Running::start(kept(&arguments));
    let address = server.base_url().strip_prefix("https://").expect("https");
    let address = address.parse().expect("an address and a port");
    let config = trusting(&authority.root, rustls::ALL_VERSIONS);
    let status = tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(async {
            let client = Client::connect(address, "127.0.0.1", config).await;
            client.expect("a handshake").get("/healthz").await.status
        });
    assert_eq!(status, 200);
    let ended = server.stop();
    assert!(
        !ended.stderr.contains("WARN\",\"message\":\"the "),
        "{}",
        ended.stderr
    );
}

#[test]
fn the_doctor_counts_the_days() {
    let authority = Authority::new();
    let folder = folder(&authority);
    let (out, _) = run_in(folder.path(), &["doctor"]);
    let line = out.lines().find(|line| line.contains("certificate"));
    let line = line.expect("a line");
    assert!(line.starts_with("ok    certificate: "), "{out}");
    assert!(
        line.ends_with(" days left, until 2120-01-01T00:00:00Z"),
        "{out}"
    );
}

#[test]
fn a_start_without_a_good_pair_is_refused() {
    let authority = Authority::new();
    let folder = folder(&authority);
    let file = |name: &str| folder.path().join(name);
    let refused = || {
        let (_, ended) = run_in(folder.path(), &["serve"]);
        assert_eq!(ended.status.code(), Some(1));
        assert!(!ended.stderr.contains("PRIVATE KEY"), "{}", ended.stderr);
        ended.stderr
    };
    let said = |part: &str| {
        let stderr = refused();
        assert!(stderr.contains(part), "{part}: {stderr}");
    };
    let chain = fs::read(file("chain.pem")).unwrap();
    fs::write(file("chain.pem"), "text").unwrap();
    said("tls.certificate_file: the certificates in chain.pem are not there");
    fs::remove_file(file("chain.pem")).unwrap();
    said("tls.certificate_file: the certificates in chain.pem cannot be read: No such file");
    fs::write(file("chain.pem"), chain).unwrap();
    let other = authority.issue("localhost").key;
    fs::write(file("key.pem"), other).unwrap();
    said("tls.key_file: the key in key.pem does not belong to the first certificate");
    fs::write(file("key.pem"), "-----BEGIN PRIVATE KEY-----\n").unwrap();
    said("tls.key_file: the key in key.pem is not there: no private key in PEM");
    fs::remove_file(file("key.pem")).unwrap();
    said("tls.key_file: the key in key.pem cannot be read: No such file");
    assert!(!file("kept-data").exists(), "nothing was made");
}
