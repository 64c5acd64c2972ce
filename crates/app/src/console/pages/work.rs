//! `/operator/jobs` and `/operator/backups`: what the installation is at, and whether it could be put
//! back.

use std::collections::HashMap;

use axum::http::StatusCode;
use kept_base::kit::OrganizationId;
use kept_base::store::{Error, Job, JobKind, JobState, MAX_LISTED_JOBS};

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::Answer;

#[derive(askama::Template)]
#[template(path = "console/jobs.html")]
struct JobsPage<'p> {
    c: ConsoleFrame<'p>,
    rows: Vec<Row>,
}

struct Row {
    kind: String,
    of: String,
    state: &'static str,
    state_text: String,
    /// How far it is: done, of how many.
    progress: Option<(u64, u64)>,
    started: String,
    ended: Option<String>,
    failure: Option<String>,
}

pub(super) async fn jobs(console: Console) -> Answer {
    let store = &console.app.store;
    let (jobs, placed) = (
        store.jobs(MAX_LISTED_JOBS).await?,
        store.organizations().await?,
    );
    let slugs: HashMap<OrganizationId, String> = placed
        .into_iter()
        .map(|placed| (placed.id, placed.slug))
        .collect();
    let words = console.words();
    let row = |job: &Job| {
        let state = job.state(console.now());
        let is_running = state == JobState::Running && job.total > 0;
        Row {
            kind: words.say(&format!("job-{}", job.kind.code().replace('_', "-"))),
            of: match job.organization {
                Some(id) => slugs.get(&id).cloned().unwrap_or_else(|| id.to_string()),
                None => words.say("job-all"),
            },
            state: state.code(),
            state_text: words.say(&format!("job-state-{}", state.code())),
            progress: is_running.then_some((job.done.min(job.total), job.total)),
            started: console.shown(job.started_at),
            ended: job.finished_at.map(|at| console.shown(at)),
            failure: job.failure.clone(),
        }
    };
    let page = JobsPage {
        rows: jobs.iter().map(row).collect(),
        c: console.frame(&words.say("console-jobs"), Section::Jobs),
    };
    console.respond(StatusCode::OK, &page.c.f.nonce, &page)
}

#[derive(askama::Template)]
#[template(path = "console/backups.html")]
struct BackupsPage<'p> {
    c: ConsoleFrame<'p>,
    parts: Vec<Part>,
}

/// One sort of work that keeps the installation restorable.
struct Part {
    heading: String,
    about: String,
    /// The last one that came to its end: when, and what it found.
    last: Option<(String, Vec<(String, String)>)>,
    /// What to do when there is none.
    advice: String,
    /// The last one failed or was cut short, after the one above: when, and why.
    trouble: Option<(String, String)>,
}

pub(super) async fn backups(console: Console) -> Answer {
    let mut parts = Vec::new();
    for kind in [JobKind::Backup, JobKind::KeyBackup, JobKind::Drill] {
        parts.push(part(&console, kind).await?);
    }
    let words = console.words();
    let page = BackupsPage {
        c: console.frame(&words.say("console-backups"), Section::Backups),
        parts,
    };
    console.respond(StatusCode::OK, &page.c.f.nonce, &page)
}

async fn part(console: &Console, kind: JobKind) -> Result<Part, Error> {
    let store = &console.app.store;
    let (done, newest) = (
        store.last_job(kind, true).await?,
        store.last_job(kind, false).await?,
    );
    let words = console.words();
    let id = format!("console-last-{}", kind.code().replace('_', "-"));
    let now = console.now();
    let trouble =
        newest.filter(|job| matches!(job.state(now), JobState::Failed | JobState::Interrupted));
    Ok(Part {
        heading: words.say(&id),
        about: words.say(&format!("{id}.about")),
        advice: words.say(&format!("{id}.none")),
        last: done.map(|job| {
            let at = job.finished_at.unwrap_or(job.touched_at);
            (console.shown(at), facts(job.outcome.as_deref()))
        }),
        trouble: trouble.map(|job| {
            let why = job.failure.unwrap_or_else(|| words.say("job-interrupted"));
            (console.shown(job.started_at), why)
        }),
    })
}

/// The numbers and texts in an outcome; what is nested in it is left out.
fn facts(outcome: Option<&str>) -> Vec<(String, String)> {
    let Some(Ok(serde_json::Value::Object(members))) = outcome.map(serde_json::from_str) else {
        return Vec::new();
    };
    let plain = |(name, value): (String, serde_json::Value)| {
        let text = match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::Bool(is) => is.to_string(),
            _ => return None,
        };
        Some((name.replace('_', " "), text))
    };
    members.into_iter().filter_map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::facts;

    #[test]
    fn an_outcome_is_shown_as_far_as_it_is_plain() {
        let outcome = r#"{"file_count": 3, "folder": "2026-11-23", "all": true, "files": ["a"]}"#;
        let shown: Vec<String> = facts(Some(outcome))
            .into_iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        assert_eq!(shown, ["all=true", "file count=3", "folder=2026-11-23"]);
        for nothing in [None, Some("no JSON"), Some("[1]")] {
            assert!(facts(nothing).is_empty());
        }
    }
}
