//! A cell as a program shows it: not one under merged ones, and not a formula that its writer has left to be calculated.

use calamine::DataRef;

use crate::table::covered_cells::CoveredCells;
use crate::table::found::{Found, UNCALCULATED};
use crate::table::workbook::value::is_zero;

/// So many cells under merged ones are kept: more are forged.
pub const MOST_COVERED: usize = 100_000;

/// Whether a cell with contents lies under merged ones; its place is then added to those `covered`.
pub fn is_covered(found: &Found<'_>, under: &mut CoveredCells, covered: &mut Vec<(u32, u32)>) -> bool {
    let row = found.row.saturating_add(1);
    let is_covered = !matches!(found.value, DataRef::Empty) && under.covers(row, found.column);
    if is_covered && covered.len() < MOST_COVERED {
        covered.push((row, found.column));
    }
    is_covered
}

/// A cell, or that it is not calculated: it has a formula and no result, or the 0 of a writer that calculates none.
pub fn as_shown(found: Found<'_>, has_formula: bool, left_to_calculate: bool) -> Found<'_> {
    let is_missing = matches!(found.value, DataRef::Empty) || left_to_calculate && is_zero(&found.value);
    if has_formula && is_missing { Found { value: DataRef::Error(UNCALCULATED), ..found } } else { found }
}
