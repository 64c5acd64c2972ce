//! `/o/{org}/provider-logout`: the provider's order to end sessions. Nobody is signed in there; what lets it
//! through is its signature.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::input::Form;
use kept_base::kit::Secret;

use crate::access::Attempt;
use crate::access::pages::DoorRequest;
use crate::desk::Answer;
use crate::sso::back_channel::Line;
use crate::sso::logout;
use crate::sso::trouble::Trouble;

/// `POST /o/{org}/provider-logout`: 200 when it was followed, 400 otherwise, and never a page.
pub(super) async fn order(door: DoorRequest, Form(form): Form) -> Answer {
    let token = form.get("logout_token").unwrap_or_default().to_owned();
    let line = Line {
        store: &door.app.store,
        outgoing: &door.app.outgoing,
        organization: door.organization,
    };
    let order = Secret::new(token.clone());
    let attempt = Attempt {
        organization: Some(door.organization),
        account: &token,
        from: door.from,
    };
    // Many organizations' orders may come from one address.
    let begun = match logout::is_known_to_be_good(line, &order).await? {
        true => None,
        false => match door.app.attempts.begin(&door.app.store, attempt).await? {
            Some(begun) => Some(begun),
            None => return Ok(said(StatusCode::TOO_MANY_REQUESTS)),
        },
    };
    match logout::follow(line, &order).await {
        Ok(()) => {
            if let Some(begun) = begun {
                begun.succeeded().await;
            }
            Ok(said(StatusCode::OK))
        }
        Err(Trouble::Store(error)) => Err(error.into()),
        Err(trouble) => {
            if let Some(begun) = begun {
                begun.failed().await;
            }
            tracing::warn!(
                cause = trouble.code(),
                "An order to end sessions was refused"
            );
            Ok(said(StatusCode::BAD_REQUEST))
        }
    }
}

fn said(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
