//! Are there backups, can they be restored, and how long does an erasure take until it holds in them?

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use kept_base::store::{JobKind, Store};

use super::Report;
use crate::backup::{self, SetKind};
use crate::config::Backup;

/// A backup may be late by this many hours before that is reported: one that failed is tried again.
const MAX_LATE_HOURS: i64 = 2;

pub(super) async fn look(store: &Arc<Store>, settings: Option<&Backup>, report: &mut Report) {
    let Some(settings) = settings else {
        report.good("backups", "none are made: backup.folder is not set");
        return;
    };
    let now = store.clock().now();
    let kinds = [
        (JobKind::Backup, "backup of the data", settings.every_hours),
        (
            JobKind::KeyBackup,
            "backup of keys",
            settings.keys_every_hours,
        ),
    ];
    for (kind, what, every_hours) in kinds {
        match store.last_job(kind, true).await {
            Ok(Some(job)) => {
                let age = now.duration_since(job.started_at);
                let text = format!("the last one is of {}", job.started_at);
                if age > SignedDuration::from_hours(every_hours + MAX_LATE_HOURS) {
                    report.bad(what, format_args!("{text}: it is late"));
                } else {
                    report.good(what, text);
                }
            }
            Ok(None) => report.bad(what, "there is none yet: kept backup makes it"),
            Err(error) => report.bad(what, error),
        }
    }
    match store.last_job(JobKind::Drill, true).await {
        Ok(Some(job)) => report.good("restoring", format_args!("tried on {}", job.started_at)),
        Ok(None) => report.bad("restoring", "never tried: kept restore --drill does"),
        Err(error) => report.bad("restoring", error),
    }
    erasures(settings, now, report);
}

/// How long an erased person can be read from copies: as long as the oldest copy of keys is kept.
fn erasures(settings: &Backup, now: Timestamp, report: &mut Report) {
    let (what, days) = ("erased from backups", settings.keys_keep_days);
    let oldest = match backup::sets(&settings.folder, SetKind::Keys) {
        Ok(sets) => sets.into_iter().map(|set| set.manifest.begun_at).min(),
        Err(error) => return report.bad(what, error),
    };
    let promised = format!("within {days} days");
    match oldest {
        Some(at)
            if now.duration_since(at) > SignedDuration::from_hours(24 * days + MAX_LATE_HOURS) =>
        {
            report.bad(
                what,
                format_args!("{promised}, but a copy of keys of {at} is still there"),
            );
        }
        Some(at) => report.good(
            what,
            format_args!("{promised}; the oldest copy of keys is of {at}"),
        ),
        None => report.good(what, promised),
    }
}
