//! A workbook → the proved text of an edition, or every fault with its cell.

use std::path::Path;

use crate::base::cell_fault::CellFault;
use crate::base::error::Error;
use crate::base::source_file::SourceFile;
use crate::desk::edition_test::TestRun;
use crate::desk::edition_workbook::cell_places::CellPlaces;
use crate::desk::edition_workbook::edition_sheet::{EditionSheet, check_set};
use crate::desk::edition_workbook::grid;
use crate::desk::edition_workbook::toml_text::toml_text;
use crate::tariff::Tariff;

/// The text of the edition's file that a workbook holds: proved, with tests that pass.
///
/// # Errors
///
/// [`Error::RefusedCells`] with every fault and its cell: of the sheets first, then of the edition, then of its tests; as [`grid::read`].
pub fn import(path: &Path) -> Result<String, Error> {
    let grids = grid::read(path)?;
    let mut places = CellPlaces::new(grids.iter().map(|grid| grid.name.clone()).collect());
    let mut faults = Vec::new();
    let sheets: Vec<EditionSheet> = { grids.iter().enumerate() }
        .filter_map(|(at, grid)| EditionSheet::read(at, grid, &mut places, &mut faults))
        .collect();
    check_set(&sheets, &places, &mut faults);
    let refused = |faults: Vec<CellFault>| Error::RefusedCells { path: path.to_owned(), faults };
    let text = toml_text(&sheets, &mut places, &mut faults);
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    let at_cells = |error: Error| match error {
        Error::Refused { faults, .. } => {
            refused(faults.into_iter().map(|fault| places.fault_at(&fault.span, fault.message)).collect())
        }
        error => error,
    };
    let source = SourceFile { path: path.to_owned(), text };
    let tariff = Tariff::read(&source).map_err(at_cells)?;
    match TestRun::new(&tariff).map_err(at_cells)?.error() {
        Some(error) => Err(at_cells(error)),
        None => Ok(source.text),
    }
}
