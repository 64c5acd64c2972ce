//! Changes in parts (RFC 7644, 3.5.2): applied to a resource as JSON, which is then read as a whole one
//! would be. Directories differ in how they write them; what the common ones send is understood.

use serde_json::{Map, Value};

use super::error::Refusal;
use super::filter::{self, Filter};
use super::path::{AttributePath, get, key};

/// Most operations in one change.
pub const MAX_PATCH_OPERATIONS: usize = 200;

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What a resource has, and what of it can be changed.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Attributes that are kept.
    pub kept: &'static [&'static str],
    /// Attributes that are lists.
    pub lists: &'static [&'static str],
    /// Attributes that directories know and Kept does not keep.
    pub passed_over: &'static [&'static str],
}

/// What nobody outside changes.
const FIXED: [&str; 4] = ["id", "meta", "schemas", "groups"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// What an operation is about: an attribute, some of its values, a part of them.
struct Target {
    attribute: AttributePath,
    filter: Option<Filter>,
    part: Option<String>,
}

/// Applies the operations of `body` to `resource`.
///
/// # Errors
/// `invalidSyntax`, `invalidPath`, `invalidValue`, `noTarget`, `mutability`, `invalidFilter`.
pub fn apply(
    shape: Shape,
    mut resource: Map<String, Value>,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let schemas = get(body, "schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|all| all.iter().any(|one| one == PATCH)) {
        return Err(Refusal::syntax("Send a body with the schema of PatchOp."));
    }
    let operations = get(body, "Operations").and_then(Value::as_array);
    let operations = operations.filter(|all| (1..=MAX_PATCH_OPERATIONS).contains(&all.len()));
    let operations = operations.ok_or_else(|| Refusal::syntax("Send 1 to 200 operations."))?;
    for operation in operations {
        let operation = operation.as_object();
        let operation = operation.ok_or_else(|| Refusal::syntax("An operation is an object."))?;
        one(shape, &mut resource, operation)?;
    }
    Ok(resource)
}

fn one(
    shape: Shape,
    resource: &mut Map<String, Value>,
    operation: &Map<String, Value>,
) -> Result<(), Refusal> {
    let op = get(operation, "op")
        .and_then(Value::as_str)
        .unwrap_or_default();
    // Entra ID writes them with a capital.
    let op = match op.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(Refusal::syntax("An operation is add, replace or remove.")),
    };
    let value = get(operation, "value");
    let path = match get(operation, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) => Some(path),
        Some(_) => return Err(Refusal::path("A path is a text.")),
    };
    if let Some(path) = path {
        let target = target(path)?;
        if FIXED.iter().any(|fixed| target.attribute.is(fixed)) {
            return Err(Refusal::fixed("This is not for a directory to change."));
        }
        return change(shape, resource, op, &target, value);
    }
    let parts = value
        .and_then(Value::as_object)
        .filter(|_| op != Op::Remove);
    let parts = parts.ok_or_else(|| match op {
        Op::Remove => Refusal::target(),
        Op::Add | Op::Replace => Refusal::syntax("Without a path, the value is an object."),
    })?;
    for (name, value) in parts {
        // Entra ID writes whole paths as names; Okta repeats the id.
        let target = target(name)?;
        if !FIXED.iter().any(|fixed| target.attribute.is(fixed)) {
            change(shape, resource, op, &target, Some(value))?;
        }
    }
    Ok(())
}

/// `attribute`, `attribute.part`, `attribute[filter]` or `attribute[filter].part`.
fn target(path: &str) -> Result<Target, Refusal> {
    let none = || Refusal::path("The path names no attribute.");
    let Some(open) = path.find('[') else {
        let mut attribute = AttributePath::read(path).ok_or_else(none)?;
        return Ok(Target {
            part: attribute.part.take(),
            attribute,
            filter: None,
        });
    };
    let close = path.rfind(']').filter(|close| open < *close);
    let close = close.ok_or_else(none)?;
    let attribute = AttributePath::read(&path[..open]).ok_or_else(none)?;
    let part = match &path[close + 1..] {
        "" => None,
        rest => Some(rest.strip_prefix('.').ok_or_else(none)?.to_owned()),
    };
    if attribute.part.is_some()
        || part
            .as_deref()
            .is_some_and(|part| AttributePath::read(part).is_none())
    {
        return Err(none());
    }
    Ok(Target {
        filter: Some(filter::read(&path[open + 1..close])?),
        attribute,
        part,
    })
}

fn change(
    shape: Shape,
    resource: &mut Map<String, Value>,
    op: Op,
    target: &Target,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    let is_in = |names: &[&str]| names.iter().any(|name| target.attribute.is(name));
    if target.attribute.is_foreign || is_in(shape.passed_over) {
        return Ok(());
    }
    let canonical = shape.kept.iter().find(|name| target.attribute.is(name));
    let canonical = *canonical.ok_or_else(|| Refusal::path("There is no such attribute."))?;
    let present = key(resource, canonical).and_then(|key| resource.remove(&key));
    let after = if is_in(shape.lists) {
        let list = match present {
            Some(Value::Array(list)) => list,
            Some(Value::Null) | None => Vec::new(),
            Some(one) => vec![one],
        };
        Some(Value::Array(change_list(list, op, target, value)?))
    } else {
        change_single(present, op, target, value)?
    };
    if let Some(after) = after {
        resource.insert(canonical.to_owned(), after);
    }
    Ok(())
}

fn change_single(
    present: Option<Value>,
    op: Op,
    target: &Target,
    value: Option<&Value>,
) -> Result<Option<Value>, Refusal> {
    if target.filter.is_some() {
        return Err(Refusal::path("This attribute is no list."));
    }
    let mut object = match &present {
        Some(Value::Object(object)) => object.clone(),
        _ => Map::new(),
    };
    match (&target.part, op) {
        (None, Op::Remove) => Ok(None),
        (Some(part), Op::Remove) => {
            take(&mut object, part);
            Ok(Some(Value::Object(object)))
        }
        (None, Op::Add | Op::Replace) => match needed(value)? {
            Value::Object(parts) => {
                merge(&mut object, parts);
                Ok(Some(Value::Object(object)))
            }
            value => Ok(Some(value.clone())),
        },
        (Some(part), Op::Add | Op::Replace) => {
            put(&mut object, part, needed(value)?);
            Ok(Some(Value::Object(object)))
        }
    }
}

fn change_list(
    mut list: Vec<Value>,
    op: Op,
    target: &Target,
    value: Option<&Value>,
) -> Result<Vec<Value>, Refusal> {
    let fits = |element: &Value| match (&target.filter, element.as_object()) {
        (None, _) => true,
        (Some(filter), Some(element)) => filter.holds(element),
        (Some(_), None) => false,
    };
    match (&target.part, op) {
        (None, Op::Remove) => {
            match (value, &target.filter) {
                // Entra ID names the members that leave in the value.
                (Some(Value::Array(gone)), None) => {
                    list.retain(|one| !gone.iter().any(|gone| is_same(one, gone)));
                }
                (Some(gone @ Value::Object(_)), None) => list.retain(|one| !is_same(one, gone)),
                _ => list.retain(|one| !fits(one)),
            }
            Ok(list)
        }
        (Some(part), Op::Remove) => {
            for element in list.iter_mut().filter(|one| fits(one)) {
                if let Some(element) = element.as_object_mut() {
                    take(element, part);
                }
            }
            Ok(list)
        }
        (None, Op::Add | Op::Replace) if target.filter.is_none() => {
            if op == Op::Replace {
                list.clear();
            }
            match needed(value)? {
                Value::Array(all) => all.iter().for_each(|one| append(&mut list, one)),
                one => append(&mut list, one),
            }
            Ok(list)
        }
        (part, Op::Add | Op::Replace) => {
            let value = needed(value)?;
            if !list.iter().any(fits) {
                // Entra ID expects that what it names comes to be.
                let wanted = match &target.filter {
                    Some(filter) => filter.wants().ok_or_else(Refusal::target)?,
                    None => Map::new(),
                };
                list.push(Value::Object(wanted));
            }
            for element in list.iter_mut().filter(|one| fits(one)) {
                let Some(element) = element.as_object_mut() else {
                    continue;
                };
                match (part, value) {
                    (Some(part), value) => put(element, part, value),
                    (None, Value::Object(parts)) => merge(element, parts),
                    (None, _) => return Err(Refusal::value("The value is an object here.")),
                }
            }
            Ok(list)
        }
    }
}

fn needed(value: Option<&Value>) -> Result<&Value, Refusal> {
    value.ok_or_else(|| Refusal::value("A value is missing."))
}

/// Adds what is not there yet; of several, the last that says so is the primary one.
fn append(list: &mut Vec<Value>, new: &Value) {
    if list.iter().any(|one| is_same(one, new) && one == new) {
        return;
    }
    let is_primary = |one: &Value| one.get("primary").is_some_and(is_true);
    if is_primary(new) {
        for one in list.iter_mut().filter_map(Value::as_object_mut) {
            put(one, "primary", &Value::Bool(false));
        }
    }
    list.push(new.clone());
}

/// Whether it says yes: some write booleans as texts.
#[must_use]
pub fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(is) => *is,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    let value = |one: &Value| match one {
        Value::Object(parts) => get(parts, "value").cloned(),
        one => Some(one.clone()),
    };
    value(one) == value(other)
}

fn take(object: &mut Map<String, Value>, name: &str) {
    if let Some(key) = key(object, name) {
        object.remove(&key);
    }
}

fn put(object: &mut Map<String, Value>, name: &str, value: &Value) {
    let key = key(object, name).unwrap_or_else(|| name.to_owned());
    object.insert(key, value.clone());
}

fn merge(object: &mut Map<String, Value>, parts: &Map<String, Value>) {
    for (name, value) in parts {
        put(object, name, value);
    }
}
