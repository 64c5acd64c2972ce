//! Every sort of problem that the API answers with, in one table.

use kept_base::problem::{COMMON, Kind, Problem};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{scheduling, wire};

/// What each code means and what to do, for those who write clients. Codes never change their
/// meaning; new ones may join.
pub const EXPLAINED: &[(&str, &str)] = &[
    (
        "already_canceled",
        "The appointment was canceled before. Nothing changed.",
    ),
    (
        "bad_request",
        "The request is not HTTP as it is read here. `detail` says what is wrong with it.",
    ),
    (
        "body_timeout",
        "The body took too long to arrive. Send it at once.",
    ),
    (
        "busy",
        "More is asked than can be done right now. Try again after `Retry-After` seconds; nothing changed.",
    ),
    (
        "conflict",
        "The request does not fit the present state. Read it again.",
    ),
    (
        "cross_site",
        "A page's form was sent from another site. The API never answers this.",
    ),
    (
        "forbidden",
        "The token's scopes have this, but whoever made it may not do it now, or not for the whole organization. So neither may the token.",
    ),
    (
        "headers_too_large",
        "The request has too many header fields.",
    ),
    (
        "idempotency_key_reused",
        "The `Idempotency-Key` was used for a request with another body. Use a fresh key for every request.",
    ),
    (
        "internal",
        "A fault of ours. Try again; if it stays, tell whoever runs the site the `request_id`.",
    ),
    (
        "invalid_fields",
        "`errors` lists every field that is not right, as a JSON Pointer into the body, with a code and what to send instead. What was sent is never repeated.",
    ),
    (
        "invalid_idempotency_key",
        "The `Idempotency-Key` is no text of 1 to 255 printable ASCII characters.",
    ),
    (
        "invalid_query",
        "`errors` lists the query parameters that are missing, unknown or not right.",
    ),
    (
        "malformed_json",
        "The body is not JSON, is nested too deep, or has a key twice.",
    ),
    (
        "method_not_allowed",
        "The address takes other methods: the `Allow` header lists them.",
    ),
    (
        "missing_scope",
        "The token is valid and lacks the scope that `scope` names.",
    ),
    (
        "not_found",
        "There is nothing at this address, or nothing that you may know of: both look the same. With `errors`, it is a field or parameter that names nothing.",
    ),
    (
        "organization_suspended",
        "Whoever runs the site has paused everything of this organization. Nothing is answered until it goes on; ask again later, and no more than hourly.",
    ),
    (
        "slot_taken",
        "The time cannot be booked. `reasons` says why, in the codes of `slots/why`; `alternatives` lists the nearest times that can.",
    ),
    (
        "storage_damaged",
        "What is kept of this organization is damaged or is not all there, so that it was closed. Nothing changed. Whoever runs the site must put a good copy back; try again after `Retry-After` seconds.",
    ),
    (
        "storage_full",
        "There is no room to keep anything more. Nothing changed, and what is kept can still be read. Try again after `Retry-After` seconds.",
    ),
    (
        "timeout",
        "The answer took too long. It may still take effect: look, or repeat the request with its `Idempotency-Key`.",
    ),
    (
        "tls_required",
        "The request came without TLS. Send it to the https address, and replace the token that was in it: it has crossed the network in the clear. Nothing was done.",
    ),
    ("too_large", "The body is larger than is read."),
    (
        "too_late",
        "The organization does not let the person change the appointment anymore, since `closed_at`.",
    ),
    (
        "too_many_holds",
        "The organization has as many times held as it may. Book without a hold, or try again later.",
    ),
    (
        "too_many_requests",
        "A token has asked more than 1,200 times within this minute; or, without a token that is known, an address more often than this Kept answers. Nothing was done. Try again after `Retry-After` seconds.",
    ),
    (
        "unauthorized",
        "A token is needed, or the one that was sent is unknown, expired or revoked, or whoever made it is not let in. The answer is the same for all of them.",
    ),
    (
        "unavailable",
        "What keeps the data cannot be reached for a moment. Nothing changed; try again after `Retry-After` seconds.",
    ),
    ("unchanged", "The appointment is at this time already."),
    (
        "unsupported_media_type",
        "Send the body as `application/json`.",
    ),
    (
        "uri_too_long",
        "The path and query are longer than is read.",
    ),
];

/// Every sort of problem.
pub fn kinds() -> impl Iterator<Item = Kind> {
    let all = [COMMON, wire::problems::KINDS, scheduling::api::KINDS];
    all.into_iter().flatten().copied()
}

/// The sort of problem with that code.
#[must_use]
pub fn kind(code: &str) -> Option<Kind> {
    kinds().find(|kind| kind.code == code)
}

/// A refusal (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Where this sort of problem is explained.
    pub r#type: String,
    /// One English sentence, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code to act upon.
    pub code: String,
    /// What to do about this occurrence, in English.
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// What is wrong with which fields or parameters.
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldProblem>>,
    /// `slot_taken`: why the time cannot be booked, as codes.
    #[schema(nullable = false)]
    pub reasons: Option<Vec<String>>,
    /// `slot_taken`: the nearest times that can be booked.
    #[schema(nullable = false)]
    pub alternatives: Option<Vec<String>>,
    /// `too_late`: until when the appointment could be changed.
    #[schema(nullable = false, format = DateTime)]
    pub closed_at: Option<String>,
    /// `missing_scope`: what the token lacks.
    #[schema(nullable = false)]
    pub scope: Option<String>,
    /// What to quote to whoever runs the installation.
    pub request_id: String,
}

/// What is wrong with one field or parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field: a JSON Pointer into the body, as a URI fragment.
    #[schema(nullable = false)]
    pub pointer: Option<String>,
    /// The query parameter.
    #[schema(nullable = false)]
    pub parameter: Option<String>,
    /// A stable code.
    pub code: String,
    /// What to send instead, in English.
    #[schema(nullable = false)]
    pub detail: Option<String>,
}

/// A problem of that sort as it is answered.
#[must_use]
pub fn example(kind: Kind) -> Value {
    let problem = Problem::from(kind);
    let problem = match kind.code {
        "slot_taken" => problem
            .detail("Take one of the alternatives, which were free a moment ago.")
            .member("reasons", vec!["staff_busy"])
            .member(
                "alternatives",
                vec![
                    "2026-12-01T13:00:00Z",
                    "2026-12-01T14:00:00Z",
                    "2026-12-01T14:30:00Z",
                ],
            ),
        "too_late" => problem
            .detail("Please contact the organization.")
            .member("closed_at", "2026-11-30T13:30:00Z"),
        "missing_scope" => problem
            .detail("Use a token with the scope appointments:read.")
            .member("scope", "appointments:read"),
        "invalid_fields" => problem.field(
            "/person/email",
            "malformed",
            "Send an address: name@example.org.",
        ),
        "invalid_query" => problem.parameter(
            "zone",
            "unknown_zone",
            "Send an IANA name such as Europe/Berlin.",
        ),
        _ => problem,
    };
    let document = problem.document(Some("req_01kapjzzr00v7t2w5e8m3d9x4q"));
    serde_json::from_slice(&document).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_once_and_none_else() {
        let explained: Vec<&str> = EXPLAINED.iter().map(|(code, _)| *code).collect();
        let mut codes: Vec<&str> = kinds().map(|kind| kind.code).collect();
        codes.sort_unstable();
        assert_eq!(explained, codes);
    }
}
