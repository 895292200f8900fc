//! A rate as whole numbers with which an engine multiplies and divides exactly.
//!
//! SQL has decimals of 38 digits. Their division loses digits in Spark and is binary in `DuckDB`, and a rate alone may have more than 30
//! digits. So the rate is split into two parts, `rate × 10^scale = high × 10^18 + low`, and with
//! `unit = 10^(scale − 18) × 100 × days of the contract year` the premium of a sum insured for some days is
//!
//! ```text
//! ⌊(2 × sum × days × high + unit + ⌊2 × sum × days × low / 10^18⌋) / (2 × unit)⌋
//! ```
//!
//! which is sum / 100 × rate × days / year, rounded half away from zero: the remainder that the inner floor drops is too small to change the
//! outer floor.

use num_bigint::BigUint;
use num_traits::ToPrimitive;

use crate::base::money::{MAX_SUM_INSURED, Rate};

/// The number of digits of the low part.
const LOW_DIGITS: u32 = 18;
/// The bound of the low part.
pub const LOW_END: u64 = 10_u64.pow(LOW_DIGITS);
/// The number of digits of an engine's whole numbers.
pub const DIGITS: u8 = 38;

/// A rate for an engine, with the days of the contract year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limbs {
    /// The digits before the last eighteen.
    pub high: i128,
    /// The last eighteen digits.
    pub low: i64,
    /// Half of the divisor.
    pub unit: i128,
}

impl Limbs {
    /// Splits a rate; `None` where the product of a lawful line would need more digits than an engine has (`I17`), or a premium more than
    /// 64 bits.
    #[must_use]
    pub fn new(rate: &Rate, year_days: u32) -> Option<Self> {
        let (digits, decimals) = rate.parts();
        let scale = decimals.max(LOW_DIGITS);
        let digits = digits * BigUint::from(10_u8).pow(scale - decimals);
        let cut = BigUint::from(LOW_END);
        let (high, low) = (&digits / &cut, &digits % &cut);
        let unit = BigUint::from(10_u8).pow(scale - LOW_DIGITS) * BigUint::from(100 * year_days);
        let doubled = BigUint::from(MAX_SUM_INSURED.get().unsigned_abs()) * BigUint::from(2 * year_days);
        let largest = &doubled * &high + &unit + &doubled * &low / cut;
        let limit = BigUint::from(10_u8).pow(DIGITS.into());
        let premium = &largest / (&unit * 2_u8);
        let fits = largest < limit && &unit * 2_u8 < limit && premium <= BigUint::from(i64::MAX.unsigned_abs());
        let fitting = || Some(Self { high: high.to_i128()?, low: low.to_i64()?, unit: unit.to_i128()? });
        if fits { fitting() } else { None }
    }

    /// The rate 0.
    #[must_use]
    pub const fn zero(year_days: u32) -> Self {
        Self { high: 0, low: 0, unit: 100 * year_days as i128 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::Kopecks;

    /// The premium as an engine computes it, with at most 38 digits.
    fn premium(limbs: Limbs, sum: i128, days: u32) -> i128 {
        let limit = 10_i128.pow(DIGITS.into());
        let doubled = 2 * sum * i128::from(days);
        let (high, low) = (doubled * limbs.high, doubled * i128::from(limbs.low));
        let all = high + limbs.unit + low / i128::from(LOW_END);
        assert!(doubled <= i128::from(i64::MAX) && high < limit && low < limit && all < limit);
        all / (2 * limbs.unit)
    }

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    const SUMS: [i128; 7] = [1, 50, 99, 10_000, 7_550_050, 12_345_678_901, MAX_SUM_INSURED.get()];

    #[test]
    fn an_engine_comes_to_the_same_kopecks() {
        let nines = format!("0.{}", "9".repeat(36));
        let long = format!("1366.{}", "1234567890".repeat(3));
        let rates = [
            "0",
            "1",
            "38.74",
            "0.005",
            "0.015",
            "0.0149",
            "11.7279",
            "44.551",
            "999.9999",
            "1.000900360084012601260084003600090001",
            &nines,
            &long,
        ];
        for text in rates {
            for year_days in [365, 366] {
                let (rate, limbs) = (rate(text), Limbs::new(&rate(text), year_days).unwrap());
                for sum in SUMS {
                    for days in [1, 2, 19, 73, 182, 364, year_days] {
                        let expected = rate.prepare(year_days).premium(Kopecks::new(sum), days).get();
                        assert_eq!(premium(limbs, sum, days), expected, "{sum} × {text} × {days} / {year_days}");
                    }
                }
            }
        }
    }

    #[test]
    fn halves_of_a_kopeck_go_away_from_zero() {
        // 1.00 / 100 × 0.5 × 365 / 365 = 0.005 → 0.01; with a digit less in the last place 0.00
        let half = Limbs::new(&rate("0.5"), 365).unwrap();
        assert_eq!(premium(half, 100, 365), 1);
        let less = rate(&format!("0.4{}", "9".repeat(35)));
        assert_eq!(premium(Limbs::new(&less, 365).unwrap(), 100, 365), 0);
        // 7.30 / 100 × 0.5 × 1 / 365 = 0.0001; × 50 / 365 = 0.005
        assert_eq!((premium(half, 730, 49), premium(half, 730, 50)), (0, 1));
    }

    #[test]
    fn a_rate_that_needs_more_digits_is_refused() {
        assert!(Limbs::new(&rate(&format!("1366.{}", "1".repeat(36))), 366).is_some());
        assert!(Limbs::new(&rate(&format!("1367.{}", "1".repeat(36))), 366).is_none());
        assert!(Limbs::new(&rate(&format!("1.{}", "1".repeat(40))), 365).is_none());
        assert!(Limbs::new(&rate("10000000"), 365).is_none(), "a premium of more than 64 bits");
        assert_eq!(premium(Limbs::zero(365), 12_345, 300), 0);
    }
}
