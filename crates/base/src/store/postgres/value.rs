//! Values on their way to PostgreSQL and back.

use std::error::Error as StdError;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::super::{Error, Value, ValueRef};

/// Why a value cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("a value does not fit its column")]
struct Misfit;

type Sent = Result<IsNull, Box<dyn StdError + Sync + Send>>;

/// The engine says of each parameter what it takes; numbers are made to fit, texts and bytes go as
/// they are.
impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Sent {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(int) => int_to_sql(*int, kind, out),
            // No text there can have a NUL. What has one is kept with the sign for what cannot be
            // written, and so equals nothing else.
            Self::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{FFFD}").to_sql(kind, out)
            }
            Self::Text(text) => text.as_ref().to_sql(kind, out),
            Self::Blob(bytes) => bytes.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn int_to_sql(int: i64, kind: &Type, out: &mut BytesMut) -> Sent {
    match *kind {
        Type::INT8 => int.to_sql(kind, out),
        Type::INT4 => i32::try_from(int).map_err(|_| Misfit)?.to_sql(kind, out),
        Type::INT2 => i16::try_from(int).map_err(|_| Misfit)?.to_sql(kind, out),
        Type::BOOL => (int != 0).to_sql(kind, out),
        _ => Err(Misfit.into()),
    }
}

/// A column as it came, of one of the few types that the schema uses.
struct Column<'a>(ValueRef<'a>);

impl<'a> FromSql<'a> for Column<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(match *kind {
            Type::INT8 => ValueRef::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => ValueRef::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => ValueRef::Int(bool::from_sql(kind, raw)?.into()),
            Type::BYTEA => ValueRef::Blob(raw),
            _ => ValueRef::Text(<&str>::from_sql(kind, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(kind: &Type) -> bool {
        matches!(
            *kind,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

/// A column of a row.
pub fn value(row: &postgres::Row, index: usize) -> Result<ValueRef<'_>, Error> {
    row.try_get::<_, Column<'_>>(index)
        .map(|column| column.0)
        .map_err(|_| Error::Decode("known type"))
}
