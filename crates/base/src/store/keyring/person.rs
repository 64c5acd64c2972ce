//! A person's own key, and the name under which it is kept.

use std::sync::Arc;

use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

use crate::kit::Entropy;
use crate::store::{Error, FromBorrowed as _, FromValue, Key, ToValue, Value, ValueRef};

/// Bytes of a key's id.
pub const KEY_ID_BYTES: usize = 16;

/// The name of a person's key in the key store: random, so that it tells nothing of the person
/// and is never given twice, whatever was restored. The first half is random for all keys that are
/// made at once, so that they stand beside each other and people recorded together are read together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; KEY_ID_BYTES]);

impl KeyId {
    /// A fresh id.
    #[must_use]
    pub fn random(entropy: &Entropy) -> Self {
        Self(entropy.bytes())
    }

    /// So many fresh ids that stand beside each other, in order.
    #[must_use]
    pub fn many(number: usize, entropy: &Entropy) -> Vec<Self> {
        let mut bytes: [u8; KEY_ID_BYTES] = entropy.bytes();
        let mut ids: Vec<Self> = std::iter::repeat_with(|| {
            entropy.fill(&mut bytes[KEY_ID_BYTES / 2..]);
            Self(bytes)
        })
        .take(number)
        .collect();
        ids.sort_unstable();
        ids
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER_PERMISSIVE.encode(&self.0))
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(Error::Decode("id of a key"))
    }
}

impl ToValue for KeyId {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.to_string().into())
    }
}

impl FromValue for KeyId {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        <&str>::from_borrowed(value)?.parse()
    }
}

/// What is read in place of a person's text where it is veiled.
pub const VEIL: &str = "•••";

/// Before which texts the veil is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Veil {
    /// Before all.
    All,
    /// Before those that were sealed for places that begin so: tables and columns, such as `note.value`.
    Of(Arc<[&'static str]>),
}

impl Veil {
    pub(super) fn hides(&self, place: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(columns) => {
                let column = place.split(' ').next().unwrap_or(place);
                columns.contains(&column)
            }
        }
    }
}

/// A person's key, unwrapped. Wiped from memory with its last holder; prints nothing.
#[derive(Clone)]
pub struct PersonKey {
    key: Arc<Key>,
    /// Where [`VEIL`] is read in place of what is sealed.
    veil: Option<Veil>,
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(..)")
    }
}

impl PersonKey {
    pub(super) fn new(key: Key) -> Self {
        Self {
            key: Arc::new(key),
            veil: None,
        }
    }

    /// The same, with a veil before what it opens.
    pub(super) fn veiled(self, veil: Option<Veil>) -> Self {
        Self { veil, ..self }
    }

    /// Encrypts `text` for one `place`: its table, column and row, such as `note.value nte_..`.
    #[must_use]
    pub fn seal(&self, place: &str, text: &str, entropy: &Entropy) -> Vec<u8> {
        self.key.seal(place, text.as_bytes(), entropy)
    }

    /// As [`PersonKey::seal`], for bytes.
    #[must_use]
    pub fn seal_bytes(&self, place: &str, bytes: &[u8], entropy: &Entropy) -> Vec<u8> {
        self.key.seal(place, bytes, entropy)
    }

    /// Opens what was sealed for the same place; where it is veiled, [`VEIL`] is read instead.
    ///
    /// # Errors
    /// [`Error::Sealed`] for bytes of another key or place, and for changed ones.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<String>, Error> {
        let text = String::from_utf8(self.open_bytes(place, sealed)?.to_vec());
        text.map(Zeroizing::new)
            .map_err(|_| Error::Decode("sealed text"))
    }

    /// As [`PersonKey::open`], for bytes.
    ///
    /// # Errors
    /// As [`PersonKey::open`].
    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        // The place holds ids alone; even so the error names only its table and column.
        let named = || Error::Sealed(place.split(' ').next().unwrap_or_default().to_owned());
        let opened = self.key.open(place, sealed).map_err(|_| named())?;
        if self.veil.as_ref().is_some_and(|veil| veil.hides(place)) {
            return Ok(Zeroizing::new(VEIL.as_bytes().to_vec()));
        }
        Ok(opened)
    }
}
