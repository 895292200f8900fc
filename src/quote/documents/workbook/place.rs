//! The places of tables and cells, for formulas.

use crate::base::diagnostic::column_letters;

/// The rows of a table on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The sheet.
    pub sheet: String,
    /// The first row, counted from 0.
    pub first: u32,
    /// How many rows there are.
    pub rows: u32,
}

impl Place {
    /// The last row, counted from 0; the first where there is none.
    pub fn last(&self) -> u32 {
        self.first + self.rows.saturating_sub(1)
    }

    /// A column of the table, for a formula on any sheet: `'Rates'!$P$5:$P$90`.
    pub fn column(&self, column: u16) -> String {
        let letters = column_letters(u32::from(column));
        format!("'{}'!${letters}${}:${letters}${}", self.sheet, self.first + 1, self.last() + 1)
    }
}

/// The name of a cell: `P5`.
pub fn cell(row: u32, column: u16) -> String {
    format!("{}{}", column_letters(u32::from(column)), row + 1)
}
