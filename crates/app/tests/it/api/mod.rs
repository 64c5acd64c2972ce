//! The JSON API, asked in process: status and body of every route, as text.

mod access;
mod booking;
mod browsing;
mod changing;
mod contract;
mod days;
mod offering;
mod openapi;
mod people;
mod repeating;
mod scan;
mod strict;
mod times;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use kept_app::http::{Limits, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::support::{Clinic, TestApp};

/// A whole Kept with one clinic, and a client of its API.
pub struct Api {
    pub test: TestApp,
    pub clinic: Clinic,
    router: Router,
}

/// A request in the making.
pub struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new("POST", path).body("application/json", body.to_string())
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text at a JSON Pointer.
    pub fn at(&self, pointer: &str) -> String {
        let value = self.json();
        let found = value
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{pointer}: {value}"));
        found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned)
    }

    /// The body without what differs between any two answers.
    pub fn without_request_id(&self) -> Value {
        let mut value = self.json();
        if let Some(object) = value.as_object_mut() {
            object.remove("request_id").expect("problems have one");
        }
        value
    }
}

impl Api {
    pub async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        Self::of(test, clinic)
    }

    pub fn of(test: TestApp, clinic: Clinic) -> Self {
        let router = router(&test.app, Limits::default());
        Self {
            test,
            clinic,
            router,
        }
    }

    /// The path of a route of the clinic.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/orgs/{}/{rest}", self.clinic.slug)
    }

    /// Sends a request; a path without a leading slash is one of the clinic's routes.
    pub async fn send(&self, ask: Ask) -> Answer {
        let path = if ask.path.starts_with('/') {
            ask.path
        } else {
            self.path(&ask.path)
        };
        let mut request = Request::builder()
            .method(ask.method)
            .uri(&path)
            .header("host", "kept.test");
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(ask.body)).expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.expect("routers do not fail").into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        let media_type = parts.headers.get("content-type");
        let media_type = media_type.map_or("", |value| value.to_str().expect("plain text"));
        let answered = (parts.status.as_u16(), media_type);
        if let Err(wrong) = contract::check((ask.method, &path), answered, &body) {
            let text = String::from_utf8_lossy(&body);
            panic!("{} {path} {} {wrong}: {text}", ask.method, parts.status);
        }
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Ask::get(path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Ask::post(path, &body)).await
    }

    /// With the clinic's token, which has every scope.
    pub async fn get_as_clinic(&self, path: &str) -> Answer {
        self.send(Ask::get(path).bearer(&self.clinic.token)).await
    }

    /// With the clinic's token, which has every scope.
    pub async fn post_as_clinic(&self, path: &str, body: Value) -> Answer {
        self.send(Ask::post(path, &body).bearer(&self.clinic.token))
            .await
    }

    /// Books a check-up; the test ends when that fails.
    pub async fn book(&self, starts_at: &str) -> Answer {
        let answer = self.post("appointments", booking(starts_at)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer
    }

    /// Status and body as text: ids of the clinic by name, other ids, references, manage tokens
    /// and request ids without what is random in them.
    pub fn show(&self, answer: &Answer) -> String {
        let mut text = answer.text();
        let clinic = &self.clinic;
        for (id, name) in [
            (clinic.harbor.to_string(), "loc_harbor"),
            (clinic.hill.to_string(), "loc_hill"),
            (clinic.room_1.to_string(), "rom_1"),
            (clinic.room_2.to_string(), "rom_2"),
            (clinic.vogt.to_string(), "stf_vogt"),
            (clinic.shah.to_string(), "stf_shah"),
            (clinic.liu.to_string(), "stf_liu"),
            (clinic.checkup.to_string(), "svc_checkup"),
            (clinic.therapy.to_string(), "svc_therapy"),
            (clinic.review.to_string(), "svc_review"),
        ] {
            text = text.replace(&id, name);
        }
        for prefix in ["apt_", "per_", "hld_", "req_", "fld_"] {
            text = masked(&text, prefix, 26);
        }
        let text = masked(&masked(&text, "BK-", 7), "/appointment/", 32);
        let body = serde_json::from_str(&text).map_or(text, |mut json| {
            sort_staff(&mut json);
            pretty(&json)
        });
        format!("{}\n{body}", answer.status)
    }
}

/// Of several who serve together none comes first: their order is that of random ids.
fn sort_staff(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            let is_appointment = fields.contains_key("reference");
            if let (true, Some(Value::Array(staff))) = (is_appointment, fields.get_mut("staff")) {
                staff.sort_by_key(ToString::to_string);
            }
            fields.values_mut().for_each(sort_staff);
        }
        Value::Array(all) => all.iter_mut().for_each(sort_staff),
        _ => {}
    }
}

/// A check-up for an invented person.
pub fn booking(starts_at: &str) -> Value {
    json!({
        "service": "checkup",
        "starts_at": starts_at,
        "person": {"name": "Ama Okafor", "email": "ama@example.org"}
    })
}

/// Longest line of JSON in a snapshot.
const MAX_LINE_BYTES: usize = 140;

/// JSON with short arrays and objects on one line.
fn pretty(value: &Value) -> String {
    fn write(value: &Value, indent: usize, out: &mut String) {
        let flat = value.to_string();
        if flat.len() + indent <= MAX_LINE_BYTES {
            out.push_str(&flat);
            return;
        }
        let pad = " ".repeat(indent + 2);
        let (open, close, lines): (char, char, Vec<String>) = match value {
            Value::Array(items) => {
                let line = |item| {
                    let mut line = String::new();
                    write(item, indent + 2, &mut line);
                    line
                };
                ('[', ']', items.iter().map(line).collect())
            }
            Value::Object(members) => {
                let line = |(key, member)| {
                    let mut line = format!("{}: ", json!(key));
                    write(member, indent + 2, &mut line);
                    line
                };
                ('{', '}', members.iter().map(line).collect())
            }
            _ => return out.push_str(&flat),
        };
        out.push(open);
        out.push('\n');
        out.push_str(&format!("{pad}{}", lines.join(&format!(",\n{pad}"))));
        out.push_str(&format!("\n{}{close}", " ".repeat(indent)));
    }
    let mut out = String::new();
    write(value, 0, &mut out);
    out
}

/// Puts a dot for the `length` characters after each `prefix`.
fn masked(text: &str, prefix: &str, length: usize) -> String {
    let mut pieces = text.split(prefix);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(prefix);
        match piece.get(..length) {
            Some(random) if random.bytes().all(is_random) => {
                out.push('.');
                out.push_str(&piece[length..]);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

fn is_random(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}
