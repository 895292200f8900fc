//! Rows with some of a file's columns, for readers that need no others.

use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{DataFrame, PolarsResult};

use crate::portfolio::premium::price_change::BookedCell;
use crate::portfolio::rows::value::Value;
use crate::portfolio::rows::{InsuredRows, Numbers, Rows};
use crate::portfolio::store::{Damage, Reader};

rows! {
    /// The columns of the cells that a price change needs.
    RateRows {
        /// The plan.
        plan: Arc<str>,
        /// The programme.
        programme: Arc<str>,
        /// The risk group.
        risk_group: u32,
        /// The rate before any price change of the book, with every digit.
        rate: Arc<str>,
    }
}

rows! {
    /// The columns of the insured by which they are counted.
    InsuredDayRows {
        /// The first day of cover, in days since 1970.
        start: i32,
        /// The last day of cover.
        end: i32,
    }
}

rows! {
    /// The columns of the insured that a rate needs.
    InsuredAgeRows {
        /// The insured's place in the contract, from 1.
        insured: u32,
        /// The age on the first day of the insured's own cover, in completed years.
        age: u32,
    }
}

rows! {
    /// The columns of the lines that instalments need.
    LineDayRows {
        /// The first day of cover, in days since 1970.
        start: i32,
        /// The last day of cover.
        end: i32,
        /// The premium that was written for it with the rows, in kopecks.
        premium: i64,
    }
}

impl InsuredDayRows {
    /// The same columns of whole rows.
    #[must_use]
    pub fn from_insured(insured: &InsuredRows) -> Self {
        Self { number: insured.number.clone(), start: insured.start.clone(), end: insured.end.clone() }
    }
}

impl RateRows {
    /// The cell of a row.
    #[must_use]
    pub fn cell(&self, at: usize) -> BookedCell<'_> {
        BookedCell {
            plan: &self.plan[at],
            programme: &self.programme[at],
            risk_group: self.risk_group[at],
            rate: &self.rate[at],
        }
    }
}
