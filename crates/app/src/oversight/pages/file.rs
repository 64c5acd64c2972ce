//! The record as a file: ids and codes as they are kept, without names.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::input::Form;
use kept_base::page::csp::Caching;
use kept_base::problem::Problem;

use super::asked::Asked;
use super::list;
use crate::audit::{self, Act, Entry};
use crate::desk::{Answer, DeskTo};
use crate::people;
use crate::policy::rights::SeeAuditLog;

/// `POST /o/{org}/audit-log/file`: what the form finds, as CSV. Recorded before anything leaves.
pub(super) async fn download(desk: DeskTo<SeeAuditLog>, Form(form): Form) -> Answer {
    let asked = Asked::read(&form);
    let wanted = asked.wanted(&desk.catalog.zone);
    let found = desk
        .read(move |tx, _| audit::find_all(tx, &wanted))
        .await??;
    let Some(entries) = found else {
        return list::shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, asked, true).await;
    };
    let count = entries.len().to_string();
    desk.write(move |tx, _, _| {
        tx.keep_revision();
        audit::record(tx, Act::AuditLogExported, tx.organization(), &count)
    })
    .await??;
    let file = csv(&entries).map_err(|error| Problem::internal().because(&error))?;
    let mut response = Response::new(Body::from(file));
    *response.headers_mut() = desk.app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = format!("attachment; filename=\"audit-{}.csv\"", desk.slug);
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

fn csv(entries: &[Entry]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(["sequence", "at", "actor", "act", "subject", "detail"])?;
    for entry in entries {
        let (sequence, at) = (entry.sequence.to_string(), entry.at.to_string());
        let rest = [&entry.actor, &entry.act, &entry.subject, &entry.detail];
        let cells = [&sequence, &at].into_iter().chain(rest);
        writer.write_record(cells.map(|cell| people::harmless(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}
