//! `/o/{org}/sign-in/provider`: out to the provider and back. Nothing is set before somebody asks for it.

use axum::http::{StatusCode, header};
use axum::response::Response;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::{Actor, Token};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::back_of;
use crate::access::pages::{
    DoorRequest, answer, begin_anew, no_provider_cookie, provider_cookie, sign_in_page,
};
use crate::access::{self, Attempt};
use crate::desk::{Answer, session_cookie};
use crate::page::{Frame, see_other};
use crate::sso::back_channel::Line;
use crate::sso::begin::{self, Leaving, Purpose, Returning};
use crate::sso::finish::{self, Outcome, Sent, Visitor};
use crate::sso::trouble::{Not, Trouble};

/// Longest address to go on to that is remembered, in bytes.
const MAX_NEXT_BYTES: usize = 1_000;

/// A page that leads on by itself: browsers hold a form to our own addresses, a page leads anywhere.
#[derive(askama::Template)]
#[template(path = "sso/leaving.html")]
struct LeavingPage<'p> {
    f: Frame<'p>,
    url: String,
    lead: String,
    link: String,
}

/// `POST /o/{org}/sign-in/provider`.
pub(super) async fn begin(door: DoorRequest, Form(_): Form) -> Answer {
    let next = door.next().map(str::to_owned);
    let left = leave(&door, Purpose::SignIn, next).await?;
    match left {
        Some(page) => Ok(page),
        None => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            sign_in_page(&door, status, "", Some("done-provider-refused"))
        }
    }
}

/// The page that leads to the provider; `None` while members cannot come in by it.
pub(super) async fn leave(
    door: &DoorRequest,
    purpose: Purpose,
    next: Option<String>,
) -> Result<Option<Response>, Problem> {
    let (back, next) = (
        back_of(door),
        next.filter(|next| next.len() <= MAX_NEXT_BYTES),
    );
    let verb = move |tx: &Tx<'_>| begin::begin(tx, purpose, next.as_deref(), &back);
    let begun = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb)
        .await?;
    let Some(Leaving {
        token,
        url,
        provider,
    }) = begun
    else {
        return Ok(None);
    };
    let words = door.words();
    let named = args!["provider" => &provider];
    let title = words.with("provider-leaving", named);
    let page = LeavingPage {
        f: door.frame(&title),
        lead: words.with("provider-leaving.about", named),
        link: words.with("provider-go-on", named),
        url,
    };
    let mut response = door
        .app
        .look
        .respond(StatusCode::OK, &page.f.nonce, &page)?;
    let cookie = provider_cookie(&door.slug, &token);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(Some(response))
}

/// `GET /o/{org}/sign-in/provider/back`: changes something though it is a GET, because that is how browsers come
/// back (OpenID Connect Core 1.0, 3.1.2.5); only for the browser that left, and once.
pub(super) async fn back(door: DoorRequest) -> Answer {
    // It goes on when whoever came back hangs up: a try counts, whether or not anybody waits to hear of it.
    let came = tokio::spawn(came_back(door)).await;
    came.unwrap_or_else(|_| Err(Problem::busy()))
}

async fn came_back(door: DoorRequest) -> Answer {
    let Some(token) = door.at_provider.clone() else {
        return Ok(begin_anew(&door, "sign-in-over"));
    };
    let presented = token.clone();
    let verb = move |tx: &Tx<'_>| begin::take(tx, &presented);
    let taken = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, verb)
        .await?;
    let Some(returning) = taken else {
        return Ok(over(&door, begin_anew(&door, "sign-in-over")));
    };
    // Each try asks the provider, so nobody tries without end.
    let state = door.query.get("state").unwrap_or_default().to_owned();
    let attempt = Attempt {
        organization: Some(door.organization),
        account: &state,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        return Ok(over(&door, begin_anew(&door, "provider-often")));
    };
    match come_in(&door, &returning, &token).await {
        Ok(outcome) => {
            begun.succeeded().await;
            Ok(over(&door, arrived(&door, &outcome, &returning)))
        }
        Err(Trouble::Store(error)) => Err(error.into()),
        Err(trouble) => {
            begun.failed().await;
            note(&door, &trouble).await;
            Ok(over(&door, refused(&door, &returning)))
        }
    }
}

async fn come_in(
    door: &DoorRequest,
    returning: &Returning,
    token: &Token,
) -> Result<Outcome, Trouble> {
    let line = Line {
        store: &door.app.store,
        outgoing: &door.app.outgoing,
        organization: door.organization,
    };
    let said = |name| door.query.get(name).map(str::to_owned);
    let sent = Sent {
        state: said("state"),
        code: said("code"),
        error: said("error"),
        issuer: said("iss"),
    };
    let known = line.known().await?.ok_or(Trouble::Not(Not::Unknown))?;
    let back = back_of(door);
    let (rules, id_token) =
        finish::vouched(line, known, (&sent, &back), (returning, token)).await?;
    let visitor = std::sync::Arc::new(Visitor {
        session: door.session.clone(),
        browser: door.browser.clone(),
    });
    let purpose = returning.purpose;
    let verb = move |tx: &Tx<'_>| finish::settle(tx, purpose, (&rules, &id_token), &visitor);
    door.app
        .store
        .write(door.organization, Actor::VISITOR, verb)
        .await
}

fn arrived(door: &DoorRequest, outcome: &Outcome, returning: &Returning) -> Response {
    let next = returning.next.as_deref();
    let next = next.filter(|next| door.leads_inside(next));
    match outcome {
        Outcome::Admitted(admitted) => answer(door, admitted, next),
        Outcome::Proved(token) => {
            let mut back = see_other(next.unwrap_or(&door.url("/account")));
            let cookie = session_cookie(&door.slug, token);
            back.headers_mut().append(header::SET_COOKIE, cookie);
            back
        }
        Outcome::Linked => see_other(&door.url("/account?done=provider-linked")),
    }
}

/// One answer, whatever the reason.
fn refused(door: &DoorRequest, returning: &Returning) -> Response {
    let path = match returning.purpose {
        Purpose::SignIn => return begin_anew(door, "provider-refused"),
        Purpose::Proof(_) => "/account/proof",
        Purpose::Link(_) => "/account",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("done", "provider-refused");
    if let Some(next) = &returning.next {
        query.append_pair("next", next);
    }
    see_other(&format!("{}?{}", door.url(path), query.finish()))
}

/// Whether it was written down or not, nobody came in.
async fn note(door: &DoorRequest, trouble: &Trouble) {
    let store = &door.app.store;
    let now = store.clock().now();
    tracing::warn!(cause = trouble.code(), "A sign-in by the provider failed");
    if !door.app.attempts.may_note(door.organization, now) {
        return;
    }
    let detail = format!("provider {}", trouble.code());
    let verb = move |tx: &Tx<'_>| access::note_refused_provider(tx, &detail);
    let noted = store.write(door.organization, Actor::VISITOR, verb);
    if let Err(error) = noted.await {
        tracing::warn!(error = %error, "A failed sign-in was not noted");
    }
}

/// Whoever came back is not awaited any more: the cookie goes.
fn over(door: &DoorRequest, mut response: Response) -> Response {
    let cookie = no_provider_cookie(&door.slug);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
