//! A provider of our own on this machine, that does what a test says. It keeps to OpenID Connect unless told
//! otherwise, and checks what it is sent.

mod answers;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use data_encoding::BASE64URL_NOPAD;
use kept_base::kit::{Clock as _, ManualClock};
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use self::answers::{document, keys, more, token};

pub const CLIENT: &str = "kept-of-riverside";
pub const SECRET: &str = "a:secret with % and ü";

/// How the answer with the tokens looks.
#[derive(Clone, Default)]
pub enum Manner {
    #[default]
    Usual,
    Redirect,
    TooLong,
    Never,
    /// Once the test lets it.
    Held(Arc<Semaphore>),
    Html,
    Fails,
    /// This text in place of it.
    Says(String),
}

/// How the ID token is signed.
#[derive(Clone, Default)]
pub enum Signed {
    #[default]
    Well,
    /// By another key under the same id.
    ByAnother,
    /// Not at all, and it says so.
    None,
    /// With the public key as if it were a shared secret.
    ByPublicKey,
    /// Well, and then the claims are changed.
    ThenChanged,
}

/// What a test says.
#[derive(Default)]
pub struct Script {
    /// Members of the document that are other; null takes one away.
    pub document: Value,
    pub document_manner: Manner,
    /// Claims of the ID token that are other.
    pub claims: Value,
    /// Members of its header that are other.
    pub header: Value,
    pub signed: Signed,
    pub tokens: Manner,
    /// What is said beside the ID token, where that is offered.
    pub more: Value,
    /// The number of the key that signs.
    pub key: u8,
    /// The keys that are shown; `key` alone when there are none.
    pub shown: Vec<u8>,
    /// Codes that were given out: nonce, challenge and address to come back to.
    codes: BTreeMap<String, (String, String, String)>,
    /// How often the keys were asked for.
    pub keys_asked: usize,
    pub documents_asked: usize,
    pub tokens_asked: usize,
}

impl Script {
    /// Nothing deviates.
    pub fn usual() -> Self {
        Self {
            key: 1,
            ..Self::default()
        }
    }
}

#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    clock: Arc<ManualClock>,
    script: Arc<Mutex<Script>>,
}

/// What a browser was sent here with.
pub struct Asked {
    query: BTreeMap<String, String>,
}

impl Asked {
    pub fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

pub fn key(number: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[number; 32]).expect("a key")
}

fn name_of(key: u8) -> String {
    format!("key-{key}")
}

/// `base` with members changed; null takes one away.
pub fn changed(base: &Value, change: &Value) -> Value {
    let mut all: Map<String, Value> = base.as_object().expect("an object").clone();
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
    Value::Object(all)
}

pub fn part(value: &Value) -> String {
    BASE64URL_NOPAD.encode(value.to_string().as_bytes())
}

/// A token in its compact form.
pub fn sign(number: u8, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = key(number).sign(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
}

impl Provider {
    /// One that is asked on a port of its own.
    pub async fn start(clock: &Arc<ManualClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let script = Script::usual();
        let provider = Self {
            issuer: format!("http://{address}"),
            clock: Arc::clone(clock),
            script: Arc::new(Mutex::new(script)),
        };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(more))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    pub fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to the script.
    pub fn say(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script());
    }

    /// Somebody comes with an address that Kept made, and signs in: the code that they are sent back with.
    pub fn authorize(&self, url: &str) -> (Asked, String) {
        let start = format!("{}/authorize?", self.issuer);
        let query = url.strip_prefix(&start).expect("our address");
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let asked = Asked {
            query: pairs.collect(),
        };
        assert_eq!(asked.get("response_type"), "code");
        assert_eq!(asked.get("client_id"), CLIENT);
        assert_eq!(asked.get("code_challenge_method"), "S256");
        assert_eq!(asked.get("scope"), "openid email profile");
        let distinct = [
            asked.get("state"),
            asked.get("nonce"),
            asked.get("code_challenge"),
        ];
        assert!(distinct.iter().all(|text| text.len() == 43));
        assert!(distinct[0] != distinct[1] && distinct[1] != distinct[2]);
        let mut script = self.script();
        let code = format!("code-{}", script.codes.len());
        let own = |name: &str| asked.get(name).to_owned();
        let kept = (own("nonce"), own("code_challenge"), own("redirect_uri"));
        script.codes.insert(code.clone(), kept);
        drop(script);
        (asked, code)
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    /// An order to end sessions, with claims that are other.
    pub fn order(&self, change: &Value) -> String {
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT, "iat": self.now(), "exp": self.now() + 120,
            "jti": "order-1", "sub": "u-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        let number = self.script().key;
        let header = json!({"alg": "EdDSA", "kid": name_of(number), "typ": "logout+jwt"});
        sign(number, &header, &changed(&claims, change))
    }

    fn id_token(&self, nonce: &str) -> String {
        let script = self.script();
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "u-1", "nonce": nonce, "iat": self.now(),
            "exp": self.now() + 300, "email": "toni@riverside.example", "email_verified": true,
            "name": "Toni Vale",
        });
        let header = json!({"alg": "EdDSA", "kid": name_of(script.key), "typ": "JWT"});
        let (header, claims) = (
            changed(&header, &script.header),
            changed(&claims, &script.claims),
        );
        match script.signed {
            Signed::Well => sign(script.key, &header, &claims),
            Signed::ByAnother => sign(script.key + 100, &header, &claims),
            Signed::None => {
                let header = changed(&header, &json!({"alg": "none"}));
                format!("{}.{}.", part(&header), part(&claims))
            }
            Signed::ByPublicKey => {
                let header = changed(&header, &json!({"alg": "HS256"}));
                let signed = format!("{}.{}", part(&header), part(&claims));
                let public = key(script.key).public_key().as_ref().to_vec();
                let shared = hmac::Key::new(hmac::HMAC_SHA256, &public);
                let tag = hmac::sign(&shared, signed.as_bytes());
                format!("{signed}.{}", BASE64URL_NOPAD.encode(tag.as_ref()))
            }
            Signed::ThenChanged => {
                let token = sign(script.key, &header, &claims);
                let other = changed(&claims, &json!({"sub": "u-2"}));
                let parts: Vec<&str> = token.split('.').collect();
                format!("{}.{}.{}", parts[0], part(&other), parts[2])
            }
        }
    }
}
