//! Kopecks, exact rates, and the only rounding of money.

pub(crate) mod rate;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use num_bigint::BigUint;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;

pub use rate::{PreparedRate, Rate, Unrounded};

/// The largest sum insured, 10¹² RUB, in kopecks (`I17`).
pub const MAX_SUM_INSURED: Kopecks = Kopecks(100_000_000_000_000);

/// An exact amount of roubles, counted in whole kopecks.
///
/// 128 bits hold every total that can be reached: an edition's base rate is at most 1000 and its coefficients are at
/// most 10, which keeps a line under 10²⁸ kopecks, and 10⁹ lines under the limit.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kopecks(i128);

impl Kopecks {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);

    /// An amount of so many kopecks.
    #[must_use]
    pub const fn new(kopecks: i128) -> Self {
        Self(kopecks)
    }

    /// The number of kopecks.
    #[must_use]
    pub const fn get(self) -> i128 {
        self.0
    }

    /// A decimal number of roubles, or `None` where it has more than two decimals or does not fit.
    #[must_use]
    pub fn from_roubles(roubles: Decimal) -> Option<Self> {
        let roubles = roubles.normalize();
        let missing = 2_u32.checked_sub(roubles.scale())?;
        roubles.mantissa().checked_mul(10_i128.pow(missing)).map(Self)
    }
}

impl fmt::Display for Kopecks {
    /// Roubles with a point and always two decimals: `64389052.15`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(mut rest) = u64::try_from(self.0) else {
            let sign = if self.0 < 0 { "-" } else { "" };
            let kopecks = self.0.unsigned_abs();
            return write!(f, "{sign}{}.{:02}", kopecks / 100, kopecks % 100);
        };
        // two amounts are written for every line: digit by digit from the last to the first
        let mut text = [b'0'; 24];
        let mut first = text.len();
        let mut put = |byte| {
            first -= 1;
            text[first] = byte;
        };
        for place in 0.. {
            if place == 2 {
                put(b'.');
            } else if place > 3 && rest == 0 {
                break;
            } else {
                put(b'0' + u8::try_from(rest % 10).unwrap_or(0));
                rest /= 10;
            }
        }
        f.write_str(std::str::from_utf8(&text[first..]).unwrap_or_default())
    }
}

impl Add for Kopecks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Kopecks {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Kopecks {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<u64> for Kopecks {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0 * i128::from(times))
    }
}

impl Sum for Kopecks {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// The part of an amount that falls on `part` of `whole` days, rounded half away from zero to kopecks.
///
/// # Panics
///
/// If `whole` is zero.
#[must_use]
pub fn portion(amount: Kopecks, part: u32, whole: u32) -> Kopecks {
    let rounded = round_half_away(amount.get().unsigned_abs() * u128::from(part), u128::from(whole)).cast_signed();
    Kopecks(if amount.get() < 0 { -rounded } else { rounded })
}

/// The share of an amount, rounded half away from zero to kopecks: the expenses of a premium.
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
        None => rounded_quotient(BigUint::from(amount_size) * mantissa, &BigUint::from(divisor)),
    };
    Kopecks(if amount.get() < 0 { -rounded } else { rounded })
}

/// A quotient of integers that grow, rounded as any other.
///
/// # Panics
///
/// If it does not fit, which the callers rule out.
fn rounded_quotient(numerator: BigUint, divisor: &BigUint) -> i128 {
    let rounded: BigUint = (numerator * 2_u8 + divisor) / (divisor * 2_u8);
    rounded.to_i128().expect("an amount of money fits 128 bits")
}

/// A quotient rounded to the nearest integer, the half upwards.
fn round_half_away(numerator: u128, divisor: u128) -> u128 {
    let quotient = numerator / divisor;
    // not by another division, which would take as long as the first
    let rest = numerator - quotient * divisor;
    if rest >= divisor - rest { quotient + 1 } else { quotient }
}

/// A whole number, with a sign or without, whose thousands are set apart: `-64 389 052`.
#[must_use]
pub fn grouped(number: &str, separator: char) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let mut shown = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(separator);
        }
        shown.push(digit);
    }
    shown
}

/// A decimal as people write it in a file: digits, and a fraction after a point; no sign, exponent or separators.
///
/// `None` for anything else, and for more digits than a decimal of 28 holds.
#[must_use]
pub fn decimal_as_written(text: &str) -> Option<Decimal> {
    digits_as_written(text)?;
    Decimal::from_str_exact(text).ok()
}

/// The digits of such a decimal before and after the point, however many they are.
pub(crate) fn digits_as_written(text: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then_some((whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        decimal_as_written(text).unwrap()
    }

    #[test]
    fn amounts_have_a_point_and_two_decimals() {
        for (kopecks, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (99, "0.99"),
            (100, "1.00"),
            (1234, "12.34"),
            (-5, "-0.05"),
            (-6_438_905_215, "-64389052.15"),
            (i128::from(u64::MAX), "184467440737095516.15"),
            (i128::from(u64::MAX) + 1, "184467440737095516.16"),
        ] {
            assert_eq!(Kopecks(kopecks).to_string(), text);
        }
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        // 0.05 × 0.10 = 0.005 → 0.01; −0.05 × 0.10 → −0.01; 100.00 × 0.2345 = 23.45
        assert_eq!(share(Kopecks(5), decimal("0.10")), Kopecks(1));
        assert_eq!(share(Kopecks(-5), decimal("0.10")), Kopecks(-1));
        assert_eq!(share(Kopecks(10_000), decimal("0.2345")), Kopecks(2345));
        // a half, and the last of 28 decimals less than a half, of an odd amount that is long
        let long = Kopecks(10_i128.pow(27) + 1);
        assert_eq!(share(long, decimal("0.5")), Kopecks(5 * 10_i128.pow(26) + 1));
        assert_eq!(share(long, decimal("0.5000000000000000000000000000")), Kopecks(5 * 10_i128.pow(26) + 1));
        assert_eq!(share(long, decimal("0.4999999999999999999999999999")), Kopecks(5 * 10_i128.pow(26)));
        assert_eq!(share(Kopecks(-10_i128.pow(28)), decimal("0.0000000000000000000000000001")), Kopecks(-1));
    }

    #[test]
    fn decimals_are_taken_as_written() {
        assert_eq!(decimal("120000").to_string(), "120000");
        for text in ["1_000", "1e3", ".5", "5.", "-1", "+1", "", "0,85", " 1", "nan", "1.2.3"] {
            assert_eq!(decimal_as_written(text), None, "{text}");
        }
    }

    #[test]
    fn thousands_are_set_apart_for_reading() {
        assert_eq!(grouped("64389052", ' '), "64 389 052");
        assert_eq!(grouped("-999", ','), "-999");
        assert_eq!(grouped("100000", ','), "100,000");
        assert_eq!(grouped("0", ' '), "0");
    }
}
