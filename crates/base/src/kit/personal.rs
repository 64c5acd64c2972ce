//! Personal text. None of these types has `Display`, and their `Debug` prints only the kind, so
//! that writing one into a log or an error does not compile or tells nothing (promise P38).

/// Longest e-mail address, in bytes (RFC 5321, 4.5.3.1.3).
pub const MAX_EMAIL_BYTES: usize = 254;
/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 120;
/// Longest note or answer, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// Fewest and most digits of a telephone number (E.164 allows fifteen).
pub const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Why a text was not accepted: a code that pages and the API turn into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonalError {
    /// Nothing but space.
    #[error("empty")]
    Empty,
    /// Longer than its limit.
    #[error("too_long")]
    TooLong,
    /// Not of the expected form.
    #[error("malformed")]
    Malformed,
}

macro_rules! personal {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text itself. Call it only where it is shown to somebody entitled, sent or stored.
            #[must_use]
            pub fn expose(&self) -> &str { &self.0 }
            /// Takes a value back from the store, where it was checked on the way in.
            #[must_use]
            pub fn from_store(text: String) -> Self { Self(text) }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl $crate::store::ToValue for $name {
            fn to_value(&self) -> $crate::store::Value<'_> {
                $crate::store::Value::Text(std::borrow::Cow::Borrowed(&self.0))
            }
        }

        impl $crate::store::FromValue for $name {
            fn from_value(value: $crate::store::ValueRef<'_>) -> Result<Self, $crate::store::Error> {
                String::from_value(value).map(Self)
            }
        }
    )+};
}

personal! {
    /// An e-mail address.
    Email,
    /// Free text about or from a person.
    Note,
    /// What a person is called.
    PersonName,
    /// A telephone number in E.164 form (`+4930123456`).
    Phone,
}

fn one_line(text: &str, max_chars: usize) -> Result<String, PersonalError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PersonalError::Empty);
    }
    if text.chars().count() > max_chars {
        return Err(PersonalError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(PersonalError::Malformed);
    }
    Ok(text.to_owned())
}

impl PersonName {
    /// One line of at most [`MAX_NAME_CHARS`] characters, trimmed. An address of a page or mailbox
    /// is no name: letters begin with it, and must not carry a stranger's link.
    ///
    /// # Errors
    /// [`PersonalError`] for empty, over-long or multi-line text and for addresses.
    pub fn parse(text: &str) -> Result<Self, PersonalError> {
        let name = one_line(text, MAX_NAME_CHARS)?;
        let is_address =
            name.contains(['/', '@', '<', '>']) || name.to_lowercase().contains("www.");
        if is_address {
            Err(PersonalError::Malformed)
        } else {
            Ok(Self(name))
        }
    }
}

impl Note {
    /// At most [`MAX_NOTE_CHARS`] characters, trimmed; line breaks stay, other controls are refused.
    ///
    /// # Errors
    /// [`PersonalError`] for empty or over-long text and for control characters.
    pub fn parse(text: &str) -> Result<Self, PersonalError> {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Err(PersonalError::Empty);
        }
        if text.chars().count() > MAX_NOTE_CHARS {
            return Err(PersonalError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            return Err(PersonalError::Malformed);
        }
        Ok(Self(text))
    }
}

impl Email {
    /// An address as RFC 5321 lets it travel, without quoted local parts or address literals.
    /// The domain is lower-cased; the local part stays as typed.
    ///
    /// # Errors
    /// [`PersonalError`] when it is empty, over-long or not an address.
    pub fn parse(text: &str) -> Result<Self, PersonalError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PersonalError::Empty);
        }
        if text.len() > MAX_EMAIL_BYTES {
            return Err(PersonalError::TooLong);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(PersonalError::Malformed)?;
        let domain = domain.to_lowercase();
        if local_part_is_plain(local) && domain_is_plain(&domain) {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            Err(PersonalError::Malformed)
        }
    }
}

fn local_part_is_plain(local: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(c)
            || (!c.is_ascii() && c.is_alphanumeric())
    };
    (1..=64).contains(&local.len())
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn domain_is_plain(domain: &str) -> bool {
    let label_is_plain = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label_is_plain)
}

impl Phone {
    /// Reads `+49 (30) 123-456` and the like: a country code is needed, punctuation is dropped.
    ///
    /// # Errors
    /// [`PersonalError`] when it is empty, has letters, lacks the leading `+` (or `00`), or has
    /// too few or too many digits.
    pub fn parse(text: &str) -> Result<Self, PersonalError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PersonalError::Empty);
        }
        let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
        let digits = digits.ok_or(PersonalError::Malformed)?;
        if digits
            .chars()
            .any(|c| !c.is_ascii_digit() && !" ()-./\u{a0}".contains(c))
        {
            return Err(PersonalError::Malformed);
        }
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        if digits.len() > *PHONE_DIGITS.end() {
            return Err(PersonalError::TooLong);
        }
        if digits.starts_with('0') || !PHONE_DIGITS.contains(&digits.len()) {
            return Err(PersonalError::Malformed);
        }
        Ok(Self(format!("+{digits}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        for (text, read) in [
            (" Ada@Example.ORG ", Some("Ada@example.org")),
            ("a.b+c@x-y.example", Some("a.b+c@x-y.example")),
            ("ada@münchen.example", Some("ada@münchen.example")),
            ("ada@example", None),
            ("ada example@example.org", None),
            ("ada@example.org\r\nBcc: x@example.org", None),
            ("a..b@example.org", None),
            ("@example.org", None),
            ("ada@-x.example", None),
            ("<ada@example.org>", None),
        ] {
            assert_eq!(
                Email::parse(text).ok().as_ref().map(Email::expose),
                read,
                "{text}"
            );
        }
    }

    #[test]
    fn telephone_numbers_need_a_country_code() {
        for (text, read) in [
            ("+49 (30) 123-456", Some("+4930123456")),
            ("0049 30 123456", Some("+4930123456")),
            ("030 123456", None),
            ("+49 30 CALL ME", None),
            ("+12345678901234567", None),
            ("+1", None),
        ] {
            assert_eq!(
                Phone::parse(text).ok().as_ref().map(Phone::expose),
                read,
                "{text}"
            );
        }
    }

    #[test]
    fn addresses_are_no_names() {
        for (text, is_name) in [
            ("Ada King-Noel, Countess of Lovelace", true),
            ("Dr. María-José O'Brien Jr.", true),
            ("李 小龍", true),
            ("win http://evil.example", false),
            ("see WWW.evil.example", false),
            ("evil@example.org", false),
            ("<b>Ada", false),
            ("two\nlines", false),
        ] {
            assert_eq!(PersonName::parse(text).is_ok(), is_name, "{text}");
        }
    }

    #[test]
    fn debug_tells_only_the_kind() {
        let name = PersonName::parse("Ada Lovelace").expect("a name");
        assert_eq!(format!("{name:?}"), "PersonName(..)");
    }
}
