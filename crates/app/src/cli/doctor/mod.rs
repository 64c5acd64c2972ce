//! `kept doctor`: looks at everything that Kept stands on and says what is not as it should be.
//! It changes nothing and may run beside a server.

mod backups;
mod certificate;
mod disk;

use std::process::ExitCode;
use std::sync::Arc;

use jiff::{Timestamp, Unit};
use kept_base::kit::{Clock as _, SystemClock, time};
use kept_base::page::zone::Zones;
use kept_base::store::{CONTROL_FILE, Store, sqlite};

use super::{Outcome, Settings, block_on, installation, output};
use crate::config::{Config, Data, Mail};
use crate::messaging::transport::Transport;

/// Less room on the disk than this is reported, in MiB.
const MIN_FREE_MIB: u64 = 512;
/// The clock may stand this many minutes before the last write to the data.
const MAX_CLOCK_BEHIND_MINUTES: i64 = 5;
/// No clock that is right stands before this program was written.
const NOT_BEFORE: &str = "2026-11-01T00:00:00Z";

/// What was looked at, line by line.
#[derive(Default)]
struct Report {
    is_bad: bool,
}

impl Report {
    fn good(&self, what: &str, found: impl std::fmt::Display) {
        output::line(format_args!("ok    {what}: {found}"));
    }

    fn bad(&mut self, what: &str, found: impl std::fmt::Display) {
        self.is_bad = true;
        output::line(format_args!("BAD   {what}: {found}"));
    }
}

pub(super) fn run(settings: &Settings) -> Outcome {
    let mut report = Report::default();
    match settings.load() {
        Ok(config) => {
            report.good("settings", "nothing wrong");
            block_on(look(&config, &mut report))?;
        }
        Err(findings) => {
            for finding in findings.0 {
                report.bad("settings", finding);
            }
        }
    }
    Ok(if report.is_bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn look(config: &Config, report: &mut Report) {
    let (cipher, sqlite) = sqlite::versions();
    report.good(
        "databases",
        format_args!("SQLCipher {cipher}, SQLite {sqlite}"),
    );
    let zones = Zones::load();
    report.good(
        "time zones",
        format_args!("{} from {}", zones.version(), zones.source()),
    );
    clock(&config.data, report);
    certificate::look(config, report);
    mail(&config.mail, report).await;
    let is_on_server = config.data.postgres.is_some();
    if !is_on_server && !config.data.folder.join(CONTROL_FILE).exists() {
        report.good("data", "none yet; the first start makes it");
        return;
    }
    if !is_on_server {
        match &config.data.root_key_command {
            None => report.good("data folder and root key", "only their owner may read them"),
            Some(_) => report.good("data folder", "only its owner may read it"),
        }
        disk(&config.data, report);
    }
    match installation::open(config) {
        Ok(store) => {
            backups::look(&store, config.backup.as_ref(), report).await;
            organizations(&store, report).await;
        }
        Err(error) => report.bad("data", with_causes(&error)),
    }
}

fn clock(data: &Data, report: &mut Report) {
    let now = SystemClock.now();
    let shown = now.round(Unit::Second).unwrap_or(now);
    let earliest: Timestamp = NOT_BEFORE.parse().expect("the constant is an instant");
    let written = std::fs::metadata(data.folder.join(CONTROL_FILE))
        .and_then(|found| found.modified())
        .ok()
        .and_then(|at| Timestamp::try_from(at).ok());
    let behind = time::plus_minutes(now, MAX_CLOCK_BEHIND_MINUTES);
    if now < earliest {
        report.bad(
            "clock",
            format_args!("{shown} is before this program was written"),
        );
    } else if let Some(written) = written.filter(|at| *at > behind) {
        report.bad(
            "clock",
            format_args!("{shown} is before the last write, {written}"),
        );
    } else {
        report.good("clock", shown);
    }
}

async fn mail(mail: &Mail, report: &mut Report) {
    match mail.clone().transport() {
        Ok(Transport::Smtp(server)) => match server.probe().await {
            Ok(()) => report.good("mail server", "takes our connection"),
            Err(code) => report.bad("mail server", code.as_str()),
        },
        Ok(Transport::Off | Transport::Capture(_)) => {
            report.good("mail server", "none is set: nobody is sent a confirmation");
        }
        Err(findings) => report.bad("mail server", findings),
    }
}

fn disk(data: &Data, report: &mut Report) {
    match disk::free_mib(&data.folder) {
        Ok(mib) if mib < MIN_FREE_MIB => {
            report.bad(
                "disk",
                format_args!("{mib} MiB free; make it {MIN_FREE_MIB} or more"),
            );
        }
        Ok(mib) => report.good("disk", format_args!("{mib} MiB free")),
        Err(error) => report.bad("disk", error),
    }
}

async fn organizations(store: &Arc<Store>, report: &mut Report) {
    let placed = match store.organizations().await {
        Ok(placed) => placed,
        Err(error) => return report.bad("organizations", error),
    };
    report.good("organizations", placed.len());
    for organization in placed {
        let what = format!("organization {}", organization.slug);
        match store.faults(organization.id).await {
            Ok(faults) if faults.is_empty() => report.good(&what, "opens, and is whole"),
            Ok(faults) => {
                for fault in faults {
                    report.bad(&what, fault);
                }
            }
            Err(error) => report.bad(&what, with_causes(&error)),
        }
    }
    store.close();
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
