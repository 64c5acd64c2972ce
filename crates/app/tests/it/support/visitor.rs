//! Somebody with a browser without scripts: asks for pages, sends forms, keeps nothing.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kept_app::app::App;
use kept_app::http::{self, Limits};
use tower::ServiceExt as _;

use super::TestApp;

/// The whole Kept, asked in process.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    /// What the browser says it reads.
    pub language: &'static str,
    /// How it takes packed answers.
    pub encoding: Option<&'static str>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Visitor {
    pub fn of(test: &TestApp) -> Self {
        Self {
            router: http::router(&test.app, Limits::default()),
            language: "en",
            encoding: None,
        }
    }

    /// The same with the routes that only the demo has.
    pub fn of_demo(test: &TestApp, more: Router<Arc<App>>) -> Self {
        Self {
            router: http::finish(http::routes().merge(more), &test.app, Limits::default()),
            language: "en",
            encoding: None,
        }
    }

    pub async fn get(&self, url: &str) -> Page {
        self.send("GET", url, Body::empty()).await
    }

    pub async fn send(&self, method: &str, url: &str, body: Body) -> Page {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::HOST, "kept.test")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::ACCEPT_ENCODING, self.encoding.unwrap_or("identity"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let response = response.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Sends a form.
    pub async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send("POST", url, Body::from(form.finish())).await
    }
}

impl Page {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Where a 303 leads.
    pub fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location").expect("a location").to_owned()
    }

    /// What a reader sees of the main part: one line for each block, a mark for links and inputs.
    /// References, which are random, are written `BK-...`.
    pub fn text(&self) -> String {
        let main = self.body.split("<main").nth(1).unwrap_or(&self.body);
        let main = main.split("</main>").next().unwrap_or(main);
        let text = outline(main.split_once('>').map_or(main, |(_, rest)| rest));
        let lines = text.lines().map(|line| match line.split_once("BK-") {
            Some((before, reference)) => format!("{before}BK-...{}", &reference[7..]),
            None => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The value of `attribute` in the first tag that has `mark` in it.
    pub fn attribute(&self, mark: &str, attribute: &str) -> Option<String> {
        let tag = self.body.split('<').find(|tag| tag.contains(mark))?;
        let start = format!("{attribute}=\"");
        let value = tag.split_once(start.as_str())?.1.split('"').next()?;
        Some(unescaped(value))
    }

    /// Every link to a page of ours.
    pub fn links(&self) -> Vec<String> {
        let hrefs = self.body.split(" href=\"").skip(1);
        hrefs
            .filter_map(|rest| rest.split('"').next())
            .filter(|href| href.starts_with('/'))
            .map(unescaped)
            .collect()
    }

    /// Every link to a place on the page itself.
    pub fn links_within(&self) -> Vec<String> {
        let hrefs = self.body.split(" href=\"#").skip(1);
        hrefs
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    }

    /// The instants that can be chosen, in order.
    pub fn times(&self) -> Vec<String> {
        let inputs = self.body.split("name=\"at\" value=\"").skip(1);
        inputs
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&amp;", "&")
        .replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&gt;", ">")
}

/// Tags become line breaks or nothing; inputs show name and value.
fn outline(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split('<') {
        let Some((tag, text)) = piece.split_once('>') else {
            out.push_str(piece);
            continue;
        };
        let name = tag.split([' ', '/']).find(|part| !part.is_empty());
        match name.unwrap_or_default() {
            "input" | "textarea" | "select" => out.push_str(&input(tag)),
            "b" | "bdi" | "i" | "small" | "code" | "strong" | "option" => {}
            "a" if !tag.starts_with('/') => out.push_str(" ->"),
            "a" | "span" if tag.starts_with('/') => out.push(' '),
            "span" | "label" => out.push(' '),
            _ => out.push('\n'),
        }
        out.push_str(text);
    }
    let lines = out.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        unescaped(&words.join(" "))
    });
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn input(tag: &str) -> String {
    if tag.starts_with('/') {
        return " ".to_owned();
    }
    let value_of = |name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        rest.split('"').next()
    };
    let mut shown = format!(" [{}", value_of("name").unwrap_or_default());
    if let Some(value) = value_of("value").filter(|value| !value.is_empty()) {
        shown.push_str(&format!("={value}"));
    }
    for flag in ["checked", "required", "aria-invalid"] {
        if tag.contains(&format!(" {flag}")) {
            shown.push_str(&format!(" {flag}"));
        }
    }
    shown + "] "
}
