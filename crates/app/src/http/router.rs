//! Every address that Kept answers at.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{Method, Uri};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use kept_base::problem::Problem;

use super::health::{healthz, readyz};
use super::limits::Limits;
use super::{api, edge, undo};
use crate::app::App;
use crate::console;
use crate::desk;
use crate::page::{OpenRoutes, pack_pages, see_other};

/// All routes of this Kept, behind the edge.
pub fn router(app: &Arc<App>, limits: Limits) -> Router {
    finish(routes(), app, limits)
}

/// The routes alone: the rim's own and those of each slice.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        // No organization is called so: without this a page's route would take it for one.
        .route("/api/{*rest}", any(nothing_here))
        .route("/scim/{*rest}", any(nothing_here))
        .merge(open_routes().into_router().layer(from_fn(pack_pages)))
        .merge(operator_routes().into_router().layer(from_fn(pack_pages)))
        .merge(desk_routes().into_router().layer(from_fn(pack_pages)))
        .route("/o/{org}/", get(without_stroke))
        .route("/operator/", get(without_stroke))
        .merge(api::routes())
}

/// An address that somebody typed with a stroke at its end.
async fn without_stroke(uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    match uri.query() {
        Some(query) => see_other(&format!("{path}?{query}")),
        None => see_other(path),
    }
}

/// What needs nobody signed in, each with what opens it.
#[must_use]
pub fn open_routes() -> OpenRoutes {
    OpenRoutes::new()
        .merge(crate::page::open())
        .merge(crate::scheduling::pages::open())
        .merge(crate::access::pages::open())
        .merge(crate::setup::pages::open())
        .merge(crate::look::pages::open())
        .merge(crate::calendar::pages::open())
        .merge(console::pages::open())
        .merge(crate::scim::api::open())
        .merge(crate::sso::pages::open())
}

/// The pages of members, each with the right it needs.
#[must_use]
pub fn desk_routes() -> desk::Routes {
    desk::Routes::new()
        .merge(undo::desk())
        .merge(crate::access::pages::desk())
        .merge(crate::setup::pages::desk())
        .merge(crate::directory::pages::desk())
        .merge(crate::insight::pages::desk())
        .merge(crate::oversight::pages::desk())
        .merge(crate::arrange::desk())
        .merge(crate::look::pages::desk())
        .merge(crate::letters::pages::desk())
        .merge(crate::calendar::pages::desk())
        .merge(crate::packages::pages::desk())
        .merge(crate::lending::pages::desk())
        .merge(crate::scim::pages::desk())
        .merge(crate::sso::pages::desk())
}

/// The pages of operators.
#[must_use]
pub fn operator_routes() -> console::pages::Routes {
    console::pages::console()
}

/// Puts the edge around `routes`, and answers whatever they do not.
pub fn finish(routes: Router<Arc<App>>, app: &Arc<App>, limits: Limits) -> Router {
    let routes = routes
        .fallback(nothing_here)
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .with_state(Arc::clone(app));
    edge::around(routes, app, limits)
}

/// There is nothing at this address; an unknown method would not even be known elsewhere.
async fn nothing_here(request: Request) -> Response {
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if known.contains(request.method()) {
        Problem::not_found().into_response()
    } else {
        let allow = [(axum::http::header::ALLOW, "GET,HEAD")];
        (allow, Problem::method_not_allowed()).into_response()
    }
}
