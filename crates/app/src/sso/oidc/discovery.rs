//! What a provider says of itself (OpenID Connect Discovery 1.0, 3 and 4; RFC 8414).

use serde_json::{Map, Value};

use super::{Refusal, json, jws};
use crate::outgoing::Address;

/// Most bytes of the document.
pub const MAX_DOCUMENT_BYTES: usize = 64 * 1024;
/// Where it is, below the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What is used of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where people sign in.
    pub authorization: Address,
    /// Where a code is exchanged.
    pub token: Address,
    /// Where the keys are.
    pub keys: Address,
    /// Where more is said of whoever signed in, for providers whose ID tokens say little.
    pub more: Option<Address>,
    /// Whether the secret goes into the form instead of the header.
    pub secret_in_form: bool,
    /// Whether the way back always names the issuer (RFC 9207).
    pub names_issuer: bool,
    /// Whether it can send orders to sign out.
    pub orders_sign_out: bool,
}

impl Document {
    /// Where the document of an issuer is.
    ///
    /// # Errors
    /// [`Refusal::DocumentAddress`] when the issuer is no address that can be asked.
    pub fn address(issuer: &str) -> Result<Address, Refusal> {
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        if issuer.contains('?') {
            return Err(Refusal::DocumentAddress);
        }
        let address = Address::parse(&format!("{base}{WELL_KNOWN}"));
        address.map_err(|_| Refusal::DocumentAddress)
    }

    /// Reads the document of `issuer`, whose name must stand in it to the letter.
    ///
    /// # Errors
    /// [`Refusal`] says what is wrong with it.
    pub fn read(bytes: &[u8], issuer: &str) -> Result<Self, Refusal> {
        if bytes.len() > MAX_DOCUMENT_BYTES {
            return Err(Refusal::Document);
        }
        let object = json::object(bytes)?;
        if json::text(&object, "issuer") != Some(issuer) {
            return Err(Refusal::DocumentIssuer);
        }
        let offers = |name, wanted| {
            let offered = json::texts(&object, name);
            offered.is_none_or(|offered| offered.contains(&wanted))
        };
        let flag = |name: &str| object.get(name).and_then(Value::as_bool).unwrap_or(false);
        let algorithms = json::texts(&object, "id_token_signing_alg_values_supported");
        let signs = algorithms
            .is_none_or(|all| all.iter().any(|name| jws::Algorithm::read(name).is_some()));
        // Some providers do PKCE and do not say so: what they do not say is no refusal.
        if !offers("response_types_supported", "code")
            || !offers("code_challenge_methods_supported", "S256")
            || !signs
        {
            return Err(Refusal::Document);
        }
        let may_be_plain = issuer.starts_with("http://");
        let address = |name: &str| address_of(&object, name, may_be_plain);
        Ok(Self {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            more: match object.contains_key("userinfo_endpoint") {
                true => Some(address("userinfo_endpoint")?),
                false => None,
            },
            secret_in_form: secret_in_form(&object)?,
            names_issuer: flag("authorization_response_iss_parameter_supported"),
            orders_sign_out: flag("backchannel_logout_supported"),
        })
    }
}

/// Where the issuer is asked over TLS, so is all the rest.
fn address_of(
    object: &Map<String, Value>,
    name: &str,
    may_be_plain: bool,
) -> Result<Address, Refusal> {
    let text = json::text(object, name).ok_or(Refusal::Document)?;
    let address = Address::parse(text).map_err(|_| Refusal::DocumentAddress)?;
    if address.is_https() || may_be_plain {
        Ok(address)
    } else {
        Err(Refusal::DocumentAddress)
    }
}

/// `client_secret_basic` is what holds when nothing is said (Discovery, 3), and what is used when it is there.
fn secret_in_form(object: &Map<String, Value>) -> Result<bool, Refusal> {
    let Some(ways) = json::texts(object, "token_endpoint_auth_methods_supported") else {
        return Ok(false);
    };
    if ways.contains(&"client_secret_basic") {
        Ok(false)
    } else if ways.contains(&"client_secret_post") {
        Ok(true)
    } else {
        Err(Refusal::Document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example/tenant";

    fn document() -> Map<String, Value> {
        let text = r#"{
            "issuer": "https://id.example/tenant",
            "authorization_endpoint": "https://id.example/authorize?tenant=1",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.id.example/keys",
            "response_types_supported": ["code", "id_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "authorization_response_iss_parameter_supported": true,
            "backchannel_logout_supported": true
        }"#;
        json::object(text.as_bytes()).expect("an object")
    }

    fn read(change: impl FnOnce(&mut Map<String, Value>)) -> Result<Document, Refusal> {
        let mut document = document();
        change(&mut document);
        Document::read(Value::Object(document).to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_document_is_where_its_issuer_is() {
        for (issuer, address) in [
            (
                ISSUER,
                "https://id.example/tenant/.well-known/openid-configuration",
            ),
            (
                "https://id.example/",
                "https://id.example/.well-known/openid-configuration",
            ),
        ] {
            let found = Document::address(issuer).expect("an address");
            assert_eq!(found.as_str(), address);
        }
        for issuer in [
            "id.example",
            "https://id.example/?a",
            "https://u@id.example",
        ] {
            assert_eq!(Document::address(issuer), Err(Refusal::DocumentAddress));
        }
    }

    #[test]
    fn a_whole_document_is_read() {
        let document = read(|_| {}).expect("a document");
        assert_eq!(document.token.as_str(), "https://id.example/token");
        assert!(document.names_issuer && document.orders_sign_out && !document.secret_in_form);
        let silent = read(|all| {
            for name in [
                "response_types_supported",
                "code_challenge_methods_supported",
                "id_token_signing_alg_values_supported",
                "token_endpoint_auth_methods_supported",
                "authorization_response_iss_parameter_supported",
                "backchannel_logout_supported",
            ] {
                all.remove(name);
            }
        });
        let silent = silent.expect("a document");
        assert!(!silent.names_issuer && !silent.orders_sign_out && !silent.secret_in_form);
        let name = "token_endpoint_auth_methods_supported";
        let post = read(|all| drop(all.insert(name.to_owned(), vec!["client_secret_post"].into())));
        assert!(post.expect("a document").secret_in_form);
    }

    #[test]
    fn what_deviates_is_refused() {
        for (name, value, refusal) in [
            ("issuer", Value::Null, Refusal::DocumentIssuer),
            (
                "issuer",
                "https://id.example/tenant/".into(),
                Refusal::DocumentIssuer,
            ),
            (
                "issuer",
                "https://ID.example/tenant".into(),
                Refusal::DocumentIssuer,
            ),
            ("token_endpoint", Value::Null, Refusal::Document),
            (
                "token_endpoint",
                "http://id.example/token".into(),
                Refusal::DocumentAddress,
            ),
            (
                "jwks_uri",
                "http://id.example/keys".into(),
                Refusal::DocumentAddress,
            ),
            ("jwks_uri", "file:///keys".into(), Refusal::DocumentAddress),
            (
                "userinfo_endpoint",
                "http://id.example/me".into(),
                Refusal::DocumentAddress,
            ),
            (
                "authorization_endpoint",
                "javascript:alert(1)".into(),
                Refusal::DocumentAddress,
            ),
            (
                "authorization_endpoint",
                "https://id.example/#there".into(),
                Refusal::DocumentAddress,
            ),
            (
                "response_types_supported",
                vec!["id_token"].into(),
                Refusal::Document,
            ),
            (
                "code_challenge_methods_supported",
                vec!["plain"].into(),
                Refusal::Document,
            ),
            (
                "id_token_signing_alg_values_supported",
                vec!["none", "HS256"].into(),
                Refusal::Document,
            ),
            (
                "token_endpoint_auth_methods_supported",
                vec!["private_key_jwt"].into(),
                Refusal::Document,
            ),
        ] {
            let changed = read(|all| drop(all.insert(name.to_owned(), value.clone())));
            assert_eq!(changed, Err(refusal), "{name} {value}");
        }
        let twice = format!("{{\"issuer\":\"x\",\"issuer\":\"{ISSUER}\"}}");
        assert_eq!(Document::read(twice.as_bytes(), ISSUER), Err(Refusal::Json));
        let long = vec![b' '; MAX_DOCUMENT_BYTES + 1];
        assert_eq!(Document::read(&long, ISSUER), Err(Refusal::Document));
    }
}
