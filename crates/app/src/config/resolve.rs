//! From what is said to what it means, section by section.

use std::net::IpAddr;
use std::time::Duration;

use kept_base::kit::Secret;
use kept_base::store::{Dsn, MAX_CONNECTIONS};

use crate::backup::{
    MAX_DRILL_EVERY_DAYS, MAX_EVERY_HOURS, MAX_KEEP_DAYS, MAX_KEYS_EVERY_HOURS, MAX_KEYS_KEEP_DAYS,
    Recipient,
};
use crate::messaging::transport::{Credentials, MAX_TIMEOUT_SECONDS, Smtp, Tls};

use super::keys::{
    BACKUP_FOLDER, CA_FILE, DRILL_EVERY_DAYS, EVERY_HOURS, FOLDER, FORMAT, GROUP_COMMIT, HOST,
    IDENTITY_FILE, KEEP_DAYS, KEYS_EVERY_HOURS, KEYS_KEEP_DAYS, LEVEL, MAIL_TLS, PASSWORD,
    PASSWORD_FILE, PORT, POSTGRES, POSTGRES_CONNECTIONS, POSTGRES_FILE, RECIPIENT,
    ROOT_KEY_COMMAND, ROOT_KEY_FILE, TIMEOUT_SECONDS, TRANSPORT, USER,
};
use super::raw::Raw;
use super::reader::Reader;
use super::{
    Backup, Config, Data, Finding, Log, LogFormat, LogLevel, Mail, Storage, network, state,
};

/// The settings, unless something is found.
pub(super) fn resolve(raw: Raw, findings: &mut Vec<Finding>) -> Option<Config> {
    let is_whole = findings.is_empty();
    let mut reader = Reader::new(raw, findings);
    let server = network::server(&mut reader);
    let outgoing = network::outgoing(&mut reader);
    let data = data(&mut reader);
    let backup = backup(&mut reader);
    let mail = mail(&mut reader);
    let store = reader
        .value(GROUP_COMMIT, |text| text.parse().ok())
        .map(|group_commit| Storage { group_commit });
    let log = log(&mut reader);
    if let Some(data) = data.as_ref().filter(|_| is_whole) {
        // Otherwise the folder that is meant may not be known.
        state::check(data, &mut reader);
    }
    reader.finish();
    Some(Config {
        server: server?,
        outgoing,
        data: data?,
        backup: backup?,
        mail: mail?,
        store: store?,
        log: log?,
    })
}

fn data(reader: &mut Reader<'_>) -> Option<Data> {
    let folder = reader.path(FOLDER);
    let root_key_file = reader.path(ROOT_KEY_FILE);
    let root_key_command = reader.optional(ROOT_KEY_COMMAND, |text| Some(text.to_owned()));
    let postgres_connections = reader.value(POSTGRES_CONNECTIONS, |text| {
        let connections = text.parse().ok();
        connections.filter(|connections| (1..=MAX_CONNECTIONS).contains(connections))
    });
    let said = reader.secret(POSTGRES, POSTGRES_FILE);
    let postgres = match said.map(|dsn| Dsn::parse(dsn.expose())).transpose() {
        Ok(postgres) => postgres,
        Err(error) => {
            reader.find(POSTGRES, None, error.to_string());
            None
        }
    };
    Some(Data {
        folder,
        root_key_file,
        root_key_command,
        postgres,
        postgres_connections: postgres_connections?,
    })
}

fn backup(reader: &mut Reader<'_>) -> Option<Option<Backup>> {
    let folder = reader.optional_path(BACKUP_FOLDER);
    let recipient = reader.optional(RECIPIENT, |text| text.parse::<Recipient>().ok());
    let identity_file = reader.optional_path(IDENTITY_FILE);
    let mut number = |key, most: i64| {
        reader.value(key, move |text| {
            let number = text.parse().ok();
            number.filter(|number| (1..=most).contains(number))
        })
    };
    let every_hours = number(EVERY_HOURS, MAX_EVERY_HOURS);
    let keep_days = number(KEEP_DAYS, MAX_KEEP_DAYS);
    let keys_every_hours = number(KEYS_EVERY_HOURS, MAX_KEYS_EVERY_HOURS);
    let keys_keep_days = number(KEYS_KEEP_DAYS, MAX_KEYS_KEEP_DAYS);
    let drill_every_days = number(DRILL_EVERY_DAYS, MAX_DRILL_EVERY_DAYS);
    if let Some(Err(why)) = identity_file.as_deref().map(crate::backup::Identity::load) {
        reader.find(IDENTITY_FILE, None, why.to_string());
    }
    let Some(folder) = folder else {
        return Some(None);
    };
    if recipient.is_none() && !reader.has_found(RECIPIENT) {
        let what = format!(
            "is needed with {}; write {}",
            BACKUP_FOLDER.name, RECIPIENT.write
        );
        reader.find(RECIPIENT, None, what);
    }
    Some(Some(Backup {
        folder,
        recipient: recipient?,
        identity_file,
        every_hours: every_hours?,
        keep_days: keep_days?,
        keys_every_hours: keys_every_hours?,
        keys_keep_days: keys_keep_days?,
        drill_every_days: drill_every_days?,
    }))
}

fn mail(reader: &mut Reader<'_>) -> Option<Mail> {
    let is_smtp = reader.value(TRANSPORT, |text| match text {
        "smtp" => Some(true),
        "off" => Some(false),
        _ => None,
    });
    let host = reader.optional(HOST, |text| is_host(text).then(|| text.to_owned()));
    let tls = reader.value(MAIL_TLS, |text| match text {
        "starttls" => Some(Tls::StartTls),
        "implicit" => Some(Tls::Implicit),
        "none" => Some(Tls::None),
        _ => None,
    });
    let port = reader.optional(PORT, |text| text.parse().ok().filter(|port| *port > 0_u16));
    let ca_file = reader.optional_path(CA_FILE);
    let user = reader.text(USER);
    let password = reader.secret(PASSWORD, PASSWORD_FILE);
    let timeout = reader.value(TIMEOUT_SECONDS, |text| {
        let seconds = text.parse().ok();
        let seconds = seconds.filter(|s| (1..=MAX_TIMEOUT_SECONDS).contains(s))?;
        Some(Duration::from_secs(seconds))
    });
    if !is_smtp? {
        return Some(Mail::Off);
    }
    if host.is_none() && !reader.has_found(HOST) {
        let what = format!(
            "is needed with {} smtp; write {}",
            TRANSPORT.name, HOST.write
        );
        reader.find(HOST, None, what);
    }
    let credentials = credentials(reader, user, password);
    let (host, tls, timeout) = (host?, tls?, timeout?);
    let standard_port = match tls {
        Tls::StartTls => 587,
        Tls::Implicit => 465,
        Tls::None => 25,
    };
    let mail = Mail::Smtp(Smtp {
        host,
        port: port.unwrap_or(standard_port),
        tls,
        credentials,
        ca_file,
        timeout,
    });
    if let Err(findings) = mail.clone().transport() {
        reader.find_all(findings);
    }
    Some(mail)
}

/// User and password go together.
fn credentials(
    reader: &mut Reader<'_>,
    user: Option<String>,
    password: Option<Secret>,
) -> Option<Credentials> {
    match (user, password) {
        (Some(user), Some(password)) => Some(Credentials { user, password }),
        (None, None) => None,
        (Some(_), None) => {
            if !reader.has_found(PASSWORD) && !reader.has_found(PASSWORD_FILE) {
                let what = format!(
                    "is needed with {}; write {}",
                    USER.name, PASSWORD_FILE.write
                );
                reader.find(PASSWORD_FILE, None, what);
            }
            None
        }
        (None, Some(_)) => {
            let what = format!("is needed with a password; write {}", USER.write);
            reader.find(USER, None, what);
            None
        }
    }
}

fn is_host(text: &str) -> bool {
    let is_name = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && is_name)
}

fn log(reader: &mut Reader<'_>) -> Option<Log> {
    let format = reader.value(FORMAT, |text| match text {
        "json" => Some(LogFormat::Json),
        "text" => Some(LogFormat::Text),
        _ => None,
    });
    let level = reader.value(LEVEL, |text| match text {
        "error" => Some(LogLevel::Error),
        "warn" => Some(LogLevel::Warn),
        "info" => Some(LogLevel::Info),
        "debug" => Some(LogLevel::Debug),
        _ => None,
    });
    Some(Log {
        format: format?,
        level: level?,
    })
}
