//! The cells of a sheet of an `.xls`, which the library gives as ranges.

use std::collections::BTreeSet;

use calamine::{Data, Range};

use crate::table::found::Found;
use crate::table::workbook::value::{as_data_ref, is_zero};

/// The cells of formulas without a result: those of a sheet whose writer stored 0 or an empty text for every formula. A formula may give
/// either; all of them together are not calculated where one of them is a day, or has no text that it could give.
pub fn uncalculated_cells(formulas: &Range<String>, values: &Range<Data>) -> BTreeSet<(u32, u32)> {
    let (first_row, first_column) = formulas.start().unwrap_or_default();
    let place = |row: usize, column: usize| -> Option<(u32, u32)> {
        Some((first_row.checked_add(row.try_into().ok()?)?, first_column.checked_add(column.try_into().ok()?)?))
    };
    let mut cells = BTreeSet::new();
    let mut is_left = false;
    for (row, column, formula) in formulas.used_cells() {
        let Some(place) = place(row, column).filter(|_| !formula.is_empty()) else { continue };
        let value = values.get_value(place).unwrap_or(&Data::Empty);
        let is_blank = matches!(value, Data::Empty) || matches!(value, Data::String(text) if text.is_empty());
        if !is_blank && !is_zero(&as_data_ref(value)) {
            return BTreeSet::new();
        }
        is_left |= matches!(value, Data::DateTime(_)) || is_blank && !formula.contains('"');
        cells.insert(place);
    }
    if is_left { cells } else { BTreeSet::new() }
}

/// The cells of the rows that are not blank.
pub fn cells_of_range(range: &Range<Data>) -> impl Iterator<Item = Found<'_>> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let filled = (first_row..).zip(range.rows()).filter(|(_, cells)| cells.iter().any(|cell| *cell != Data::Empty));
    filled.flat_map(move |(row, cells)| {
        let cells = (first_column..).zip(cells);
        cells.map(move |(column, cell)| Found { row, column, value: as_data_ref(cell) })
    })
}
