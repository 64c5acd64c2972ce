//! As whom is scanned, and what each of them may be answered with success.

/// The interface that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interface {
    /// The JSON API, by the document that Kept serves.
    Json,
    /// SCIM, by `scim.yaml` beside this file.
    Scim,
}

/// How a role comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// With nothing.
    Nobody,
    /// With the link of an appointment that they booked.
    Link,
    /// With a token of these scopes, made by the owner.
    Token(&'static [&'static str]),
    /// With a token of all scopes, made by an admin who is a manager by now, from whom the owner
    /// hides how customers are reached.
    Demoted,
    /// With a token of all scopes that was revoked.
    Revoked,
    /// With a token of a directory.
    Directory,
}

/// Somebody as whom is scanned.
#[derive(Debug)]
pub struct Role {
    pub code: &'static str,
    pub entry: Entry,
    pub interface: Interface,
    /// What may succeed: method and the end of the path.
    may: &'static [&'static [&'static str]],
    /// Most generated requests for each operation and phase.
    pub examples: u32,
}

impl Role {
    /// What may succeed: method and the end of the path.
    pub fn may(&self) -> impl Iterator<Item = &'static str> {
        self.may.iter().flat_map(|part| part.iter().copied())
    }
}

pub const SCOPES: [&str; 4] = [
    "offering:read",
    "appointments:read",
    "appointments:write",
    "people:read",
];

const SEE: &[&str] = &[
    "GET services",
    "GET staff",
    "GET locations",
    "GET days",
    "GET slots",
    "GET slots/why",
];
const BOOK: &[&str] = &["POST holds", "DELETE holds/{id}", "POST appointments"];
const LIST: &[&str] = &["GET appointments"];
const APPOINTMENT: &[&str] = &["GET appointments/{id}"];
const CHANGE: &[&str] = &[
    "POST appointments/{id}/rescheduling",
    "POST appointments/{id}/cancellation",
];
const PEOPLE: &[&str] = &["GET people", "POST people/search", "GET people/{id}"];
const MEMBERS: &[&str] = &[
    "GET ServiceProviderConfig",
    "GET ResourceTypes",
    "GET ResourceTypes/{id}",
    "GET Schemas",
    "GET Schemas/{id}",
    "POST .search",
    "GET Users",
    "POST Users",
    "POST Users/.search",
    "GET Users/{id}",
    "PUT Users/{id}",
    "PATCH Users/{id}",
    "DELETE Users/{id}",
    "GET Groups",
    "POST Groups",
    "POST Groups/.search",
    "GET Groups/{id}",
    "PUT Groups/{id}",
    "PATCH Groups/{id}",
    "DELETE Groups/{id}",
];

/// Where much may succeed, much is tried.
const MANY: u32 = 60;
/// So that a token's requests fit in its minute.
const FEWER: u32 = 20;
/// Where nothing succeeds, whatever is sent.
const FEW: u32 = 15;

const fn json(
    code: &'static str,
    entry: Entry,
    may: &'static [&'static [&'static str]],
    examples: u32,
) -> Role {
    Role {
        code,
        entry,
        interface: Interface::Json,
        may,
        examples,
    }
}

const fn scim(
    code: &'static str,
    entry: Entry,
    may: &'static [&'static [&'static str]],
    examples: u32,
) -> Role {
    Role {
        interface: Interface::Scim,
        ..json(code, entry, may, examples)
    }
}

/// Everybody as whom is scanned.
pub static ROLES: [Role; 11] = [
    json("nobody", Entry::Nobody, &[SEE, BOOK], MANY),
    json(
        "customer",
        Entry::Link,
        &[SEE, BOOK, APPOINTMENT, CHANGE],
        MANY,
    ),
    json(
        "all-scopes",
        Entry::Token(&SCOPES),
        &[SEE, BOOK, LIST, APPOINTMENT, CHANGE, PEOPLE],
        MANY,
    ),
    json(
        "offering-read",
        Entry::Token(&["offering:read"]),
        &[SEE],
        FEWER,
    ),
    json(
        "appointments-read",
        Entry::Token(&["appointments:read"]),
        &[LIST, APPOINTMENT],
        FEWER,
    ),
    json(
        "appointments-write",
        Entry::Token(&["appointments:write"]),
        &[BOOK, CHANGE],
        FEWER,
    ),
    json(
        "people-read",
        Entry::Token(&["people:read"]),
        &[PEOPLE],
        FEWER,
    ),
    json("demoted", Entry::Demoted, &[SEE, BOOK, PEOPLE], FEWER),
    json("revoked", Entry::Revoked, &[], FEW),
    scim("directory", Entry::Directory, &[MEMBERS], FEWER),
    scim("no-directory", Entry::Nobody, &[], FEW),
];
