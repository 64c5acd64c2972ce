//! One operation of the OpenAPI document, as the page of documentation shows it.

use serde_json::Value;

use super::Route;
use super::openapi::DOCUMENT;
use crate::access::Scope;

/// Deepest nesting of fields that is shown.
const MAX_FIELD_DEPTH: usize = 6;

/// A text whose code is told apart.
pub(super) type Text = Vec<Piece>;

/// A piece of a text.
pub(super) struct Piece {
    pub is_code: bool,
    pub text: String,
}

/// An operation.
pub(super) struct Operation {
    pub id: String,
    pub method: String,
    pub path: &'static str,
    pub summary: String,
    pub about: Text,
    pub who: Text,
    pub parameters: Vec<Field>,
    pub body: Vec<Field>,
    request: Request,
    pub answer: Answer,
    pub problems: Vec<String>,
}

/// The example request.
struct Request {
    method: String,
    path_and_query: String,
    needs_token: bool,
    is_repeatable: bool,
    body: Option<String>,
}

/// A parameter, or a field of a body.
pub(super) struct Field {
    pub name: String,
    /// What it is, and whether it may be missing.
    pub kind: String,
    pub about: Text,
}

/// Which way a body goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the client.
    In,
    /// To the client.
    Out,
}

impl Field {
    fn new(name: String, schema: &Value, about: &Value, (way, required): (Way, bool)) -> Self {
        let mut kind = kind(schema);
        match (way, required) {
            (Way::In, true) => kind.push_str(", needed"),
            (Way::Out, false) => kind.push_str(", not always"),
            (Way::In, false) | (Way::Out, true) => {}
        }
        Self {
            name,
            kind,
            about: text(about),
        }
    }
}

/// What is answered when all is well.
pub(super) struct Answer {
    pub status: String,
    pub about: Text,
    pub fields: Vec<Field>,
    pub example: Option<String>,
}

impl Operation {
    /// The example as a command line.
    pub fn curl(&self, base_url: &str) -> String {
        let asked = &self.request;
        let mut lines = Vec::new();
        let url = format!("'{base_url}{}'", asked.path_and_query);
        match asked.method.as_str() {
            "get" => lines.push(format!("curl {url}")),
            method => lines.push(format!("curl -X {} {url}", method.to_uppercase())),
        }
        if asked.needs_token {
            lines.push("-H \"Authorization: Bearer $KEPT_TOKEN\"".to_owned());
        }
        if asked.is_repeatable {
            lines.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
        }
        if let Some(body) = &asked.body {
            lines.push("-H 'Content-Type: application/json'".to_owned());
            lines.push(format!("-d '{body}'"));
        }
        lines.join(" \\\n  ")
    }
}

/// Reads a description of the document: `code` in backticks, lines joined.
pub(super) fn text(described: &Value) -> Text {
    let text = described.as_str().unwrap_or_default().replace('\n', " ");
    let pieces = text.split('`').enumerate();
    pieces
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(index, piece)| Piece {
            is_code: index % 2 == 1,
            text: piece.to_owned(),
        })
        .collect()
}

/// JSON as people read it.
pub(super) fn example_text(example: &Value) -> String {
    serde_json::to_string_pretty(example).unwrap_or_default()
}

/// Reads an operation.
pub(super) fn operation(route: &Route, described: &Value) -> Operation {
    let own = described["parameters"].as_array().into_iter().flatten();
    let own: Vec<&Value> = own.map(target).collect();
    let in_path_or_query = |p: &&&Value| p["in"] != "header" && p["name"] != "org";
    let body = &described["requestBody"]["content"]["application/json"];
    let responses = described["responses"].as_object().into_iter().flatten();
    let mut problems = Vec::new();
    let mut answer = None;
    for (status, response) in responses {
        let examples = &response["content"]["application/problem+json"]["examples"];
        match examples.as_object() {
            Some(examples) => problems.extend(examples.keys().cloned()),
            None => answer = Some(read_answer(status, response)),
        }
    }
    let word = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
    Operation {
        id: word("operationId"),
        method: route.method.to_uppercase(),
        path: route.path,
        summary: word("summary"),
        about: text(&described["description"]),
        who: who(route, &described["security"]),
        parameters: own
            .iter()
            .filter(in_path_or_query)
            .map(|p| parameter(p))
            .collect(),
        body: fields(&body["schema"], Way::In),
        request: request(route, &own, body, &described["security"]),
        answer: answer.unwrap_or_else(|| read_answer("", &Value::Null)),
        problems,
    }
}

/// Whether one way to be allowed is to present nothing.
fn is_public(security: &Value) -> bool {
    let mut ways = security.as_array().into_iter().flatten();
    ways.any(|way| way.as_object().is_some_and(serde_json::Map::is_empty))
}

fn who(route: &Route, security: &Value) -> Text {
    let scope = route.needs.right.scope().map_or("", Scope::code);
    let who = match (is_public(security), route.needs.own.is_some()) {
        (true, _) => format!("Open to everybody. A token needs the scope `{scope}`."),
        (false, true) => {
            format!("For a token with the scope `{scope}`, or the appointment's manage token.")
        }
        (false, false) => format!("For a token with the scope `{scope}`."),
    };
    text(&Value::from(who))
}

fn parameter(parameter: &Value) -> Field {
    let name = parameter["name"].as_str().unwrap_or_default();
    let required = parameter["required"] == true;
    Field::new(
        name.to_owned(),
        &parameter["schema"],
        &parameter["description"],
        (Way::In, required),
    )
}

fn request(route: &Route, parameters: &[&Value], body: &Value, security: &Value) -> Request {
    let example = |p: &Value| p["example"].as_str().unwrap_or_default().to_owned();
    let mut path = route.path.to_owned();
    let mut query = Vec::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &example(parameter)),
            Some("query") if !example(parameter).is_empty() => {
                query.push(format!("{name}={}", example(parameter)));
            }
            _ => {}
        }
    }
    let question = if query.is_empty() { "" } else { "?" };
    Request {
        method: route.method.to_owned(),
        path_and_query: format!("{path}{question}{}", query.join("&")),
        needs_token: !is_public(security),
        is_repeatable: parameters.iter().any(|p| p["name"] == "Idempotency-Key"),
        body: body.get("example").map(example_text),
    }
}

fn read_answer(status: &str, response: &Value) -> Answer {
    let content = &response["content"]["application/json"];
    Answer {
        status: status.to_owned(),
        about: text(&response["description"]),
        fields: fields(&content["schema"], Way::Out),
        example: content.get("example").map(example_text),
    }
}

/// The fields of a body, those inside others with their path: `person.name`, `data[].id`.
pub(super) fn fields(schema: &Value, way: Way) -> Vec<Field> {
    let mut found = Vec::new();
    collect(schema, "", (way, 0), &mut found);
    found
}

fn collect(schema: &Value, prefix: &str, (way, depth): (Way, usize), found: &mut Vec<Field>) {
    if depth > MAX_FIELD_DEPTH {
        return;
    }
    let schema = target(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(part, prefix, (way, depth + 1), found);
    }
    if schema["type"] == "array" {
        collect(
            &schema["items"],
            &format!("{prefix}[]"),
            (way, depth + 1),
            found,
        );
    }
    let required: Vec<&Value> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let dot = if prefix.is_empty() { "" } else { "." };
        let path = format!("{prefix}{dot}{name}");
        let about = match &property["description"] {
            Value::Null => &target(property)["description"],
            own => own,
        };
        let required = required.contains(&&Value::from(name.as_str()));
        found.push(Field::new(path.clone(), property, about, (way, required)));
        collect(property, &path, (way, depth + 1), found);
    }
}

/// The schema or parameter itself: behind a reference, and without the `null` that it may be instead.
fn target(schema: &Value) -> &Value {
    let mut alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let other = alternatives.rfind(|one| one["type"] != "null");
    let schema = other.unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            DOCUMENT.pointer(pointer).unwrap_or(&Value::Null)
        }
        None => schema,
    }
}

/// What a value is, in words.
fn kind(schema: &Value) -> String {
    let of = target(schema);
    let mut names: Vec<&str> = match &of["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["object"],
    };
    let is_nullable = names.contains(&"null")
        || schema["oneOf"]
            .as_array()
            .is_some_and(|some| some.iter().any(|s| s["type"] == "null"));
    names.retain(|name| *name != "null");
    let mut words = match (names.first().copied(), of["format"].as_str()) {
        (Some("string"), Some("date-time")) => "instant".to_owned(),
        (Some("string"), Some("date")) => "date".to_owned(),
        (Some("array"), _) => format!("list of {}", kind(&of["items"])),
        (name, _) => name.unwrap_or("object").to_owned(),
    };
    if let Some(choices) = of["enum"].as_array() {
        let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
        words = choices.join(" or ");
    }
    if let (Some(least), Some(most)) = (of["minimum"].as_u64(), of["maximum"].as_u64()) {
        words = format!("{words}, {least} to {most}");
    }
    if let Some(most) = of["maxLength"].as_u64() {
        words = format!("{words}, at most {most} characters");
    }
    if is_nullable {
        words.push_str(" or null");
    }
    words
}
