//! A member with a signed-in browser.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use kept_app::access::{self, MemberError, NewMember, PasswordHash, Role};
use kept_app::desk::Peer;
use kept_app::http::{self, Limits};
use kept_app::ids::{MemberId, StaffId};
use kept_app::policy::May;
use kept_app::policy::rights::ChangeAppointments;
use kept_base::kit::{Actor, Email, PersonName, Secret, Token};
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

use super::visitor::Page;
use super::{Clinic, TestApp};
use crate::support::may;

/// The password of every member that tests make.
pub const PASSWORD: &str = "maple lantern orbit";

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Staffer {
    router: axum::Router,
    slug: String,
    /// As browsers do, they go on by the cookie that was set last.
    cookie: Arc<Mutex<String>>,
    from: Option<IpAddr>,
    /// Who.
    pub id: MemberId,
}

/// The proof of whoever may change every appointment.
pub fn anything() -> May<ChangeAppointments> {
    may()
}

/// A hash of [`PASSWORD`].
pub async fn password_hash() -> PasswordHash {
    // Made once: it takes long, as it is meant to.
    static HASH: OnceCell<PasswordHash> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        let hash = access::hash_password(Secret::new(PASSWORD.to_owned()), [7; 16]);
        hash.await.expect("a hash")
    });
    hash.await.clone()
}

impl Staffer {
    /// A new member of `clinic` with `role`, signed in.
    pub async fn of(test: &TestApp, clinic: &Clinic, role: Role) -> Self {
        Self::named(
            test,
            clinic,
            role,
            &format!("{}@riverside.example", role.code()),
        )
        .await
    }

    /// The same with an address of their own.
    pub async fn named(test: &TestApp, clinic: &Clinic, role: Role, email: &str) -> Self {
        let new = NewMember {
            name: PersonName::parse("Robin Vale").expect("a name"),
            email: Email::parse(email).expect("an address"),
            role,
            staff: None,
            locale: "en".to_owned(),
        };
        let hash = password_hash().await;
        let made = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
            let id = access::add_member(tx, &new)?;
            access::set_password(tx, id, &hash)?;
            Ok::<_, MemberError>((id, access::start_session(tx, id, access::Device::UNKNOWN)?))
        });
        let (id, token) = made.await.expect("a member");
        Self {
            router: http::router(&test.app, Limits::default()),
            slug: clinic.slug.clone(),
            cookie: jar(format!("__Host-kept-{}={}", clinic.slug, token.expose())),
            from: None,
            id,
        }
    }

    /// Whoever got `cookie` (the header that sets it) from the organization `slug`.
    pub fn with_cookie(test: &TestApp, slug: &str, cookie: &str) -> Self {
        let pair = cookie.split(';').next().unwrap_or_default();
        Self {
            router: http::router(&test.app, Limits::default()),
            slug: slug.to_owned(),
            cookie: jar(pair.to_owned()),
            from: None,
            id: MemberId::new(super::at(super::START), test.app.store.entropy()),
        }
    }

    /// As if they had given their password just now.
    pub async fn prove(&self, test: &TestApp, clinic: &Clinic) {
        let cookie = self.cookie();
        let (_, token) = cookie.split_once('=').expect("a cookie");
        let token = Token::presented(token).expect("a token");
        let from = self.from;
        let verb = move |tx: &kept_base::store::Tx<'_>| match access::session(tx, &token, from)?
            .session()
        {
            Some(session) => access::prove_session(tx, session.id).map(Some),
            None => Ok(None),
        };
        if let Some(token) = test.write(clinic.id, verb).await {
            self.keep(token.expose());
        }
    }

    /// Has them serve as `staff` from now on.
    pub async fn serve_as(&self, test: &TestApp, clinic: &Clinic, staff: StaffId) {
        let id = self.id;
        let changed = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
            let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            let staff = Some(staff);
            access::change_member(tx, &may(), &access::Member { staff, ..before })
        });
        changed.await.expect("is changed");
    }

    /// What their browser sends to be known.
    pub fn cookie(&self) -> String {
        self.cookie.lock().expect("nobody panics with it").clone()
    }

    /// The id of the member with that address.
    pub async fn member_id(&self, test: &TestApp, clinic: &Clinic, email: &str) -> MemberId {
        let email = Email::parse(email).expect("an address");
        let read = move |tx: &kept_base::store::Tx<'_>| access::member_by_email(tx, &email);
        test.read(clinic.id, read).await.expect("a member").id
    }

    /// A page below the organization: `/services`, or a whole address that begins with `/o/`.
    pub async fn get(&self, path: &str) -> Page {
        self.send("GET", path, Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send("POST", path, Body::from(form.finish())).await
    }

    /// Sends anything as a form.
    pub async fn send(&self, method: &str, path: &str, body: Body) -> Page {
        self.send_as(method, path, "application/x-www-form-urlencoded", body)
            .await
    }

    /// Sends anything, as `content_type`.
    pub async fn send_as(&self, method: &str, path: &str, content_type: &str, body: Body) -> Page {
        let response = self.ask(method, path, content_type, body).await;
        let (parts, body) = response.into_parts();
        // A stream of changes has no end to wait for.
        let is_stream = (parts.headers.get(header::CONTENT_TYPE))
            .is_some_and(|kind| kind.as_bytes() == b"text/event-stream");
        let bytes = if is_stream {
            axum::body::Bytes::new()
        } else {
            body.collect().await.expect("a body").to_bytes()
        };
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Sends a form that is answered with a file. The bytes are an error when the answer broke off.
    pub async fn fetch(&self, path: &str) -> (StatusCode, HeaderMap, Result<Vec<u8>, axum::Error>) {
        let content_type = "application/x-www-form-urlencoded";
        let response = self.ask("POST", path, content_type, Body::empty()).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.map(|whole| whole.to_bytes().to_vec());
        (parts.status, parts.headers, bytes)
    }

    /// An answer that goes on for long.
    pub async fn stream(&self, path: &str) -> Body {
        let response = self.ask("GET", path, "", Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body()
    }

    /// The same person's session, shown to the organization `slug`.
    pub fn at(&self, slug: &str) -> Self {
        let cookie = self.cookie();
        let (_, token) = cookie.split_once('=').expect("a cookie");
        Self {
            slug: slug.to_owned(),
            cookie: jar(format!("__Host-kept-{slug}={token}")),
            ..self.clone()
        }
    }

    /// The same session, shown from that address.
    pub fn moved_to(&self, from: &str) -> Self {
        Self {
            from: Some(from.parse().expect("an address")),
            ..self.clone()
        }
    }

    async fn ask(&self, method: &str, path: &str, content_type: &str, body: Body) -> Response {
        let path = if path.starts_with("/o/") {
            path.to_owned()
        } else {
            format!("/o/{}{}", self.slug, if path == "/" { "" } else { path })
        };
        let mut request = Request::builder();
        if let Some(from) = self.from {
            request = request.extension(Peer(from));
        }
        let request = request
            .method(method)
            .uri(path)
            .header(header::HOST, "kept.test")
            .header(header::COOKIE, self.cookie())
            .header(header::CONTENT_TYPE, content_type)
            .body(body)
            .expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let response = response.unwrap_or_else(|never| match never {});
        let set = response.headers().get_all(header::SET_COOKIE).iter();
        let own = format!("__Host-kept-{}=", self.slug);
        for set in set.filter_map(|set| set.to_str().ok()) {
            let token = set
                .strip_prefix(&own)
                .and_then(|rest| rest.split(';').next());
            // A cookie that is taken away stays with whoever copied it.
            if let Some(token) = token.filter(|token| !token.is_empty()) {
                self.keep(token);
            }
        }
        response
    }

    fn keep(&self, token: &str) {
        *self.cookie.lock().expect("nobody panics with it") =
            format!("__Host-kept-{}={token}", self.slug);
    }
}

fn jar(cookie: String) -> Arc<Mutex<String>> {
    Arc::new(Mutex::new(cookie))
}
