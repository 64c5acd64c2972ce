//! New keys above those of people: on the disk, and by command.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{JobKind, Rotated, Store};

use super::files::holds;
use super::{NAME, files, name, plant};
use crate::http::Request;
use crate::process::{Running, kept, run_in};
use crate::support::TestApp;

async fn rotate(store: &Arc<Store>, id: OrganizationId) -> Rotated {
    let rotating = Arc::clone(store);
    let rotated = store.run_job(
        JobKind::Rotation,
        Some(id),
        Actor::OPERATOR,
        Arc::new(|_, _| {}),
        move |progress| Ok((rotating.rotate_organization(id, progress)?, String::new())),
    );
    rotated.await.expect("is changed")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_wrapped_under_the_key_before_are_nowhere_in_the_file() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let person = plant(&test, &clinic).await;
    let files = files(&test);
    files.close(&test.app.store, clinic.id);
    let before = files.plain_key_store(clinic.id);
    let database = files.key(clinic.id, "database");
    // As it stands in the file: version, nonce and what is sealed.
    let wrapped: Vec<Vec<u8>> = {
        let key = files.key(clinic.id, "key_store");
        let store = files.connect(&files.key_store(clinic.id), key);
        let mut read = store
            .prepare("select wrapped from person_key where wrapped <> zeroblob(76)")
            .expect("is read");
        let rows = read.query_map([], |row| row.get(0)).expect("is read");
        rows.map(|row| row.expect("is read")).collect()
    };
    assert!(wrapped.len() >= 8, "{}", wrapped.len());
    assert!(wrapped.iter().all(|one| holds(&before, one)), "are found");

    let store = files.reopen(50);
    let rotated = rotate(&store, clinic.id).await;
    assert_eq!((rotated.version, rotated.keys), (2, wrapped.len() as u64));
    assert_eq!(name(&store, clinic.id, person).await.as_deref(), Some(NAME));
    files.close(&store, clinic.id);
    let after = files.plain_key_store(clinic.id);
    assert_eq!(wrapped.iter().filter(|one| holds(&after, one)).count(), 0);
    // Only the keys above it changed.
    assert!(files.key(clinic.id, "database") == database);
    let store = files.reopen(51);
    assert_eq!(name(&store, clinic.id, person).await.as_deref(), Some(NAME));
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let (out, ended) = run_in(folder, arguments);
    assert!(ended.status.success(), "{arguments:?}: {}", ended.stderr);
    out
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let (_, ended) = run_in(folder, arguments);
    assert!(!ended.status.success(), "{arguments:?}");
    ended.stderr
}

const CREATE: [&str; 7] = [
    "org",
    "create",
    "riverside",
    "--name",
    "Riverside",
    "--zone",
    "Europe/Berlin",
];

#[test]
fn every_key_is_changed_beside_a_server_that_goes_on() {
    let server = Running::start(kept(&["serve", "--set", "server.listen=127.0.0.1:0"]));
    let folder = server.folder();
    done(folder, &CREATE);
    let shown = |when: &str| {
        let answer = server.http().send(Request::get("/riverside"));
        assert_eq!(answer.status, 200, "{when}");
    };
    shown("before");
    let old = fs::read_to_string(folder.join("kept-root.key")).expect("is there");
    let neither = refused(folder, &["keys", "rotate", "root"]);
    assert!(
        neither.contains("--keep-old <FILE>|--forget-old"),
        "{neither}"
    );
    let out = done(folder, &["keys", "rotate", "root", "--keep-old", "old.key"]);
    assert!(
        out.contains("1 organization keys are wrapped under it"),
        "{out}"
    );
    assert_eq!(
        fs::read_to_string(folder.join("old.key")).ok().as_ref(),
        Some(&old)
    );
    let new = fs::read_to_string(folder.join("kept-root.key")).expect("is there");
    assert_ne!(old, new);
    shown("after the root key changed");
    let out = done(folder, &["keys", "rotate", "organization"]);
    assert!(
        out.starts_with("riverside  has organization key 2: "),
        "{out}"
    );
    shown("after the organization key changed");
    let out = done(folder, &["keys", "rotate", "database", "riverside"]);
    assert!(
        out.starts_with("riverside  has new keys for its files"),
        "{out}"
    );
    shown("after the keys of the files changed");
    let unknown = refused(folder, &["keys", "rotate", "organization", "nobody"]);
    assert!(
        unknown.contains("there is no organization of this slug"),
        "{unknown}"
    );
    let jobs = done(folder, &["jobs"]);
    assert!(
        jobs.contains("root_rotation") && jobs.contains("rotation"),
        "{jobs}"
    );
    let ended = server.stop();
    assert!(ended.status.success(), "{}", ended.stderr);
    for secret in [&old, &new] {
        assert!(
            !ended.stderr.contains(secret.as_str()),
            "no key is in the log"
        );
    }
}

#[test]
fn a_copy_from_before_the_root_key_changed_needs_the_one_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    let identity = done(folder, &["keys", "identity", "identity"]);
    let recipient = identity.lines().next().expect("a line");
    let settings = format!("[backup]\nfolder = \"copies\"\n{recipient}\n");
    fs::write(folder.join("kept.toml"), settings).expect("is written");
    done(folder, &CREATE);
    done(folder, &["backup"]);
    done(folder, &["keys", "rotate", "root", "--keep-old", "old.key"]);
    fs::rename(folder.join("kept-data"), folder.join("lost")).expect("is moved");

    let restore = ["restore", "--identity", "identity"];
    let said = refused(folder, &restore);
    assert!(said.contains("root key"), "{said}");
    let with_old = [&restore[..], &["--earlier-root-key", "old.key"]].concat();
    let out = done(folder, &with_old);
    assert!(out.contains("riverside  opens; "), "{out}");
    // From here on the new one alone is enough.
    fs::remove_file(folder.join("old.key")).expect("was there");
    let listed = done(folder, &["org", "list"]);
    assert!(listed.contains("riverside"), "{listed}");
}

#[test]
fn the_root_key_comes_from_a_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    fs::write(folder.join("vault"), "0c".repeat(32)).expect("is written");
    let settings = "[data]\nroot_key_command = \"cat vault\"\n";
    fs::write(folder.join("kept.toml"), settings).expect("is written");
    done(folder, &CREATE);
    assert!(!folder.join("kept-root.key").exists());
    assert!(done(folder, &["doctor"]).contains("riverside"));
    fs::write(folder.join("before"), "0c".repeat(32)).expect("is written");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(folder.join("before"), mode).expect("is ours");
    }
    fs::write(folder.join("vault"), "0d".repeat(32)).expect("is written");
    let said = refused(folder, &["org", "list"]);
    assert!(said.contains("does not open with the root key"), "{said}");
    let rotate = ["keys", "rotate", "root", "--forget-old", "--from", "before"];
    let out = done(folder, &rotate);
    assert!(
        out.contains("1 organization keys are wrapped under it"),
        "{out}"
    );
    assert!(done(folder, &rotate).contains("in use already"));
    assert!(done(folder, &["org", "list"]).contains("riverside"));
    fs::write(folder.join("vault"), "no key").expect("is written");
    let said = refused(folder, &["org", "list"]);
    assert!(
        said.contains("root key command cat: is not 64 hexadecimal digits"),
        "{said}"
    );
}
