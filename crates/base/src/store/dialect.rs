//! Every difference between the engines, in one file.

/// Where in the migrations folder the pieces for this engine are found: `NNNN_name.sqlite.sql`.
pub const SQLITE: &str = "sqlite";

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
