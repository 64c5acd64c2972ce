//! Names of attributes (RFC 7644, 3.10): `userName`, `name.givenName`, with a schema before them or
//! without. Their case does not matter.

use serde_json::{Map, Value};

/// The schema of users.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of groups.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// What directories of enterprises add to users: taken, and not kept.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Longest name of an attribute, in characters.
pub const MAX_ATTRIBUTE_CHARS: usize = 150;

/// The name of an attribute, and of a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePath {
    /// Whether it belongs to a schema of which nothing is kept.
    pub is_foreign: bool,
    /// Its name, as written.
    pub name: String,
    /// The name of the part.
    pub part: Option<String>,
}

impl AttributePath {
    /// Reads a name; `None` when it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.chars().count() > MAX_ATTRIBUTE_CHARS {
            return None;
        }
        let below = |schema: &str| {
            let start = text.get(..schema.len())?;
            start
                .eq_ignore_ascii_case(schema)
                .then(|| text[schema.len()..].strip_prefix(':'))?
        };
        if text.eq_ignore_ascii_case(ENTERPRISE) {
            return Some(Self {
                is_foreign: true,
                name: ENTERPRISE.to_owned(),
                part: None,
            });
        }
        let is_foreign = below(ENTERPRISE).is_some();
        let own = [ENTERPRISE, USER, GROUP].into_iter().find_map(below);
        let plain = own.unwrap_or(text);
        let (name, part) = match plain.split_once('.') {
            Some((name, part)) => (name, Some(part)),
            None => (plain, None),
        };
        let is_name = |text: &str| {
            let mut chars = text.chars();
            chars
                .next()
                .is_some_and(|c| c.is_ascii_alphabetic() || c == '$')
                && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'))
        };
        (is_name(name) && part.is_none_or(is_name)).then(|| Self {
            is_foreign,
            name: name.to_owned(),
            part: part.map(str::to_owned),
        })
    }

    /// Whether it is this attribute, or a part of it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        !self.is_foreign && self.name.eq_ignore_ascii_case(name)
    }

    /// The name, when it is of a whole attribute of ours.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        (!self.is_foreign && self.part.is_none()).then_some(self.name.as_str())
    }

    /// Whether the case of its values matters: ids do, names and addresses do not.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        ["id", "externalId", "meta"]
            .iter()
            .any(|exact| self.is(exact))
    }

    /// What `resource` has there: each value of a list by itself.
    #[must_use]
    pub fn values<'r>(&self, resource: &'r Map<String, Value>) -> Vec<&'r Value> {
        if self.is_foreign {
            return Vec::new();
        }
        let flat = |value: &'r Value| match value {
            Value::Array(all) => all.iter().collect(),
            Value::Null => Vec::new(),
            value => vec![value],
        };
        let found = get(resource, &self.name).map(flat).unwrap_or_default();
        let Some(part) = &self.part else {
            return found;
        };
        let parts = found.into_iter().filter_map(|value| value.as_object());
        parts.filter_map(|value| get(value, part)).collect()
    }
}

/// The key of an object that is called so, in any case of letters.
#[must_use]
pub fn key(object: &Map<String, Value>, name: &str) -> Option<String> {
    let mut keys = object.keys();
    keys.find(|key| key.eq_ignore_ascii_case(name)).cloned()
}

/// The value of an object that is called so, in any case of letters.
#[must_use]
pub fn get<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    object.get(name).or_else(|| {
        let mut all = object.iter();
        all.find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}
