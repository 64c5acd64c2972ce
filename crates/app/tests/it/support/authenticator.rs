//! A device with one passkey, in software. It says what a test has it say.

use axum::http::StatusCode;
use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::desk::Staffer;
use super::visitor::Page;

pub const PRESENT: u8 = 1;
pub const VERIFIED: u8 = 1 << 2;
pub const MAY_BE_COPIED: u8 = 1 << 3;
pub const IS_COPIED: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;

/// The device.
pub struct Authenticator {
    key: EcdsaKeyPair,
    pub credential: Vec<u8>,
    pub user_handle: Vec<u8>,
    /// How often it was used.
    pub count: u32,
}

/// What it and its browser say; a test changes it before it is signed.
pub struct Says {
    pub kind: &'static str,
    pub challenge: String,
    pub origin: String,
    pub cross_origin: bool,
    pub party: String,
    pub flags: u8,
    pub count: u32,
    /// Of the key, by COSE's numbers.
    pub algorithm: i64,
    /// What stands behind everything else.
    pub behind: Vec<u8>,
    /// Whether something else is signed.
    pub signs_another: bool,
}

/// The fields of a form.
pub type Form = Vec<(&'static str, String)>;

impl Authenticator {
    pub fn new(id: u8) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        Self {
            key: EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).expect("a key"),
            credential: vec![id; 20],
            user_handle: Vec::new(),
            count: 0,
        }
    }

    fn says(&self, kind: &'static str, options: &Value) -> Says {
        let text = |name: &str| options[name].as_str().expect("an option").to_owned();
        Says {
            kind,
            challenge: text("challenge"),
            origin: "http://kept.test".to_owned(),
            cross_origin: false,
            party: text("rpId"),
            flags: PRESENT | VERIFIED,
            count: self.count,
            algorithm: -7,
            behind: Vec::new(),
            signs_another: false,
        }
    }

    /// Makes its passkey as the page's script would.
    pub fn make(&mut self, options: &Value, change: impl FnOnce(&mut Says)) -> Form {
        let handle = options["userId"].as_str().expect("a handle").as_bytes();
        self.user_handle = BASE64URL_NOPAD.decode(handle).expect("base64url");
        let mut says = self.says("webauthn.create", options);
        says.flags |= HAS_CREDENTIAL;
        change(&mut says);
        let mut data = authenticator_data(&says);
        data.extend_from_slice(&[0; 16]);
        let length = u16::try_from(self.credential.len()).expect("short");
        data.extend_from_slice(&length.to_be_bytes());
        data.extend_from_slice(&self.credential);
        data.extend_from_slice(&self.public_key(says.algorithm));
        data.extend_from_slice(&says.behind);
        let object = cbor(vec![
            (Cbor::from("fmt"), Cbor::from("none")),
            (Cbor::from("attStmt"), Cbor::Map(Vec::new())),
            (Cbor::from("authData"), Cbor::Bytes(data)),
        ]);
        vec![
            ("client_data", encoded(&client_data(&says))),
            ("attestation", encoded(&object)),
        ]
    }

    fn public_key(&self, algorithm: i64) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let entry = |label: i64, value: Cbor| (Cbor::from(label), value);
        cbor(vec![
            entry(1, Cbor::from(2)),
            entry(3, Cbor::from(algorithm)),
            entry(-1, Cbor::from(1)),
            entry(-2, Cbor::Bytes(point[1..33].to_vec())),
            entry(-3, Cbor::Bytes(point[33..].to_vec())),
        ])
    }

    /// Uses its passkey as the page's script would.
    pub fn sign(&self, options: &Value, change: impl FnOnce(&mut Says)) -> Form {
        let mut says = self.says("webauthn.get", options);
        change(&mut says);
        let mut data = authenticator_data(&says);
        data.extend_from_slice(&says.behind);
        let client = client_data(&says);
        let mut signed = data.clone();
        signed.extend_from_slice(&Sha256::digest(&client));
        if says.signs_another {
            signed.push(0);
        }
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("signs");
        vec![
            ("credential", encoded(&self.credential)),
            ("client_data", encoded(&client)),
            ("authenticator_data", encoded(&data)),
            ("signature", encoded(signature.as_ref())),
            ("user_handle", encoded(&self.user_handle)),
        ]
    }
}

fn authenticator_data(says: &Says) -> Vec<u8> {
    let mut data = Sha256::digest(says.party.as_bytes()).to_vec();
    data.push(says.flags);
    data.extend_from_slice(&says.count.to_be_bytes());
    data
}

fn client_data(says: &Says) -> Vec<u8> {
    let said = json!({
        "type": says.kind,
        "challenge": says.challenge,
        "origin": says.origin,
        "crossOrigin": says.cross_origin,
        "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
    });
    said.to_string().into_bytes()
}

fn cbor(entries: Vec<(Cbor, Cbor)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::ser::into_writer(&Cbor::Map(entries), &mut bytes).expect("writes");
    bytes
}

pub fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// The options that a page's script is answered with.
pub fn options(page: &Page) -> Value {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    serde_json::from_str(&page.body).expect("JSON")
}

/// The form as it is sent.
pub fn fields(form: &Form) -> Vec<(&str, &str)> {
    form.iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect()
}

/// A passkey of a signed-in member, made by the pages.
pub async fn add_passkey(member: &Staffer, id: u8) -> Authenticator {
    let mut device = Authenticator::new(id);
    let asked = options(&member.post("/account/passkeys/begin", &[]).await);
    let form = device.make(&asked, |_| {});
    let mut fields = fields(&form);
    fields.push(("name", "Desk computer"));
    let page = member.post("/account/passkeys", &fields).await;
    assert_eq!(
        page.location(),
        "/o/riverside/account/passkeys?done=passkey-added"
    );
    device
}
