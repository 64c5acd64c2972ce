//! What comes for a code (OpenID Connect Core 1.0, 3.1.3.3).

use kept_base::kit::Secret;

use super::jws::MAX_SIGNED_TOKEN_BYTES;
use super::{Refusal, json};

/// Most bytes of an access token, of which nothing but the hash is used.
pub const MAX_ACCESS_TOKEN_BYTES: usize = 64 * 1024;

/// The two tokens.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// The ID token, unread.
    pub id_token: Secret,
    /// What the ID token may have the hash of.
    pub access_token: Option<Secret>,
}

impl TokenAnswer {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`Refusal::Json`], [`Refusal::TokenAnswer`].
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let object = json::object(bytes)?;
        let text = |name: &str, most: usize| {
            let text = json::text(&object, name).filter(|text| text.len() <= most);
            text.map(|text| Secret::new(text.to_owned()))
        };
        let kind = json::text(&object, "token_type").unwrap_or_default();
        if !kind.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::TokenAnswer);
        }
        Ok(Self {
            id_token: text("id_token", MAX_SIGNED_TOKEN_BYTES).ok_or(Refusal::TokenAnswer)?,
            access_token: text("access_token", MAX_ACCESS_TOKEN_BYTES),
        })
    }
}

#[test]
fn an_answer_has_an_id_token_and_no_other_kind() {
    let read = |json: &str| TokenAnswer::read(json.as_bytes());
    let both = read(r#"{"id_token":"a.b.c","access_token":"x","token_type":"bearer"}"#);
    let both = both.expect("an answer");
    assert_eq!(both.id_token.expose(), "a.b.c");
    assert_eq!(both.access_token.expect("a token").expose(), "x");
    for json in [
        r#"{"access_token":"x","token_type":"Bearer"}"#,
        r#"{"id_token":"a.b.c","token_type":"DPoP"}"#,
        r#"{"id_token":"a.b.c"}"#,
        r#"{"id_token":7,"token_type":"Bearer"}"#,
        r#"{"id_token":"a.b.c","id_token":"d.e.f","token_type":"Bearer"}"#,
        r#"{"error":"invalid_grant"}"#,
        "",
    ] {
        assert!(read(json).is_err(), "{json}");
    }
}
