//! Rounding to kopecks: to the nearest, half away from zero.

use num_bigint::BigUint;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;

use crate::base::money::kopecks::Kopecks;

/// The part of an amount for `part` of `whole` days, rounded half away from zero to kopecks.
///
/// # Panics
///
/// If `whole` is zero.
#[must_use]
pub fn portion(amount: Kopecks, part: u32, whole: u32) -> Kopecks {
    let rounded = round_half_away(amount.get().unsigned_abs() * u128::from(part), u128::from(whole)).cast_signed();
    Kopecks::new(if amount.get() < 0 { -rounded } else { rounded })
}

/// The share of an amount, rounded half away from zero to kopecks: the expenses of a premium (`I22`).
///
/// # Panics
///
/// Never for a share of at most 1, whatever decimals it has.
#[must_use]
pub fn share(amount: Kopecks, share: Decimal) -> Kopecks {
    let (amount_size, mantissa) = (amount.get().unsigned_abs(), share.mantissa().unsigned_abs());
    let divisor = 10_u128.pow(share.scale());
    let rounded = match amount_size.checked_mul(mantissa) {
        Some(numerator) => round_half_away(numerator, divisor).cast_signed(),
        None => round_big_half_away(BigUint::from(amount_size) * mantissa, &BigUint::from(divisor)),
    };
    Kopecks::new(if amount.get() < 0 { -rounded } else { rounded })
}

/// A quotient of big integers, rounded to the nearest integer, the half upwards.
///
/// # Panics
///
/// If it does not fit 128 bits, which the callers rule out.
pub(super) fn round_big_half_away(numerator: BigUint, divisor: &BigUint) -> i128 {
    let rounded: BigUint = (numerator * 2_u8 + divisor) / (divisor * 2_u8);
    rounded.to_i128().expect("an amount of money fits 128 bits")
}

/// A quotient rounded to the nearest integer, the half upwards.
pub(super) fn round_half_away(numerator: u128, divisor: u128) -> u128 {
    let quotient = numerator / divisor;
    // a second division would take as long as the first
    let rest = numerator - quotient * divisor;
    if rest >= divisor - rest { quotient + 1 } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::digits::parse_decimal;

    fn decimal(text: &str) -> Decimal {
        parse_decimal(text).unwrap()
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        // 0.05 × 0.10 = 0.005 → 0.01; −0.05 × 0.10 → −0.01; 100.00 × 0.2345 = 23.45
        assert_eq!(share(Kopecks::new(5), decimal("0.10")), Kopecks::new(1));
        assert_eq!(share(Kopecks::new(-5), decimal("0.10")), Kopecks::new(-1));
        assert_eq!(share(Kopecks::new(10_000), decimal("0.2345")), Kopecks::new(2345));
        // a half, and the last of 28 decimals less than a half, of an odd amount that is long
        let long = Kopecks::new(10_i128.pow(27) + 1);
        assert_eq!(share(long, decimal("0.5")), Kopecks::new(5 * 10_i128.pow(26) + 1));
        assert_eq!(share(long, decimal("0.5000000000000000000000000000")), Kopecks::new(5 * 10_i128.pow(26) + 1));
        assert_eq!(share(long, decimal("0.4999999999999999999999999999")), Kopecks::new(5 * 10_i128.pow(26)));
        assert_eq!(share(Kopecks::new(-10_i128.pow(28)), decimal("0.0000000000000000000000000001")), Kopecks::new(-1));
    }
}
