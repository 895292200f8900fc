//! Amounts of roubles as people type them: `120 000,00`, `120000.00`, `120 000 руб.`.

use crate::base::money::{Kopecks, parse_decimal};
use crate::table::cell::{Cell, number_as_text};

/// Reads the amount in a cell, with at most two decimals; `None` where the cell holds anything else.
///
/// A number cell counts as Excel shows it, to fifteen digits, since formulas leave more digits behind.
///
/// # Example
///
/// ```
/// # use kollektiv::base::money::Kopecks;
/// # use kollektiv::table::cell::Cell;
/// # use kollektiv::table::value::roubles;
/// assert_eq!(roubles(Cell::Text("120 000,50 руб.")), Some(Kopecks::new(12_000_050)));
/// // the point may separate thousands
/// assert_eq!(roubles(Cell::Text("120.000")), None);
/// ```
#[must_use]
pub fn roubles(cell: Cell<'_>) -> Option<Kopecks> {
    let number = match cell {
        Cell::Text(text) => Some(bare_number(text)).filter(|number| has_two_decimals_at_most(number))?,
        Cell::Number(number) => decimal_as_shown(number),
        _ => return None,
    };
    parse_decimal(&number).and_then(Kopecks::from_roubles)
}

/// Whether a number has at most two decimals, zeros included: in `120.000` the point may separate thousands.
fn has_two_decimals_at_most(number: &str) -> bool {
    number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2)
}

/// A number to the fifteen digits that Excel keeps: `3255`, and not `3255.0000000000005`.
fn decimal_as_shown(number: f64) -> String {
    const DIGITS_AFTER_THE_FIRST: usize = 14;
    let scientific = format!("{number:.DIGITS_AFTER_THE_FIRST$e}");
    let shown: f64 = scientific.parse().unwrap_or(number);
    number_as_text(shown)
}

/// The number without its currency and the spaces between its thousands, and with a point for the comma before one or two decimals.
/// Other spaces stay: in `120 00` a digit may be missing.
fn bare_number(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let number = ["рублей", "руб.", "руб", "р.", "р", "₽", "rub", "rur"]
        .iter()
        .find_map(|currency| text.strip_suffix(currency))
        .unwrap_or(&text)
        .trim_end();
    let ungrouped = without_marks_of_thousands(number);
    let number = ungrouped.as_deref().unwrap_or(number);
    let number = match number.split_once(',') {
        Some((whole, fraction)) if (1..=2).contains(&fraction.len()) => format!("{whole}.{fraction}"),
        _ => number.to_owned(),
    };
    let whole = number.split('.').next().unwrap_or_default();
    let mut groups = whole.split_whitespace();
    let first = groups.next().unwrap_or_default().trim_start_matches(['-', '−']);
    let are_thousands = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if are_thousands { number.split(char::is_whitespace).collect() } else { number }
}

/// The number without the commas or points between its thousands, where its decimals follow the other mark: `1,000.00`, `1.000,00`, or
/// there are apostrophes: `1'000.00`. `None` for any other text.
fn without_marks_of_thousands(number: &str) -> Option<String> {
    let (last, mark) = number.char_indices().rfind(|(_, letter)| matches!(letter, '.' | ','))?;
    let (whole, fraction) = (&number[..last], &number[last + 1..]);
    let between = if whole.contains(['\'', '’']) {
        &['\'', '’'][..]
    } else if mark == '.' {
        &[',']
    } else {
        &['.']
    };
    let mut groups = whole.split(between);
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| are_digits(first.trim_start_matches(['-', '−'])) && first.len() <= 6)?;
    let rest: Vec<&str> = groups.collect();
    let is_grouped = !rest.is_empty() && rest.iter().all(|group| group.len() == 3 && are_digits(group));
    (is_grouped && (1..=2).contains(&fraction.len()) && are_digits(fraction))
        .then(|| format!("{first}{}.{fraction}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_between_thousands_are_read_beside_another_mark() {
        for (text, kopecks) in [
            ("1,000.00", Some(100_000)),
            ("1.000,00", Some(100_000)),
            ("12,345,678.9", Some(1_234_567_890)),
            ("1'000.50", Some(100_050)),
            ("1.000.000,05 руб.", Some(100_000_005)),
            ("1,00.00", None),
            ("1,000.000", None),
            ("1.000", None),
            ("1,000,00", None),
            ("1.0,00", None),
            (",000.00", None),
            ("12a,000.00", None),
            ("1234567,000.00", None),
        ] {
            assert_eq!(roubles(Cell::Text(text)), kopecks.map(Kopecks::new), "{text}");
        }
    }

    #[test]
    fn amounts_are_read_however_they_are_typed() {
        for text in
            ["120 000,00", " 120000.00 ", "120 000 руб.", "120000", "120\u{a0}000,0 ₽", "120000р", "120 000 RUB"]
        {
            assert_eq!(roubles(Cell::Text(text)), Some(Kopecks::new(12_000_000)), "{text}");
        }
        assert_eq!(roubles(Cell::Number(64_000.01)), Some(Kopecks::new(6_400_001)));
        // 100000 × 1.1 in binary fractions
        assert_eq!(roubles(Cell::Number(110_000.000_000_000_01)), Some(Kopecks::new(11_000_000)));
        assert_eq!(roubles(Cell::Text("0,01")), Some(Kopecks::new(1)));
    }

    #[test]
    fn numbers_are_read_as_excel_shows_them() {
        // 3500 × 0.93 in binary fractions
        assert_eq!(roubles(Cell::Number(3_255.000_000_000_000_5)), Some(Kopecks::new(325_500)));
        assert_eq!(roubles(Cell::Number(0.300_000_000_000_000_04)), Some(Kopecks::new(30)));
        assert_eq!(roubles(Cell::Number(10.005)), None);
    }

    #[test]
    fn texts_that_are_no_amounts_are_refused() {
        for text in [
            "120,000",
            "120 00",
            "12 0000",
            "1200 000",
            "120 000 ,5 0",
            "120.000",
            "1.2.3",
            "120000.001",
            "сто тысяч",
            "1e6",
            "руб.",
        ] {
            assert_eq!(roubles(Cell::Text(text)), None, "{text}");
        }
        for cell in [Cell::Number(f64::NAN), Cell::Number(1e300), Cell::Bool(true), Cell::Empty] {
            assert_eq!(roubles(cell), None, "{cell:?}");
        }
    }
}
