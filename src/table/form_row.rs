//! Rows and cells of forms around the data: units of the values, numbers of the columns, end marks.

use crate::table::cell::{Cell, Row};
use crate::table::phrase::is_unit;

/// Whether a cell holds a unit or the form of a value.
pub fn is_unit_cell(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Text(text) if is_unit(text))
}

/// Whether every cell is a unit.
pub fn is_units(row: &(impl Row + ?Sized), filled: &[usize]) -> bool {
    filled.iter().all(|column| is_unit_cell(row.cell(*column)))
}

/// Whether a cell holds nothing but control characters.
pub fn is_control(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Text(text) if text.chars().all(char::is_control))
}

/// Whether a text is the letter of this number, from 1, in the Russian or the English alphabet.
fn is_letter_of(text: &str, number: u32) -> bool {
    let letter_at = |first: char| char::from_u32(first as u32 + number - 1);
    let mut letters = text.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
    number <= 26 && [letter_at('А'), letter_at('A')].contains(&Some(letter))
}

/// Whether the row holds 1, 2, 3 … or А, Б, В … under the headings, also with brackets and points.
pub fn is_column_numbers(row: &(impl Row + ?Sized)) -> bool {
    let (mut count, mut is_lettered) = (0_u32, false);
    for column in 0..row.width() {
        let cell = row.cell(column);
        if cell.is_empty() {
            continue;
        }
        count += 1;
        let is_next = match cell {
            Cell::Text(text) => {
                let bare = text.trim_matches(['(', ')', '.', ' ']);
                is_lettered |= !bare.starts_with(|first: char| first.is_ascii_digit());
                bare.parse() == Ok(count) || is_letter_of(bare, count)
            }
            Cell::Number(number) => number.total_cmp(&f64::from(count)).is_eq(),
            _ => false,
        };
        if !is_next {
            return false;
        }
    }
    count > 2 || count == 2 && !is_lettered
}
