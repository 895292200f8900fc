//! The columns of a file of claims, one row for each row of a clinic register, in its order.

use std::sync::Arc;

use polars::prelude::{DataFrame, PolarsResult};

use crate::base::money::Kopecks;
use crate::clinics::claim::Shares;
use crate::portfolio::rows::value::Value;
use crate::portfolio::store::{Damage, Reader};

/// Declares the columns once, in the order of the file.
macro_rules! claim_rows {
    ($($(#[$doc:meta])* $column:ident: $kind:ty,)*) => {
        /// The rows of a file of claims, as columns in memory.
        #[derive(Debug, Default, Clone, PartialEq)]
        pub struct ClaimRows {
            $($(#[$doc])* pub $column: Vec<$kind>,)*
        }

        impl ClaimRows {
            /// The rows as a frame.
            ///
            /// # Errors
            ///
            /// The library's error where an amount has too many digits.
            pub fn frame(&self) -> PolarsResult<DataFrame> {
                let columns = vec![$(Value::column(stringify!($column), &self.$column)?,)*];
                DataFrame::new(self.len(), columns)
            }

            /// Reads a row group.
            ///
            /// # Errors
            ///
            /// [`Damage`] where the file is not as it was written.
            pub fn read(reader: &Reader, group: usize) -> Result<Self, Damage> {
                let mut columns = reader.columns(group, &[$(stringify!($column),)*])?.into_iter();
                let mut next = || columns.next().flatten().ok_or_else(|| reader.damage());
                $(let $column = Value::values(&next()?).ok_or_else(|| reader.damage())?;)*
                Ok(Self { $($column,)* })
            }
        }
    };
}

claim_rows! {
    /// The sheet; empty in a text file.
    sheet: Arc<str>,
    /// The row in the register, from 1.
    row: u32,
    /// The number of the insured's contract; empty if the insured is unknown.
    contract: Arc<str>,
    /// The ordinal of the insured in the contract; 0 if unknown.
    insured: u32,
    /// The identity of one of the entitled outside the book: name and birth date; empty for others.
    entitled: Arc<str>,
    /// The day, in days since 1970; none if it could not be read.
    day: Option<i32>,
    /// The code of the service in the price list, or as written.
    service_code: Arc<str>,
    /// The service for comparison between registers and clinics.
    service_key: Arc<str>,
    /// The quantity.
    quantity: u32,
    /// The price, in kopecks; like the next six below zero where the row takes another one back.
    amount: i64,
    /// The verdict.
    verdict: Arc<str>,
    /// Paid in advance.
    advance: i64,
    /// Paid by the insurer.
    insurer: i64,
    /// Paid by the patient.
    patient: i64,
    /// The clinic's discount.
    discount: i64,
    /// Disputed.
    disputed: i64,
    /// Not cleared.
    uncleared: i64,
    /// The number of the letter that pays.
    letter: Option<u32>,
    /// The quantity that the letter pays.
    letter_quantity: u32,
    /// The programme whose cover pays, or has the service that is paid in advance; empty if none does.
    programme: Arc<str>,
}

impl ClaimRows {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// The amounts of a row by payer.
    #[must_use]
    pub fn shares(&self, at: usize) -> Shares {
        let amount = |column: &[i64]| Kopecks::new(column[at].into());
        Shares {
            advance: amount(&self.advance),
            insurer: amount(&self.insurer),
            patient: amount(&self.patient),
            discount: amount(&self.discount),
            disputed: amount(&self.disputed),
            uncleared: amount(&self.uncleared),
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }
}
