//! The token that a request carries.

use axum::http::{HeaderMap, header};
use kept_base::kit::Token;
use kept_base::problem::Problem;

/// Reads `Authorization: Bearer ..` (RFC 6750, 2.1); `None` where there is no such field.
///
/// # Errors
/// 401 when it is there in another form.
pub fn bearer(headers: &HeaderMap) -> Result<Option<Token>, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    let (scheme, rest) = text
        .and_then(|text| text.split_once(' '))
        .ok_or_else(Problem::unauthorized)?;
    let token = Token::presented(rest.trim_start_matches(' '))
        .filter(|_| scheme.eq_ignore_ascii_case("bearer"))
        .ok_or_else(Problem::unauthorized)?;
    Ok(Some(token))
}
