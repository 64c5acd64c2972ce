//! Lists of people as files.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::input::Form;
use kept_base::page::csp::Caching;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::list::which;
use crate::desk::{Answer, DeskTo};
use crate::directory::{self, MAX_CSV_ROWS, MAX_XLSX_ROWS};
use crate::policy::Right;
use crate::policy::rights::ExportPeople;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `POST /people/export`: those whom the form finds. Recorded before anything leaves.
pub(super) async fn export(desk: DeskTo<ExportPeople>, Form(form): Form) -> Answer {
    let which = which(&form);
    let is_xlsx = form.get("kind") == Some("xlsx");
    let most = if is_xlsx { MAX_XLSX_ROWS } else { MAX_CSV_ROWS };
    let sees = desk.grant(Right::SeeAppointments);
    let made = desk.read(move |tx, _| {
        let ids = directory::ids(tx, (&which, sees.as_ref()), most + 1)?;
        let too_many = ids.len() > most as usize;
        let file = match (too_many, is_xlsx) {
            (true, _) => None,
            (false, true) => Some(directory::xlsx(tx, &ids)?),
            (false, false) => Some(directory::csv(tx, &ids)?),
        };
        Ok::<_, Error>((file, ids.len()))
    });
    let (file, count) = made.await??;
    let file = file.ok_or_else(|| {
        Problem::conflict().detail(format!("At most {most} people are written into one file."))
    })?;
    let kind = if is_xlsx { "xlsx" } else { "csv" };
    desk.write(move |tx, _, by| directory::note_export(tx, by, count, kind))
        .await??;
    let media_type = if is_xlsx {
        XLSX
    } else {
        "text/csv; charset=utf-8"
    };
    let mut response = Response::new(Body::from(file));
    *response.status_mut() = StatusCode::OK;
    *response.headers_mut() = desk.app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let name = format!("attachment; filename=\"people-{}.{kind}\"", desk.slug);
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::internal())?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
