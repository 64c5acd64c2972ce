//! Typed, prefixed, time-ordered ids: `apt_01jd...`. The inside is a UUIDv7 (RFC 9562), written
//! in Crockford base32 (26 letters and digits, case-insensitive). Ids are names, not secrets.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::Entropy;

/// Length of the text after the prefix, in characters.
pub const ID_TEXT_CHARS: usize = 26;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// What each byte stands for, in either case.
const DIGITS: [u8; 256] = digits();
/// A byte that stands for nothing.
const NO_DIGIT: u8 = 0xFF;

const fn digits() -> [u8; 256] {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        let letter = ALPHABET[digit];
        // 32 digits: they fit.
        digits[letter as usize] = digit as u8;
        digits[letter.to_ascii_uppercase() as usize] = digit as u8;
        digit += 1;
    }
    digits
}

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id that starts with {expected}_")]
pub struct IdError {
    /// The prefix that was expected, without the underscore.
    pub expected: &'static str,
}

/// A fresh UUIDv7: 48 bits of milliseconds, version, 74 random bits.
#[must_use]
pub fn time_ordered(now: Timestamp, entropy: &Entropy) -> u128 {
    let millis = u128::try_from(now.as_millisecond().max(0)).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
    let random = u128::from_le_bytes(entropy.bytes());
    let rand_a = (random >> 64) & 0x0FFF;
    let rand_b = random & 0x3FFF_FFFF_FFFF_FFFF;
    (millis << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
}

/// Writes `value` as 26 base32 characters after `prefix_`.
///
/// # Errors
/// Only those of the formatter.
pub fn write(
    prefix: &str,
    value: u128,
    f: &mut std::fmt::Formatter<'_>,
) -> Result<(), std::fmt::Error> {
    let mut text = [0_u8; ID_TEXT_CHARS];
    let mut rest = value;
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    f.write_str(prefix)?;
    f.write_char('_')?;
    f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
}

/// Reads what [`write`] wrote, in either case.
///
/// # Errors
/// [`IdError`] for every other text.
pub fn read(prefix: &'static str, text: &str) -> Result<u128, IdError> {
    let wrong = IdError { expected: prefix };
    let bytes = text.as_bytes();
    if bytes.len() != prefix.len() + 1 + ID_TEXT_CHARS
        || !bytes[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
        || bytes[prefix.len()] != b'_'
    {
        return Err(wrong);
    }
    let digits = &bytes[prefix.len() + 1..];
    let mut value: u128 = 0;
    for (place, byte) in digits.iter().enumerate() {
        let digit = DIGITS[usize::from(*byte)];
        if digit == NO_DIGIT || (place == 0 && digit > 7) {
            return Err(wrong);
        }
        value = (value << 5) | u128::from(digit);
    }
    Ok(value)
}

/// Declares one id type per noun: `typed_ids! { AppointmentId = "apt" }`. Keep the list in
/// alphabetical order.
#[macro_export]
macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// What the text form starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh, time-ordered id (UUIDv7).
            #[must_use]
            pub fn new(now: jiff::Timestamp, entropy: &$crate::kit::Entropy) -> Self {
                Self($crate::kit::id::time_ordered(now, entropy))
            }

            /// An id of 128 random bits, where knowing it must be as hard as guessing a secret.
            #[must_use]
            pub fn random(entropy: &$crate::kit::Entropy) -> Self {
                Self(u128::from_le_bytes(entropy.bytes()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::kit::id::write($prefix, self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kit::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::kit::id::read($prefix, text).map(Self)
            }
        }

        impl $crate::store::ToValue for $name {
            fn to_value(&self) -> $crate::store::Value<'_> {
                $crate::store::Value::Text(std::borrow::Cow::Owned(self.to_string()))
            }
        }

        impl $crate::store::FromValue for $name {
            fn from_value(value: $crate::store::ValueRef<'_>) -> Result<Self, $crate::store::Error> {
                <&str as $crate::store::FromBorrowed>::from_borrowed(value)?
                    .parse()
                    .map_err(|_| $crate::store::Error::Decode("id"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(d)?;
                text.parse().map_err(|_| {
                    serde::de::Error::custom(concat!("expected an id that starts with ", $prefix, "_"))
                })
            }
        }
    )+};
}

typed_ids! {
    /// Names a job: work that is done for an installation, with its progress and its outcome.
    JobId = "job",
    /// Names one act of an operator.
    OperatorActId = "oac",
    /// Names an operator: somebody with an account of the installation.
    OperatorId = "opr",
    /// Names an operator's signed-in browser.
    OperatorSessionId = "ops",
    /// Names an organization (a tenant): one encrypted database of its own.
    OrganizationId = "org",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_in_either_case_and_sorts_by_time() {
        let entropy = Entropy::seeded(1);
        let earlier = OrganizationId::new(Timestamp::from_second(1_800_000_000).unwrap(), &entropy);
        let later = OrganizationId::new(Timestamp::from_second(1_800_000_001).unwrap(), &entropy);
        assert_eq!(earlier.to_string().parse(), Ok(earlier));
        assert_eq!(earlier.to_string().to_uppercase().parse(), Ok(earlier));
        assert!(earlier.to_string() < later.to_string());
        assert!(earlier.to_string().starts_with("org_"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "org_",
            "org",
            "per_00000000000000000000000000",
            "org_0000000000000000000000000",
            "org_000000000000000000000000000",
            "org_0000000000000000000000000u",
            "org_80000000000000000000000000",
            "örg_0000000000000000000000000",
        ] {
            assert!(text.parse::<OrganizationId>().is_err(), "{text}");
        }
    }
}
