//! One-time codes by time (RFC 6238) as every authenticator app makes them: SHA-1, six digits,
//! thirty seconds, and one step early or late. SHA-1 is sound within HMAC, and the only digest that
//! all of those apps know.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use kept_base::kit::{Entropy, Secret};
use kept_base::page::qr::MAX_QR_BYTES;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// How long a code stands, in seconds.
pub const CODE_SECONDS: u64 = 30;
/// Codes so many steps early or late are taken as well, for clocks that differ.
const SKEW_STEPS: u16 = 1;
/// Random bytes of a secret: 160 bits, as RFC 4226 asks.
const SECRET_BYTES: usize = 20;

/// What an app and Kept share. `Debug` tells nothing.
#[derive(Clone)]
pub struct TotpSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

impl TotpSecret {
    /// A fresh one.
    #[must_use]
    pub fn random(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// One that was stored; `None` for bytes of another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Zeroizing::new).map(Self)
    }

    /// The bytes, to be sealed.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// As it is typed into an app: base32 in groups of four.
    #[must_use]
    pub fn text(&self) -> Secret {
        let text = Zeroizing::new(BASE32_NOPAD.encode(self.bytes()));
        Secret::new(in_fours(&text, ' '))
    }

    /// The address that an app reads from a QR code, short enough for one: `issuer` and `account` say
    /// which entry of the app it is, and `short` stands for both where they are too long.
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str, short: &str) -> Secret {
        let secret = Zeroizing::new(BASE32_NOPAD.encode(self.bytes()));
        let address = |issuer: &str, label: &str| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("secret", &secret);
            // Apps take a plus sign for itself.
            format!(
                "otpauth://totp/{label}?{}&issuer={issuer}",
                query.finish().replace('+', "%20")
            )
        };
        let whole = encoded(issuer);
        let full = address(&whole, &format!("{whole}:{}", encoded(account)));
        if full.len() <= MAX_QR_BYTES {
            return Secret::new(full);
        }
        let short = encoded(short);
        Secret::new(address(&short, &short))
    }

    /// The step that `code` belongs to, when it is right at `now` and no step up to `last` was used
    /// before: a code works once.
    #[must_use]
    pub fn accept(&self, code: &str, now: Timestamp, last: Option<u64>) -> Option<u64> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        let step = self.totp()?.check(code, seconds)?;
        last.is_none_or(|last| step > last).then_some(step)
    }

    /// As [`TotpSecret::accept`], of what somebody typed, with or without spaces.
    #[must_use]
    pub fn accept_typed(&self, typed: &str, now: Timestamp, last: Option<u64>) -> Option<u64> {
        self.accept(&digits(typed)?, now, last)
    }

    /// The code at `now`, as an app shows it.
    #[must_use]
    pub fn code(&self, now: Timestamp) -> Option<String> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        Some(self.totp()?.generate(seconds).to_string())
    }

    fn totp(&self) -> Option<Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(SKEW_STEPS)
            .with_step_duration(CODE_SECONDS)
            .with_secret(*self.0)
            .build()
            .ok()
    }
}

/// The six digits in what somebody typed, with or without spaces; `None` for anything else.
#[must_use]
fn digits(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = code.len() == CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(code)
}

/// A text in groups of four.
pub(super) fn in_fours(text: &str, between: char) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            out.push(between);
        }
        out.push(c);
    }
    out
}

/// Percent-encoded, but for letters and digits.
fn encoded(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    /// The secret of RFC 6238, appendix B, whose codes there have eight digits: the last six are ours.
    fn of_the_rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").expect("twenty bytes")
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().code(at(second)).as_deref(), Some(code));
            let step = u64::try_from(second / 30).expect("positive");
            assert_eq!(of_the_rfc().accept(code, at(second), None), Some(step));
        }
    }

    #[test]
    fn a_code_stands_one_step_early_and_late_and_no_more() {
        let secret = of_the_rfc();
        let code = secret.code(at(1_000_000_020)).expect("a code");
        let step = 1_000_000_020 / 30;
        for (second, accepted) in [
            (1_000_000_020 - 31, false),
            (1_000_000_020 - 30, true),
            (1_000_000_020, true),
            (1_000_000_049, true),
            (1_000_000_050 + 29, true),
            (1_000_000_050 + 30, false),
        ] {
            let found = secret.accept(&code, at(second), None);
            assert_eq!(found, accepted.then_some(step), "{second}");
        }
    }

    #[test]
    fn a_code_works_once_and_none_from_before_it_after_it() {
        let secret = of_the_rfc();
        let now = at(1_000_000_020);
        let code = secret.code(now).expect("a code");
        let step = secret.accept(&code, now, None).expect("right");
        assert_eq!(secret.accept(&code, now, Some(step)), None);
        let earlier = secret.code(at(1_000_000_019)).expect("a code");
        assert_eq!(secret.accept(&earlier, now, Some(step)), None);
        let later = secret.code(at(1_000_000_050)).expect("a code");
        assert_eq!(secret.accept(&later, now, Some(step)), Some(step + 1));
        assert_eq!(secret.accept(&code, at(-1), None), None);
    }

    #[test]
    fn what_is_typed_is_six_digits_or_nothing() {
        assert_eq!(digits(" 123 456 ").as_deref(), Some("123456"));
        for wrong in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "-12345"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_fits_a_code_however_long_names_are() {
        let secret = of_the_rfc();
        let address = secret.address("Riverside & Söhne", "ama@example.org", "riverside");
        assert_eq!(
            address.expose(),
            "otpauth://totp/Riverside%20%26%20S%C3%B6hne:ama%40example.org\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Riverside%20%26%20S%C3%B6hne"
        );
        let long = secret.address(&"ö".repeat(120), &"a".repeat(254), &"s".repeat(40));
        assert!(long.expose().len() <= MAX_QR_BYTES);
        assert_eq!(
            secret.text().expose(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
    }
}
