//! The cells of a sheet that lie under merged ones: no program shows their contents, and they are not read.

use crate::table::cell_range::CellRange;
use crate::table::limits::MAX_COLUMNS;

/// Finds the cells under merged ones while a sheet is read row by row.
#[derive(Debug)]
pub struct CoveredCells {
    /// The merged cells, by their first rows.
    merged: Vec<CellRange>,
    /// How many of them have begun.
    begun: usize,
    /// Those that the current row crosses.
    active: Vec<CellRange>,
    /// The first row that ends or begins one.
    next_change: u32,
}

impl CoveredCells {
    /// The cells under these merged ones.
    #[must_use]
    pub fn new(mut merged: Vec<CellRange>) -> Self {
        merged.sort_unstable_by_key(|merged| *merged.rows.start());
        Self { merged, begun: 0, active: Vec::new(), next_change: 0 }
    }

    /// Whether a cell lies under merged ones; its row from 1, its column from 0. The rows are asked in their order.
    pub fn covers(&mut self, row: u32, column: u32) -> bool {
        if row >= self.next_change {
            self.cross(row);
        }
        // merged cells do not overlap, so that the last one that begins before the cell is the only one that may cover it
        let after = self.active.partition_point(|merged| *merged.columns.start() <= column);
        after.checked_sub(1).is_some_and(|at| self.active[at].covers(row, column))
    }

    /// Finds the merged cells that a row crosses.
    fn cross(&mut self, row: u32) {
        self.active.retain(|merged| merged.rows.contains(&row));
        while let Some(merged) = self.merged.get(self.begun).filter(|merged| *merged.rows.start() <= row) {
            // a row has no more columns, so that more merged cells are forged
            if merged.rows.contains(&row) && self.active.len() < MAX_COLUMNS {
                self.active.push(merged.clone());
            }
            self.begun += 1;
        }
        self.active.sort_unstable_by_key(|merged| *merged.columns.start());
        let ends = self.active.iter().map(|merged| merged.rows.end().saturating_add(1));
        let begins = self.merged.get(self.begun).map(|merged| *merged.rows.start());
        self.next_change = ends.chain(begins).min().unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cells_under_merged_ones_are_found_row_by_row() {
        let merged = ["D2:D3", "A1:F1", "B3:C3", "D5:E9"].map(|cells| CellRange::parse(cells).unwrap());
        let mut covered = CoveredCells::new(merged.to_vec());
        let mut found = Vec::new();
        for row in [1, 2, 3, 6, 9, 10] {
            found.extend((0..7).filter(|column| covered.covers(row, *column)).map(|column| (row, column)));
        }
        let first = (1..6).map(|column| (1, column));
        let others = [(3, 2), (3, 3), (6, 3), (6, 4), (9, 3), (9, 4)];
        assert_eq!(found, first.chain(others).collect::<Vec<_>>());
    }
}
