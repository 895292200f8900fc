//! Amounts as texts in JSON and CSV, for serde and for readers of rows: roubles with a point and two decimals.

use serde::{Deserialize, Deserializer, Serializer, de};

use crate::base::money::Kopecks;

/// Writes an amount.
///
/// # Errors
///
/// The errors of the serializer.
pub fn serialize<S: Serializer>(amount: &Kopecks, target: S) -> Result<S::Ok, S::Error> {
    target.collect_str(amount)
}

/// Reads an amount.
///
/// # Errors
///
/// The errors of the deserializer, and where the text is no amount.
pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<Kopecks, D::Error> {
    parse_amount(&String::deserialize(source)?).ok_or_else(|| de::Error::custom("no amount"))
}

/// The amount of a text in the files; `None` where it is anything else. An amount below zero begins with `-`.
#[must_use]
pub fn parse_amount(text: &str) -> Option<Kopecks> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, kopecks) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let kopecks = Some(kopecks).filter(|kopecks| kopecks.len() == 2 && digits(kopecks))?;
    let whole = Some(whole).filter(|whole| digits(whole))?;
    let whole: i128 = whole.parse().ok()?;
    let amount = whole.checked_mul(100)?.checked_add(kopecks.parse().ok()?)?;
    Some(Kopecks::new(sign * amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_it_is_written() {
        for kopecks in [0, 1, 99, 100, -1, -100, -12_345, i128::from(i64::MAX)] {
            let amount = Kopecks::new(kopecks);
            assert_eq!(parse_amount(&amount.to_string()), Some(amount), "{amount}");
        }
        for text in ["", "1", "1.5", "1.500", "+1.00", "--1.00", "1,00", ".50", "1.-5", " 1.00"] {
            assert_eq!(parse_amount(text), None, "{text}");
        }
    }
}
