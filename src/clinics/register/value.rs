//! The values of cells as clinics write them: quantities with a unit, marks of reversals.

use crate::table::cell::{Cell, number_as_text};
use crate::table::text::{folded, lowered};

/// Whether a cell marks its row as one that takes an earlier one back: «да», «+», «сторно»; `None` where it is neither yes nor no.
pub fn reversal(cell: Cell<'_>) -> Option<bool> {
    const YES: [&str; 10] = ["да", "+", "1", "х", "v", "✓", "yes", "true", "y", "истина"];
    const NO: [&str; 9] = ["нет", "-", "–", "—", "0", "no", "false", "n", "ложь"];
    const REVERSALS: [&str; 7] = ["сторн", "возврат", "отмен", "аннул", "revers", "refund", "cancel"];
    let text = match cell {
        Cell::Empty => return Some(false),
        Cell::Bool(truth) => return Some(truth),
        Cell::Text(_) | Cell::Number(_) => lowered(&cell.display()),
        _ => return None,
    };
    let is_one_of = |words: &[&str]| words.iter().any(|word| folded(word) == folded(&text));
    if is_one_of(&YES) || REVERSALS.iter().any(|stem| text.starts_with(stem)) {
        Some(true)
    } else {
        is_one_of(&NO).then_some(false)
    }
}

/// A whole number with or without a unit and a fraction of zeros: `2`, `1,0`, `1.00`, `2 шт.`, `-1`.
pub fn whole_number(cell: Cell<'_>) -> Option<i64> {
    const UNITS: [&str; 8] = ["шт.", "шт", "ед.", "ед", "усл.", "раза", "раз", "pcs"];
    let text = match cell {
        Cell::Text(text) => text.trim().to_lowercase(),
        Cell::Number(number) => number_as_text(number),
        _ => return None,
    };
    let bare = UNITS.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text).trim_end();
    let whole = match bare.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => bare,
    };
    whole.replace('−', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_a_reversal_is_read() {
        for (text, expected) in [
            ("да", Some(true)),
            ("Сторно", Some(true)),
            ("Возврат оплаты", Some(true)),
            ("X", Some(true)),
            ("+", Some(true)),
            ("нет", Some(false)),
            ("—", Some(false)),
            ("Иванов", None),
        ] {
            assert_eq!(reversal(Cell::Text(text)), expected, "{text}");
        }
        assert_eq!((reversal(Cell::Number(1.0)), reversal(Cell::Number(0.0))), (Some(true), Some(false)));
        assert_eq!((reversal(Cell::Empty), reversal(Cell::Bool(true))), (Some(false), Some(true)));
    }

    #[test]
    fn quantities_have_units_and_fractions_of_zeros() {
        for (text, expected) in [
            ("2", Some(2)),
            ("1,0", Some(1)),
            ("1.00", Some(1)),
            ("2 шт.", Some(2)),
            ("-1", Some(-1)),
            ("1,5", None),
            ("1,05", None),
            ("5,", None),
        ] {
            assert_eq!(whole_number(Cell::Text(text)), expected, "{text}");
        }
    }
}
