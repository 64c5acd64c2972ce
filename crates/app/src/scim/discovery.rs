//! What this way in can do, as SCIM describes it (RFC 7643, 5 to 7; RFC 7644, 4).

use serde_json::{Value, json};

use super::path::{GROUP, USER};
use super::query::MAX_SCIM_ROWS;

const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// What is supported.
pub(super) fn config(base: &str) -> Value {
    json!({
        "schemas": [CONFIG],
        "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": MAX_SCIM_ROWS},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Token",
            "description": "A token of the organization of the kind Directory (SCIM), as Bearer.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    })
}

/// The types of resources: by name, each with what it is.
pub(super) fn types(base: &str) -> Vec<(&'static str, Value)> {
    let of = |name: &'static str, endpoint: &str, schema: &str, about: &str| {
        let described = json!({
            "schemas": [TYPE],
            "id": name,
            "name": name,
            "endpoint": endpoint,
            "description": about,
            "schema": schema,
            "schemaExtensions": [],
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}/ResourceTypes/{name}"),
            },
        });
        (name, described)
    };
    vec![
        of("User", "/Users", USER, "A member of the organization"),
        of(
            "Group",
            "/Groups",
            GROUP,
            "A group, to which a role can be given",
        ),
    ]
}

/// What is said of one attribute.
struct Attribute {
    name: &'static str,
    kind: &'static str,
    about: &'static str,
    is_list: bool,
    required: bool,
    exact: bool,
    fixed: bool,
    unique: bool,
    /// The type of resource that a reference names.
    refers_to: &'static str,
    parts: Vec<Attribute>,
}

impl Attribute {
    fn text(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            kind: "string",
            about,
            is_list: false,
            required: false,
            exact: false,
            fixed: false,
            unique: false,
            refers_to: "",
            parts: Vec::new(),
        }
    }

    fn fixed(self) -> Self {
        Self {
            fixed: true,
            ..self
        }
    }

    fn list(name: &'static str, about: &'static str, parts: Vec<Self>) -> Self {
        Self {
            kind: "complex",
            is_list: true,
            parts,
            ..Self::text(name, about)
        }
    }

    fn described(&self) -> Value {
        let mut described = json!({
            "name": self.name,
            "type": self.kind,
            "multiValued": self.is_list,
            "description": self.about,
            "required": self.required,
            "mutability": if self.fixed { "readOnly" } else { "readWrite" },
            "returned": "default",
            "uniqueness": if self.unique { "server" } else { "none" },
        });
        if let Some(members) = described.as_object_mut() {
            if self.kind == "string" || self.kind == "reference" {
                members.insert("caseExact".to_owned(), self.exact.into());
            }
            if self.kind == "reference" {
                members.insert("referenceTypes".to_owned(), json!([self.refers_to]));
            }
            if !self.parts.is_empty() {
                let parts: Vec<Value> = self.parts.iter().map(Self::described).collect();
                members.insert("subAttributes".to_owned(), parts.into());
            }
        }
        described
    }
}

fn reference(refers_to: &'static str, about: &'static str) -> Attribute {
    Attribute {
        refers_to,
        kind: "reference",
        exact: true,
        fixed: true,
        ..Attribute::text("$ref", about)
    }
}

fn user() -> Vec<Attribute> {
    let text = Attribute::text;
    vec![
        Attribute {
            required: true,
            unique: true,
            ..text("userName", "What the user signs in with at the directory")
        },
        Attribute {
            kind: "complex",
            parts: vec![
                text("formatted", "The whole name"),
                text("familyName", "The last name"),
                text("givenName", "The first name"),
            ],
            ..text("name", "The name in its parts")
        },
        text("displayName", "What the user is called"),
        Attribute {
            kind: "boolean",
            ..text("active", "Whether the user is let in")
        },
        text("preferredLanguage", "The language of the user's pages"),
        Attribute {
            // Where userName is an address, it stands in for one.
            required: true,
            ..Attribute::list(
                "emails",
                "Where the user is written to: one address is kept",
                vec![
                    Attribute {
                        required: true,
                        ..text("value", "The address")
                    },
                    text("type", "work"),
                    Attribute {
                        kind: "boolean",
                        ..text("primary", "Whether it is the one that is kept")
                    },
                ],
            )
        },
        Attribute::list(
            "groups",
            "The groups that the user is in",
            vec![
                text("value", "The id of the group").fixed(),
                reference("Group", "The address of the group"),
                text("display", "What the group is called").fixed(),
                text("type", "direct").fixed(),
            ],
        )
        .fixed(),
    ]
}

fn group() -> Vec<Attribute> {
    let text = Attribute::text;
    vec![
        Attribute {
            required: true,
            unique: true,
            ..text("displayName", "What the group is called")
        },
        Attribute::list(
            "members",
            "Who is in the group",
            vec![
                Attribute {
                    exact: true,
                    ..text("value", "The id of a user")
                },
                reference("User", "The address of the user"),
                text("display", "What the user is called").fixed(),
                text("type", "User").fixed(),
            ],
        ),
    ]
}

/// The schemas: by id, each with what it is.
pub(super) fn schemas(base: &str) -> Vec<(&'static str, Value)> {
    let of = |id: &'static str, name: &str, about: &str, attributes: Vec<Attribute>| {
        let attributes: Vec<Value> = attributes.iter().map(Attribute::described).collect();
        let described = json!({
            "schemas": [SCHEMA],
            "id": id,
            "name": name,
            "description": about,
            "attributes": attributes,
            "meta": {
                "resourceType": "Schema",
                "location": format!("{base}/Schemas/{id}"),
            },
        });
        (id, described)
    };
    vec![
        of(USER, "User", "A member of the organization", user()),
        of(
            GROUP,
            "Group",
            "A group, to which a role can be given",
            group(),
        ),
    ]
}

/// These as a list, which is given whole.
pub(super) fn list(all: Vec<(&'static str, Value)>) -> Value {
    let all: Vec<Value> = all.into_iter().map(|(_, described)| described).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": all.len(),
        "startIndex": 1,
        "itemsPerPage": all.len(),
        "Resources": all,
    })
}
