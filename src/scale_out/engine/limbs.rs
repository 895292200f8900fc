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
//!
//! 38 digits cost several times as much as 64 bits. For nearly all rates and sums insured the low part is cut into three limbs of six digits,
//! `low = l2 × 10^12 + l1 × 10^6 + l0`, so that no product reaches 2^63; the inner floor is then
//! `⌊(A × l2 + ⌊(A × l1 + ⌊A × l0 / 10^6⌋) / 10^6⌋) / 10^6⌋` with `A = 2 × sum × days`.

use num_bigint::BigUint;
use num_traits::ToPrimitive;

use crate::base::money::{MAX_SUM_INSURED, Rate};

/// The number of digits of the low part.
const LOW_DIGITS: u32 = 18;
/// The bound of the low part.
pub const LOW_END: u64 = 10_u64.pow(LOW_DIGITS);
/// The number of digits of an engine's whole numbers.
pub const DIGITS: u8 = 38;
/// The bound of a limb: the low part has three.
pub const LIMB: u32 = 10_u32.pow(LOW_DIGITS / 3);
/// The bound of doubled products of kopecks and days that an engine prices by 64-bit limbs: sums insured of 125 million RUB in 366 days. Its
/// product with a limb, and the carry, are below 2^63.
pub const NARROW_END: i64 = 9_200_000_000_000;

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

    /// Whether 64 bits suffice for a line whose doubled product of kopecks and days is below [`NARROW_END`].
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        let end = i128::from(NARROW_END);
        let largest = self.high.checked_mul(end).and_then(|product| product.checked_add(self.unit)?.checked_add(end));
        let limit = i128::from(i64::MAX);
        largest.is_some_and(|largest| largest <= limit) && self.unit <= limit / 2
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
        if limbs.is_narrow()
            && let Some(doubled) = i64::try_from(doubled).ok().filter(|doubled| *doubled < NARROW_END)
        {
            assert_eq!(narrow_premium(limbs, doubled), i64::try_from(all / (2 * limbs.unit)).unwrap());
        }
        all / (2 * limbs.unit)
    }

    /// The premium as an engine computes it in 64 bits, where an overflow panics.
    fn narrow_premium(limbs: Limbs, doubled: i64) -> i64 {
        let limb = i64::from(LIMB);
        let [high, unit] = [limbs.high, limbs.unit].map(|digits| i64::try_from(digits).unwrap());
        let [third, second, first] = [limbs.low / limb / limb, limbs.low / limb % limb, limbs.low % limb];
        let times = |digits: i64, below: i64| doubled.checked_mul(digits).unwrap().checked_add(below).unwrap();
        let below = times(third, times(second, times(first, 0) / limb) / limb) / limb;
        times(high, unit).checked_add(below).unwrap() / unit.checked_mul(2).unwrap()
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
    fn sixty_four_bits_suffice_up_to_the_guard() {
        for (text, year_days) in [("0.999999999999999999", 365), ("38.741234567890123456", 366), ("9000", 365)] {
            let limbs = Limbs::new(&rate(text), year_days).unwrap();
            let largest = NARROW_END - 1;
            if limbs.is_narrow() {
                let expected = premium(limbs, i128::from(largest / 2), 1);
                assert_eq!(i128::from(narrow_premium(limbs, largest / 2 * 2)), expected, "{text}");
                assert!(narrow_premium(limbs, largest) >= 0);
            }
        }
        let narrow = |text: &str| Limbs::new(&rate(text), 365).unwrap().is_narrow();
        assert!(narrow("38.741234567890123456") && narrow("0.000000000000000001"));
        assert!(!narrow("0.0000000000000000000000000000000001"), "a divisor of more than 64 bits");
        assert!(!narrow("1.234567890123456789012345"), "a high part of more than 64 bits");
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
