//! The commands, as processes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::http::Request;
use crate::process::{Running, kept, run_in};
use crate::smtp::{Manner, PASSWORD, Server, USER};

const SERVE: &[&str] = &["serve", "--set", "server.listen=127.0.0.1:0"];
const CREATE: &[&str] = &[
    "org",
    "create",
    "riverside",
    "--name",
    "Riverside Clinic",
    "--zone",
    "europe/berlin",
    "--locale",
    "de",
];

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path).expect("it is there");
    metadata.permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// A folder with an organization in it.
fn with_organization() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_, ended) = run_in(folder.path(), CREATE);
    assert!(ended.status.success(), "{}", ended.stderr);
    folder
}

/// The one database of an organization in the data folder.
fn organization_file(folder: &Path) -> std::path::PathBuf {
    let files = fs::read_dir(folder.join("kept-data")).expect("the data folder");
    let names = files.map(|file| file.expect("an entry").path());
    names
        .filter(|path| path.extension().is_some_and(|ending| ending == "db"))
        .find(|path| !path.ends_with("control.db"))
        .expect("an organization's file")
}

#[test]
fn a_first_start_makes_what_it_needs_closed_to_others_and_stops_in_order() {
    let server = Running::start(kept(SERVE));
    let folder = server.folder().to_owned();
    assert_eq!(mode(&folder.join("kept-data")), 0o700);
    assert_eq!(mode(&folder.join("kept-root.key")), 0o600);
    let health = server.http().send(Request::get("/healthz"));
    assert_eq!(health.json()["status"], "ok");

    let (_, second) = run_in(&folder, SERVE);
    assert_eq!(second.status.code(), Some(1));
    assert!(
        second
            .stderr
            .contains("kept: another kept serves kept-data: stop that one first"),
        "{}",
        second.stderr
    );

    let ended = server.stop();
    assert!(ended.status.success(), "{}", ended.stderr);
    for line in ended.stderr.lines() {
        let line: Value = serde_json::from_str(line).expect("each line of log is JSON");
        assert!(line["level"] != "ERROR", "{line}");
    }
    assert!(
        ended.stderr.contains("\"http.route\":\"/healthz\""),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_organization_is_made_beside_a_server_and_is_there_at_once() {
    let server = Running::start(kept(SERVE));
    let (out, ended) = run_in(server.folder(), CREATE);
    assert!(ended.status.success(), "{}", ended.stderr);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "booking link  http://127.0.0.1:8080/riverside");
    assert!(
        lines[1].starts_with("set up        http://127.0.0.1:8080/o/riverside/own/"),
        "{out}"
    );
    let token = lines[2]
        .strip_prefix("API token     kept_api_")
        .expect("a token");
    assert_eq!(token.len(), 38);

    let (_, again) = run_in(server.folder(), CREATE);
    assert_eq!(again.status.code(), Some(1));
    assert!(
        again.stderr.contains("has this slug already"),
        "{}",
        again.stderr
    );

    let (out, ended) = run_in(server.folder(), &["doctor"]);
    assert!(ended.status.success(), "{out}");
    assert!(
        out.contains("ok    organization riverside: opens, and is whole"),
        "{out}"
    );
    assert!(server.stop().status.success());
}

#[test]
fn a_weaker_state_is_refused_before_anything_is_opened() {
    let folder = with_organization();
    let (data, key) = (
        folder.path().join("kept-data"),
        folder.path().join("kept-root.key"),
    );
    set_mode(&data, 0o755);
    set_mode(&key, 0o644);
    for arguments in [SERVE, CREATE] {
        let (_, ended) = run_in(folder.path(), arguments);
        assert_eq!(ended.status.code(), Some(1));
        assert!(
            ended.stderr.contains("kept-data has mode 0755"),
            "{}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains("kept-root.key has mode 0644"),
            "{}",
            ended.stderr
        );
    }
    set_mode(&data, 0o700);
    set_mode(&key, 0o600);

    fs::write(&key, "5".repeat(64)).expect("it is ours");
    let (_, ended) = run_in(folder.path(), SERVE);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended
            .stderr
            .contains("control.key does not open with the root key"),
        "{}",
        ended.stderr
    );

    fs::remove_file(&key).expect("it is ours");
    let (_, ended) = run_in(folder.path(), SERVE);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.stderr.contains("put the key back"),
        "{}",
        ended.stderr
    );
    assert!(!key.exists(), "no new key hides that the old one is lost");
}

#[test]
fn settings_are_checked_without_a_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let check = ["config", "check", "--config", "kept.toml"];
    fs::write(folder.path().join("kept.toml"), "[server]\nlisten = 5\n").expect("a file");
    let (out, ended) = run_in(
        folder.path(),
        &[&check[..], &["--set", "log.level=loud"]].concat(),
    );
    assert_eq!(ended.status.code(), Some(1));
    insta::assert_snapshot!(out, @r#"
    server.listen (kept.toml): "5" will not do; write an address and a port, such as 127.0.0.1:8080 or [::]:8080
    log.level (--set): "loud" will not do; write error, warn, info or debug
    "#);
    fs::write(
        folder.path().join("kept.toml"),
        "[server]\nlisten = '127.0.0.1:9'\n",
    )
    .expect("a file");
    let (out, ended) = run_in(folder.path(), &check);
    assert_eq!((out.as_str(), ended.status.code()), ("OK\n", Some(0)));
    let only_the_file = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(only_the_file, 1, "checking makes nothing");
}

#[test]
fn doctor_finds_a_single_changed_byte() {
    let folder = with_organization();
    let (out, ended) = run_in(folder.path(), &["doctor"]);
    assert!(ended.status.success(), "{out}");
    for found in [
        "SQLCipher 4.",
        "time zones: 20",
        "MiB free",
        "organizations: 1",
    ] {
        assert!(out.contains(found), "{out}");
    }
    let file = organization_file(folder.path());
    let mut bytes = fs::read(&file).expect("it is ours");
    let last_page = bytes.len() - 1_000;
    bytes[last_page] ^= 1;
    fs::write(&file, bytes).expect("it is ours");
    let (out, ended) = run_in(folder.path(), &["doctor"]);
    assert_eq!(ended.status.code(), Some(1), "{out}");
    assert!(out.contains("BAD   organization riverside: "), "{out}");
}

#[test]
fn doctor_signs_in_to_the_mail_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(Manner::Submission);
    let settings = format!(
        "[mail]\ntransport = 'smtp'\nhost = 'localhost'\nport = {}\nca_file = '{}'\n\
         user = '{USER}'\npassword_file = 'password'\n",
        server.port(),
        server.authority().display()
    );
    fs::write(folder.path().join("kept.toml"), settings).expect("a file");
    let password = folder.path().join("password");
    for (text, line) in [
        (PASSWORD, "ok    mail server: takes our connection"),
        ("another", "BAD   mail server: smtp_535"),
    ] {
        fs::write(&password, text).expect("a file");
        set_mode(&password, 0o600);
        let (out, ended) = run_in(folder.path(), &["doctor"]);
        assert!(out.contains(line), "{out}");
        assert_eq!(ended.status.success(), line.starts_with("ok"), "{out}");
    }
    drop(server);
    let (out, ended) = run_in(folder.path(), &["doctor", "--set", "mail.ca_file="]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(out.contains("BAD   mail server: "), "{out}");
}
