//! The cells and the margin that an annotated copy changes in a sheet of the sender's workbook; everything else of the sheet stays.

use crate::output::annotated_sheet::extent::Extent;
use crate::output::annotated_sheet::marks::{MarginCell, MarginColumn, Marks};
use crate::output::annotated_sheet::{original, place_margin};
use crate::output::xlsx::own_workbook::sheet_rewriter::{Margin, SheetEdits};
use crate::table::source::Source;
use crate::table::tables::Sheet;

/// The changes of a sheet with a margin of one column; none where the sheet has no table or no mark.
pub(crate) fn sheet_edits(
    source: &mut Source,
    sheet: &Sheet,
    column: &MarginColumn,
    marks: Marks,
) -> Option<SheetEdits> {
    let original = original(sheet)?;
    let reasons = marks.margin.into_iter().filter_map(|(row, cells)| match cells.into_iter().next() {
        // a reason about the headings stands on the sheet of the list
        Some(MarginCell::Text(text)) if row > original.header_row => Some((row, text)),
        _ => None,
    });
    let reasons = reasons.collect();
    let mut edits = SheetEdits { marks: marks.cells, reasons, margin: None };
    // a mark is of a cell: what is about a whole sheet has none
    edits.marks.retain(|(row, _), _| *row > 0);
    let extent = Extent::measure(source, &original);
    let (place, _) = place_margin(&original, &extent.widths, std::slice::from_ref(column)).pop_first()?;
    let replaces = place < original.headings.len();
    if !edits.reasons.is_empty() || replaces {
        edits.margin = Some(Margin {
            column: u32::try_from(place).ok()?,
            width: column.width,
            heading: (column.heading.clone(), original.header_row),
            beside: u32::try_from(original.headings.len().saturating_sub(1)).ok()?,
            replaces,
        });
    }
    Some(edits)
}
