//! Asking a filter of a resource.

use serde_json::{Map, Value};

use super::{Filter, Operator};
use crate::scim::path::AttributePath;
use crate::scim::resource::Parts;

impl Filter {
    /// Whether it holds for `resource`.
    #[must_use]
    pub fn holds(&self, resource: &Map<String, Value>) -> bool {
        match self {
            Self::Or(all) => all.iter().any(|one| one.holds(resource)),
            Self::And(all) => all.iter().all(|one| one.holds(resource)),
            Self::Not(inner) => !inner.holds(resource),
            Self::Present(path) => path.values(resource).iter().any(|value| is_present(value)),
            Self::Compare(path, operator, wanted) => {
                let found = path.values(resource);
                let is = |found: &Value| compare(found, *operator, wanted, path.is_exact());
                if *operator == Operator::Ne {
                    return found.iter().all(|found| is(found));
                }
                found.iter().any(|found| is(found))
                    || (found.is_empty() && *operator == Operator::Eq && wanted.is_null())
            }
            Self::Within(path, inner) => (path.values(resource).iter())
                .filter_map(|value| value.as_object())
                .any(|value| inner.holds(value)),
        }
    }

    /// How much of a resource must be built before this can be asked of it.
    #[must_use]
    pub fn parts(&self) -> Parts {
        match self {
            Self::Or(all) | Self::And(all) => {
                let parts = all.iter().map(Self::parts);
                parts.max().unwrap_or(Parts::Plain)
            }
            Self::Not(inner) => inner.parts(),
            Self::Present(path) | Self::Compare(path, ..) | Self::Within(path, _) => parts_at(path),
        }
    }

    /// The values that a new element must have for this to hold of it, where that is plain: `eq`, and
    /// several of them together.
    #[must_use]
    pub fn wants(&self) -> Option<Map<String, Value>> {
        match self {
            Self::Compare(path, Operator::Eq, value) => {
                let mut wanted = Map::new();
                wanted.insert(path.plain()?.to_owned(), value.clone());
                Some(wanted)
            }
            Self::And(all) => {
                let mut wanted = Map::new();
                for one in all {
                    wanted.extend(one.wants()?);
                }
                Some(wanted)
            }
            _ => None,
        }
    }
}

fn parts_at(path: &AttributePath) -> Parts {
    let part = path.part.as_deref();
    if path.is("meta") && part.is_none_or(|part| part.eq_ignore_ascii_case("version")) {
        return Parts::Whole;
    }
    if path.is("groups") || path.is("members") {
        return Parts::Linked;
    }
    Parts::Plain
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compare(found: &Value, operator: Operator, wanted: &Value, is_exact: bool) -> bool {
    // A value with parts is compared by the one that is called so.
    let found = match found {
        Value::Object(parts) => parts.get("value").unwrap_or(found),
        found => found,
    };
    match (found, wanted) {
        (Value::String(found), Value::String(wanted)) if is_exact => {
            compare_texts(found, operator, wanted)
        }
        (Value::String(found), Value::String(wanted)) => {
            compare_texts(&found.to_lowercase(), operator, &wanted.to_lowercase())
        }
        (Value::Number(found), Value::Number(wanted)) => {
            let order = found.as_f64().partial_cmp(&wanted.as_f64());
            order.is_some_and(|order| fits(order, operator))
        }
        // Some send booleans as texts.
        (Value::Bool(found), Value::String(wanted)) => {
            let same = found.to_string().eq_ignore_ascii_case(wanted);
            same == (operator != Operator::Ne)
        }
        (found, wanted) => match operator {
            Operator::Eq => found == wanted,
            Operator::Ne => found != wanted,
            _ => false,
        },
    }
}

fn compare_texts(found: &str, operator: Operator, wanted: &str) -> bool {
    match operator {
        Operator::Co => found.contains(wanted),
        Operator::Sw => found.starts_with(wanted),
        Operator::Ew => found.ends_with(wanted),
        operator => fits(found.cmp(wanted), operator),
    }
}

fn fits(order: std::cmp::Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}
