//! Queries of API routes.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::decode;
use crate::problem::Problem;

/// Most parameters in a query.
pub const MAX_QUERY_PARAMETERS: usize = 32;

/// The query of an API route. `T` derives `Deserialize` with `deny_unknown_fields`; a parameter
/// given twice is refused.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> Query<T> {
    /// Reads the text after the `?`.
    ///
    /// # Errors
    /// 400 when it does not fit `T`.
    pub fn from_text(query: &str) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        if pairs.clone().nth(MAX_QUERY_PARAMETERS).is_some() {
            return Err(Problem::invalid_query().detail(format!(
                "At most {MAX_QUERY_PARAMETERS} parameters are read."
            )));
        }
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| {
                let name = decode::pointer(error.path());
                decode::parameter_error(&error.inner().to_string(), name.strip_prefix('/'))
            })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::from_text(parts.uri.query().unwrap_or_default())
    }
}
