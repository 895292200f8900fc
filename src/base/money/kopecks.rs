//! Kopecks: amounts of money.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;

/// The largest sum insured, 10¹² RUB, in kopecks (`I17`).
pub const MAX_SUM_INSURED: Kopecks = Kopecks(100_000_000_000_000);

/// An exact amount of money in whole kopecks.
///
/// 128 bits hold every total: an edition's base rate is at most 1000 and its coefficients are at most 10, which keeps a
/// line under 10²⁸ kopecks, and 10⁹ lines under the limit.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kopecks(i128);

impl Kopecks {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);

    /// An amount in kopecks.
    #[must_use]
    pub const fn new(kopecks: i128) -> Self {
        Self(kopecks)
    }

    /// The number of kopecks.
    #[must_use]
    pub const fn get(self) -> i128 {
        self.0
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The amount of a decimal number of roubles; `None` where it has more than two decimals or does not fit.
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
        // by hand, because two amounts are formatted for every line
        let mut text = [b'0'; 24];
        let mut first = text.len();
        let mut push_front = |byte| {
            first -= 1;
            text[first] = byte;
        };
        for place in 0.. {
            if place == 2 {
                push_front(b'.');
            } else if place > 3 && rest == 0 {
                break;
            } else {
                push_front(b'0' + u8::try_from(rest % 10).unwrap_or(0));
                rest /= 10;
            }
        }
        f.write_str(std::str::from_utf8(&text[first..]).unwrap_or_default())
    }
}

/// The text is no amount of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAmount;

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no amount")
    }
}

impl FromStr for Kopecks {
    type Err = NotAnAmount;

    /// The amount of a text in the files, which is written as [`Display`](fmt::Display) writes it; an amount below zero begins with `-`.
    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (roubles, kopecks) = text.split_once('.').ok_or(NotAnAmount)?;
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(roubles) || !is_digits(kopecks) || kopecks.len() != 2 {
            return Err(NotAnAmount);
        }
        let number = |part: &str| part.parse::<i128>().map_err(|_| NotAnAmount);
        let amount = number(roubles)?.checked_mul(100).and_then(|roubles| roubles.checked_add(number(kopecks).ok()?));
        amount.map(|amount| Self(sign * amount)).ok_or(NotAnAmount)
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

impl SubAssign for Kopecks {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Kopecks {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(text.parse(), Ok(Kopecks(kopecks)));
        }
        for text in ["", "1", "1.5", "1.500", "+1.00", "--1.00", "1,00", ".50", "1.-5", " 1.00"] {
            assert_eq!(text.parse::<Kopecks>(), Err(NotAnAmount), "{text}");
        }
    }
}
