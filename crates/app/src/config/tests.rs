use std::path::Path;

use insta::assert_snapshot;

use super::*;
use crate::messaging::transport::Credentials;

/// A folder with a settings file of that text in it.
pub(super) fn file(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("kept.toml");
    std::fs::write(&path, text).expect("the folder is ours");
    #[cfg(unix)]
    set_mode(&path, 0o600);
    let sources = Sources {
        file: Some(path),
        ..Sources::default()
    };
    (folder, sources)
}

/// All findings, with the folder's random name taken out.
pub(super) fn findings(folder: &Path, sources: &Sources) -> String {
    let findings = Config::load(sources).expect_err("something is wrong");
    findings
        .to_string()
        .replace(&folder.display().to_string(), "FOLDER")
}

fn environment(variables: &[(&str, &str)]) -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
    variables
        .iter()
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(path, permissions).expect("the file is ours");
}

#[test]
fn nothing_said_is_enough() {
    let config = Config::load(&Sources::default()).expect("defaults");
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.base_url, None);
    assert_eq!(config.data.folder, Path::new("kept-data"));
    assert_eq!(config.data.root_key_file, Path::new("kept-root.key"));
    assert!(matches!(config.mail, Mail::Off));
    assert!(config.store.group_commit);
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.log.level, LogLevel::Info);
}

#[test]
fn each_key_alone_may_be_absent_or_empty() {
    for key in keys::KEYS {
        let sources = Sources {
            environment: environment(&[(&key.variable(), "")]),
            ..Sources::default()
        };
        Config::load(&sources).unwrap_or_else(|findings| panic!("{}: {findings}", key.name));
    }
}

#[test]
fn the_environment_wins_over_the_file_and_flags_over_both() {
    let (folder, mut sources) = file(
        "[server]\nlisten = '127.0.0.1:1'\nbase_url = 'https://Book.Example/'\n\
         [data]\nfolder = 'data'\n[log]\nlevel = 'warn'\n[store]\ngroup_commit = false",
    );
    sources.environment = environment(&[
        ("KEPT__SERVER__LISTEN", "127.0.0.1:2"),
        ("KEPT__LOG__LEVEL", "debug"),
        ("KEPT_OTHER", "not ours"),
        ("PATH", "/bin"),
    ]);
    sources.flags = vec!["server.listen=127.0.0.1:3".to_owned()];
    let config = Config::load(&sources).expect("a config");
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(
        config.server.base_url.as_deref(),
        Some("https://book.example")
    );
    assert_eq!(config.data.folder, folder.path().join("data"));
    assert_eq!(config.log.level, LogLevel::Debug);
    assert!(!config.store.group_commit);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let (folder, mut sources) = file(
        "listen = '0.0.0.0'\n\
         [server]\nlisten = 'everywhere'\nbase_url = 'book.example/path'\nworkers = 4\n\
         [mail]\ntransport = 'smtp'\nport = 0\ntls = ['none']\npassword = 'SECRET'\n\
         password_file = 'none'\ntimeout_seconds = 1.5\n\
         [mail.smtp]\nhost = 'x'\n[log]\nformat = 'xml'\n[trace]\nlevel = 5",
    );
    sources.environment = environment(&[
        ("KEPT__STORE__GROUP_COMMIT", "perhaps"),
        ("KEPT__LOG__COLOR", "SECRET"),
        ("KEPT__LISTEN", "x"),
    ]);
    sources.flags = vec!["mail.password=SECRET".to_owned(), "SECRET".to_owned()];
    let all = findings(folder.path(), &sources);
    assert!(!all.contains("SECRET"), "{all}");
    assert_snapshot!(all, @r#"
    mail.password (--set): other users of this machine can see flags; write it to a file and name that with mail.password_file
    --set: write section.key=text, such as --set server.listen=127.0.0.1:8081
    server.listen (FOLDER/kept.toml): "everywhere" will not do; write an address and a port, such as 127.0.0.1:8080 or [::]:8080
    server.base_url (FOLDER/kept.toml): "book.example/path" will not do; write how people reach it, such as https://book.example.org, without a path
    mail.tls (FOLDER/kept.toml): is neither a text nor a number; write starttls, implicit or none
    mail.port (FOLDER/kept.toml): "0" will not do; write a number from 1 to 65535
    mail.password_file (FOLDER/kept.toml): set either this or mail.password, not both
    mail.timeout_seconds (FOLDER/kept.toml): is neither a text nor a number; write a number of seconds from 1 to 120
    mail.host: is needed with mail.transport smtp; write the mail server's name, such as mail.example.org
    store.group_commit (KEPT__STORE__GROUP_COMMIT): "perhaps" will not do; write true or false
    log.format (FOLDER/kept.toml): "xml" will not do; write json or text
    listen (KEPT__LISTEN): is no key; the sections are server, tls, outgoing, data, backup, mail, store and log
    log.color (KEPT__LOG__COLOR): is no key; [log] has format, level
    mail.smtp.host (FOLDER/kept.toml): is no key; [mail] has transport, host, port, tls, ca_file, user, password, password_file, timeout_seconds
    server.workers (FOLDER/kept.toml): is no key; [server] has listen, base_url, plain_listen, trusted_proxies, address_requests, operator_factor, hsts_preload
    trace.level (FOLDER/kept.toml): is no key; the sections are server, tls, outgoing, data, backup, mail, store and log
    "#);
}

#[test]
fn a_file_that_cannot_be_read_is_one_finding_among_others() {
    let (folder, mut sources) = file("[mail]\npassword = 'SECRET\n");
    sources.flags = vec!["log.level=loud".to_owned()];
    let all = findings(folder.path(), &sources);
    assert!(!all.contains("SECRET"), "{all}");
    assert_snapshot!(all, @r#"
    FOLDER/kept.toml: line 2 is not TOML: invalid literal string, expected `'`
    log.level (--set): "loud" will not do; write error, warn, info or debug
    "#);

    let (folder, sources) = file(&"#".repeat(64 * 1024 + 1));
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    FOLDER/kept.toml: has more than 65536 bytes
    "#);
    let absent = Sources {
        file: Some(folder.path().join("absent.toml")),
        ..Sources::default()
    };
    assert_snapshot!(findings(folder.path(), &absent), @r#"
    FOLDER/absent.toml: cannot be read: No such file or directory (os error 2)
    "#);
}

#[test]
fn what_belongs_together_is_asked_for_together() {
    for (text, expected) in [
        ("[server]\nlisten = '[::]:80'", "server.base_url"),
        ("[mail]\ntransport = 'smtp'", "mail.host"),
        (
            "[mail]\ntransport = 'smtp'\nhost = 'h'\nuser = 'u'",
            "mail.password_file",
        ),
        (
            "[mail]\ntransport = 'smtp'\nhost = 'h'\npassword = 'p'",
            "mail.user",
        ),
        (
            "[mail]\ntransport = 'smtp'\nhost = 'h'\nuser = 'u'\npassword = 'p'\ntls = 'none'",
            "mail.tls",
        ),
        (
            "[mail]\ntransport = 'smtp'\nhost = 'h'\nca_file = 'absent.pem'",
            "mail.ca_file",
        ),
    ] {
        let (_folder, sources) = file(text);
        let Findings(found) = Config::load(&sources).expect_err(text);
        let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_str()).collect();
        assert_eq!(keys, [expected], "{text}");
    }
}

#[test]
fn a_mail_server_is_read_with_its_standard_port() {
    for (tls, port) in [("starttls", 587), ("implicit", 465), ("none", 25)] {
        let (_folder, sources) = file(&format!(
            "[mail]\ntransport = 'smtp'\nhost = 'mail.example'\ntls = '{tls}'"
        ));
        let Mail::Smtp(smtp) = Config::load(&sources).expect("a config").mail else {
            panic!("smtp was asked for");
        };
        assert_eq!((smtp.port, smtp.timeout.as_secs()), (port, 30));
        assert!(smtp.credentials.is_none());
    }
}

#[cfg(unix)]
#[test]
fn a_password_is_read_from_a_closed_file_and_shown_nowhere() {
    let (folder, sources) = file(
        "[mail]\ntransport = 'smtp'\nhost = 'localhost'\ntls = 'none'\nuser = 'u'\n\
         password_file = 'secret'",
    );
    let path = folder.path().join("secret");
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    mail.password_file (FOLDER/kept.toml): the file secret cannot be read: No such file or directory (os error 2)
    "#);
    std::fs::write(&path, "SECRET\n").expect("the folder is ours");
    set_mode(&path, 0o640);
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    mail.password_file (FOLDER/kept.toml): the file secret has mode 0640; others may read it, set 0600
    "#);
    set_mode(&path, 0o600);
    let config = Config::load(&sources).expect("a config");
    assert!(!format!("{config:?}").contains("SECRET"));
    let Mail::Smtp(smtp) = config.mail else {
        panic!("smtp was asked for");
    };
    let Credentials { user, password } = smtp.credentials.expect("credentials");
    assert_eq!((user.as_str(), password.expose()), ("u", "SECRET"));
}

#[cfg(unix)]
#[test]
fn a_file_with_a_password_in_it_is_closed() {
    let (folder, sources) =
        file("[mail]\ntransport = 'smtp'\nhost = 'h'\nuser = 'u'\npassword = 'SECRET'");
    Config::load(&sources).expect("closed enough");
    set_mode(&folder.path().join("kept.toml"), 0o644);
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    mail.password (FOLDER/kept.toml): the file has mode 0644; others may read it, set 0600
    "#);
}

#[test]
fn the_root_key_does_not_lie_with_the_data() {
    let (folder, sources) = file("[data]\nfolder = 'd'\nroot_key_file = 'd/root.key'");
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    data.root_key_file: lies in data.folder, where each copy of the data would carry its key along; write a path outside
    "#);
}

#[cfg(unix)]
#[test]
fn a_weaker_state_on_the_disk_is_refused() {
    let (folder, sources) = file("");
    let (data, key) = (
        folder.path().join("kept-data"),
        folder.path().join("kept-root.key"),
    );
    std::fs::create_dir(&data).expect("the folder is ours");
    std::fs::write(&key, "0".repeat(64)).expect("the folder is ours");
    set_mode(&data, 0o750);
    set_mode(&key, 0o604);
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    data.folder: FOLDER/kept-data has mode 0750; others may look in, set 0700
    data.root_key_file: FOLDER/kept-root.key has mode 0604; others may read it, set 0600
    "#);
    set_mode(&data, 0o700);
    set_mode(&key, 0o600);
    Config::load(&sources).expect("closed enough");

    std::fs::write(data.join("control.db"), "x").expect("the folder is ours");
    std::fs::remove_file(&key).expect("the file is ours");
    assert_snapshot!(findings(folder.path(), &sources), @r#"
    data.root_key_file: FOLDER/kept-root.key is not there, but FOLDER/kept-data has data that only its key opens; put the key back
    "#);
}

/// The reference of settings, as the table of keys has it.
fn reference() -> String {
    let mut text = String::new();
    let mut section = "";
    for key in keys::KEYS {
        let (of, name) = key.name.split_once('.').expect("section.key");
        if of != section {
            text += &format!("\n## `[{of}]`\n");
            section = of;
        }
        text += &format!(
            "\n**`{name}`** {}\nWrite {}. Default: {}. Variable: `{}`.\n",
            key.about,
            key.write,
            key.default,
            key.variable()
        );
    }
    text
}

#[test]
fn the_reference_of_settings_is_complete() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let page = std::fs::read_to_string(path).expect("docs/configuration.md");
    let (_, found) = page.split_at(page.find("\n## `[").unwrap_or(page.len()));
    assert_eq!(found, reference(), "bring docs/configuration.md up to date");
}
