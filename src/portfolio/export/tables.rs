//! The tables of an export: each is declared once, with its columns, their types and their meaning.

use polars::prelude::{DataFrame, PolarsResult};
use serde::Serialize;

/// The version of the tables: a change that a reader of the files could notice makes a new one.
pub const VERSION: u32 = 1;

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
}

/// The type of a column as its documentation names it.
pub(crate) trait Documented {
    /// The type.
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

/// Declares a table of an export once: its file, its columns, their types and their meaning.
macro_rules! table {
    ($(#[doc = $about:literal])* $name:ident $file:literal { $(#[doc = $text:literal] $column:ident: $type:ty,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Default, Clone)]
        pub struct $name {
            $(#[doc = $text] pub $column: Vec<$type>,)*
        }

        impl $crate::portfolio::export::tables::Table for $name {
            const NAME: &'static str = $file;
            const ABOUT: &'static str = concat!($($about),*);
            const COLUMNS: &'static [$crate::portfolio::export::tables::ColumnSchema] = &[
                $($crate::portfolio::export::tables::ColumnSchema {
                    name: stringify!($column),
                    kind: <$type as $crate::portfolio::export::tables::Documented>::KIND,
                    about: $text,
                },)*
            ];

            fn frame(&self) -> polars::prelude::PolarsResult<polars::prelude::DataFrame> {
                use $crate::portfolio::rows::value::Value;
                let rows = [$(self.$column.len(),)*][0];
                let columns: Vec<polars::prelude::Column> = vec![$(Value::column(stringify!($column), &self.$column)?,)*];
                polars::prelude::DataFrame::new(rows, columns)
            }
        }
    };
}

pub(crate) use table;

table! {
    /// A contract as it stands.
    Contracts "contracts" {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// First day.
        start: i32,
        /// Last day of cover.
        end: i32,
        /// `in-force`, `ended` before its last day, or `annulled`.
        status: String,
        /// Insured who are covered on the day of the export.
        insured: u32,
        /// Lines, including those that have ended.
        lines: u32,
        /// Written premium.
        written: i64,
        /// The part of it that is kept for expenses at the end of the contract (I22).
        expenses: i64,
        /// Paid premium.
        paid: i64,
    }
}

table! {
    /// A period of an insured with one plan and one risk group.
    InsuredPeriods "insured" {
        /// Number of the contract.
        number: String,
        /// Place of the row in the contract.
        insured: u32,
        /// Place of the first row of the same insured.
        person: u32,
        /// Id; empty where there is none.
        id: String,
        /// Name.
        name: String,
        /// Day of birth.
        birth_date: i32,
        /// Relation to the employee.
        relation: Option<String>,
        /// Place of the insured who heads the family.
        head: Option<u32>,
        /// Plan.
        plan: String,
        /// Age on the first day of cover, in completed years.
        age: u32,
        /// Risk group.
        risk_group: u32,
        /// First day of cover.
        start: i32,
        /// Last day of cover; before the first where there is no cover.
        end: i32,
    }
}

table! {
    /// A line of the written premium: an insured in a programme, or the expenses that a contract keeps at its end.
    Lines "lines" {
        /// Number of the contract.
        number: String,
        /// `cover` or `expenses`.
        kind: String,
        /// Place of the insured in the contract.
        insured: Option<u32>,
        /// Plan.
        plan: Option<String>,
        /// Programme.
        programme: Option<String>,
        /// Risk group.
        risk_group: Option<u32>,
        /// First age of the cell, in completed years.
        age_from: Option<u32>,
        /// Last age of the cell.
        age_to: Option<u32>,
        /// Sum insured.
        sum_insured: i64,
        /// Rate as bound, per 100 roubles and year, with every digit.
        rate: Option<String>,
        /// First day of cover.
        start: i32,
        /// Last day of cover.
        end: i32,
        /// Written premium.
        premium: i64,
    }
}

table! {
    /// What a run has added to the written premium of a contract.
    Charges "charges" {
        /// Number of the contract.
        number: String,
        /// Number of the run.
        run: u32,
        /// What the run was: `bound`, `endorsed`, `repriced` and so on.
        kind: String,
        /// First day from which it counts.
        valid_from: i32,
        /// Id of the price change.
        price_change: Option<String>,
        /// Amount; negative where the contract costs less.
        amount: i64,
    }
}

table! {
    /// A payment.
    Payments "payments" {
        /// Number of the contract.
        number: String,
        /// Day of the payment.
        day: i32,
        /// Amount.
        amount: i64,
        /// Number of the document; empty where there is none.
        document: String,
        /// Number of the run that added it.
        run: u32,
    }
}
