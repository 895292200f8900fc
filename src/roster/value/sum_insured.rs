//! Sums insured.

use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::table::cell::Cell;
use crate::table::value::roubles;

/// Reads the sum insured in a cell: more than 0, at most 10¹² RUB, with at most two decimals (`I17`); `None` where the cell holds anything
/// else.
#[must_use]
pub fn sum_insured(cell: Cell<'_>) -> Option<Kopecks> {
    roubles(cell).filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED)
}

/// Reads the sum insured in a cell that counts thousands of roubles; as [`sum_insured`] otherwise.
#[must_use]
pub fn sum_insured_thousands(cell: Cell<'_>) -> Option<Kopecks> {
    const THOUSAND: i128 = 1000;
    let kopecks = roubles(cell)?.get().checked_mul(THOUSAND)?;
    Some(Kopecks::new(kopecks)).filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_in_thousands_is_multiplied() {
        assert_eq!(sum_insured_thousands(Cell::Text("150")), sum_insured(Cell::Text("150 000")));
        assert_eq!(sum_insured_thousands(Cell::Number(0.5)), Some(Kopecks::new(50_000)));
        assert_eq!(sum_insured_thousands(Cell::Text("1000000000.01")), None);
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
