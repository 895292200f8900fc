//! A range of the tariff and a place inside it.

use std::fmt;

use rust_decimal::Decimal;

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

/// A place inside a range, named without knowing its ends (`I2`).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// The lower end.
    Low,
    /// The exact mean of the ends.
    #[default]
    Mid,
    /// The higher end.
    High,
}

impl Stand {
    /// The coefficient at this place of the range.
    #[must_use]
    pub fn of(self, range: Range) -> Decimal {
        match self {
            Self::Low => range.low,
            Self::Mid => range.mid(),
            Self::High => range.high,
        }
    }

    /// The place that a word names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "low" => Some(Self::Low),
            "mid" => Some(Self::Mid),
            "high" => Some(Self::High),
            _ => None,
        }
    }

    /// The word of the contract file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Mid => "mid",
            Self::High => "high",
        }
    }
}
