//! `/o/{org}/access`: requests, grants and what is done by them.

use std::sync::Arc;

use axum::Extension;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::{Error, Operator};

use super::super::sandbox::{self, Sandbox};
use super::super::{self as lending, Loan, MAX_LISTED_USES, Outcome, Request, Use};
use super::form::{Fields, Typed};
use crate::calendar::{self, Stopping};
use crate::desk::{self, Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::LoanId;
use crate::policy::rights::GrantAccess;

/// Grants that are over, on the page.
const SHOWN_ENDED: usize = 20;

#[derive(askama::Template)]
#[template(path = "lending/access.html")]
struct AccessPage<'p> {
    d: DeskFrame<'p>,
    revision: u64,
    headcount: String,
    requests: Vec<RequestRow>,
    live: Vec<LoanRow>,
    ended: Vec<LoanRow>,
    uses: Vec<UseRow>,
    is_cut: bool,
    /// The grant whose uses are shown alone.
    filter: Option<String>,
    file_url: String,
    form: Fields,
    sandbox: Option<SandboxRow>,
    trouble: Option<String>,
}

struct RequestRow {
    id: String,
    operator: String,
    asked: String,
    what: String,
    environment: String,
    reason: String,
    ticket: String,
    hours: String,
}

struct LoanRow {
    id: String,
    operator: String,
    what: String,
    environment: String,
    reason: String,
    ticket: String,
    until: String,
    used: bool,
    ended: Option<String>,
}

/// A use as pages show one.
pub(super) struct UseRow {
    pub id: String,
    pub at: String,
    pub operator: String,
    pub ticket: String,
    pub act: String,
    pub page: String,
    pub ids: String,
    pub people: usize,
    pub people_ids: String,
    pub refused: bool,
    pub flag: Option<String>,
}

struct SandboxRow {
    slug: String,
    url: String,
    made: String,
}

/// What the page is made of.
struct Read {
    requests: Vec<Request>,
    loans: Vec<Loan>,
    uses: Vec<Use>,
    sandbox: Option<Sandbox>,
}

pub(super) async fn page(desk: DeskTo<GrantAccess>) -> Answer {
    shown(&desk, StatusCode::OK, &Typed::default(), None).await
}

/// The operators of this installation, as they are now.
pub(super) async fn operators(desk: &Desk) -> Result<Vec<Operator>, Problem> {
    Ok(desk.app.store.operators().await?)
}

pub(super) async fn shown(
    desk: &Desk,
    status: StatusCode,
    typed: &Typed,
    trouble: Option<&str>,
) -> Answer {
    let revision = desk.app.store.revision(desk.organization).await?;
    let filter = desk.query.filled("grant").map(str::to_owned);
    let of = filter.as_deref().map(str::parse::<LoanId>).transpose();
    let of = of.map_err(|_| Problem::not_found())?;
    let read = desk.read(move |tx, _| {
        Ok::<_, Error>(Read {
            requests: lending::requests(tx)?,
            loans: lending::loans(tx)?,
            uses: lending::uses(tx, of, MAX_LISTED_USES + 1)?,
            sandbox: sandbox::known(tx)?,
        })
    });
    let read = read.await??;
    let operators = operators(desk).await?;
    let (words, now) = (desk.words(), desk.app.store.clock().now());
    let (live, ended): (Vec<&Loan>, Vec<&Loan>) =
        read.loans.iter().partition(|loan| loan.is_live(now));
    let loan_of = |one: &Use| read.loans.iter().find(|loan| loan.id == one.loan);
    let most = usize::try_from(MAX_LISTED_USES).unwrap_or(usize::MAX);
    let asked = desk.query.filled("request");
    let asked = asked.and_then(|id| read.requests.iter().find(|one| one.id.to_string() == id));
    let from_request = asked.map(Typed::of_request);
    let page = AccessPage {
        headcount: headcount(desk, &operators),
        requests: read
            .requests
            .iter()
            .map(|one| request_row(desk, one))
            .collect(),
        live: live.iter().map(|loan| loan_row(desk, loan)).collect(),
        ended: ended
            .iter()
            .take(SHOWN_ENDED)
            .map(|loan| loan_row(desk, loan))
            .collect(),
        uses: read
            .uses
            .iter()
            .take(most)
            .map(|one| use_row(desk, one, loan_of(one)))
            .collect(),
        is_cut: read.uses.len() > most,
        file_url: match &filter {
            Some(id) => desk.url(&format!("/access/uses-file?grant={id}")),
            None => desk.url("/access/uses-file"),
        },
        filter,
        form: Fields::of(desk, &operators, from_request.as_ref().unwrap_or(typed)),
        sandbox: read.sandbox.map(|one| sandbox_row(desk, one)),
        trouble: trouble.map(|id| words.say(id)),
        revision,
        d: desk
            .frame(&words.say("lending-title"), Section::Settings)
            .script("calendar-page.js"),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// Counted from the accounts, never typed.
fn headcount(desk: &Desk, operators: &[Operator]) -> String {
    let now = desk.app.store.clock().now();
    let active = operators
        .iter()
        .filter(|one| one.state == kept_base::store::OperatorState::Active);
    let signed = active.clone().filter(|one| {
        one.vetting
            .confidentiality_signed_at
            .is_some_and(|at| at <= now)
    });
    let ready = active.filter(|one| lending::vetted(one, now).is_ok());
    let (signed, ready) = (count(signed), count(ready));
    let args = args!["signed" => signed, "ready" => ready];
    desk.words().with("lending-headcount", args)
}

fn count(all: impl Iterator) -> i64 {
    i64::try_from(all.count()).unwrap_or(i64::MAX)
}

fn at(desk: &Desk, at: jiff::Timestamp) -> String {
    when::date_time(desk.words().locale(), at, &desk.catalog.zone)
}

fn request_row(desk: &Desk, one: &Request) -> RequestRow {
    let words = desk.words();
    RequestRow {
        id: one.id.to_string(),
        operator: one.operator_name.clone(),
        asked: at(desk, one.asked_at),
        what: desk::terms_in_words(words, &one.wish.terms),
        environment: words.say(&format!("lending-{}", one.wish.environment.code())),
        reason: one.wish.reason.clone(),
        ticket: one.wish.ticket.clone(),
        hours: words.with(
            "lending-for-hours",
            args!["hours" => i64::from(one.wish.hours)],
        ),
    }
}

fn loan_row(desk: &Desk, loan: &Loan) -> LoanRow {
    let words = desk.words();
    let now = desk.app.store.clock().now();
    let ended = match loan.ended {
        Some((_, why)) => Some(words.say(&format!("lending-ended-{}", why.code()))),
        None if !loan.is_live(now) => Some(words.say("lending-ended-expired")),
        None => None,
    };
    let until = loan.ended.map_or(loan.expires_at, |(at, _)| at);
    LoanRow {
        id: loan.id.to_string(),
        operator: loan.operator_name.clone(),
        what: desk::terms_in_words(words, &loan.terms),
        environment: words.say(&format!("lending-{}", loan.environment.code())),
        reason: loan.reason.clone(),
        ticket: loan.ticket.clone(),
        until: at(desk, until),
        used: loan.first_used_at.is_some(),
        ended,
    }
}

pub(super) fn use_row(desk: &Desk, one: &Use, loan: Option<&Loan>) -> UseRow {
    let words = desk.words();
    let act = if one.method == "post" {
        "lending-acted"
    } else {
        "lending-saw"
    };
    UseRow {
        id: one.id.to_string(),
        at: at(desk, one.at),
        operator: loan
            .map(|loan| loan.operator_name.clone())
            .unwrap_or_default(),
        ticket: loan.map(|loan| loan.ticket.clone()).unwrap_or_default(),
        act: words.say(act),
        page: if one.route.is_empty() {
            "/".to_owned()
        } else {
            one.route.clone()
        },
        ids: one.subjects.clone(),
        people: one.people.split_whitespace().count(),
        people_ids: one.people.clone(),
        refused: one.outcome == Outcome::Refused,
        flag: one.flag.as_ref().map(|(_, note)| note.clone()),
    }
}

fn sandbox_row(desk: &Desk, one: Sandbox) -> SandboxRow {
    SandboxRow {
        made: at(desk, one.made_at),
        url: format!("/{}", one.slug),
        slug: one.slug,
    }
}

/// `GET /access/live`: tells when something changed, as it happens.
pub(super) async fn live(
    desk: DeskTo<GrantAccess>,
    stopping: Option<Extension<Stopping>>,
) -> Answer {
    let stopping = stopping.map(|Extension(stopping)| stopping);
    calendar::told(Arc::new(desk), stopping)
}
