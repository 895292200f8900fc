//! A cell as the readers of workbooks find it, before it is part of a row.

use calamine::{CellErrorType, DataRef};

/// Stands for the missing result of a formula: no file has this error as a result.
pub const UNCALCULATED: CellErrorType = CellErrorType::GettingData;

/// A cell in the library's form, with its place from 0.
#[derive(Debug)]
pub struct Found<'b> {
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
    /// Its value, or none.
    pub value: DataRef<'b>,
}
