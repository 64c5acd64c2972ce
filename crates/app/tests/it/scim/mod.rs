//! The directory's way in (SCIM), asked as directories ask.

mod bounds;
mod doors;
mod entra;
mod groups;
mod leaving;
mod limited;
mod memberships;
mod okta;
mod pages;
mod users;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use kept_app::access::{self, Member, MemberState, NewToken, Role, TokenKind};
use kept_app::audit::{self, Entry};
use kept_app::http::{self, Limits};
use kept_app::ids::MemberId;
use kept_base::kit::Email;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, TestApp};

/// A clinic with an owner, and a directory with a token of theirs.
pub struct Directory {
    pub test: TestApp,
    pub clinic: Clinic,
    pub owner: Staffer,
    pub token: String,
    router: axum::Router,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn at(&self, pointer: &str) -> String {
        let json = self.json();
        let found = json.pointer(pointer);
        let found = found.unwrap_or_else(|| panic!("{pointer}: {json}"));
        found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned)
    }

    pub fn ok(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    /// Status and SCIM's code of a refusal, in SCIM's form.
    pub fn refusal(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(
            self.headers["content-type"], "application/scim+json",
            "{json}"
        );
        assert_eq!(
            json["schemas"],
            json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
        );
        assert_eq!(json["status"], self.status.to_string());
        assert!(
            json["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty())
        );
        (
            self.status,
            json["scimType"].as_str().unwrap_or_default().to_owned(),
        )
    }
}

pub fn user(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "displayName": "Toni Brandt",
        "active": true,
    })
}

pub fn patch(operations: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

impl Directory {
    pub async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        let token = token_of(&test, &clinic, owner.id).await;
        let router = http::router(&test.app, Limits::default());
        Self {
            test,
            clinic,
            owner,
            token,
            router,
        }
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/scim/v2/{}/{rest}", self.clinic.id)
    }

    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "kept.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.expect("routers do not fail").into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.expect("a body").to_bytes().to_vec(),
        }
    }

    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/scim+json; charset=utf-8"),
        ];
        let (headers, body) = match body {
            None => (&headers[..1], Vec::new()),
            Some(body) => (&headers[..], body.to_string().into_bytes()),
        };
        self.send(method, &self.path(path), headers, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.ask("PUT", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.ask("PATCH", path, Some(&patch(operations))).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None).await
    }

    /// Those whom a filter finds.
    pub async fn find(&self, list: &str, filter: &str) -> Answer {
        let query: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        self.get(&format!("{list}?filter={query}")).await
    }

    /// Brings somebody in; gives their id.
    pub async fn bring(&self, name: &str) -> String {
        self.post("Users", &user(name)).await.ok(201).at("/id")
    }

    pub async fn member(&self, id: &str) -> Option<Member> {
        let id: MemberId = id.parse().expect("an id");
        let read = move |tx: &kept_base::store::Tx<'_>| access::member(tx, id);
        self.test.read(self.clinic.id, read).await
    }

    /// Their role and state.
    pub async fn standing(&self, id: &str) -> (Role, MemberState) {
        let member = self.member(id).await.expect("a member");
        (member.role, member.state)
    }

    pub async fn acts(&self) -> Vec<Entry> {
        let read = |tx: &kept_base::store::Tx<'_>| audit::after(tx, 0, 1_000);
        self.test.read(self.clinic.id, read).await
    }

    pub async fn id_of(&self, email: &str) -> String {
        let email = Email::parse(email).expect("an address");
        let read = move |tx: &kept_base::store::Tx<'_>| access::member_by_email(tx, &email);
        self.test
            .read(self.clinic.id, read)
            .await
            .expect("a member")
            .id
            .to_string()
    }
}

pub async fn token_of(test: &TestApp, clinic: &Clinic, by: MemberId) -> String {
    let new = NewToken {
        name: "Directory".to_owned(),
        kind: TokenKind::Scim,
        scopes: TokenKind::Scim.scopes().to_vec(),
        days: 90,
    };
    let made = test.write(clinic.id, move |tx| {
        access::make_token(tx, &may(), by, &new)
    });
    made.await.1.expose().to_owned()
}
