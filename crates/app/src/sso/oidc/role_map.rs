//! Which role somebody gets who comes for the first time: what the provider says of them, and what the
//! organization makes of it.

use serde_json::Value;

use super::Claims;
use crate::access::Role;

/// Longest name of the claim, in characters.
pub const MAX_CLAIM_NAME_CHARS: usize = 200;
/// Longest value of it, in characters.
pub const MAX_CLAIM_VALUE_CHARS: usize = 200;
/// Most values that give a role.
pub const MAX_ROLE_MAPPINGS: usize = 50;

/// The values and their roles, the first that fits being the one. Never an owner's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleMap(Vec<(String, Role)>);

/// Which line cannot be read, from 1; or that there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleMapError {
    /// The line with that number.
    Line(usize),
    /// More than [`MAX_ROLE_MAPPINGS`].
    TooMany,
}

impl RoleMap {
    /// Reads lines such as `kept-admins = admin`. A value may have spaces and equals signs in it.
    ///
    /// # Errors
    /// [`RoleMapError`]; a role of owner is none.
    pub fn parse(text: &str) -> Result<Self, RoleMapError> {
        let mut all = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let wrong = RoleMapError::Line(number);
            let (value, role) = line.rsplit_once('=').ok_or(wrong)?;
            let value = value.trim();
            let role = Role::from_code(role.trim()).filter(|role| *role != Role::Owner);
            let is_short = value.chars().count() <= MAX_CLAIM_VALUE_CHARS;
            if value.is_empty() || !is_short || value.chars().any(char::is_control) {
                return Err(wrong);
            }
            all.push((value.to_owned(), role.ok_or(wrong)?));
        }
        if all.len() > MAX_ROLE_MAPPINGS {
            return Err(RoleMapError::TooMany);
        }
        Ok(Self(all))
    }

    /// As [`RoleMap::parse`] reads it.
    #[must_use]
    pub fn text(&self) -> String {
        let lines = self
            .0
            .iter()
            .map(|(value, role)| format!("{value} = {}", role.code()));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The role of somebody of whom `claims` were made; `otherwise` where no value fits.
    #[must_use]
    pub fn role(&self, claims: &Claims, name: &str, otherwise: Option<Role>) -> Option<Role> {
        let values = values(claims, name);
        let found = self
            .0
            .iter()
            .find(|(value, _)| values.contains(&value.as_str()));
        let role = found.map(|(_, role)| *role).or(otherwise);
        role.filter(|role| *role != Role::Owner)
    }
}

/// The claim of that name, or the one that its parts lead to: `realm_access.roles`.
fn values<'c>(claims: &'c Claims, name: &str) -> Vec<&'c str> {
    let direct = claims.get(name);
    let led = || {
        let (first, rest) = name.split_once('.')?;
        let start = claims.get(first)?;
        rest.split('.')
            .try_fold(start, |value, part| value.get(part))
    };
    match direct.or_else(led) {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    #[test]
    fn lines_are_read_and_written() {
        let text = "kept admins = admin\n\n a=b = front_desk\r\nboth =manager";
        let map = RoleMap::parse(text).expect("a map");
        let written = "kept admins = admin\na=b = front_desk\nboth = manager";
        assert_eq!(map.text(), written);
        assert_eq!(RoleMap::parse(written), Ok(map));
        for (text, error) in [
            ("admins", RoleMapError::Line(1)),
            ("a = staff\n= admin", RoleMapError::Line(2)),
            ("a = owner", RoleMapError::Line(1)),
            ("a = Admin", RoleMapError::Line(1)),
            ("a\tb = admin", RoleMapError::Line(1)),
        ] {
            assert_eq!(RoleMap::parse(text), Err(error), "{text}");
        }
        let of = |count: usize| "a = staff\n".repeat(count);
        assert!(RoleMap::parse(&of(MAX_ROLE_MAPPINGS)).is_ok());
        assert_eq!(
            RoleMap::parse(&of(MAX_ROLE_MAPPINGS + 1)),
            Err(RoleMapError::TooMany)
        );
        let value = |chars: usize| RoleMap::parse(&format!("{} = staff", "ü".repeat(chars)));
        assert!(value(MAX_CLAIM_VALUE_CHARS).is_ok());
        assert!(value(MAX_CLAIM_VALUE_CHARS + 1).is_err());
    }

    #[test]
    fn the_first_value_that_fits_gives_the_role_and_never_an_owners() {
        let map = RoleMap::parse("boss = admin\ndesk = front_desk").expect("a map");
        let role = |claims: &str, name, otherwise| {
            let claims = Claims(json::object(claims.as_bytes()).expect("claims"));
            map.role(&claims, name, otherwise)
        };
        let staff = Some(Role::Staff);
        for (claims, name, expected) in [
            (r#"{"roles":["desk","boss"]}"#, "roles", Some(Role::Admin)),
            (r#"{"roles":"desk"}"#, "roles", Some(Role::FrontDesk)),
            (r#"{"roles":["owner"]}"#, "roles", staff),
            (r#"{"roles":[7,null]}"#, "roles", staff),
            (r#"{"roles":{"boss":true}}"#, "roles", staff),
            ("{}", "roles", staff),
            (
                r#"{"realm_access":{"roles":["boss"]}}"#,
                "realm_access.roles",
                Some(Role::Admin),
            ),
            (
                r#"{"https://kept.example/roles":["boss"]}"#,
                "https://kept.example/roles",
                Some(Role::Admin),
            ),
        ] {
            assert_eq!(role(claims, name, staff), expected, "{claims}");
        }
        assert_eq!(role("{}", "roles", None), None);
        assert_eq!(role("{}", "roles", Some(Role::Owner)), None);
    }
}
