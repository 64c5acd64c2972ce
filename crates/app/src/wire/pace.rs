//! Who is asked to wait because they ask too often.

use std::net::IpAddr;

use axum::http::Method;
use kept_base::kit::OrganizationId;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::problems;
use crate::access::{self, CHANGE_REQUESTS, MAX_API_REQUESTS_A_MINUTE};
use crate::app::App;
use crate::ids::TokenId;

/// Counts a request of a token.
///
/// # Errors
/// 429 when there were too many within this minute; those of the store.
pub(super) async fn keep_pace(
    app: &App,
    organization: OrganizationId,
    id: TokenId,
) -> Result<(), Problem> {
    let subject = id.to_string();
    let asked = (subject.as_str(), MAX_API_REQUESTS_A_MINUTE);
    match app.pace.allows(&app.store, organization, asked).await? {
        true => Ok(()),
        false => Err(too_often(app)),
    }
}

/// Counts a request of whoever is known by their address alone; none where the rim does not know it.
///
/// # Errors
/// 429 when there were too many within this minute. Where counting fails they are not held up.
pub async fn keep_pace_of_address(
    app: &App,
    from: Option<IpAddr>,
    method: &Method,
) -> Result<(), Problem> {
    let Some(from) = from else {
        return Ok(());
    };
    let requests = if method.is_safe() { 1 } else { CHANGE_REQUESTS };
    let allowed: Result<_, Error> = app.pace.allows_address(&app.store, from, requests).await;
    match allowed {
        Ok(true) => Ok(()),
        Ok(false) => Err(too_often(app)),
        Err(error) => {
            tracing::warn!(error = %error, "Requests of an address were not counted");
            Ok(())
        }
    }
}

fn too_often(app: &App) -> Problem {
    let seconds = access::seconds_to_next_minute(app.store.clock().now());
    Problem::from(problems::TOO_MANY_REQUESTS).retry_after_seconds(seconds)
}
