//! Sums insured as rosters state them, in roubles.

use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::table::cell::Cell;
use crate::table::value::{AmountUnit, amount_unit, roubles};

/// Reads the sum insured in a cell: more than 0, at most 10¹² RUB, with at most two decimals (`I17`); `None` where the cell holds anything
/// else.
#[must_use]
pub fn sum_insured(cell: Cell<'_>) -> Option<Kopecks> {
    roubles(cell).filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED)
}

/// Reads the sum insured in a cell of a column in this unit, or in the cell's own one: `150 тыс. руб.`. As [`sum_insured`] otherwise; `None`
/// also for another currency, and for thousands that only roubles can be.
#[must_use]
pub fn sum_insured_in(cell: Cell<'_>, unit: Option<AmountUnit>) -> Option<Kopecks> {
    let own = if let Cell::Text(text) = cell { amount_unit(text).map(|unit| (text, unit)) } else { None };
    let sum = match (own, unit) {
        (Some((_, AmountUnit::Foreign)), _) | (None, Some(AmountUnit::Foreign)) => None,
        (Some((_, AmountUnit::Roubles)), _) | (None, None | Some(AmountUnit::Roubles)) => roubles(cell),
        (Some((text, unit)), _) => {
            let number = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
            scaled(Cell::Text(number), unit)
        }
        (None, Some(AmountUnit::Thousands)) => return sum_insured_thousands(cell),
        (None, Some(unit)) => scaled(cell, unit),
    };
    sum.filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED)
}

/// Reads the sum insured in a cell of a column in thousands of roubles; as [`sum_insured`] otherwise. `None` also where the cell can only be
/// in roubles: 50 million and more.
#[must_use]
pub fn sum_insured_thousands(cell: Cell<'_>) -> Option<Kopecks> {
    const TOO_LARGE: Kopecks = Kopecks::new(50_000_000 * 100);
    scaled(cell, AmountUnit::Thousands).filter(|sum| *sum > Kopecks::ZERO && *sum < TOO_LARGE)
}

/// The amount in a cell, counted in this unit.
fn scaled(cell: Cell<'_>, unit: AmountUnit) -> Option<Kopecks> {
    let roubles_each = match unit {
        AmountUnit::Roubles => 1,
        AmountUnit::Thousands => 1000,
        AmountUnit::Millions => 1_000_000,
        AmountUnit::Foreign => return None,
    };
    roubles(cell)?.get().checked_mul(roubles_each).map(Kopecks::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_in_thousands_is_multiplied() {
        assert_eq!(sum_insured_thousands(Cell::Text("150")), sum_insured(Cell::Text("150 000")));
        assert_eq!(sum_insured_thousands(Cell::Number(0.5)), Some(Kopecks::new(50_000)));
        for cell in [Cell::Text("1000000000.01"), Cell::Number(50_000.0), Cell::Number(0.0)] {
            assert_eq!(sum_insured_thousands(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn the_unit_of_a_cell_wins_over_that_of_its_column() {
        use AmountUnit::{Foreign, Millions, Roubles, Thousands};
        let sum = |roubles: &'static str| sum_insured(Cell::Text(roubles));
        for (cell, unit, expected) in [
            (Cell::Number(150.0), Some(Thousands), sum("150000")),
            (Cell::Number(150.0), None, sum("150")),
            (Cell::Number(1.5), Some(Millions), sum("1500000")),
            (Cell::Text("150 тыс. руб."), None, sum("150000")),
            (Cell::Text("1,5 млн"), Some(Thousands), sum("1500000")),
            (Cell::Text("150 000 руб."), Some(Thousands), sum("150000")),
            (Cell::Text("150 000 руб."), Some(Roubles), sum("150000")),
            (Cell::Number(150.0), Some(Foreign), None),
            (Cell::Text("$150"), None, None),
            (Cell::Text("0 руб."), None, None),
            (Cell::Text("1000000000000 руб."), None, Some(MAX_SUM_INSURED)),
            (Cell::Text("1000000000000.01 руб."), None, None),
            (Cell::Number(150_000.0), Some(Thousands), None),
        ] {
            assert_eq!(sum_insured_in(cell, unit), expected, "{cell:?} {unit:?}");
        }
    }

    #[test]
    fn i17_sums_insured_are_bounded() {
        assert_eq!(sum_insured(Cell::Text("0,01")), Some(Kopecks::new(1)));
        assert_eq!(sum_insured(Cell::Text("1000000000000")), Some(MAX_SUM_INSURED));
        for text in ["1000000000000.01", "0", "0,00", "-5", "120000.001"] {
            assert_eq!(sum_insured(Cell::Text(text)), None, "{text}");
        }
        assert_eq!(sum_insured(Cell::Number(-1.0)), None);
    }
}
