//! What every request passes on its way in and every answer on its way out: a request id, the
//! limits, the check of where a form comes from, the answer to what came in the clear, how fast an address
//! may ask, the time limit, the net under a panic, the security headers, and one line of log.
//!
//! The log has the route's template, never the path or the query: capability tokens are in paths.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Version};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use kept_base::input::{Fields, MAX_QUERY_PARAMETERS, is_upload};
use kept_base::page::csp::Caching;
use kept_base::page::{Locale, Nonce};
use kept_base::problem::{self, Problem};
use tokio::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;

use super::in_clear::{self, Answer, InClear};
use super::limits::Limits;
use super::origin;
use crate::app::App;
use crate::desk::Peer;
use crate::page;
use crate::scim;
use crate::wire::keep_pace_of_address;

kept_base::typed_ids! {
    /// Names one request, in its answer and in the log.
    RequestId = "req",
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

struct Edge {
    app: Arc<App>,
    data_headers: HeaderMap,
    limits: Limits,
}

/// Puts the edge around finished routes. Layers of a router run after a route is chosen, so that
/// its template is known here.
pub(super) fn around(routes: Router, app: &Arc<App>, limits: Limits) -> Router {
    let edge = Arc::new(Edge {
        app: Arc::clone(app),
        data_headers: app.look.headers.data(Caching::NoStore),
        limits,
    });
    routes
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(from_fn_with_state(edge, pass))
}

/// The panic's own text went to the panic hook; it may hold anything, so it is not repeated.
fn panicked() -> Response {
    let mut problem = Problem::internal();
    problem.cause = Some("a handler panicked".into());
    problem.into_response()
}

/// What the answer and the log need to know of a request after it is gone.
struct Asked {
    id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    at_page: bool,
    /// A directory asks, and reads its own form of problems.
    at_directory: bool,
    in_clear: bool,
    locale: Locale,
    began: Instant,
}

async fn pass(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let mut asked = Asked {
        id: RequestId::new(edge.app.store.clock().now(), edge.app.store.entropy()),
        method: request.method().clone(),
        route: request.extensions().get().cloned(),
        at_page: is_page(request.uri().path()),
        at_directory: request.uri().path().starts_with("/scim/"),
        in_clear: request.extensions().get::<InClear>().is_some(),
        locale: locale(&request),
        began: Instant::now(),
    };
    let response = match edge.refusal(&request, &asked) {
        Some(problem) => problem.into_response(),
        None => match in_clear::answer(&edge.app, &request) {
            Some(Answer::Given(response)) => response,
            Some(Answer::Refused(problem)) => {
                // Whoever sends a token is a program, whatever the address.
                asked.at_page = false;
                problem.into_response()
            }
            None => match edge.pace(peer(&request), &asked).await {
                Ok(()) => edge.answer(&asked, request, next).await,
                Err(problem) => problem.into_response(),
            },
        },
    };
    edge.finish(response, &asked)
}

impl Edge {
    /// Pages are for whoever is known by their address alone, until they show who they are. Programs count
    /// where their tokens are recognized.
    async fn pace(&self, from: Option<IpAddr>, asked: &Asked) -> Result<(), Problem> {
        if !asked.at_page {
            return Ok(());
        }
        keep_pace_of_address(&self.app, from, &asked.method).await
    }

    /// What the routes answer, within the time for it.
    async fn answer(&self, asked: &Asked, mut request: Request, next: Next) -> Response {
        request.extensions_mut().insert(asked.id);
        let body = self.limits.body(is_upload(request.headers()));
        request.extensions_mut().insert(body);
        let changes = !request.method().is_safe();
        let answer = tokio::time::timeout(self.limits.request, next.run(request));
        // What changes something goes on when whoever sent it hangs up: a wrong password is counted, and its
        // hash is one of the few at a time, whether or not anybody waits to hear of it.
        let answer = match changes {
            true => tokio::spawn(answer).await.ok(),
            false => Some(answer.await),
        };
        match answer {
            Some(Ok(response)) => response,
            Some(Err(_)) => Problem::timeout().into_response(),
            None => Problem::busy().into_response(),
        }
    }

    /// Why this request does not get further, judged by its header alone.
    fn refusal(&self, request: &Request, asked: &Asked) -> Option<Problem> {
        let (headers, limits) = (request.headers(), &self.limits);
        let uri_bytes = request
            .uri()
            .path_and_query()
            .map_or(0, |text| text.as_str().len());
        if uri_bytes > limits.uri_bytes {
            return Some(Problem::uri_too_long(limits.uri_bytes));
        }
        if headers.len() > limits.header_fields {
            return Some(Problem::headers_too_large(limits.header_fields));
        }
        if request.version() == Version::HTTP_11
            && headers.get_all(header::HOST).iter().count() != 1
        {
            // RFC 9112, 3.2.
            return Some(Problem::bad_request().detail("Send one Host header field."));
        }
        let most = limits.body(is_upload(headers)).bytes;
        if declared_length(headers).is_some_and(|bytes| bytes > most as u64) {
            return Some(Problem::too_large(most));
        }
        if asked.at_page
            && !asked.method.is_safe()
            && origin::is_foreign(headers, &self.app.base_url)
        {
            return Some(Problem::cross_site());
        }
        None
    }

    /// Completes the answer and writes the request's line of log.
    fn finish(&self, mut response: Response, asked: &Asked) -> Response {
        let id = asked.id.to_string();
        let problem = response.extensions_mut().remove::<Arc<Problem>>();
        if let Some(problem) = &problem {
            if asked.at_page {
                let page = page::problem_page(&self.app.look, problem, &id, asked.locale);
                response.headers_mut().extend(self.page_headers());
                replace_body(&mut response, page, "text/html; charset=utf-8");
            } else if asked.at_directory {
                replace_body(&mut response, scim::body_of(problem), scim::MEDIA_TYPE);
            } else {
                let document = problem.document(Some(&id));
                replace_body(&mut response, document, problem::MEDIA_TYPE);
            }
        }
        let headers = response.headers_mut();
        for (name, value) in &self.data_headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        if asked.in_clear {
            // RFC 6797, 7.2: not over a way that anybody could have written it on.
            headers.remove(header::STRICT_TRANSPORT_SECURITY);
        }
        if let Ok(value) = HeaderValue::from_str(&id) {
            headers.insert(REQUEST_ID, value);
        }
        log(asked, &id, &response, problem.as_deref());
        response
    }

    fn page_headers(&self) -> HeaderMap {
        let nonce = Nonce::from_bytes(&self.app.store.entropy().bytes());
        self.app.look.headers.page(&nonce, Caching::NoStore)
    }
}

fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0)
}

/// Whether people look at this address in a browser, so that a problem is shown as a page.
fn is_page(path: &str) -> bool {
    let is_machine = path.starts_with("/api/")
        || path.starts_with("/scim/")
        || matches!(path, "/healthz" | "/readyz");
    !is_machine
}

/// The language in which a problem is shown: as its page would be, without its organization's own.
fn locale(request: &Request) -> Locale {
    let query = request.uri().query().unwrap_or_default();
    let query = Fields::parse(query.as_bytes(), MAX_QUERY_PARAMETERS);
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Locale::negotiate(query.get("lang"), accepted, Locale::default())
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn replace_body(response: &mut Response, body: impl Into<Body>, media_type: &'static str) {
    *response.body_mut() = body.into();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
}

/// One line per request, with nothing in it that a stranger could have chosen.
fn log(asked: &Asked, id: &str, response: &Response, problem: Option<&Problem>) {
    let status = response.status().as_u16();
    let elapsed_us = u32::try_from(asked.began.elapsed().as_micros()).unwrap_or(u32::MAX);
    let elapsed_ms = f64::from(elapsed_us) / 1_000.0;
    let route = asked.route.as_ref().map_or("none", MatchedPath::as_str);
    let method = match asked.method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    };
    let code = problem.map(Problem::code);
    let cause = problem.and_then(|problem| problem.cause.as_deref());
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                request.id = id,
                http.method = method,
                http.route = route,
                http.status = status,
                elapsed_ms,
                problem.code = code,
                cause,
                "Answered {method} {route} with {status}"
            )
        };
    }
    match status {
        500 => line!(error),
        501.. => line!(warn),
        _ => line!(info),
    }
}
