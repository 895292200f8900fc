//! Exact rates, and the premium of a line.

use std::cmp::Ordering;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, Mul};

use num_bigint::BigUint;
use num_traits::ToPrimitive;
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::money::digits::split_digits;
use crate::base::money::kopecks::Kopecks;
use crate::base::money::rounding::{round_big_half_away, round_half_away};

/// An exact rate: RUB per 100 RUB of sum insured for a full contract year, with every digit and no trailing zero.
///
/// It is a product of decimal coefficients in integers that grow: nothing is rounded and nothing overflows, however
/// many coefficients there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    mantissa: Digits,
    scale: u32,
}

/// A whole number; `Long` only where `Short` does not fit, so that equal numbers are equal values.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Digits {
    Short(u128),
    Long(BigUint),
}

impl Digits {
    fn new(digits: BigUint) -> Self {
        digits.to_u128().map_or(Self::Long(digits), Self::Short)
    }

    fn times(&self, other: &Self) -> Self {
        if let (Self::Short(one), Self::Short(other)) = (self, other)
            && let Some(product) = one.checked_mul(*other)
        {
            return Self::Short(product);
        }
        Self::new(self.long() * other.long())
    }

    /// A tenth of the number, if it is whole.
    fn tenth(&self) -> Option<Self> {
        match self {
            // division in 64 bits is several times as fast
            Self::Short(digits) => match u64::try_from(*digits) {
                Ok(digits) => digits.is_multiple_of(10).then(|| Self::Short(u128::from(digits / 10))),
                Err(_) => digits.is_multiple_of(10).then(|| Self::Short(digits / 10)),
            },
            Self::Long(digits) => {
                let ten = BigUint::from(10_u8);
                ((digits % &ten).bits() == 0).then(|| Self::new(digits / ten))
            }
        }
    }

    fn long(&self) -> BigUint {
        match self {
            Self::Short(digits) => BigUint::from(*digits),
            Self::Long(digits) => digits.clone(),
        }
    }
}

impl Rate {
    /// The exact product of coefficients, none of which is negative.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::base::money::Rate;
    /// use rust_decimal::Decimal;
    ///
    /// let factors = ["38.74", "1.00", "1.15"].map(|factor| factor.parse::<Decimal>().unwrap());
    /// assert_eq!(Rate::product(factors).to_string(), "44.551");
    /// ```
    #[must_use]
    pub fn product(coefficients: impl IntoIterator<Item = Decimal>) -> Self {
        let one = Self { mantissa: Digits::Short(1), scale: 0 };
        // zeros at the end of the digits are dropped once
        let product = coefficients.into_iter().fold(one, |product, coefficient| {
            let Self { mantissa, scale } = Self::from(coefficient);
            Self { mantissa: product.mantissa.times(&mantissa), scale: product.scale + scale }
        });
        Self::new(product.mantissa, product.scale)
    }

    /// The rate of a text: digits, and a fraction after a point; `None` for any other text, and for one that is longer
    /// than the rate of any edition.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const LONGEST: usize = 4096;
        const SURELY_SHORT: usize = 38;
        let (whole, fraction) = split_digits(text).filter(|_| text.len() <= LONGEST)?;
        let mantissa = if whole.len() + fraction.len() <= SURELY_SHORT {
            let digits = whole.bytes().chain(fraction.bytes()).map(|byte| u128::from(byte - b'0'));
            Digits::Short(digits.fold(0, |number, digit| number * 10 + digit))
        } else {
            Digits::new(BigUint::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?)
        };
        Some(Self::new(mantissa, u32::try_from(fraction.len()).ok()?))
    }

    fn new(mut mantissa: Digits, mut scale: u32) -> Self {
        while scale > 0
            && let Some(tenth) = mantissa.tenth()
        {
            mantissa = tenth;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// The digits of the rate as a whole number with `scale` digits after the point, at least as many as the rate has.
    fn scaled(&self, scale: u32) -> BigUint {
        self.mantissa.long() * BigUint::from(10_u8).pow(scale - self.scale)
    }

    /// How far the rate, taken as a factor, is from 1.
    #[must_use]
    pub fn distance_from_one(&self) -> Self {
        let (own, one) = (self.scaled(self.scale), BigUint::from(10_u8).pow(self.scale));
        let distance = if own >= one { own - one } else { one - own };
        Self::new(Digits::new(distance), self.scale)
    }

    /// The rate as a decimal; `None` where it has more digits than a decimal holds.
    #[must_use]
    pub fn to_decimal(&self) -> Option<Decimal> {
        let Digits::Short(mantissa) = self.mantissa else { return None };
        Decimal::try_from_i128_with_scale(mantissa.try_into().ok()?, self.scale).ok()
    }

    /// The digits as a whole number, and how many of them stand after the point.
    #[must_use]
    pub fn parts(&self) -> (BigUint, u32) {
        (self.mantissa.long(), self.scale)
    }

    /// The rate prepared for lines of a contract year of `year_days` days.
    #[must_use]
    pub fn prepare(&self, year_days: u32) -> PreparedRate {
        let short = || {
            let Digits::Short(mantissa) = self.mantissa else { return None };
            let divisor = 10_u128.checked_pow(self.scale)?.checked_mul(u128::from(100 * year_days))?;
            let mantissa = u64::try_from(mantissa).ok()?;
            (divisor >> 126 == 0).then_some(PreparedRate(Prepared::Short { mantissa, divisor }))
        };
        short().unwrap_or_else(|| {
            let divisor = BigUint::from(10_u8).pow(self.scale) * BigUint::from(100 * year_days);
            PreparedRate(Prepared::Long { mantissa: self.mantissa.long(), divisor })
        })
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let scale = self.scale.max(other.scale);
        Some(self.scaled(scale).cmp(&other.scaled(scale)))
    }
}

impl From<Decimal> for Rate {
    /// A coefficient, which is not negative.
    fn from(coefficient: Decimal) -> Self {
        Self::new(Digits::Short(coefficient.mantissa().unsigned_abs()), coefficient.scale())
    }
}

impl Mul for Rate {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let scale = [self.scale, other.scale].iter().sum();
        Self::new(self.mantissa.times(&other.mantissa), scale)
    }
}

impl Add for Rate {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        Self::new(Digits::new(self.scaled(scale) + other.scaled(scale)), scale)
    }
}

impl Sum for Rate {
    /// The exact sum; 0 where there is nothing to add.
    fn sum<I: Iterator<Item = Self>>(rates: I) -> Self {
        rates.fold(Self { mantissa: Digits::Short(0), scale: 0 }, Add::add)
    }
}

impl Product for Rate {
    /// The exact product; 1 where there is nothing to multiply.
    fn product<I: Iterator<Item = Self>>(factors: I) -> Self {
        factors.fold(Self { mantissa: Digits::Short(1), scale: 0 }, Mul::mul)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match &self.mantissa {
            // numbers of 64 bits are written several times as fast
            Digits::Short(digits) => {
                u64::try_from(*digits).map_or_else(|_| digits.to_string(), |digits| digits.to_string())
            }
            Digits::Long(digits) => digits.to_string(),
        };
        let scale = self.scale as usize;
        if scale == 0 {
            return f.write_str(&digits);
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{whole}.{fraction}")
    }
}

/// A rate is the text of its digits.
impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("no rate"))
    }
}

/// A rate and the length of its contract year: with a sum insured and days it gives the premium of a line.
#[derive(Debug, Clone)]
pub struct PreparedRate(Prepared);

/// The digits of the rate, and 10^scale × 100 × days of the contract year.
#[derive(Debug, Clone)]
enum Prepared {
    /// The product of a line fits 128 bits: rate under 2⁶⁴, sum insured under 2⁴⁷, days under 2⁹.
    Short {
        mantissa: u64,
        divisor: u128,
    },
    Long {
        mantissa: BigUint,
        divisor: BigUint,
    },
}

impl PreparedRate {
    /// The premium of a line: `sum insured / 100 × rate × days / contract year`, rounded once, half away from zero, to
    /// kopecks.
    ///
    /// The sum insured has to be within `I17`, the days within a year.
    ///
    /// # Panics
    ///
    /// Never for a rate of a proved tariff: its limits keep a line under 10²⁸ kopecks.
    #[must_use]
    pub fn premium(&self, sum_insured: Kopecks, days: u32) -> Kopecks {
        let sum = sum_insured.get().unsigned_abs();
        match &self.0 {
            Prepared::Short { mantissa, divisor } => {
                let numerator = sum * u128::from(*mantissa) * u128::from(days);
                Kopecks::new(round_half_away(numerator, *divisor).cast_signed())
            }
            Prepared::Long { mantissa, divisor } => {
                let numerator = mantissa * BigUint::from(sum) * BigUint::from(days);
                Kopecks::new(round_big_half_away(numerator, divisor))
            }
        }
    }

    /// The premium of a line before rounding.
    #[must_use]
    pub fn unrounded(&self, sum_insured: Kopecks, days: u32) -> Unrounded {
        let (mantissa, divisor) = self.long();
        let numerator = mantissa * BigUint::from(sum_insured.get().unsigned_abs()) * BigUint::from(days);
        Unrounded { numerator, divisor: divisor * 100_u8 }
    }

    fn long(&self) -> (BigUint, BigUint) {
        match &self.0 {
            Prepared::Short { mantissa, divisor } => (BigUint::from(*mantissa), BigUint::from(*divisor)),
            Prepared::Long { mantissa, divisor } => (mantissa.clone(), divisor.clone()),
        }
    }
}

/// An exact amount of roubles before rounding: a fraction.
///
/// Displayed with at most six decimals, and with an ellipsis where more digits follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrounded {
    numerator: BigUint,
    divisor: BigUint,
}

impl fmt::Display for Unrounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DECIMALS: u32 = 6;
        let scaled = &self.numerator * BigUint::from(10_u8).pow(DECIMALS);
        let (shown, rest) = (&scaled / &self.divisor, &scaled % &self.divisor);
        let digits = format!("{:0>width$}", shown.to_string(), width = DECIMALS as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - DECIMALS as usize);
        if rest.bits() > 0 {
            return write!(f, "{whole}.{fraction}…");
        }
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{whole}.{}", &fraction[..kept])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::digits::parse_decimal;
    use crate::base::money::kopecks::MAX_SUM_INSURED;

    fn decimal(text: &str) -> Decimal {
        parse_decimal(text).unwrap()
    }

    #[test]
    fn the_half_is_rounded_away_from_zero() {
        // 100.00 / 100 × 0.005 × 365 / 365 = 0.005 → 0.01; 0.0149 → 0.01
        let premium = |rate: &str| Rate::product([decimal(rate)]).prepare(365).premium(Kopecks::new(10_000), 365);
        assert_eq!(premium("0.005").to_string(), "0.01");
        assert_eq!(premium("0.0149").to_string(), "0.01");
        assert_eq!(premium("0.015").to_string(), "0.02");
    }

    #[test]
    fn long_and_short_rates_are_rounded_alike() {
        let short = Rate::product([decimal("13.031"), decimal("1.15")]).prepare(366);
        let (mantissa, divisor) = short.long();
        let long = PreparedRate(Prepared::Long { mantissa, divisor });
        for (sum, days) in [(1, 1), (12_000_000, 366), (7_550_050, 19), (MAX_SUM_INSURED.get(), 365)] {
            assert_eq!(short.premium(Kopecks::new(sum), days), long.premium(Kopecks::new(sum), days));
        }
    }

    #[test]
    fn the_rate_keeps_every_digit() {
        // nine coefficients of four decimals: 36 decimals, more than any machine decimal holds
        let rate = Rate::product([decimal("1.0001"); 9]);
        assert_eq!(rate.to_string(), "1.000900360084012601260084003600090001");
    }

    #[test]
    fn a_displayed_rate_is_parsed_back() {
        let long = format!("{}.{}", "9".repeat(30), "7".repeat(30));
        for text in ["0", "38.74", "1.000900360084012601260084003600090001", "120", &long] {
            assert_eq!(Rate::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Rate::parse("0.80"), Rate::parse("0.8"));
        let (whole, zeros) = ("9".repeat(38), "0".repeat(12));
        assert_eq!(Rate::parse(&format!("{whole}.{zeros}")), Rate::parse(&whole));
        let product: Rate = ["38.74", "0.80", "1.25"].into_iter().filter_map(Rate::parse).product();
        assert_eq!(product.to_string(), "38.74");
        for text in ["", ".5", "5.", "-1", "1e3", "0,5", "1.2.3", &"1".repeat(5000)] {
            assert_eq!(Rate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rates_are_added_exactly() {
        let rate = |text| Rate::parse(text).unwrap();
        assert_eq!((rate("0.1") + rate("0.25")).to_string(), "0.35");
        assert_eq!((rate("9.99") + rate("0.01")).to_string(), "10");
        let long = Rate::product([decimal("1.0001"); 20]);
        let sum: Rate = [long.clone(), long.clone()].into_iter().sum();
        assert_eq!(sum, long * rate("2"));
    }

    #[test]
    fn rates_are_compared_by_value() {
        let rate = |text| Rate::parse(text).unwrap();
        assert!(rate("0.1") < rate("0.10001") && rate("5") > rate("4.9999") && rate("2.50") <= rate("2.5"));
    }

    #[test]
    fn an_amount_before_rounding_shows_that_more_digits_follow() {
        let amount =
            |rate: &str, sum, days| Rate::product([decimal(rate)]).prepare(365).unrounded(Kopecks::new(sum), days);
        // 100 / 100 × 3.5 × 365 / 365; × 73 / 365 = 0.70; 1 / 100 × 1 × 1 / 365 = 0.0000273972…
        assert_eq!(amount("3.5", 10_000, 365).to_string(), "3.50");
        assert_eq!(amount("3.5", 10_000, 73).to_string(), "0.70");
        assert_eq!(amount("1.00005", 10_000, 365).to_string(), "1.00005");
        assert_eq!(amount("1", 100, 1).to_string(), "0.000027…");
    }
}
