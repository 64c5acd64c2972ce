//! Values on their way into and out of the database, the same for every engine.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Error;

/// A parameter. Instants are microseconds, dates `YYYY-MM-DD`, flags 0 or 1, ids their text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// SQL null.
    Null,
    /// BIGINT, INTEGER or SMALLINT.
    Int(i64),
    /// TEXT.
    Text(Cow<'a, str>),
    /// BLOB or BYTEA.
    Blob(Cow<'a, [u8]>),
}

/// A column of a result row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL null.
    Null,
    /// BIGINT, INTEGER or SMALLINT.
    Int(i64),
    /// TEXT.
    Text(&'a str),
    /// BLOB or BYTEA.
    Blob(&'a [u8]),
}

/// Types that can be bound to `$1`.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value<'_>;
}

/// Types that own what they read from a column.
pub trait FromValue: Sized {
    /// Reads one column.
    ///
    /// # Errors
    /// [`Error::Decode`] when the column holds something else.
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error>;
}

/// Types that borrow what they read from a column.
pub trait FromBorrowed<'a>: Sized {
    /// Reads one column.
    ///
    /// # Errors
    /// [`Error::Decode`] when the column holds something else.
    fn from_borrowed(value: ValueRef<'a>) -> Result<Self, Error>;
}

impl<'a> FromBorrowed<'a> for &'a str {
    fn from_borrowed(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::Text(text) => Ok(text),
            _ => Err(Error::Decode("text")),
        }
    }
}

impl<'a> FromBorrowed<'a> for &'a [u8] {
    fn from_borrowed(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::Blob(bytes) => Ok(bytes),
            _ => Err(Error::Decode("blob")),
        }
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl FromValue for String {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        <&str>::from_borrowed(value).map(ToOwned::to_owned)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(Cow::Borrowed(self))
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        match value {
            ValueRef::Blob(bytes) => Ok(bytes.to_vec()),
            _ => Err(Error::Decode("blob")),
        }
    }
}

macro_rules! integers {
    ($($int:ty),+) => {$(
        impl ToValue for $int {
            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }

        impl FromValue for $int {
            fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
                match value {
                    ValueRef::Int(int) => {
                        <$int>::try_from(int).map_err(|_| Error::Decode("integer in range"))
                    }
                    _ => Err(Error::Decode("integer")),
                }
            }
        }
    )+};
}

integers!(i64, i32, u32, u16, u8);

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        i64::from_value(value).map(|int| int != 0)
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.as_microsecond())
    }
}

impl FromValue for Timestamp {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        Self::from_microsecond(i64::from_value(value)?).map_err(|_| Error::Decode("instant"))
    }
}

impl ToValue for Date {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Owned(self.to_string()))
    }
}

impl FromValue for Date {
    fn from_value(value: ValueRef<'_>) -> Result<Self, Error> {
        <&str>::from_borrowed(value)?
            .parse()
            .map_err(|_| Error::Decode("date"))
    }
}

/// Builds the parameter list of a statement: `params![id, tx.now(), name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::store::ToValue::to_value(&$value)),*][..]
    };
}
