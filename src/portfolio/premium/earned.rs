//! The earned premium on a day (`I54`): each line is earned evenly over its days (pro rata temporis).

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint};
use num_traits::ToPrimitive;

use crate::base::money::Kopecks;
use crate::portfolio::premium::line::days_between;

/// The premium of lines that is earned until the end of a day, exact: a sum of premium × days gone / days of the line.
///
/// # Example
///
/// ```
/// use kollektiv::base::money::Kopecks;
/// use kollektiv::portfolio::premium::earned::EarnedPremium;
///
/// // two lines of 1.00 and 0.01 over ten days, of which five are gone: 0.50 + 0.005
/// let mut earned = EarnedPremium::on(104);
/// earned.add(Kopecks::new(100), 100, 109);
/// earned.add(Kopecks::new(1), 100, 109);
/// assert_eq!(earned.rounded(), Kopecks::new(51));
/// ```
#[derive(Debug, Clone)]
pub struct EarnedPremium {
    /// The day, in days since 1970.
    on: i32,
    /// The sum of premium × days gone, by the number of days of the line.
    by_days: BTreeMap<u32, i128>,
}

impl EarnedPremium {
    /// No line yet; `on` is the day, in days since 1970.
    #[must_use]
    pub const fn on(on: i32) -> Self {
        Self { on, by_days: BTreeMap::new() }
    }

    /// Adds a line with its first and last day; a line without days is earned at once.
    pub fn add(&mut self, premium: Kopecks, first: i32, last: i32) {
        let days = days_between(first, last).max(1);
        let gone = days_between(first, self.on).min(days);
        // a contract's premium is below 10¹⁸ kopecks, and a line has at most 366 days
        *self.by_days.entry(days).or_default() += premium.get() * i128::from(gone);
    }

    /// The sum, rounded once, half away from zero, to kopecks.
    ///
    /// # Panics
    ///
    /// Never: what is earned is at most the written premium.
    #[must_use]
    pub fn rounded(&self) -> Kopecks {
        let (mut numerator, mut denominator) = (BigInt::ZERO, BigInt::from(1));
        for (days, sum) in self.by_days.iter().filter(|(_, sum)| **sum != 0) {
            numerator = numerator * *days + &denominator * *sum;
            denominator *= *days;
        }
        let (sign, size) = numerator.into_parts();
        let (_, denominator) = denominator.into_parts();
        let rounded: BigUint = (size * 2_u8 + &denominator) / (denominator * 2_u8);
        let kopecks = rounded.to_i128().expect("an amount of money fits 128 bits");
        Kopecks::new(if sign == num_bigint::Sign::Minus { -kopecks } else { kopecks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn earned(on: i32, lines: &[(i128, i32, i32)]) -> i128 {
        let mut earned = EarnedPremium::on(on);
        for (premium, first, last) in lines {
            earned.add(Kopecks::new(*premium), *first, *last);
        }
        earned.rounded().get()
    }

    #[test]
    fn i54_a_line_is_earned_by_days_and_the_sum_is_rounded_once() {
        // 365.00 over 365 days
        let line = [(36_500, 1000, 1364)];
        assert_eq!([999, 1000, 1181, 1364, 9999].map(|on| earned(on, &line)), [0, 100, 18_200, 36_500, 36_500]);
        // 0.01 × 1 / 3 three times is 0.01; 0.01 × 1 / 2 = 0.005 → 0.01; 1 / 3 + 1 / 7 = 10 / 21 → 0
        assert_eq!(earned(0, &[(1, 0, 2); 3]), 1);
        assert_eq!(earned(0, &[(1, 0, 1)]), 1);
        assert_eq!(earned(0, &[(1, 0, 2), (1, 0, 6)]), 0);
        // 1 / 3 + 1 / 6 = 1 / 2
        assert_eq!(earned(0, &[(1, 0, 2), (1, 0, 5)]), 1);
        // expenses at the end have one day
        assert_eq!([earned(9, &[(500, 10, 10)]), earned(10, &[(500, 10, 10)])], [0, 500]);
    }
}
