//! Money in minor units; never a float.

/// An ISO 4217 code: three upper-case letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads `EUR` and its like; the letters are checked, the register is not.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(bytes))
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are let in")
    }
}

/// An amount in the minor unit of its currency (cents, yen, fils).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// Amount in minor units.
    pub minor: i64,
    /// Which currency.
    pub currency: Currency,
}

impl Money {
    /// Joins the two stored columns; `None` when either is missing or the code is not one.
    #[must_use]
    pub fn from_columns(minor: Option<i64>, currency: Option<&str>) -> Option<Self> {
        Some(Self {
            minor: minor?,
            currency: Currency::parse(currency?)?,
        })
    }
}
