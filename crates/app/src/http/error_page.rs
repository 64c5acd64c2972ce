//! A problem as people see it who came by browser.

use askama::Template as _;
use kept_base::page::Locale;
use kept_base::problem::Problem;

#[derive(askama::Template)]
#[template(path = "http/problem.html")]
struct ProblemPage<'p> {
    lang: &'p str,
    title: &'p str,
    detail: Option<&'p str>,
    request_id: &'p str,
}

/// The page's HTML, in the language that `accept_language` asks for.
pub(super) fn render(problem: &Problem, request_id: &str, accept_language: Option<&str>) -> String {
    let locale = Locale::negotiate(None, accept_language, Locale::En);
    let page = ProblemPage {
        lang: locale.tag(),
        title: problem.kind.title,
        detail: problem.detail.as_deref(),
        request_id,
    };
    page.render()
        .expect("a template of plain texts always renders")
}
