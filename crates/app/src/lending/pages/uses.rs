//! One use, which can be flagged, and all of them as a file.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::input::Form;
use kept_base::page::csp::Caching;
use kept_base::problem::Problem;
use kept_base::store::{Error, NewCase};

use super::super::{self as lending, LendError, Loan, MAX_USES_IN_FILE, Use};
use super::list::{UseRow, use_row};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{LoanId, LoanUseId};
use crate::policy::rights::GrantAccess;

#[derive(askama::Template)]
#[template(path = "lending/use.html")]
struct UsePage<'p> {
    d: DeskFrame<'p>,
    row: UseRow,
    reason: String,
    note: String,
    error: Option<String>,
    outcome: Option<String>,
}

pub(super) async fn page(desk: DeskTo<GrantAccess>) -> Answer {
    shown(&desk, StatusCode::OK, "", None).await
}

fn id_of(desk: &Desk) -> Result<LoanUseId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

async fn found(desk: &Desk) -> Result<(Use, Loan), Problem> {
    let id = id_of(desk)?;
    let read = desk.read(move |tx, _| {
        let all = lending::uses(tx, None, MAX_USES_IN_FILE)?;
        let Some(one) = all.into_iter().find(|one| one.id == id) else {
            return Ok(None);
        };
        let loan = lending::loan(tx, one.loan)?;
        Ok::<_, Error>(loan.map(|loan| (one, loan)))
    });
    read.await??.ok_or_else(Problem::not_found)
}

async fn shown(desk: &Desk, status: StatusCode, note: &str, error: Option<&str>) -> Answer {
    let (one, loan) = found(desk).await?;
    let words = desk.words();
    let cases = desk.app.store.cases(Some(desk.organization)).await?;
    let id = one.id.to_string();
    let outcome = cases.into_iter().find(|case| case.case.use_id == id);
    let page = UsePage {
        row: use_row(desk, &one, Some(&loan)),
        reason: loan.reason,
        note: note.to_owned(),
        error: error.map(|id| words.say(id)),
        outcome: outcome.and_then(|case| case.outcome.map(|(text, _)| text)),
        d: desk.frame(&words.say("lending-use"), Section::Settings),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST /access/uses/{id}`: flags it. The operator is told first: a flag that nobody hears of would be
/// worth nothing.
pub(super) async fn flag(desk: DeskTo<GrantAccess>, Form(form): Form) -> Answer {
    let note = form.get("note").unwrap_or_default().trim().to_owned();
    let (one, loan) = found(&desk).await?;
    if !lending::is_line(&note, lending::MAX_FLAG_CHARS) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&desk, status, &note, Some("lending-note-wrong")).await;
    }
    let case = NewCase {
        use_id: one.id.to_string(),
        organization: desk.organization,
        loan: loan.id.to_string(),
        operator: loan.operator,
        note: note.clone(),
    };
    desk.app.store.file_case(case).await?;
    let flagged = desk.write(move |tx, _, by| lending::flag(tx, by, one.id, &note));
    match flagged.await? {
        Ok(_) => Ok(desk.done(
            &format!("/access/uses/{}", id_of(&desk)?),
            "use-flagged",
            None,
        )),
        Err(LendError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found()),
    }
}

/// `GET /access/uses-file`: every use, or those of one grant.
pub(super) async fn file(desk: DeskTo<GrantAccess>) -> Answer {
    let of = desk.query.filled("grant");
    let of = of.map(str::parse::<LoanId>).transpose();
    let of = of.map_err(|_| Problem::not_found())?;
    let file = desk.read(move |tx, _| lending::csv(tx, of)).await??;
    let mut response = Response::new(Body::from(file));
    *response.headers_mut() = desk.app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, media_type);
    let name = format!("attachment; filename=\"access-{}.csv\"", desk.slug);
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
