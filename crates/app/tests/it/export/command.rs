//! `kept export` and `kept import`, as processes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::process::run_in;

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let (_, ended) = run_in(folder, arguments);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    ended.stderr
}

#[test]
fn a_package_made_in_one_folder_is_an_organization_in_another() {
    let (here, there) = (tempfile::tempdir(), tempfile::tempdir());
    let (here, there) = (here.expect("a folder"), there.expect("a folder"));
    let zone = ["--zone", "Europe/Berlin"];
    let create = [
        &["org", "create", "riverside", "--name", "Riverside"][..],
        &zone,
    ]
    .concat();
    let (_, ended) = run_in(here.path(), &create);
    assert!(ended.status.success(), "{}", ended.stderr);

    let secret = here.path().join("secret");
    fs::write(&secret, "quiet copper morning\n").expect("is written");
    let to = [
        "export",
        "riverside",
        "--to",
        "package",
        "--passphrase-file",
        "secret",
    ];
    let open = refused(here.path(), &to);
    assert!(open.contains("others may read it"), "{open}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("is ours");
    let (out, ended) = run_in(here.path(), &to);
    assert!(ended.status.success(), "{}", ended.stderr);
    assert!(out.starts_with("riverside  "), "{out}");
    assert!(out.contains(" rows, "), "{out}");
    let package = here.path().join("package");
    let mode = fs::metadata(&package)
        .expect("is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = refused(here.path(), &to);
    assert!(again.contains("File exists"), "{again}");
    assert!(package.exists(), "what is there stays");

    let (package, secret) = (package.display().to_string(), secret.display().to_string());
    let from = ["import", &package, "--passphrase-file", &secret];
    let (out, ended) = run_in(there.path(), &from);
    assert!(ended.status.success(), "{}", ended.stderr);
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("riverside  "), "{out}");
    assert_eq!(lines[1], "booking link  http://127.0.0.1:8080/riverside");
    // Nobody had joined, so the link makes the first owner.
    assert!(lines[2].contains("/o/riverside/own/"), "{out}");
    let taken = refused(there.path(), &from);
    assert!(taken.contains("choose another with --slug"), "{taken}");
}
