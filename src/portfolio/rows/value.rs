//! The types of values in the columns of a book's files.

use std::sync::Arc;

use polars::prelude::{
    Column, Int32Chunked, Int128Chunked, IntoColumn, NewChunkedArray, PlHashMap, PolarsResult, Series, StringChunked,
    UInt32Chunked,
};

use crate::base::money::Kopecks;

/// Digits enough for any amount of a book; Parquet stores them in eight bytes.
pub const MONEY_DIGITS: usize = 18;

/// An amount in the 64 bits of a column; the largest or the lowest number where it does not fit.
#[must_use]
pub fn kopecks(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(if amount < Kopecks::ZERO { i64::MIN } else { i64::MAX })
}

/// A value of a column: `u32` is a count, `i32` a day since 1970, `i64` an amount in kopecks.
pub(crate) trait Value: Sized {
    /// The column of this name.
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column>;

    /// The values of a column; `None` where it has another type, or a null that the type does not allow.
    fn values(column: &Series) -> Option<Vec<Self>>;

    /// The values of a column that an older file may lack; `None` where the type needs it.
    fn values_or_missing(column: Option<&Series>, _rows: usize) -> Option<Vec<Self>> {
        Self::values(column?)
    }
}

impl Value for u32 {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(UInt32Chunked::from_slice(name.into(), values).into_column())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        // Spark has no unsigned types
        if let Ok(signed) = column.i32() {
            return signed.iter().map(|count| count.and_then(|count| Self::try_from(count).ok())).collect();
        }
        column.u32().ok()?.to_vec_null_aware().left()
    }
}

impl Value for Option<u32> {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(UInt32Chunked::from_slice_options(name.into(), values).into_column())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        Some(column.u32().ok()?.to_vec())
    }

    fn values_or_missing(column: Option<&Series>, rows: usize) -> Option<Vec<Self>> {
        column.map_or_else(|| Some(vec![None; rows]), Self::values)
    }
}

impl Value for i32 {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(Int32Chunked::from_slice(name.into(), values).into_date().into_column())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        column.date().ok()?.physical().to_vec_null_aware().left()
    }
}

impl Value for Option<i32> {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(Int32Chunked::from_slice_options(name.into(), values).into_date().into_column())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        Some(column.date().ok()?.physical().to_vec())
    }
}

impl Value for i64 {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        money(name, values.iter().copied())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        let kopecks = column.decimal().ok()?.physical();
        kopecks.iter().map(|kopecks| kopecks.and_then(|kopecks| Self::try_from(kopecks).ok())).collect()
    }
}

impl Value for String {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(texts(name, values.iter().map(Self::as_str)))
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        column.str().ok()?.iter().map(|text| text.map(str::to_owned)).collect()
    }
}

/// A text that many rows share: one allocation for each different text of a row group.
impl Value for Arc<str> {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        Ok(texts(name, values.iter().map(AsRef::as_ref)))
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        let mut known: PlHashMap<&str, Self> = PlHashMap::default();
        let mut last: Self = "".into();
        let kept = |text: Option<_>| {
            let text: &str = text?;
            if *last != *text {
                last = known.entry(text).or_insert_with(|| text.into()).clone();
            }
            Some(last.clone())
        };
        column.str().ok()?.iter().map(kept).collect()
    }
}

impl Value for Option<String> {
    fn column(name: &str, values: &[Self]) -> PolarsResult<Column> {
        let texts: StringChunked = values.iter().map(Option::as_deref).collect();
        Ok(texts.with_name(name.into()).into_column())
    }

    fn values(column: &Series) -> Option<Vec<Self>> {
        Some(column.str().ok()?.iter().map(|text| text.map(str::to_owned)).collect())
    }

    fn values_or_missing(column: Option<&Series>, rows: usize) -> Option<Vec<Self>> {
        column.map_or_else(|| Some(vec![None; rows]), Self::values)
    }
}

/// A column of texts.
pub fn texts<'l>(name: &str, values: impl Iterator<Item = &'l str>) -> Column {
    StringChunked::from_iter_values(name.into(), values).into_column()
}

/// A column of amounts, in kopecks.
///
/// # Errors
///
/// Where an amount has more digits than the column.
pub fn money(name: &str, kopecks: impl Iterator<Item = i64>) -> PolarsResult<Column> {
    let kopecks = Int128Chunked::from_iter_values(name.into(), kopecks.map(i128::from));
    Ok(kopecks.into_decimal(MONEY_DIGITS, 2)?.into_column())
}
