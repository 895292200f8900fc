//! Decimals as people write them, and whole numbers as people read them.

use rust_decimal::Decimal;

/// A whole number with its thousands separated: `-64 389 052`.
#[must_use]
pub fn group_thousands(number: &str, separator: char) -> String {
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

/// The decimal of a text: digits, and a fraction after a point; `None` for any other text (a sign, an exponent,
/// separators) and for more than 28 digits.
///
/// # Example
///
/// ```
/// use kollektiv::base::money::parse_decimal;
///
/// assert_eq!(parse_decimal("0.80").unwrap().to_string(), "0.80");
/// assert_eq!(parse_decimal("1e3"), None);
/// ```
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    split_digits(text)?;
    Decimal::from_str_exact(text).ok()
}

/// The digits of a decimal before and after the point, however many; `0` after it where there is no point.
pub(crate) fn split_digits(text: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then_some((whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(parse_decimal("120000").unwrap().to_string(), "120000");
        for text in ["1_000", "1e3", ".5", "5.", "-1", "+1", "", "0,85", " 1", "nan", "1.2.3"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn thousands_are_separated() {
        assert_eq!(group_thousands("64389052", ' '), "64 389 052");
        assert_eq!(group_thousands("-999", ','), "-999");
        assert_eq!(group_thousands("100000", ','), "100,000");
        assert_eq!(group_thousands("0", ' '), "0");
    }
}
