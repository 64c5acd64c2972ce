//! From a request to an operator who is signed in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kept_base::input::{Fields, PageQuery};
use kept_base::kit::{Actor, Token};
use kept_base::page::{Locale, Nonce, when};
use kept_base::problem::Problem;
use kept_base::store::{OPERATOR_SESSION_HOURS, OperatorSession};

use super::super::SESSION;
use super::frame::{ConsoleFrame, Section};
use super::{HOME, factor};
use crate::access::PENDING_MINUTES;
use crate::app::App;
use crate::desk::{Answer, Peer, token_in_cookie};
use crate::page::{Words, see_other};

/// `__Host-` would be for every path, and so be sent to every organization's pages.
const COOKIE: &str = "__Secure-kept-operator";
/// What a sign-in waits in for a code.
pub(super) const PENDING_COOKIE: &str = "__Secure-kept-operator-pending";

/// A request for a page of the console, from an operator who is signed in.
pub(super) struct Console {
    pub app: Arc<App>,
    pub session: OperatorSession,
    pub locale: Locale,
    pub query: Fields,
    pub from: Option<IpAddr>,
    /// The path of this page.
    pub path: String,
    parameters: Vec<(String, String)>,
}

impl Console {
    /// A segment of the path by its name in the route; empty when there is none.
    pub fn segment(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn words(&self) -> Words<'_> {
        self.app.look.words(self.locale)
    }

    /// Who does what is done by this request.
    pub fn author(&self) -> Actor {
        Actor::operator(self.session.operator.id)
    }

    pub fn now(&self) -> Timestamp {
        self.app.store.clock().now()
    }

    /// An instant as the console shows it: everything of an installation is in one zone.
    pub fn shown(&self, at: Timestamp) -> String {
        let at = when::date_time(self.locale, at, &TimeZone::UTC);
        // A no-break space keeps the zone with its time.
        format!("{at}\u{a0}UTC")
    }

    pub fn frame(&self, title: &str, section: Section) -> ConsoleFrame<'_> {
        ConsoleFrame::new(self, title, section)
    }

    pub fn respond(
        &self,
        status: StatusCode,
        nonce: &Nonce,
        page: &impl askama::Template,
    ) -> Answer {
        self.app.look.respond(status, nonce, page)
    }

    /// Whether operators need a second factor here, and this one has none.
    pub fn owes_factor(&self) -> bool {
        self.app.operators_need_factor && !self.session.operator.has_factor
    }

    /// Whether this page is one by which a second factor is set up, or a way out.
    fn is_open_without_factor(&self) -> bool {
        let rest = self.path.strip_prefix(HOME).unwrap_or_default();
        rest == "/sign-out" || rest == factor::HERE || rest == "/account/factor/begin"
    }

    /// After a form did its work: on to `path`, which says so (`done-<code>` in the texts).
    pub fn done(path: &str, code: &str) -> Response {
        see_other(&format!("{HOME}{path}?done={code}"))
    }
}

/// To the sign-in when nobody is signed in; to the second factor when it is owed.
impl FromRequestParts<Arc<App>> for Console {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let Some(token) = token_in_cookie(&parts.headers, COOKIE) else {
            return Err(to_sign_in(parts));
        };
        let session = app.store.operator_session(token.hash(SESSION)).await;
        let session = session.map_err(|error| Problem::from(error).into_response())?;
        let Some(session) = session else {
            return Err(to_sign_in(parts));
        };
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found().into_response())?;
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let parameters = path.iter().map(own).collect();
        let query = query(parts, app).await;
        let console = Self {
            locale: locale(&query, &parts.headers),
            from: parts.extensions.get::<Peer>().map(|peer| peer.0),
            path: parts.uri.path().to_owned(),
            app: Arc::clone(app),
            session,
            query,
            parameters,
        };
        if console.owes_factor() && !console.is_open_without_factor() {
            return Err(see_other(&format!("{HOME}{}", factor::HERE)));
        }
        Ok(console)
    }
}

pub(super) async fn query(parts: &mut Parts, app: &Arc<App>) -> Fields {
    let PageQuery(query) = PageQuery::from_request_parts(parts, app)
        .await
        .unwrap_or_else(|never| match never {});
    query
}

pub(super) fn locale(query: &Fields, headers: &HeaderMap) -> Locale {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    Locale::negotiate(query.get("lang"), accepted, Locale::default())
}

/// To the sign-in, and back to a page; a form is sent again by hand.
fn to_sign_in(parts: &Parts) -> Response {
    let mut next = form_urlencoded::Serializer::new(String::new());
    if parts.method == Method::GET && parts.uri.path() != HOME {
        next.append_pair("next", parts.uri.path());
    }
    see_other(&format!("{HOME}/sign-in?{}", next.finish()))
}

/// The cookie that signs a browser in.
pub(super) fn cookie(token: &Token) -> HeaderValue {
    cookie_of(COOKIE, token.expose(), OPERATOR_SESSION_HOURS * 3_600)
}

/// The cookie that signs a browser out.
pub(super) fn ended_cookie() -> HeaderValue {
    cookie_of(COOKIE, "", 0)
}

/// The cookie of a sign-in that waits for a code.
pub(super) fn pending_cookie(token: &Token) -> HeaderValue {
    cookie_of(PENDING_COOKIE, token.expose(), PENDING_MINUTES * 60)
}

/// The cookie that ends it.
pub(super) fn no_pending_cookie() -> HeaderValue {
    cookie_of(PENDING_COOKIE, "", 0)
}

fn cookie_of(name: &str, text: &str, seconds: i64) -> HeaderValue {
    let text =
        format!("{name}={text}; Path={HOME}; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&text).expect("tokens are letters, digits, - and _")
}
