//! The values of an edition's file as the workbook writes them, and back.

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use crate::base::money::parse_decimal;

/// The least decimals of a coefficient in a cell and in the file: `1.00`.
const LEAST_DECIMALS: u32 = 2;

/// The value under a path of keys with points between.
pub fn value_at<'d>(table: &'d DeTable<'d>, path: &str) -> Option<&'d DeValue<'d>> {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let value = table.get(key)?.get_ref();
    match rest {
        Some(rest) => value_at(value.as_table()?, rest),
        None => Some(value),
    }
}

/// A single value as a text, on one line and without spaces around; empty for lists and tables.
pub fn scalar_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => one_line(text),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(day) => day.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => String::new(),
    }
}

/// The texts of a list.
pub fn texts(value: &DeValue<'_>) -> Vec<String> {
    let list = value.as_array().into_iter().flat_map(|list| list.iter());
    list.map(|value| scalar_text(value.get_ref())).collect()
}

/// A text with every run of spaces and control characters as one space.
pub fn one_line(text: &str) -> String {
    let is_gap = |letter: char| letter.is_whitespace() || letter.is_control();
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A coefficient with at least two decimals and no zeros after its last digit; `None` for a word.
pub fn coefficient_text(written: &str) -> Option<String> {
    let mut number: Decimal = parse_decimal(written.trim())?.normalize();
    if number.scale() < LEAST_DECIMALS {
        number.rescale(LEAST_DECIMALS);
    }
    Some(number.to_string())
}

/// A day of the file: `2027-01-01`, bare or quoted.
pub fn day(value: &DeValue<'_>) -> Option<Date> {
    scalar_text(value).parse().ok()
}

/// The text as a TOML string on one line.
pub fn quoted(text: &str) -> String {
    toml::Value::String(one_line(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_have_two_decimals_and_every_digit() {
        for (written, shown) in
            [("1.0", "1.00"), ("2.880", "2.88"), ("13.031", "13.031"), ("5", "5.00"), (" 0.9 ", "0.90")]
        {
            assert_eq!(coefficient_text(written).as_deref(), Some(shown));
        }
        assert_eq!(coefficient_text("mid"), None);
    }

    #[test]
    fn texts_are_one_line() {
        assert_eq!(one_line("  Поликлиника \n\u{1b} и стационар\t"), "Поликлиника и стационар");
        assert_eq!(quoted("a \"b\""), r#"'a "b"'"#);
    }
}
