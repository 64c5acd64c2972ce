//! The operator's commands, as processes.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::http::Request;
use crate::process::{Running, kept, run_in};

const SERVE: &[&str] = &["serve", "--set", "server.listen=127.0.0.1:0"];

/// Two seconds are promised; a busy machine has its own.
const CHANGES_WITHIN: Duration = Duration::from_secs(20);

/// What a command that goes well prints.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let (out, ended) = run_in(folder, arguments);
    assert!(ended.status.success(), "{arguments:?} {}", ended.stderr);
    out
}

/// What a command that is refused says.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let (_, ended) = run_in(folder, arguments);
    assert_eq!(ended.status.code(), Some(1), "{arguments:?}");
    ended.stderr
}

/// Asks until the answer is another one, for seconds at most.
fn becomes(wanted: u16, mut status: impl FnMut() -> u16) {
    let began = Instant::now();
    while status() != wanted {
        assert!(began.elapsed() < CHANGES_WITHIN, "it stays as it was");
    }
}

fn create(folder: &Path, slug: &str) {
    let name = ["--name", "A Clinic", "--zone", "Europe/Berlin"];
    said(folder, &[&["org", "create", slug], &name[..]].concat());
}

#[test]
fn a_server_stops_answering_for_an_organization_that_a_command_suspends() {
    let server = Running::start(kept(SERVE));
    let folder = server.folder().to_owned();
    create(&folder, "riverside");
    let mut http = server.http();
    let mut status = || http.send(Request::get("/riverside")).status;
    assert_eq!(status(), 200);
    let suspend = ["org", "suspend", "riverside", "--reason", "unpaid"];
    let out = said(&folder, &suspend);
    assert!(out.starts_with("riverside is suspended"), "{out}");
    becomes(503, &mut status);
    let listed = said(&folder, &["org", "list"]);
    for part in ["riverside", "suspended", "opened", "KiB", "(unpaid)"] {
        assert!(listed.contains(part), "{listed}");
    }
    let checked = said(&folder, &["doctor"]);
    let whole = "organization riverside: opens, and is whole";
    assert!(checked.contains(whole), "{checked}");
    assert!(refused(&folder, &suspend).contains("riverside is not active"));
    said(&folder, &["org", "resume", "riverside"]);
    becomes(200, &mut status);
    let again = refused(&folder, &["org", "resume", "riverside"]);
    assert!(again.contains("riverside is not suspended"), "{again}");
    let nobody = refused(&folder, &["org", "resume", "nobody"]);
    assert!(nobody.contains("there is no organization \"nobody\""));
    let no_reason = ["org", "suspend", "riverside", "--reason", " "];
    assert!(refused(&folder, &no_reason).contains("--reason: say why"));
    assert!(server.stop().status.success());
}

#[test]
fn operators_are_added_listed_suspended_and_given_links() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let wrong = refused(folder, &["operator", "add", "robin@example.org"]);
    assert!(wrong.contains("use 2 to 40 lower-case letters"), "{wrong}");
    let out = said(folder, &["operator", "add", "robin"]);
    let link = "link  http://127.0.0.1:8080/operator/link/";
    assert!(out.starts_with(link), "{out}");
    assert!(out.contains("within 24 hours"), "{out}");
    let taken = refused(folder, &["operator", "add", "robin"]);
    assert!(taken.contains("another operator has this name"), "{taken}");
    let listed = said(folder, &["operator", "list"]);
    assert!(listed.contains("robin") && listed.contains("no password yet"));
    assert!(said(folder, &["operator", "link", "robin"]).starts_with(link));
    let nobody = refused(folder, &["operator", "vet", "robin"]);
    assert!(nobody.contains("they have set no password yet"), "{nobody}");
    let out = said(folder, &["operator", "suspend", "robin"]);
    assert_eq!(out.trim(), "robin is suspended now");
    let no_link = refused(folder, &["operator", "link", "robin"]);
    assert!(no_link.contains("no such operator, or a suspended one"));
    let out = said(folder, &["operator", "resume", "robin"]);
    assert_eq!(out.trim(), "robin is active now");
    assert!(said(folder, &["operator", "list"]).contains("no second factor"));
    let out = said(folder, &["operator", "factor-off", "robin"]);
    assert_eq!(out.trim(), "robin had no second factor");
    assert!(said(folder, &["jobs"]).starts_with("No job has run yet"));
    let none = said(folder, &["org", "list"]);
    assert!(none.starts_with("There is no organization yet"), "{none}");
}

#[test]
fn whose_factor_is_turned_off_stands_in_no_argument() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    create(folder.path(), "riverside");
    let ask = |slug: &str, reason: &str, line: &str| {
        let mut command = kept(&["org", "factor-off", slug, "--reason", reason]);
        let piped = command.current_dir(folder.path()).stdin(Stdio::piped());
        let started = piped.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.expect("the program can be started");
        // Whoever is refused before it is read has gone by now.
        let _ = child
            .stdin
            .take()
            .expect("is piped")
            .write_all(line.as_bytes());
        let ended = child.wait_with_output().expect("ends");
        assert_eq!(ended.status.code(), Some(1));
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    let address = "robin.vale@riverside.example";
    for (slug, reason, line, says) in [
        ("riverside", " ", address, "--reason: say why"),
        ("riverside", "asked for", "", "on the standard input"),
        ("riverside", "asked for", "nobody", "on the standard input"),
        ("nobody", "asked for", address, "there is no organization"),
        (
            "riverside",
            "asked for",
            address,
            "there is no member with this address",
        ),
    ] {
        let said = ask(slug, reason, line);
        assert!(said.contains(says) && !said.contains("robin"), "{said}");
    }
}

#[test]
fn networks_are_cleared_for_a_reason_beside_a_running_server() {
    let server = Running::start(kept(SERVE));
    let folder = server.folder().to_owned();
    create(&folder, "riverside");
    let clear = |reason| ["org", "networks", "clear", "riverside", "--reason", reason];
    let out = said(&folder, &clear("asked for it"));
    let none = "riverside has no networks: members come in from anywhere";
    assert_eq!(out.trim(), none);
    assert!(refused(&folder, &clear(" ")).contains("--reason: say why"));
    let nobody = ["org", "networks", "clear", "nobody", "--reason", "asked"];
    assert!(refused(&folder, &nobody).contains("there is no organization \"nobody\""));
    let (_, without) = run_in(&folder, &["org", "networks", "clear", "riverside"]);
    assert_ne!(without.status.code(), Some(0));
    assert!(server.stop().status.success());
}
