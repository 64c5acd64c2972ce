//! `Idempotency-Key`: a POST sent twice acts once (draft-ietf-httpapi-idempotency-key-header-06).
//! The answer is kept in the transaction of its effect, and only when there was one: a refusal may
//! be tried again under the same key.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use kept_base::problem::Problem;
use kept_base::store::Tx;
use serde::Serialize;

use super::{Caller, Known, problems};
use crate::access::idempotency::{KeptAnswer, MAX_IDEMPOTENCY_KEY_BYTES, Repeatable};
use crate::app::App;
use crate::ids::PersonId;

/// Stands with `true` in an answer that was given before.
pub const REPLAY_HEADER: HeaderName = HeaderName::from_static("idempotent-replay");

const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// What makes a request the same one: its key, if it has one, and its route.
#[derive(Debug)]
pub struct Repeat {
    key: Option<String>,
    route: String,
}

/// What a verb made, to be answered and, under a key, kept.
#[derive(Debug)]
pub struct Made<T> {
    /// The status to answer with.
    pub status: StatusCode,
    /// The body.
    pub answer: T,
    /// Whose data the answer holds, so that it goes when they are erased.
    pub person: Option<PersonId>,
}

impl<S: Send + Sync> FromRequestParts<S> for Repeat {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let key = read_key(&parts.headers)?;
        let Ok(OriginalUri(uri)) = OriginalUri::from_request_parts(parts, state).await;
        Ok(Self {
            key,
            route: format!("{} {}", parts.method, uri.path()),
        })
    }
}

/// The key, bare or as a quoted string (RFC 9651, 3.3.3).
fn read_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(KEY_HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let key = value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .and_then(|text| unquote(text.trim()))
        .filter(|key| (1..=MAX_IDEMPOTENCY_KEY_BYTES).contains(&key.len()));
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Problem::from(problems::INVALID_IDEMPOTENCY_KEY).detail(
            "Send one key of 1 to 255 printable ASCII characters, as \"text\" in quotes or bare.",
        )),
    }
}

fn unquote(text: &str) -> Option<String> {
    let Some(quoted) = text.strip_prefix('"') else {
        let bare = text.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
        return bare.then(|| text.to_owned());
    };
    let mut key = String::new();
    let mut characters = quoted.strip_suffix('"')?.chars();
    while let Some(character) = characters.next() {
        let plain = match character {
            '\\' => characters.next().filter(|c| matches!(c, '"' | '\\'))?,
            '"' => return None,
            plain => plain,
        };
        key.push(plain);
    }
    key.chars()
        .all(|c| c == ' ' || c.is_ascii_graphic())
        .then_some(key)
}

impl Repeat {
    /// Runs `verb` for a caller who may, once: a repeated request gets the first answer again.
    /// `body_hash` is the SHA-256 of the body.
    ///
    /// # Errors
    /// 422 when the key was used for another request; those of the caller, verb and store.
    pub async fn once<T: Serialize>(
        self,
        app: &App,
        caller: Caller,
        body_hash: [u8; 32],
        verb: impl FnOnce(&Tx<'_>, &Known) -> Result<Made<T>, Problem> + Clone + Send + 'static,
    ) -> Result<Response, Problem> {
        let written = caller.write(app, move |tx, known| {
            let repeatable = self
                .key
                .map(|key| Repeatable::new(&key, &known.credential(), &self.route, body_hash));
            if let Some(repeatable) = &repeatable
                && let Some(kept) = first_answer(tx, repeatable)?
            {
                return Ok((kept, true));
            }
            let made = verb(tx, known)?;
            let answer = KeptAnswer {
                status: made.status.as_u16(),
                body: super::bytes(&made.answer),
            };
            if let Some(repeatable) = &repeatable {
                repeatable.keep(tx, &answer, made.person)?;
            }
            Ok((answer, false))
        });
        let (answer, is_replay) = written.await?;
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        let mut response = super::json(status, answer.body);
        if is_replay {
            let value = HeaderValue::from_static("true");
            response.headers_mut().insert(REPLAY_HEADER, value);
        }
        Ok(response)
    }
}

fn first_answer(tx: &Tx<'_>, repeatable: &Repeatable) -> Result<Option<KeptAnswer>, Problem> {
    let kept = repeatable.find(tx)?.map_err(|_| {
        Problem::from(problems::IDEMPOTENCY_KEY_REUSED)
            .detail("Use a fresh key for every request, and the same one only to repeat it.")
    })?;
    if kept.is_some() {
        tx.keep_revision();
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_quoted_or_bare() {
        for (text, key) in [
            ("abc-123", Some("abc-123")),
            ("\"abc-123\"", Some("abc-123")),
            ("\"two words\"", Some("two words")),
            (r#""a \"b\" \\c""#, Some(r#"a "b" \c"#)),
            ("two words", None),
            ("\"open", None),
            ("\"", None),
            (r#""a"b""#, None),
            (r#""a\n""#, None),
            ("a\"b", None),
        ] {
            assert_eq!(unquote(text).as_deref(), key, "{text}");
        }
    }
}
