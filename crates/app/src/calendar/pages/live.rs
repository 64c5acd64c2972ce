//! `GET /o/{org}/calendar/live`: tells when something changed, as server-sent events.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use kept_base::page::Caching;
use kept_base::problem::Problem;

use super::super::live::{May, Stopping};
use crate::desk::{Answer, DeskTo};
use crate::policy::IsRight;
use crate::policy::rights::SeeCalendar;

pub(super) async fn live(
    desk: DeskTo<SeeCalendar>,
    stopping: Option<Extension<Stopping>>,
) -> Answer {
    if desk.is_on_grant() {
        // What an operator sees is written down, which is a change: their pages would ask for ever.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let stopping = stopping.map(|Extension(stopping)| stopping);
    told(Arc::new(desk), stopping)
}

/// Tells of the changes of an organization for as long as whoever asks is let in.
///
/// # Errors
/// 503 when too many are told already.
pub fn told<R: IsRight>(desk: Arc<DeskTo<R>>, stopping: Option<Stopping>) -> Answer {
    let store = Arc::clone(&desk.app.store);
    let (app, listener) = (Arc::clone(&desk.app), (desk.organization, desk.member.id));
    let may: May = Box::new(move || {
        let desk = Arc::clone(&desk);
        Box::pin(async move { desk.is_let_in().await })
    });
    let stream = app.live.stream(store, listener, stopping, may);
    let stream = stream.ok_or_else(Problem::busy)?;
    let mut response = Response::new(Body::new(stream));
    *response.headers_mut() = app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    // Proxies that gather answers would hold the words back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
