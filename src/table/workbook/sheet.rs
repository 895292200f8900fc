//! A sheet of a workbook.

use crate::table::hidden::Hidden;

/// A sheet that holds cells.
pub struct Sheet {
    pub name: String,
    /// Whether the program that wrote it does not show it.
    pub is_hidden: bool,
    pub hidden: Hidden,
}
