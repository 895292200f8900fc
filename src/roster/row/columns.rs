//! The columns of a roster's fields in one table.

use crate::roster::field::{FULL_NAME, Field};
use crate::table::cell::{Cell, Row};
use crate::table::layout::{Layout, SplitColumns};

/// Where each field is.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// The name.
    pub name: SplitColumns,
    /// The column of each field, in the order of the fields.
    of_field: [Option<usize>; Field::ALL.len()],
}

impl Columns {
    /// The columns of a table.
    pub fn new(layout: &Layout) -> Self {
        let mut of_field = [None; Field::ALL.len()];
        for (column, field) in of_field.iter_mut().zip(Field::ALL) {
            *column = layout.column(*field);
        }
        Self { name: layout.split_columns(&FULL_NAME), of_field }
    }

    /// The column of a field.
    #[inline]
    pub const fn get(&self, field: Field) -> Option<usize> {
        self.of_field[field as usize]
    }

    /// The cell of a field; empty where the table has no such column.
    #[inline]
    pub fn cell<'r>(&self, row: &'r (impl Row + ?Sized), field: Field) -> Cell<'r> {
        self.get(field).map_or(Cell::Empty, |column| row.cell(column))
    }
}
