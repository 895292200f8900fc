//! Bands of ages and headcounts, and the breaks between bands.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::tariff::range::Range;

/// The highest age of any edition.
pub const MAX_AGE: u16 = 150;

/// Ages in completed years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// The first age.
    pub from: u16,
    /// The last age.
    pub to: u16,
}

impl Band {
    /// Whether the age is one of the band's.
    #[must_use]
    pub const fn contains(self, age_years: u16) -> bool {
        self.from <= age_years && age_years <= self.to
    }
}

impl fmt::Display for Band {
    /// As the tariff prints it: `40-44`; a band of one year is that year: `0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { write!(f, "{}", self.from) } else { write!(f, "{}-{}", self.from, self.to) }
    }
}

/// A row of the table by age (§2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeBand {
    /// The ages.
    pub years: Band,
    /// Their coefficient.
    pub coefficient: Decimal,
}

/// A row of the table by headcount (§2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadcountBand {
    /// The first headcount.
    pub from: u32,
    /// The last headcount; none in the last band.
    pub to: Option<u32>,
    /// The coefficients.
    pub range: Range,
}

impl HeadcountBand {
    /// Whether the headcount is one of the band's.
    #[must_use]
    pub fn contains(&self, headcount: u32) -> bool {
        self.from <= headcount && self.to.is_none_or(|to| headcount <= to)
    }

    /// The coefficient on the straight line from the band's first headcount, the higher coefficient, to its last, the
    /// lower, rounded half away from zero to four decimals (`I3`); `None` in the band that has no last headcount.
    #[must_use]
    pub fn interpolate(&self, headcount: u32) -> Option<Decimal> {
        let width = self.to? - self.from;
        if width == 0 {
            return Some(self.range.high);
        }
        let fall = (self.range.high - self.range.low) * Decimal::from(headcount - self.from) / Decimal::from(width);
        Some((self.range.high - fall).round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero))
    }
}

impl fmt::Display for HeadcountBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{}-{to}", self.from),
            None => write!(f, "{}+", self.from),
        }
    }
}

/// A break between two bands that have to follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BandBreak {
    /// Numbers between them belong to neither.
    Gap {
        /// The first such number.
        first: u32,
        /// The last such number.
        last: u32,
    },
    /// Numbers belong to both.
    Overlap {
        /// The first such number.
        first: u32,
        /// The last such number.
        last: u32,
    },
}

/// The break between a band that ends at `end` and one that begins at `next`; `None` where `next` is `end` + 1.
#[must_use]
pub fn check_continuity(end: u32, next: u32) -> Option<BandBreak> {
    let wanted = end.saturating_add(1);
    match next.cmp(&wanted) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(BandBreak::Gap { first: wanted, last: next - 1 }),
        std::cmp::Ordering::Less => Some(BandBreak::Overlap { first: next, last: end }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i3_interpolation_falls_along_the_band() {
        let band = |from, to, low: &str, high: &str| HeadcountBand {
            from,
            to,
            range: Range { low: low.parse().unwrap(), high: high.parse().unwrap() },
        };
        let hundreds = band(100, Some(499), "0.94", "1.00");
        assert_eq!(hundreds.interpolate(100).unwrap().to_string(), "1.00");
        assert_eq!(hundreds.interpolate(499).unwrap().normalize().to_string(), "0.94");
        // 1.00 − 0.06 × (138 − 100) / 399 = 0.99428571… → 0.9943
        assert_eq!(hundreds.interpolate(138).unwrap().to_string(), "0.9943");
        // 0.94 − 0.06 × (750 − 500) / 499 = 0.90993987… → 0.9099
        assert_eq!(band(500, Some(999), "0.88", "0.94").interpolate(750).unwrap().to_string(), "0.9099");
        assert_eq!(band(4001, None, "0.80", "0.85").interpolate(5000), None);
    }

    #[test]
    fn a_gap_and_an_overlap_are_different_faults() {
        assert_eq!(check_continuity(9, 10), None);
        assert_eq!(check_continuity(9, 12), Some(BandBreak::Gap { first: 10, last: 11 }));
        assert_eq!(check_continuity(9, 8), Some(BandBreak::Overlap { first: 8, last: 9 }));
    }
}
