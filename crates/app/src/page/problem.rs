//! A problem as people see it who came by browser.

use axum::http::StatusCode;
use kept_base::page::{Locale, Nonce};
use kept_base::problem::Problem;

use super::{Frame, Look};

#[derive(askama::Template)]
#[template(path = "page/problem.html")]
struct ProblemPage<'p> {
    f: Frame<'p>,
    heading: String,
    advice: String,
    request_id: Option<&'p str>,
}

/// The HTML of `problem`, for the rim: `request_id` is shown where telling it to somebody helps,
/// and kept out of a "not found", which is the same for all.
///
/// The page says in the reader's language what to do; the problem's own detail is English and
/// written for programs.
#[must_use]
pub fn problem_page(look: &Look, problem: &Problem, request_id: &str, locale: Locale) -> String {
    let words = look.words(locale);
    let id = text_id(problem);
    let heading = words.say(&format!("problem-{id}"));
    // Nobody can look anything up about an organization that is paused on purpose.
    let ours = problem.status().is_server_error() && id != "paused";
    // No script runs on these pages, so the nonce pins nothing.
    let nonce = Nonce::from_bytes(&[0; 16]);
    let page = ProblemPage {
        advice: words.say(&format!("problem-{id}.advice")),
        f: Frame::new(look, locale, nonce, &heading, None),
        heading,
        request_id: ours.then_some(request_id),
    };
    askama::Template::render(&page).unwrap_or_else(|_| problem.kind.title.to_owned())
}

/// Which text tells of it: pages tell apart what people can act upon.
fn text_id(problem: &Problem) -> &'static str {
    match problem.code() {
        "forbidden" => return "forbidden",
        "organization_suspended" => return "paused",
        "too_many_requests" => return "often",
        _ => {}
    }
    match problem.status() {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::URI_TOO_LONG
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "too-large",
        StatusCode::REQUEST_TIMEOUT => "slow",
        StatusCode::FORBIDDEN => "foreign",
        StatusCode::SERVICE_UNAVAILABLE => "busy",
        status if status.is_server_error() => "internal",
        _ => "unreadable",
    }
}
