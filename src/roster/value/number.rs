//! Personnel and policy numbers: what people write where there is none.

use crate::table::cell::Cell;
use crate::table::text::lowered;

/// What people write instead of a number, in small letters and without spaces.
const NONE: [&str; 12] = [
    "б/н",
    "бн",
    "нет",
    "н/д",
    "отсутствует",
    "неприсвоен",
    "неуказан",
    "неизвестен",
    "безномера",
    "n/a",
    "none",
    "no",
];

/// Whether a cell states that there is no number: «б/н», «-», «нет». An empty cell states nothing.
#[must_use]
pub fn is_no_number(cell: Cell<'_>) -> bool {
    let Cell::Text(text) = cell else { return false };
    // nearly every number has a digit
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    !text.contains(char::is_alphabetic) || NONE.contains(&lowered(text).trim_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_marks_for_no_number_are_recognised() {
        for cell in [
            Cell::Text("б/н"),
            Cell::Text("Б/Н."),
            Cell::Text("-"),
            Cell::Text("—"),
            Cell::Text("нет"),
            Cell::Text("не присвоен"),
            Cell::Text("----------------------------------------"),
        ] {
            assert!(is_no_number(cell), "{cell:?}");
        }
        for cell in [
            Cell::Text("П-001"),
            Cell::Text("17"),
            Cell::Text("12-34"),
            Cell::Text("НЕТ-1"),
            Cell::Text("АБВ"),
            Cell::Text("0"),
            Cell::Number(0.0),
            Cell::Number(7.0),
            Cell::Empty,
        ] {
            assert!(!is_no_number(cell), "{cell:?}");
        }
    }
}
