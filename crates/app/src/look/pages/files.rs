//! The files that public pages load because of an organization's look, and the script that other
//! sites load.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use kept_base::kit::Actor;
use kept_base::page::Caching;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::super as look;
use crate::app::App;
use crate::desk;

/// Seconds for which other sites' visitors keep the script before asking whether it is the same.
const SCRIPT_SECONDS: u32 = 3_600;
/// Its name among the assets.
const SCRIPT: &str = "host.js";

/// `GET /look/{org}/{file}`: the stylesheet or the logo as they are now; nothing under the name of
/// an earlier one.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((slug, name)) = path.map_err(|_| Problem::not_found())?;
    let organization = desk::find(&app, &slug).await?;
    let catalogs = Arc::clone(&app.catalogs);
    let read = app.store.read(organization, Actor::VISITOR, move |tx| {
        let own = catalogs.get(tx)?.look.clone();
        if let Some((_, css)) = own.stylesheet().filter(|(found, _)| *found == name) {
            return Ok(Some(("text/css; charset=utf-8", css.into_bytes())));
        }
        let Some(logo) = own.logo.filter(|logo| logo.file_name() == name) else {
            return Ok(None);
        };
        let bytes = look::logo_bytes(tx, &logo.hash)?;
        Ok::<_, Error>(bytes.map(|bytes| (logo.kind.media_type(), bytes)))
    });
    let (media_type, bytes) = read.await?.ok_or_else(Problem::not_found)?;
    let mut response = Response::new(Body::from(bytes));
    *response.headers_mut() = app.look.headers.data(Caching::Immutable);
    let media_type = HeaderValue::from_static(media_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    Ok(response)
}

/// `GET /embed/v1.js`: for pages of any origin, which may also pin it by its hash.
pub(super) async fn embed_script(
    State(app): State<Arc<App>>,
    sent: HeaderMap,
) -> Result<Response, Problem> {
    let text = |name| sent.get(name).and_then(|value| value.to_str().ok());
    let asset = app.look.assets.url(SCRIPT);
    let asset = asset.and_then(|url| app.look.assets.find(url));
    let asset = asset.ok_or_else(Problem::not_found)?;
    let (known, encoding) = (text(header::IF_NONE_MATCH), text(header::ACCEPT_ENCODING));
    let mut response = asset.response(known, encoding, &app.look.headers);
    let headers = response.headers_mut();
    // Its address has no hash in it, so that nobody has to change their pages for a new one.
    let kept = format!("public, max-age={SCRIPT_SECONDS}");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(header::CACHE_CONTROL, kept);
    }
    let mut put = |name, value| {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    };
    put("cross-origin-resource-policy", "cross-origin");
    put("access-control-allow-origin", "*");
    Ok(response)
}
