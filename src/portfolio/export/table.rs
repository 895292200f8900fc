//! A table for other programs: its columns with their types and their meaning, and its rows as a frame.

use polars::prelude::{DataFrame, PolarsResult};
use serde::Serialize;
use serde_json::{Value, json};

/// A column of an exported table.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ColumnSchema {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it means.
    pub about: &'static str,
}

/// Rows of an exported table.
pub trait Table: Default {
    /// The name of the file and of the sheet.
    const NAME: &'static str;
    /// What a row is.
    const ABOUT: &'static str;
    /// The columns.
    const COLUMNS: &'static [ColumnSchema];

    /// The rows as a frame.
    ///
    /// # Errors
    ///
    /// The library's error where an amount has too many digits.
    fn frame(&self) -> PolarsResult<DataFrame>;

    /// The rows of a frame that has the columns; `None` where one is missing, or has another type or a value out of its range.
    fn rows(frame: &DataFrame) -> Option<Self>;

    /// The documentation of the table.
    fn schema() -> Value {
        json!({ "table": Self::NAME, "about": Self::ABOUT.trim(), "columns": Self::COLUMNS })
    }
}

/// The type of a column as its documentation names it.
pub(crate) trait Documented {
    /// Its name.
    const KIND: &'static str;
}

macro_rules! documented {
    ($($type:ty = $kind:literal,)*) => {
        $(impl Documented for $type {
            const KIND: &'static str = $kind;
        })*
    };
}

documented! {
    String = "text",
    Option<String> = "text or null",
    u32 = "whole number",
    Option<u32> = "whole number or null",
    i32 = "day",
    Option<i32> = "day or null",
    i64 = "amount in roubles, 18 digits with 2 decimals",
}

/// Declares a table: the comments are its documentation, the name is followed by that of its file.
macro_rules! table {
    ($(#[doc = $about:literal])* $name:ident $file:literal { $(#[doc = $text:literal] $column:ident: $type:ty,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Default, Clone)]
        pub struct $name {
            $(#[doc = $text] pub $column: Vec<$type>,)*
        }

        impl $crate::portfolio::export::table::Table for $name {
            const NAME: &'static str = $file;
            const ABOUT: &'static str = concat!($($about),*);
            const COLUMNS: &'static [$crate::portfolio::export::table::ColumnSchema] = &[
                $($crate::portfolio::export::table::ColumnSchema { name: stringify!($column), kind: <$type as $crate::portfolio::export::table::Documented>::KIND, about: $text },)*
            ];

            fn frame(&self) -> polars::prelude::PolarsResult<polars::prelude::DataFrame> {
                let rows = [$(self.$column.len(),)*][0];
                let columns: Vec<polars::prelude::Column> =
                    vec![$($crate::portfolio::rows::value::Value::column(stringify!($column), &self.$column)?,)*];
                polars::prelude::DataFrame::new(rows, columns)
            }

            fn rows(frame: &polars::prelude::DataFrame) -> Option<Self> {
                $(
                    let column = frame.column(stringify!($column)).ok()?.as_materialized_series();
                    let $column = $crate::portfolio::rows::value::Value::values(column)?;
                )*
                Some(Self { $($column,)* })
            }
        }
    };
}
pub(crate) use table;
