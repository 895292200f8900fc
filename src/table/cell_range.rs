//! Ranges of cells and their references: `C2:D4`.

use std::ops::RangeInclusive;

use crate::base::diagnostic::column_letters;

/// A rectangle of cells: those that are merged, or those that a conditional format is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRange {
    /// The rows, from 1.
    pub rows: RangeInclusive<u32>,
    /// The columns, from 0.
    pub columns: RangeInclusive<u32>,
}

impl CellRange {
    /// The cells of a reference such as `C2:D4`.
    #[must_use]
    pub fn parse(reference: &str) -> Option<Self> {
        let (first, last) = reference.split_once(':')?;
        let ((first_row, first_column), (last_row, last_column)) = (parse_cell(first)?, parse_cell(last)?);
        Some(Self { rows: first_row..=last_row, columns: first_column..=last_column })
    }

    /// Whether a cell, its row from 1 and its column from 0, is hidden where these cells are merged: all but the first are.
    #[must_use]
    pub fn covers(&self, row: u32, column: u32) -> bool {
        let is_first = row == *self.rows.start() && column == *self.columns.start();
        !is_first && self.rows.contains(&row) && self.columns.contains(&column)
    }

    /// The reference as Excel writes it.
    #[must_use]
    pub fn reference(&self) -> String {
        let cell = |column: u32, row: u32| format!("{}{row}", column_letters(column));
        format!("{}:{}", cell(*self.columns.start(), *self.rows.start()), cell(*self.columns.end(), *self.rows.end()))
    }
}

/// The ranges of a list of references such as `A2:C9 F2`, with or without `$`; what is no reference is left out.
pub(super) fn parse_cells(references: &str) -> Vec<CellRange> {
    let range = |reference: &str| {
        let reference = reference.replace('$', "");
        if !reference.contains(':') {
            let (row, column) = parse_cell(&reference)?;
            return Some(CellRange { rows: row..=row, columns: column..=column });
        }
        CellRange::parse(&reference)
    };
    references.split_ascii_whitespace().filter_map(range).collect()
}

/// The row, from 1, and the column, from 0, of a cell such as `C2`.
pub(super) fn parse_cell(reference: &str) -> Option<(u32, u32)> {
    const MOST_LETTERS: usize = 3;
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = reference.split_at(letters);
    let column = column.bytes().take(MOST_LETTERS).fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    (letters <= MOST_LETTERS).then_some((row.parse().ok()?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_of_a_merge_is_not_covered() {
        let merged = CellRange::parse("C2:D4").unwrap();
        let covered = |reference| parse_cell(reference).is_some_and(|(row, column)| merged.covers(row, column));
        assert_eq!(["C2", "D2", "C3", "D4", "E4", "C5"].map(covered), [false, true, true, true, false, false]);
        assert_eq!(merged.reference(), "C2:D4");
        assert_eq!(CellRange::parse("C9:"), None);
        assert_eq!(parse_cells("A2:C9 $F$2").len(), 2);
    }
}
