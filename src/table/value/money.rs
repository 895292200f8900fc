//! Money as it is typed: `120 000,00`, `120000.00`, `120 000 руб.`.

use crate::base::money::{Kopecks, MAX_SUM_INSURED, decimal_as_written};
use crate::table::cell::{Cell, number_as_text};

/// The sum insured in a cell, more than 0 and at most 10¹² RUB with at most two decimals (`I17`).
///
/// # Errors
///
/// `()` where the cell holds anything else.
#[expect(clippy::result_unit_err, reason = "there is one thing to say of a sum that is none")]
pub fn sum_insured(cell: Cell<'_>) -> Result<Kopecks, ()> {
    roubles(cell).filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED).ok_or(())
}

/// The amount in a cell, not negative and with at most two decimals; `None` where the cell holds anything else.
///
/// A number of a workbook counts as Excel shows it, to fifteen digits: a formula leaves more behind.
#[must_use]
pub fn roubles(cell: Cell<'_>) -> Option<Kopecks> {
    let written = match cell {
        Cell::Text(text) => Some(bare(text)).filter(|number| has_two_decimals_at_most(number))?,
        Cell::Number(number) => decimal_as_shown(number),
        _ => return None,
    };
    decimal_as_written(&written).and_then(Kopecks::from_roubles)
}

/// Whether a number has no third decimal, not even 0: in `120.000` the point may have parted thousands.
fn has_two_decimals_at_most(number: &str) -> bool {
    number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2)
}

/// The price of a service in a cell: not negative, at most 10¹² RUB, with at most two decimals; none where it is empty.
///
/// # Errors
///
/// `()` where the cell holds anything else.
#[expect(clippy::result_unit_err, reason = "there is one thing to say of a price that is none")]
pub fn price(cell: Cell<'_>) -> Result<Option<Kopecks>, ()> {
    let price = match cell {
        Cell::Empty => return Ok(None),
        other => roubles(other),
    };
    price.filter(|price| *price >= Kopecks::ZERO && *price <= MAX_SUM_INSURED).map(Some).ok_or(())
}

/// A number to the fifteen digits that Excel keeps: `3255`, and not `3255.0000000000005`.
fn decimal_as_shown(number: f64) -> String {
    const DIGITS_AFTER_THE_FIRST: usize = 14;
    let scientific = format!("{number:.DIGITS_AFTER_THE_FIRST$e}");
    let shown: f64 = scientific.parse().unwrap_or(number);
    number_as_text(shown)
}

/// The number alone, with a point: without the currency, without the spaces between its thousands, the comma before one or two
/// decimals turned. Spaces elsewhere stay: in `120 00` a digit may be missing.
fn bare(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let number = ["рублей", "руб.", "руб", "р.", "р", "₽", "rub", "rur"]
        .iter()
        .find_map(|currency| text.strip_suffix(currency))
        .unwrap_or(&text)
        .trim_end();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_however_they_are_typed() {
        for text in
            ["120 000,00", " 120000.00 ", "120 000 руб.", "120000", "120\u{a0}000,0 ₽", "120000р", "120 000 RUB"]
        {
            assert_eq!(sum_insured(Cell::Text(text)), Ok(Kopecks::new(12_000_000)), "{text}");
        }
        assert_eq!(sum_insured(Cell::Number(64_000.01)), Ok(Kopecks::new(6_400_001)));
        // 100000 × 1.1 in binary fractions
        assert_eq!(sum_insured(Cell::Number(110_000.000_000_000_01)), Ok(Kopecks::new(11_000_000)));
        assert_eq!(sum_insured(Cell::Text("0,01")), Ok(Kopecks::new(1)));
    }

    #[test]
    fn prices_are_read_as_excel_shows_them() {
        assert_eq!(price(Cell::Empty), Ok(None));
        assert_eq!(price(Cell::Text("0")), Ok(Some(Kopecks::ZERO)));
        assert_eq!(price(Cell::Text("3 500,50 руб.")), Ok(Some(Kopecks::new(350_050))));
        // 3500 × 0.93 in binary fractions
        assert_eq!(price(Cell::Number(3_255.000_000_000_000_5)), Ok(Some(Kopecks::new(325_500))));
        assert_eq!(price(Cell::Number(0.300_000_000_000_000_04)), Ok(Some(Kopecks::new(30))));
        for cell in
            [Cell::Number(-1.0), Cell::Number(10.005), Cell::Text("-5"), Cell::Text("бесплатно"), Cell::Bool(true)]
        {
            assert_eq!(price(cell), Err(()), "{cell:?}");
        }
    }

    #[test]
    fn i17_bounds_and_what_is_no_sum() {
        assert_eq!(sum_insured(Cell::Text("1000000000000")), Ok(MAX_SUM_INSURED));
        for text in [
            "1000000000000.01",
            "0",
            "0,00",
            "-5",
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
            assert_eq!(sum_insured(Cell::Text(text)), Err(()), "{text}");
        }
        for cell in [Cell::Number(f64::NAN), Cell::Number(-1.0), Cell::Number(1e300), Cell::Bool(true)] {
            assert_eq!(sum_insured(cell), Err(()));
        }
    }
}
