//! Filters of SCIM (RFC 7644, 3.4.2.2): read into a tree of bounded depth, and asked of a resource. No
//! question to the store is ever built of one.

mod holds;
mod read;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::path::AttributePath;

pub use read::read;

/// Longest filter, in characters.
pub const MAX_FILTER_CHARS: usize = 1_000;
/// Deepest nesting of parentheses, brackets and `not`.
pub const MAX_FILTER_DEPTH: usize = 8;
/// Most comparisons in one filter.
pub const MAX_FILTER_TERMS: usize = 32;

/// A filter that was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// One of these holds.
    Or(Vec<Filter>),
    /// All of these hold.
    And(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(AttributePath),
    /// The attribute compares with a value.
    Compare(AttributePath, Operator, Value),
    /// One value of the attribute holds all of it at once.
    Within(AttributePath, Box<Filter>),
}

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}
