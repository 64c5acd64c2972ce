//! What a directory is told when it is refused (RFC 7644, 3.12).

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kept_base::problem::Problem;
use kept_base::store;
use serde_json::json;

use crate::access::MemberError;

/// The media type of SCIM.
pub const MEDIA_TYPE: &str = "application/scim+json";

/// A refusal.
#[derive(Debug)]
pub enum Refusal {
    /// In SCIM's own words.
    Said {
        /// The HTTP status.
        status: StatusCode,
        /// SCIM's code for it, where it has one.
        kind: Option<&'static str>,
        /// What to do about it; never what was sent.
        detail: Cow<'static, str>,
    },
    /// One of the rim or the store.
    Problem(Box<Problem>),
}

impl Refusal {
    fn said(
        status: StatusCode,
        kind: Option<&'static str>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Said {
            status,
            kind,
            detail: detail.into(),
        }
    }

    /// 400: the filter is not one.
    #[must_use]
    pub fn filter(detail: &'static str) -> Self {
        Self::said(StatusCode::BAD_REQUEST, Some("invalidFilter"), detail)
    }

    /// 400: the body has not the form that it should have.
    #[must_use]
    pub fn syntax(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::said(StatusCode::BAD_REQUEST, Some("invalidSyntax"), detail)
    }

    /// 400: an attribute is missing or has a value that does not fit.
    #[must_use]
    pub fn value(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::said(StatusCode::BAD_REQUEST, Some("invalidValue"), detail)
    }

    /// 400: a path names nothing.
    #[must_use]
    pub fn path(detail: &'static str) -> Self {
        Self::said(StatusCode::BAD_REQUEST, Some("invalidPath"), detail)
    }

    /// 400: a path matches nothing.
    #[must_use]
    pub fn target() -> Self {
        let detail = "Nothing of this resource fits the path.";
        Self::said(StatusCode::BAD_REQUEST, Some("noTarget"), detail)
    }

    /// 400: what is to be changed is not for a directory to change.
    #[must_use]
    pub fn fixed(detail: &'static str) -> Self {
        Self::said(StatusCode::BAD_REQUEST, Some("mutability"), detail)
    }

    /// 409: somebody or something else has it.
    #[must_use]
    pub fn taken(detail: &'static str) -> Self {
        Self::said(StatusCode::CONFLICT, Some("uniqueness"), detail)
    }

    /// 409: it does not fit the present state.
    #[must_use]
    pub fn conflict(detail: &'static str) -> Self {
        Self::said(StatusCode::CONFLICT, None, detail)
    }

    /// 403: not for this token.
    #[must_use]
    pub fn forbidden(detail: &'static str) -> Self {
        Self::said(StatusCode::FORBIDDEN, None, detail)
    }

    /// 404, the same for what is another's and for what never was.
    #[must_use]
    pub fn unknown() -> Self {
        Self::said(StatusCode::NOT_FOUND, None, "There is nothing of that id.")
    }

    /// 429: more than the named limit.
    #[must_use]
    pub fn too_often() -> Self {
        let detail = "Asked too often: wait until the next minute.";
        Self::said(StatusCode::TOO_MANY_REQUESTS, None, detail)
    }

    /// 412: it has changed meanwhile.
    #[must_use]
    pub fn changed() -> Self {
        let detail = "It has changed since that version.";
        Self::said(StatusCode::PRECONDITION_FAILED, None, detail)
    }
}

impl Refusal {
    /// The same as a problem of the rim, for pages.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Said { status, detail, .. } if status == StatusCode::NOT_FOUND => {
                Problem::not_found().detail(detail)
            }
            Self::Said { detail, .. } => Problem::conflict().detail(detail),
            Self::Problem(problem) => *problem,
        }
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        if error.is_constraint("directory_entry.folded_name") {
            return Self::taken("Another user has this userName.");
        }
        if error.is_constraint("directory_entry.external_id")
            || error.is_constraint("scim_group.external_id")
        {
            return Self::taken("Another resource has this externalId.");
        }
        if error.is_constraint("scim_group.folded_name") {
            return Self::taken("Another group has this displayName.");
        }
        Problem::from(error).into()
    }
}

impl From<MemberError> for Refusal {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Taken => Self::taken("Another user has this address."),
            MemberError::Unknown => Self::unknown(),
            MemberError::LastOwner => {
                Self::conflict("An organization keeps at least one active owner.")
            }
            MemberError::OwnersOnly => {
                Self::forbidden("Owners are changed by owners alone, on their own pages.")
            }
            MemberError::Beyond => {
                Self::forbidden("Whoever made this token may not give that role.")
            }
            MemberError::Changed => Self::conflict("It was changed meanwhile."),
            MemberError::Locations => Self::value("A location is not there."),
            MemberError::TooMany => {
                Self::conflict("The organization has as many members as it can.")
            }
            MemberError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Said {
                status,
                kind,
                detail,
            } => document(status, kind, &detail),
            // The rim writes it in SCIM's form, and the log.
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// The body of a problem of the rim in SCIM's form.
#[must_use]
pub fn body_of(problem: &Problem) -> Vec<u8> {
    let detail = (problem.detail.as_deref()).unwrap_or(problem.kind.title);
    body(problem.status(), None, detail)
}

fn body(status: StatusCode, kind: Option<&str>, detail: &str) -> Vec<u8> {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_u16().to_string(),
        "detail": detail,
    });
    if let (Some(kind), Some(members)) = (kind, body.as_object_mut()) {
        members.insert("scimType".to_owned(), kind.into());
    }
    body.to_string().into_bytes()
}

fn document(status: StatusCode, kind: Option<&str>, detail: &str) -> Response {
    let mut response = Response::new(body(status, kind, detail).into());
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    if status == StatusCode::TOO_MANY_REQUESTS {
        let minute = HeaderValue::from_static("60");
        response.headers_mut().insert(header::RETRY_AFTER, minute);
    }
    response
}
