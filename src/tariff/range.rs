//! A range of the tariff, and the points that can be chosen in any range.

use std::fmt;

use rust_decimal::Decimal;

use crate::base::named_enum::named_enum;

/// Coefficients from `low` to `high`, both allowed; the two are equal where there is nothing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The lower end.
    pub low: Decimal,
    /// The higher end.
    pub high: Decimal,
}

impl Range {
    /// The exact mean of the ends (`I2`), with no fewer decimals than they have.
    #[must_use]
    pub fn mid(self) -> Decimal {
        let mut mid = ((self.low + self.high) / Decimal::TWO).normalize();
        mid.rescale(mid.scale().max(self.low.scale()).max(self.high.scale()));
        mid
    }

    /// The coefficient at a point of the range.
    #[must_use]
    pub fn at(self, point: RangePoint) -> Decimal {
        match point {
            RangePoint::Low => self.low,
            RangePoint::Mid => self.mid(),
            RangePoint::High => self.high,
        }
    }

    /// Whether the coefficient is inside or on an end.
    #[must_use]
    pub fn contains(self, coefficient: Decimal) -> bool {
        self.low <= coefficient && coefficient <= self.high
    }
}

impl fmt::Display for Range {
    /// As the tariff prints it: `0.85–0.88`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.low, self.high)
    }
}

named_enum! {
    /// A point that every range has, by the word of the contract file (`I2`).
    #[derive(Default)]
    pub enum RangePoint {
        /// The lower end.
        Low = "low",
        /// The exact mean of the ends.
        #[default]
        Mid = "mid",
        /// The higher end.
        High = "high",
    }
}
