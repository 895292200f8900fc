//! A number of any sign and length as people write it, which can be compared with its bounds.

use std::fmt;

use rust_decimal::Decimal;

use crate::base::money::{parse_decimal, split_digits};

/// The most digits of a number that a message shows.
const SHOWN_LETTERS: usize = 40;
/// The number of digits that every decimal has room for.
const SURE_DIGITS: usize = 28;

/// A number: digits, and a fraction after a point, with a minus before them or without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    written: String,
    near: Decimal,
    is_exact: bool,
}

impl Number {
    /// The number of a text; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = split_digits(unsigned)?;
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let shortest = if fraction.is_empty() { format!("0{whole}") } else { format!("0{whole}.{fraction}") };
        let exact = parse_decimal(unsigned).or_else(|| parse_decimal(&shortest));
        let size = exact.unwrap_or_else(|| stand_in(whole, fraction));
        let near = if unsigned.len() < text.len() && !size.is_zero() { -size } else { size };
        Some(Self { written: text.to_owned(), near, is_exact: exact.is_some() })
    }

    /// The number itself, if a decimal has room for its digits.
    #[must_use]
    pub fn exactly(&self) -> Option<Decimal> {
        self.is_exact.then_some(self.near)
    }

    /// The number itself, if it has at most `limit` decimals; zeros at the end do not count.
    #[must_use]
    pub fn with_decimals(&self, limit: u32) -> Option<Decimal> {
        self.exactly().filter(|number| number.normalize().scale() <= limit)
    }

    /// For comparisons: the number itself, or where a decimal has no room for its digits, a number on the same side of
    /// every bound.
    #[must_use]
    pub const fn near(&self) -> Decimal {
        self.near
    }
}

impl fmt::Display for Number {
    /// As written; of a very long number only the beginning.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written.get(..SHOWN_LETTERS) {
            Some(beginning) if beginning.len() < self.written.len() => write!(f, "{beginning}…"),
            _ => f.write_str(&self.written),
        }
    }
}

/// A stand-in for a number that is too long: its first digits and a 1 after them, which lies between the same short
/// decimals; or the largest decimal.
fn stand_in(whole: &str, fraction: &str) -> Decimal {
    let room = (SURE_DIGITS - 1).checked_sub(whole.len());
    let first_digits = room.map(|room| format!("0{whole}.{}1", &fraction[..room.min(fraction.len())]));
    first_digits.and_then(|text| parse_decimal(&text)).unwrap_or(Decimal::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_that_a_decimal_holds_are_taken_as_written() {
        for text in ["0", "0.80", "120000", "-0.5", "007", "-1000000000000.005"] {
            assert_eq!(number(text).exactly(), Some(text.parse().unwrap()), "{text}");
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("0.80").exactly().unwrap().to_string(), "0.80");
        assert!(!number("-0.0").exactly().unwrap().is_sign_negative());
        for text in ["", "-", "--1", "+1", "1e3", "1_000", ".5", "5.", "1 000", "0,85", "nan"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn zeros_at_the_end_are_no_decimals() {
        let long = format!("1.3{}", "0".repeat(35));
        assert_eq!(number(&long).with_decimals(4), Some("1.3".parse().unwrap()));
        assert_eq!(number("1.30010").with_decimals(4), Some("1.3001".parse().unwrap()));
        assert_eq!(number("1.30001").with_decimals(4), None);
    }

    #[test]
    fn numbers_of_any_length_stand_on_the_right_side_of_a_bound() {
        let (zeros, nines) = ("0".repeat(34), "9".repeat(35));
        let is_between = |low: &str, text: &str, high: &str| {
            let [low, high]: [Decimal; 2] = [low, high].map(|end| end.parse().unwrap());
            low < number(text).near() && number(text).near() < high
        };
        assert!(is_between("5.0", &format!("5.{zeros}1"), "5.0001"));
        assert!(is_between("4.9999", &format!("4.{nines}"), "5.0"));
        assert!(is_between("-1.0001", &format!("-1.{zeros}1"), "-1"));
        assert!(is_between("0", &format!("0.{zeros}1"), "0.0001"));
        assert!(is_between("1000000000000", &format!("1000000000000.{zeros}1"), "1000000000000.01"));
        for digits in [28, 29, 30, 400] {
            let text = format!("{}.{zeros}1", "9".repeat(digits));
            assert!(number(&text).near() > Decimal::from(10_u64.pow(13)), "{digits}");
            assert!(number(&format!("-{text}")).near() < Decimal::ZERO, "{digits}");
            assert_eq!(number(&text).exactly(), None, "{digits}");
        }
    }

    #[test]
    fn of_a_very_long_number_the_beginning_is_shown() {
        assert_eq!(number(&"9".repeat(41)).to_string(), format!("{}…", "9".repeat(40)));
        assert_eq!(number(&"9".repeat(40)).to_string(), "9".repeat(40));
    }
}
