//! Holds answers against the OpenAPI document: every one that a test of this folder gets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use kept_app::http::api::DOCUMENT;
use serde_json::Value;

/// Problems that any request can meet, whatever its route.
const ANYWHERE: &[&str] = &[
    "bad_request",
    "headers_too_large",
    "internal",
    "method_not_allowed",
];

/// Paths of the document, cut at the slashes.
static PATHS: LazyLock<Vec<(Vec<&'static str>, &'static Value)>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths
        .iter()
        .map(|(path, item)| (path.split('/').collect(), item))
        .collect()
});

/// Says what in an answer is not as documented.
pub fn check(
    (method, path): (&str, &str),
    (status, media_type): (u16, &str),
    body: &[u8],
) -> Result<(), String> {
    let path = path.split('?').next().unwrap_or_default();
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |documented: &[&str]| {
        documented.len() == asked.len()
            && (documented.iter().zip(&asked)).all(|(d, a)| d.starts_with('{') || d == a)
    };
    // `slots/why` and the like come before `{id}`, as in the router.
    let mut found: Vec<_> = PATHS.iter().filter(|(path, _)| fits(path)).collect();
    found.sort_by_key(|(path, _)| path.iter().filter(|part| part.starts_with('{')).count());
    let Some(operation) = found
        .first()
        .and_then(|(_, item)| item.get(method.to_lowercase()))
    else {
        return Ok(());
    };
    let json: Value = match body {
        [] => Value::Null,
        body => serde_json::from_slice(body).map_err(|error| error.to_string())?,
    };
    let response = &operation["responses"][status.to_string()];
    if let Some(code) = json["code"].as_str().filter(|_| status >= 400) {
        let documented = &response["content"][media_type]["examples"][code];
        if documented.is_null() && !ANYWHERE.contains(&code) {
            return Err(format!("the problem {code} is not documented"));
        }
        return conforms(&DOCUMENT["components"]["schemas"]["Problem"], &json, "");
    }
    match &response["content"] {
        Value::Null if response.is_null() => Err(format!("{status} is not documented")),
        Value::Null if json.is_null() => Ok(()),
        Value::Null => Err("there should be no body".to_owned()),
        content => match &content[media_type]["schema"] {
            Value::Null => Err(format!("{media_type} is not documented")),
            schema => conforms(schema, &json, ""),
        },
    }
}

/// What a reference points to; anything else is itself.
pub fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let found = DOCUMENT.pointer(reference.trim_start_matches('#'));
            found.unwrap_or_else(|| panic!("{reference} points to nothing"))
        }
        None => schema,
    }
}

/// Whether `value` is what `schema` says, with no member that it does not name.
pub fn conforms(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolve(schema);
    if let Some(some) = schema["oneOf"].as_array() {
        let mut tried = some.iter().map(|one| conforms(one, value, at));
        return match tried.find(Result::is_ok) {
            Some(_) => Ok(()),
            None => Err(format!("{at}: none of the alternatives")),
        };
    }
    if schema.get("allOf").is_some() || schema["type"] == "object" {
        return object_conforms(schema, value, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().filter_map(Value::as_str).collect(),
        _ => return Err(format!("{at}: a schema without a type")),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => return object_conforms(schema, value, at),
    };
    if !types.contains(&is) {
        return Err(format!("{at}: {is} is none of {types:?}"));
    }
    if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            conforms(&schema["items"], item, &format!("{at}/{index}"))?;
        }
    }
    if let Value::String(text) = value {
        let fits = match schema["format"].as_str() {
            Some("date-time") => text.ends_with('Z') && text.parse::<Timestamp>().is_ok(),
            Some("date") => text.parse::<Date>().is_ok(),
            _ => true,
        };
        let chosen = schema["enum"]
            .as_array()
            .is_none_or(|choices| choices.contains(value));
        if !fits || !chosen {
            return Err(format!("{at}: {text} is not of its form"));
        }
    }
    Ok(())
}

fn object_conforms(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let members = value
        .as_object()
        .ok_or_else(|| format!("{at}: not an object"))?;
    let (mut properties, mut required, mut others) = (BTreeMap::new(), Vec::new(), None);
    gather(schema, &mut properties, &mut required, &mut others);
    for name in required {
        if !members.contains_key(name) {
            return Err(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members {
        let at = format!("{at}/{name}");
        match properties.get(name).or(others.as_ref()) {
            Some(schema) => conforms(schema, member, &at)?,
            None => return Err(format!("{at} is not documented")),
        }
    }
    Ok(())
}

fn gather<'d>(
    schema: &'d Value,
    properties: &mut BTreeMap<String, &'d Value>,
    required: &mut Vec<&'d str>,
    others: &mut Option<&'d Value>,
) {
    let schema = resolve(schema);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(part, properties, required, others);
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    properties.extend(own.map(|(name, property)| (name.clone(), property)));
    let needed = schema["required"].as_array().into_iter().flatten();
    required.extend(needed.filter_map(Value::as_str));
    if schema["additionalProperties"].is_object() {
        *others = Some(&schema["additionalProperties"]);
    }
}

#[test]
fn answers_that_are_not_as_documented_are_found() {
    let days = ("GET", "/api/v1/orgs/riverside/days?x");
    let json = "application/json";
    for (body, wrong) in [
        (r#"{"data": [{"date": "2026-12-01", "free": 9}]}"#, ""),
        (r#"{"data": []}"#, ""),
        (r#"{}"#, ": data is missing"),
        (r#"{"data": [], "more": 1}"#, "/more is not documented"),
        (
            r#"{"data": [{"date": "2026-12-01"}]}"#,
            "/data/0: free is missing",
        ),
        (
            r#"{"data": [{"date": "1 Dec", "free": 9}]}"#,
            "/data/0/date: 1 Dec is not of its form",
        ),
        (
            r#"{"data": [{"date": "2026-12-01", "free": "9"}]}"#,
            "/data/0/free: string is none of [\"integer\"]",
        ),
    ] {
        let found = check(days, (200, json), body.as_bytes());
        assert_eq!(found.err().unwrap_or_default(), wrong);
    }
    let body = b"{}".as_slice();
    assert_eq!(
        check(days, (201, json), body),
        Err("201 is not documented".to_owned())
    );
    assert_eq!(
        check(days, (200, "text/html"), body),
        Err("text/html is not documented".to_owned())
    );
    let code = br#"{"code": "slot_taken"}"#;
    let found = check(days, (409, "application/problem+json"), code);
    assert_eq!(
        found,
        Err("the problem slot_taken is not documented".to_owned())
    );
}
