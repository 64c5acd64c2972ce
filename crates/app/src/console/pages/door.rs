//! `/operator/sign-in` and `/operator/link/{token}`: by name and password, or by a link that sets the
//! password. Nobody learns from the answer or from the clock which names there are.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Secret, Token};
use kept_base::page::Locale;
use kept_base::problem::Problem;
use kept_base::store::Operator;

use super::super::{self as console, LINK};
use super::HOME;
use super::asked::{PENDING_COOKIE, cookie, locale, no_pending_cookie, pending_cookie, query};
use crate::access::Attempt;
use crate::app::App;
use crate::console::factor::{self, Admitted};
use crate::desk::{self, Answer, Peer, token_in_cookie};
use crate::page::{Frame, LanguageChange, Words, see_other};

/// A request for a page that stands before the sign-in.
pub(super) struct Door {
    pub app: Arc<App>,
    query: Fields,
    locale: Locale,
    pub from: Option<IpAddr>,
    path: String,
    token: Option<Token>,
    /// Of a sign-in that waits for a code.
    pub pending: Option<Token>,
}

impl FromRequestParts<Arc<App>> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found())?;
        let token = path.iter().find(|(name, _)| *name == "token");
        let token = token.and_then(|(_, text)| Token::presented(text));
        let query = query(parts, app).await;
        Ok(Self {
            app: Arc::clone(app),
            locale: locale(&query, &parts.headers),
            from: parts.extensions.get::<Peer>().map(|peer| peer.0),
            path: parts.uri.path().to_owned(),
            pending: token_in_cookie(&parts.headers, PENDING_COOKIE),
            query,
            token,
        })
    }
}

impl Door {
    pub fn words(&self) -> Words<'_> {
        self.app.look.words(self.locale)
    }

    pub fn frame(&self, title: &str) -> Frame<'_> {
        let nonce = desk::nonce(&self.app);
        let mut frame = Frame::new(&self.app.look, self.locale, nonce, title, None)
            .languages(|other| LanguageChange::Link(format!("{}?lang={other}", self.path)));
        frame.private = true;
        frame
    }

    /// A step of the sign-in that keeps the language, and where to go after it.
    pub fn onward(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("lang", self.locale.tag());
        if let Some(next) = self.next() {
            query.append_pair("next", next);
        }
        format!("{path}?{}", query.finish())
    }

    /// Where to go after signing in: a page of the console, and nothing else.
    fn next(&self) -> Option<&str> {
        let next = self.query.filled("next")?;
        let inside = next.starts_with("/operator/");
        let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        (inside && plain && !next.contains("//")).then_some(next)
    }
}

#[derive(askama::Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage<'p> {
    f: Frame<'p>,
    action: String,
    name: String,
    trouble: Option<String>,
    notice: Option<String>,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, "", None)
}

fn shown(door: &Door, status: StatusCode, name: &str, trouble: Option<&str>) -> Answer {
    let words = door.words();
    let done = door.query.filled("done").map(|code| format!("done-{code}"));
    let page = SignInPage {
        f: door.frame(&words.say("operator-sign-in")),
        action: door.onward(&format!("{HOME}/sign-in")),
        name: name.to_owned(),
        trouble: trouble.map(|id| words.say(id)),
        notice: done.filter(|id| words.has(id)).map(|id| words.say(&id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn sign_in(door: Door, Form(form): Form) -> Answer {
    let name = form
        .filled("name")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let attempt = Attempt {
        organization: None,
        account: &name,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        let often = Some("operator-sign-in-often");
        return shown(&door, StatusCode::TOO_MANY_REQUESTS, &name, often);
    };
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let found = console::recognize(&door.app.store, &name, password).await;
    let found = found.map_err(|error| match error {
        console::SignInError::Hash(error) => Problem::busy().because(&error),
        console::SignInError::Store(error) => error.into(),
    })?;
    let Some((operator, hash)) = found else {
        begun.failed().await;
        let wrong = Some("operator-sign-in-wrong");
        return shown(&door, StatusCode::UNPROCESSABLE_ENTITY, &name, wrong);
    };
    // Whoever owes a code has not succeeded: or a known password would forgive any number of codes.
    if !operator.has_factor {
        begun.succeeded().await;
    }
    admitted(&door, &operator, hash).await
}

/// Lets whoever gave the password in, or asks for a code.
async fn admitted(door: &Door, operator: &Operator, password: String) -> Answer {
    Ok(
        match factor::admit(&door.app.store, operator, password).await? {
            Admitted::In(session) => signed_in(door, &session),
            Admitted::Code(token) => {
                let mut response = see_other(&door.onward(&format!("{HOME}/sign-in/code")));
                let headers = response.headers_mut();
                headers.insert(header::SET_COOKIE, pending_cookie(&token));
                response
            }
            Admitted::Refused => see_other(&format!("{HOME}/sign-in")),
        },
    )
}

pub(super) fn signed_in(door: &Door, session: &Token) -> Response {
    let mut response = see_other(door.next().unwrap_or(HOME));
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, cookie(session));
    if door.pending.is_some() {
        headers.append(header::SET_COOKIE, no_pending_cookie());
    }
    response
}

/// To the beginning of the sign-in, which says why.
pub(super) fn over(why: &str) -> Response {
    let mut response = see_other(&format!("{HOME}/sign-in?done={why}"));
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, no_pending_cookie());
    response
}

#[derive(askama::Template)]
#[template(path = "console/link.html")]
struct LinkPage<'p> {
    f: Frame<'p>,
    action: String,
    name: String,
    error: Option<String>,
}

pub(super) async fn link_page(door: Door) -> Answer {
    let (operator, _) = opened(&door).await?;
    link_shown(&door, &operator, None)
}

/// 404 for a link that is unknown, used or too old.
async fn opened(door: &Door) -> Result<(Operator, Token), Problem> {
    let token = door.token.clone().ok_or_else(Problem::not_found)?;
    let found = door.app.store.operator_of_link(token.hash(LINK)).await?;
    Ok((found.ok_or_else(Problem::not_found)?, token))
}

fn link_shown(door: &Door, operator: &Operator, error: Option<&str>) -> Answer {
    let words = door.words();
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = LinkPage {
        f: door.frame(&words.say("operator-link-title")),
        action: format!("{}?lang={}", door.path, door.locale),
        name: operator.name.clone(),
        error: error.map(|id| words.say(id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn set_password(door: Door, Form(form): Form) -> Answer {
    let (operator, token) = opened(&door).await?;
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let store = &door.app.store;
    let hash = console::new_password(store, password, &operator.name).await;
    let hash = match hash.map_err(|error| Problem::busy().because(&error))? {
        Ok(hash) => hash,
        Err(error) => return link_shown(&door, &operator, Some(error.text())),
    };
    let used = store.redeem_operator_link(token.hash(LINK), hash.as_str().to_owned());
    used.await?.ok_or_else(Problem::not_found)?;
    admitted(&door, &operator, hash.as_str().to_owned()).await
}
