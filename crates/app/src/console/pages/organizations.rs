//! `/operator`: how the installation is, and its organizations.

use axum::http::StatusCode;
use kept_base::store::{Counts, Error, JobKind, JobState, MAX_LISTED_JOBS, Placement, Surveyed};

use super::asked::Console;
use super::frame::{ConsoleFrame, Section};
use crate::desk::Answer;
use crate::page::Words;

/// Organizations on one page.
const PAGE_ROWS: usize = 50;

#[derive(askama::Template)]
#[template(path = "console/organizations.html")]
struct OrganizationsPage<'p> {
    c: ConsoleFrame<'p>,
    summary: Vec<Line>,
    /// There is none at all.
    is_empty: bool,
    sought: String,
    rows: Vec<Row>,
    /// The address of the next page.
    next: Option<String>,
    /// This page is not the first.
    is_later: bool,
}

/// One sentence about the installation.
struct Line {
    text: String,
    /// Where more of it stands.
    url: Option<&'static str>,
    is_bad: bool,
}

/// An organization as the pages show it.
pub(super) struct Row {
    pub slug: String,
    pub url: String,
    pub size: String,
    pub placement: String,
    pub state: &'static str,
    pub state_text: String,
    pub health: &'static str,
    pub health_text: String,
}

impl Row {
    pub fn of(words: Words<'_>, one: &Surveyed) -> Self {
        let (state, health) = (one.state.code(), one.health.code());
        Self {
            url: format!("/operator/organizations/{}", one.placed.slug),
            slug: one.placed.slug.clone(),
            size: one.bytes.map_or_else(|| "–".to_owned(), size),
            placement: match &one.placed.placement {
                Placement::File(_) => words.say("console-in-file"),
                Placement::Server(name) => {
                    words.with("console-on-server", &[("name", name.as_str().into())])
                }
            },
            state,
            state_text: words.say(&format!("console-state-{state}")),
            health,
            health_text: words.say(&format!("console-health-{health}")),
        }
    }
}

/// "96 kB", "62 MB": whole numbers of at most four digits up to terabytes.
fn size(bytes: u64) -> String {
    const STEP: u64 = 1_000;
    let mut rest = bytes.div_ceil(STEP);
    for unit in ["kB", "MB", "GB"] {
        if rest < 10 * STEP {
            return format!("{rest}\u{a0}{unit}");
        }
        rest /= STEP;
    }
    format!("{rest}\u{a0}TB")
}

pub(super) async fn page(console: Console) -> Answer {
    let store = &console.app.store;
    let counts = store.counts().await?;
    let sought = console
        .query
        .filled("q")
        .unwrap_or_default()
        .trim()
        .to_owned();
    let after = console.query.filled("after").unwrap_or_default();
    let most = u32::try_from(PAGE_ROWS + 1).unwrap_or(u32::MAX);
    let mut found = store.survey(&sought, after, most).await?;
    let has_more = found.len() > PAGE_ROWS;
    found.truncate(PAGE_ROWS);
    let last = found.last().filter(|_| has_more);
    let next = last.map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &sought);
        query.append_pair("after", &last.placed.slug);
        format!("/operator?{}", query.finish())
    });
    let words = console.words();
    let page = OrganizationsPage {
        c: console.frame(&words.say("console-organizations"), Section::Organizations),
        summary: summary(&console, counts).await?,
        is_empty: counts.all == 0,
        rows: found.iter().map(|one| Row::of(words, one)).collect(),
        next,
        is_later: !after.is_empty(),
        sought,
    };
    console.respond(StatusCode::OK, &page.c.f.nonce, &page)
}

/// What an operator wants to know first: is all well, can it be put back, is something going on?
async fn summary(console: &Console, counts: Counts) -> Result<Vec<Line>, Error> {
    let (store, words, now) = (&console.app.store, console.words(), console.now());
    let count = |id: &str, count: u64, is_bad: bool| Line {
        text: words.with(
            id,
            &[("count", i64::try_from(count).unwrap_or(i64::MAX).into())],
        ),
        url: None,
        is_bad,
    };
    let mut lines = vec![
        count("console-count", counts.all, false),
        count("console-opened", counts.opened, false),
    ];
    if counts.failed > 0 {
        lines.push(count("console-failed", counts.failed, true));
    }
    let unknown = counts.all.saturating_sub(counts.opened + counts.failed);
    if unknown > 0 {
        lines.push(count("console-unknown", unknown, false));
    }
    if counts.suspended > 0 {
        lines.push(count("console-suspended", counts.suspended, false));
    }
    for (kind, id) in [(JobKind::Backup, "backup"), (JobKind::Drill, "drill")] {
        let ended = store.last_job(kind, true).await?;
        let at = ended.and_then(|job| job.finished_at);
        lines.push(Line {
            text: match at {
                Some(at) => {
                    let at = console.shown(at);
                    words.with(&format!("console-{id}-at"), &[("at", at.as_str().into())])
                }
                None => words.say(&format!("console-{id}-never")),
            },
            url: Some("/operator/backups"),
            is_bad: at.is_none(),
        });
    }
    let jobs = store.jobs(MAX_LISTED_JOBS).await?;
    let running = jobs
        .iter()
        .filter(|job| job.state(now) == JobState::Running);
    let running = count("console-running", running.count() as u64, false);
    lines.push(Line {
        url: Some("/operator/jobs"),
        ..running
    });
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        for (bytes, text) in [
            (0, "0\u{a0}kB"),
            (1, "1\u{a0}kB"),
            (96_256, "97\u{a0}kB"),
            (9_999_000, "9999\u{a0}kB"),
            (10_000_000, "10\u{a0}MB"),
            (62_400_000, "62\u{a0}MB"),
            (12_000_000_000, "12\u{a0}GB"),
            (u64::MAX, "18446744\u{a0}TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
