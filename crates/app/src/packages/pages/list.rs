//! How packages and the register are shown.

use std::collections::HashMap;

use axum::http::StatusCode;
use jiff::Timestamp;
use kept_base::args;
use kept_base::page::when;
use kept_base::store::Error;

use super::form::Typed;
use crate::access;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::export::{MAX_PASSPHRASE_CHARS, MIN_PASSPHRASE_CHARS};
use crate::ids::MemberId;
use crate::packages::{self, Download, MAX_PACKAGE_REASON_CHARS, PACKAGE_HOURS, Package, State};
use crate::policy::rights::ExportOrganization;

/// A package as the page shows it.
struct Line {
    heading: String,
    /// Who asked for it, when.
    asked: String,
    reason: String,
    /// How far it is, how long it can be fetched, or why it ended.
    about: String,
    /// Its size and its digest.
    size: Option<String>,
    sha256: Option<String>,
    download: Option<String>,
    removal: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "packages/export.html")]
struct ExportPage<'p> {
    d: DeskFrame<'p>,
    typed: Typed,
    /// Where to show first that it is oneself; `None` when that was a moment ago.
    proof: Option<String>,
    passphrase_hint: String,
    reason_hint: String,
    valid: String,
    is_at_work: bool,
    lines: Vec<Line>,
    register: Vec<String>,
}

/// `GET /export`.
pub(super) async fn page(desk: DeskTo<ExportOrganization>) -> Answer {
    shown(&desk, StatusCode::OK, Typed::default()).await
}

pub(super) async fn shown(desk: &Desk, status: StatusCode, typed: Typed) -> Answer {
    let read = desk.read(|tx, _| {
        let names = access::members(tx)?.into_iter();
        let names = names.map(|member| (member.id, member.name.expose().to_owned()));
        Ok::<_, Error>((
            packages::packages(tx)?,
            packages::downloads(tx)?,
            names.collect::<HashMap<MemberId, String>>(),
        ))
    });
    let (packages, downloads, names) = read.await??;
    let words = desk.words();
    let bounds = args!["least" => MIN_PASSPHRASE_CHARS, "most" => MAX_PASSPHRASE_CHARS];
    let most = args!["most" => MAX_PACKAGE_REASON_CHARS];
    let page = ExportPage {
        d: desk.frame(&words.say("export-title"), Section::Settings),
        typed,
        proof: desk.proof_url("/export").await?,
        passphrase_hint: words.with("export-passphrase.hint", bounds),
        reason_hint: words.with("export-reason.hint", most),
        valid: words.with("export-valid", args!["hours" => PACKAGE_HOURS]),
        is_at_work: packages.iter().any(|package| package.state.is_at_work()),
        lines: (packages.iter())
            .map(|package| line(desk, package, &names))
            .collect(),
        register: (downloads.iter())
            .map(|download| entry(desk, download, &names))
            .collect(),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn line(desk: &Desk, package: &Package, names: &HashMap<MemberId, String>) -> Line {
    let words = desk.words();
    let (id, state) = (package.id, package.state.code());
    let action = |what: &str| desk.url(&format!("/export/{id}/{what}"));
    let can_be_removed = package.state.is_at_work() || package.state == State::Ready;
    let lock = words.say(&format!("export-locked-{}", package.lock.code()));
    let who = name(desk, package.asked_by, names);
    let at = at(desk, package.asked_at);
    Line {
        heading: words.say(&format!("export-state-{state}")),
        asked: words.with(
            "export-asked",
            args!["name" => &who, "when" => &at, "lock" => &lock],
        ),
        reason: package.reason.clone(),
        about: about(desk, package),
        size: (package.state == State::Ready).then(|| {
            let kib = package.bytes.div_ceil(1024);
            words.with("export-size", args!["kib" => shown_count(kib)])
        }),
        sha256: (package.sha256.clone()).filter(|_| package.state == State::Ready),
        download: (package.state == State::Ready).then(|| action("download")),
        removal: can_be_removed.then(|| action("removal")),
    }
}

fn about(desk: &Desk, package: &Package) -> String {
    let words = desk.words();
    match (package.state, package.ending, package.progress) {
        (_, Some(ending), _) => words.say(&format!(
            "export-ending-{}",
            ending.code().replace('_', "-")
        )),
        (State::Ready, ..) => {
            let until = at(desk, package.expires_at);
            words.with("export-until", args!["when" => &until])
        }
        (State::Making, _, (read, total)) if total > 0 => {
            let rows = args!["read" => shown_count(read), "total" => shown_count(total)];
            words.with("export-progress", rows)
        }
        _ => words.say("export-soon"),
    }
}

fn shown_count(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn entry(desk: &Desk, download: &Download, names: &HashMap<MemberId, String>) -> String {
    let who = name(desk, download.member, names);
    let (fetched, asked) = (at(desk, download.at), at(desk, download.asked_at));
    desk.words().with(
        "export-fetched",
        args!["name" => &who, "when" => &fetched, "asked" => &asked],
    )
}

fn name(desk: &Desk, member: MemberId, names: &HashMap<MemberId, String>) -> String {
    let known = names.get(&member).cloned();
    known.unwrap_or_else(|| desk.words().say("settings-somebody"))
}

fn at(desk: &Desk, at: Timestamp) -> String {
    when::date_time(desk.locale(), at, &desk.catalog.zone)
}
