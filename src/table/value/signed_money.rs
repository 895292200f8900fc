//! Amounts of bills and payments: below zero too, and as payment orders and forms write them.

use crate::base::money::Kopecks;
use crate::table::cell::Cell;
use crate::table::value::money::roubles;

/// Reads an amount that may be below zero, with the minus before or behind it or with the brackets of accountants; `None` where the cell
/// holds anything else. Kopecks may follow a hyphen or an equals sign as in payment orders, or stand in words.
///
/// # Example
///
/// ```
/// # use kollektiv::base::money::Kopecks;
/// # use kollektiv::table::cell::Cell;
/// # use kollektiv::table::value::signed_roubles;
/// for text in ["-7,00", "−7", "(7,00)", "7,00-", "-7-00", "−7 руб. 00 коп."] {
///     assert_eq!(signed_roubles(Cell::Text(text)), Some(Kopecks::new(-700)), "{text}");
/// }
/// ```
#[must_use]
pub fn signed_roubles(cell: Cell<'_>) -> Option<Kopecks> {
    const MINUS: [char; 3] = ['-', '−', '–'];
    let negated = |size: Option<Kopecks>| size.filter(|size| *size >= Kopecks::ZERO).map(|size| -size);
    match cell {
        Cell::Text(text) => {
            let text = text.trim();
            let in_brackets = || text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            let size = text.strip_prefix(MINUS).or_else(|| text.strip_suffix(MINUS)).or_else(in_brackets);
            match (size, text.strip_prefix('+')) {
                (Some(size), _) => negated(written(size.trim())),
                // a sign and no other one
                (None, Some(size)) => written(size.trim()).filter(|size| *size >= Kopecks::ZERO),
                (None, None) => written(text),
            }
        }
        Cell::Number(number) if number.is_sign_negative() => negated(roubles(Cell::Number(number.abs()))),
        _ => roubles(cell),
    }
}

/// An amount in a text.
fn written(text: &str) -> Option<Kopecks> {
    let rewritten = of_payment_order(text).or_else(|| with_kopecks_in_words(text)).or_else(|| after_currency(text));
    roubles(Cell::Text(rewritten.as_deref().unwrap_or(text)))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text consists of digits and the spaces between them.
fn is_whole(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace())
}

/// The amount with a point, where its kopecks follow a hyphen or an equals sign: `1000-00`, `1 000=00`.
fn of_payment_order(text: &str) -> Option<String> {
    let (whole, kopecks) = text.rsplit_once(['-', '='])?;
    (kopecks.len() == 2 && are_digits(kopecks) && is_whole(whole)).then(|| format!("{whole}.{kopecks}"))
}

/// The amount with a point, where roubles and kopecks have words: `1 000 руб. 50 коп.`, `1000 р. 5 к.`
fn with_kopecks_in_words(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let without = |text: &'_ str, words: &[&str]| {
        let bare = text.trim().trim_end_matches('.').trim_end();
        words.iter().find_map(|word| bare.strip_suffix(word)).map(|rest| rest.trim_end().to_owned())
    };
    let rest = without(&text, &["копеек", "копейки", "копейка", "коп", "к"])?;
    let kopecks: String = rest.chars().rev().take_while(char::is_ascii_digit).collect();
    let kopecks: String = kopecks.chars().rev().collect();
    let whole = without(&rest[..rest.len() - kopecks.len()], &["рублей", "рубля", "рубль", "руб", "р", "₽"])?;
    ((1..=2).contains(&kopecks.len()) && is_whole(&whole)).then(|| format!("{whole}.{kopecks:0>2}"))
}

/// The amount without the currency before it: `RUB 1000.00`, `₽ 1 000`.
fn after_currency(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let rest = ["rub", "rur", "руб.", "руб", "₽"].iter().find_map(|currency| text.strip_prefix(currency))?;
    Some(rest.trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_forms_and_banks_write_them() {
        for (text, kopecks) in [
            ("1000-50", Some(100_050)),
            ("1 000=50", Some(100_050)),
            ("+1 000,50", Some(100_050)),
            ("1 000 руб. 50 коп.", Some(100_050)),
            ("1000 р. 5 к.", Some(100_005)),
            ("1000 рублей 00 копеек", Some(100_000)),
            ("RUB 1,000.50", Some(100_050)),
            ("₽ 1000", Some(100_000)),
            ("-1000-50", Some(-100_050)),
            ("+-5", None),
            ("-+5", None),
            ("1000-5", None),
            ("1000 руб. 500 коп.", None),
            ("50 коп.", None),
            ("1000 USD", None),
        ] {
            assert_eq!(signed_roubles(Cell::Text(text)), kopecks.map(Kopecks::new), "{text}");
        }
    }
}
