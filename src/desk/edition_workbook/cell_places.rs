//! The cells from which the values of an edition's text come, by their places in the text.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::base::cell_fault::CellFault;
use crate::base::diagnostic::column_letters;
use crate::base::messages::{Message, Value};
use crate::base::source_file::Span;

/// A cell, or a row, of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellPlace {
    /// The sheet, by its place in the workbook.
    pub sheet: usize,
    /// The row, from 1.
    pub row: u32,
    /// The column, from 0.
    pub column: usize,
}

/// The cells of a text by their places in it.
#[derive(Debug, Default)]
pub struct CellPlaces {
    places: Vec<(Range<usize>, CellPlace)>,
    /// The columns of each sheet by the last part of their keys.
    columns: BTreeMap<usize, BTreeMap<&'static str, usize>>,
    /// The names of the sheets.
    names: Vec<String>,
}

impl CellPlaces {
    /// No places yet, in sheets of these names.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, ..Self::default() }
    }

    /// Records the cell of a part of the text.
    pub fn add(&mut self, range: Range<usize>, place: CellPlace) {
        self.places.push((range, place));
    }

    /// Records the column of a key of a sheet's table.
    pub fn add_column(&mut self, sheet: usize, key: &'static str, column: usize) {
        let last = key.rsplit('.').next().unwrap_or(key);
        self.columns.entry(sheet).or_default().entry(last).or_insert(column);
    }

    /// A fault at a cell.
    pub fn fault(&self, place: CellPlace, message: Message) -> CellFault {
        let letters = column_letters(u32::try_from(place.column).unwrap_or(u32::MAX));
        let sheet = self.names.get(place.sheet).cloned().unwrap_or_default();
        CellFault { sheet, cell: format!("{letters}{}", place.row), message }
    }

    /// A fault of the text at the cell that it comes from: of a row with a missing value at the column of that value.
    pub fn fault_at(&self, span: &Span, message: Message) -> CellFault {
        let around = self.places.iter().filter(|(range, _)| range.start <= span.start && span.start < range.end);
        let Some((_, place)) = around.min_by_key(|(range, _)| range.len()) else {
            return CellFault { sheet: String::new(), cell: String::new(), message };
        };
        let missing = match message.value("key") {
            Some(Value::Text(key)) if message.name() == "key-missing" => {
                self.columns.get(&place.sheet).and_then(|columns| columns.get(key.as_str()))
            }
            _ => None,
        };
        self.fault(CellPlace { column: missing.copied().unwrap_or(place.column), ..*place }, message)
    }
}
