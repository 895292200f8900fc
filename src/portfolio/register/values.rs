//! How days, decimals and amounts are stored in columns of the register.

use jiff::civil::Date;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rust_decimal::Decimal;

use crate::base::money::{Kopecks, parse_decimal};

/// A day, as text `YYYY-MM-DD`.
pub(super) struct Day(pub Date);

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// A share or a coefficient, as text with every digit.
pub(super) struct Number(pub Decimal);

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        parse_decimal(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// An amount, as an integer of kopecks.
pub(super) struct Amount(pub Kopecks);

impl ToSql for Amount {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let kopecks = i64::try_from(self.0.get());
        kopecks.map(Into::into).map_err(|fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault)))
    }
}

impl FromSql for Amount {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(Kopecks::new(value.as_i64()?.into())))
    }
}
