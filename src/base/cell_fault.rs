//! A fault of a workbook that is refused as a whole, with its cell.

use crate::base::messages::Message;

/// A fault of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The name of the sheet; empty where the fault is of the whole file.
    pub sheet: String,
    /// The cell as Excel names it, `C7`; empty where the fault is of the whole sheet.
    pub cell: String,
    /// What is wrong and what to do.
    pub message: Message,
}

impl CellFault {
    /// The sheet and the cell: `«2.1 Численность», C7`; empty for a fault of the whole file.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.sheet.as_str(), self.cell.as_str()) {
            ("", _) => String::new(),
            (sheet, "") => format!("«{sheet}»"),
            (sheet, cell) => format!("«{sheet}», {cell}"),
        }
    }
}
