//! Every difference between the engines, in one file.

/// The name of the constraint in an engine's message: `unique: staff.slug` style texts become
/// `staff.slug`, and what a trigger raises stays as raised.
#[must_use]
pub fn constraint_name(message: Option<&str>) -> String {
    let message = message.unwrap_or("unnamed");
    message
        .rsplit_once("constraint failed: ")
        .map_or(message, |(_, name)| name)
        .to_owned()
}

/// The name of a unique constraint of PostgreSQL, as SQLite says it: `service_slug_key` of the table
/// `service` is `service.slug`, and a primary key, whose columns its name does not tell, is
/// `service.key`.
#[must_use]
pub fn unique_name(table: &str, constraint: &str) -> String {
    let within = (constraint.strip_prefix(table)).and_then(|rest| rest.strip_prefix('_'));
    match within {
        Some("pkey") => format!("{table}.key"),
        Some(within) => format!("{table}.{}", within.strip_suffix("_key").unwrap_or(within)),
        None => constraint.to_owned(),
    }
}

/// The common text of a schema step as PostgreSQL must read it: texts are compared by their bytes,
/// as SQLite does, whatever language the server was set up in.
#[must_use]
pub fn for_postgres(common: &str) -> String {
    let mut written = String::with_capacity(common.len() * 2);
    let mut rest = common;
    while let Some(at) = rest.find(" text") {
        let (before, after) = (&rest[..at], &rest[at + " text".len()..]);
        written += before;
        let is_type = written.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        written += " text";
        if is_type {
            written += " collate \"C\"";
        }
        rest = after;
    }
    written + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_constraints_are_called_alike() {
        assert_eq!(unique_name("service", "service_slug_key"), "service.slug");
        assert_eq!(
            unique_name("field", "field_service_id_key_key"),
            "field.service_id_key"
        );
        assert_eq!(unique_name("person", "person_pkey"), "person.key");
        assert_eq!(unique_name("person", "other"), "other");
    }

    #[test]
    fn columns_of_text_are_compared_by_their_bytes() {
        let common = "create table look_text (locale text primary key, text text not null);
                      alter table a add column kind text;";
        let expected = "create table look_text (locale text collate \"C\" primary key, text text collate \"C\" not null);
                      alter table a add column kind text collate \"C\";";
        assert_eq!(for_postgres(common), expected);
    }
}
