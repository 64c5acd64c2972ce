//! Lists (RFC 7644, 3.4.2): which resources, in which order, how many, with which attributes. Asked by a
//! query, or by a body where the filter is not to stand in an address.

#[cfg(test)]
mod tests;

use kept_base::input::Fields;
use serde_json::{Map, Value, json};

use super::error::Refusal;
use super::filter::{self, Filter};
use super::path::{AttributePath, get};
use super::resource::Parts;

/// Most resources in one answer.
pub const MAX_SCIM_ROWS: usize = 200;
/// Resources in one answer where nobody says how many.
pub const SCIM_ROWS: usize = 100;
/// Most names of attributes in one question.
pub const MAX_SCIM_ATTRIBUTES: usize = 50;

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// By what lists are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Id,
    UserName,
    DisplayName,
    ExternalId,
}

impl Sort {
    const ALL: [Self; 4] = [
        Self::Id,
        Self::UserName,
        Self::DisplayName,
        Self::ExternalId,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::UserName => "userName",
            Self::DisplayName => "displayName",
            Self::ExternalId => "externalId",
        }
    }

    fn read(text: &str) -> Result<Self, Refusal> {
        let path = AttributePath::read(text);
        let name = path.as_ref().and_then(AttributePath::plain);
        let mut all = Self::ALL.into_iter();
        all.find(|sort| name.is_some_and(|name| name.eq_ignore_ascii_case(sort.name())))
            .ok_or_else(|| Refusal::path("Sort by id, userName, displayName or externalId."))
    }
}

/// Which attributes an answer has.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    only: Vec<AttributePath>,
    without: Vec<AttributePath>,
}

/// A question for a list.
#[derive(Debug)]
pub struct Query {
    filter: Option<Filter>,
    /// From 1.
    start: usize,
    count: usize,
    sort: Option<Sort>,
    descending: bool,
    shown: Shown,
}

/// The texts of a question, wherever they stood.
struct Asked<'a> {
    filter: Option<&'a str>,
    start: Option<i64>,
    count: Option<i64>,
    sort_by: Option<&'a str>,
    sort_order: Option<&'a str>,
    shown: Shown,
}

impl Query {
    /// Reads the query of an address.
    ///
    /// # Errors
    /// `invalidFilter`, `invalidPath` or `invalidValue` says what is wrong.
    pub fn from_fields(fields: &Fields) -> Result<Self, Refusal> {
        let number = |name| match fields.filled(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| not_a_number()),
        };
        Self::new(Asked {
            filter: fields.filled("filter"),
            start: number("startIndex")?,
            count: number("count")?,
            sort_by: fields.filled("sortBy"),
            sort_order: fields.filled("sortOrder"),
            shown: Shown::from_fields(fields)?,
        })
    }

    /// Reads the body of a search.
    ///
    /// # Errors
    /// As [`Query::from_fields`], and `invalidSyntax`.
    pub fn from_body(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let schemas = get(body, "schemas").and_then(Value::as_array);
        if !schemas.is_some_and(|all| all.iter().any(|one| one == SEARCH)) {
            return Err(Refusal::syntax(
                "Send a body with the schema of SearchRequest.",
            ));
        }
        let text = |name| match get(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(Refusal::value("filter, sortBy and sortOrder are texts.")),
        };
        let number = |name| match get(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(number) => number.as_i64().map(Some).ok_or_else(not_a_number),
        };
        let names = |name| match get(body, name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(all)) => {
                let texts: Option<Vec<_>> = all.iter().map(Value::as_str).collect();
                paths(texts.ok_or_else(not_names)?.into_iter())
            }
            Some(_) => Err(not_names()),
        };
        Self::new(Asked {
            filter: text("filter")?,
            start: number("startIndex")?,
            count: number("count")?,
            sort_by: text("sortBy")?,
            sort_order: text("sortOrder")?,
            shown: Shown::new(names("attributes")?, names("excludedAttributes")?)?,
        })
    }

    fn new(asked: Asked<'_>) -> Result<Self, Refusal> {
        let descending = match asked.sort_order {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("ascending") => false,
            Some(order) if order.eq_ignore_ascii_case("descending") => true,
            Some(_) => return Err(Refusal::value("sortOrder is ascending or descending.")),
        };
        // Numbers below the least count as the least (RFC 7644, 3.4.2.4).
        let whole = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(Self {
            filter: asked.filter.map(filter::read).transpose()?,
            start: asked.start.map_or(1, whole).max(1),
            count: asked.count.map_or(SCIM_ROWS, whole).min(MAX_SCIM_ROWS),
            sort: asked.sort_by.map(Sort::read).transpose()?,
            descending,
            shown: asked.shown,
        })
    }

    /// The answer, out of all there is. `build` makes as much of a resource as is said: the filter and
    /// the order have little built of all, and only those on the page are built as they are shown.
    #[must_use]
    pub fn answer<R>(&self, all: Vec<R>, build: impl Fn(&R, Parts) -> Map<String, Value>) -> Value {
        let placed = all.into_iter().filter_map(|row| {
            let key = self.key(|parts| build(&row, parts))?;
            Some((key, row))
        });
        let mut all: Vec<(String, R)> = placed.collect();
        if self.sort.is_some() {
            all.sort_by(|(one, _), (other, _)| one.cmp(other));
            if self.descending {
                all.reverse();
            }
        }
        let total = all.len();
        let page = all.into_iter().skip(self.start - 1).take(self.count);
        let parts = self.shown.parts();
        let page: Vec<Value> = page
            .map(|(_, row)| self.shown.of(build(&row, parts)).into())
            .collect();
        json!({
            "schemas": [LIST],
            "totalResults": total,
            "startIndex": self.start,
            "itemsPerPage": page.len(),
            "Resources": page,
        })
    }
}

impl Query {
    /// By what a resource is ordered; none where the filter does not hold of it.
    fn key(&self, build: impl FnOnce(Parts) -> Map<String, Value>) -> Option<String> {
        if self.filter.is_none() && self.sort.is_none() {
            return Some(String::new());
        }
        let parts = self.filter.as_ref().map_or(Parts::Plain, Filter::parts);
        let one = build(parts);
        if !self.filter.as_ref().is_none_or(|filter| filter.holds(&one)) {
            return None;
        }
        let found = self.sort.and_then(|sort| one.get(sort.name()));
        let found = found.and_then(Value::as_str);
        Some(found.unwrap_or_default().to_lowercase())
    }
}

impl Shown {
    /// How much of a resource must be built to show this of it.
    fn parts(&self) -> Parts {
        let shows = |name: &str| {
            if self.only.is_empty() {
                let gone = |path: &AttributePath| path.is(name) && path.part.is_none();
                !self.without.iter().any(gone)
            } else {
                self.only.iter().any(|path| path.is(name))
            }
        };
        if shows("meta") {
            Parts::Whole
        } else if shows("groups") || shows("members") {
            Parts::Linked
        } else {
            Parts::Plain
        }
    }

    /// Reads `attributes` and `excludedAttributes` of a query.
    ///
    /// # Errors
    /// `invalidValue` where they are no names, too many, or both are there.
    pub fn from_fields(fields: &Fields) -> Result<Self, Refusal> {
        let names = |name| match fields.filled(name) {
            None => Ok(Vec::new()),
            Some(text) => paths(text.split(',').map(str::trim)),
        };
        Self::new(names("attributes")?, names("excludedAttributes")?)
    }

    fn new(only: Vec<AttributePath>, without: Vec<AttributePath>) -> Result<Self, Refusal> {
        if !only.is_empty() && !without.is_empty() {
            let detail = "Send attributes or excludedAttributes, not both.";
            return Err(Refusal::value(detail));
        }
        Ok(Self { only, without })
    }

    /// What of a resource is shown. `schemas` and `id` always are.
    #[must_use]
    pub fn of(&self, mut resource: Map<String, Value>) -> Map<String, Value> {
        let always = |name: &str| matches!(name, "schemas" | "id");
        if !self.only.is_empty() {
            let whole = |name: &str| {
                let mut named = self.only.iter().filter(|path| path.is(name));
                named.any(|path| path.part.is_none())
            };
            resource.retain(|name, value| {
                if always(name) || whole(name) {
                    return true;
                }
                let named = self.only.iter().filter(|path| path.is(name));
                let parts: Vec<&str> = named.filter_map(|path| path.part.as_deref()).collect();
                keep_parts(value, |part| {
                    parts.iter().any(|one| one.eq_ignore_ascii_case(part))
                });
                !parts.is_empty()
            });
        }
        for path in &self.without {
            match &path.part {
                None => resource.retain(|name, _| always(name) || !path.is(name)),
                Some(gone) => {
                    for (_, value) in resource.iter_mut().filter(|(name, _)| path.is(name)) {
                        keep_parts(value, |part| !part.eq_ignore_ascii_case(gone));
                    }
                }
            }
        }
        resource
    }
}

fn keep_parts(value: &mut Value, keeps: impl Fn(&str) -> bool) {
    match value {
        Value::Object(parts) => parts.retain(|name, _| keeps(name)),
        Value::Array(all) => {
            for parts in all.iter_mut().filter_map(Value::as_object_mut) {
                parts.retain(|name, _| keeps(name));
            }
        }
        _ => {}
    }
}

fn paths<'t>(names: impl Iterator<Item = &'t str>) -> Result<Vec<AttributePath>, Refusal> {
    let paths: Option<Vec<_>> = names
        .take(MAX_SCIM_ATTRIBUTES + 1)
        .map(AttributePath::read)
        .collect();
    paths
        .filter(|paths| paths.len() <= MAX_SCIM_ATTRIBUTES)
        .ok_or_else(not_names)
}

fn not_names() -> Refusal {
    Refusal::value("attributes and excludedAttributes are up to 50 names of attributes.")
}

fn not_a_number() -> Refusal {
    Refusal::value("startIndex and count are whole numbers.")
}
