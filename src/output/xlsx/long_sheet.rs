//! A sheet of many rows: what the library makes of it, and where the rows go.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::output::xlsx::cells::Style;
use crate::output::xlsx::rows::Area;

/// A sheet whose rows [`BookWriter`](crate::output::xlsx::book_writer::BookWriter) writes; everything else of it is the library's.
#[derive(Debug)]
#[must_use = "its rows have to be written"]
pub struct LongSheet {
    pub(super) name: String,
    pub(super) area: Area,
    /// How many formats the rows have.
    formats: u16,
}

impl LongSheet {
    /// Reserves these rows of a sheet, counted from 0, for cells in its first columns that have these formats.
    ///
    /// The sheet has its name already. Rows above the reserved ones, and all that does not stand in rows (widths, filters,
    /// merged cells, how the sheet is printed), may be set before or after; below them no row may stand.
    ///
    /// # Errors
    ///
    /// Where the rows or columns do not fit a sheet.
    pub fn reserve(
        sheet: &mut Worksheet,
        rows: std::ops::Range<u32>,
        columns: u16,
        formats: &[&Format],
    ) -> Result<Self, XlsxError> {
        const MAX_ROWS: u32 = 1_048_576;
        const MAX_COLUMNS: u16 = 16_384;
        if rows.end > MAX_ROWS || columns > MAX_COLUMNS {
            return Err(XlsxError::RowColumnLimitError);
        }
        // The library numbers formats when it saves. The numbers are read from a row of cells, one in each format and a last
        // one without, that stands where the rows go.
        let count = u16::try_from(formats.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        for (column, format) in (0..).zip(formats) {
            sheet.write_number_with_format(rows.start, column, column, format)?;
        }
        sheet.write_number(rows.start, count, count)?;
        let area = Area { first_row: rows.start, end_row: rows.end, columns };
        Ok(Self { name: sheet.name(), area, formats: count })
    }
}

/// The XML of a sheet around its rows.
#[derive(Debug)]
pub(super) struct Frame {
    /// Up to the reserved rows.
    pub head: String,
    /// From the end of the rows.
    pub tail: String,
    /// The numbers of the formats.
    pub styles: Vec<Style>,
}

impl Frame {
    /// Splits what the library has written of a sheet where the rows go.
    ///
    /// # Errors
    ///
    /// [`XlsxError::ParameterError`] where it is not as the library writes it, or another row follows the first reserved one.
    pub fn split(xml: &str, sheet: &LongSheet) -> Result<Self, XlsxError> {
        let unexpected = || {
            let name = &sheet.name;
            XlsxError::ParameterError(format!("the sheet {name:?} has rows where its long rows are to stand"))
        };
        let row_tag = format!("<row r=\"{}\"", sheet.area.first_row + 1);
        let (head, rest) = xml.rsplit_once(&row_tag).ok_or_else(unexpected)?;
        let (row, tail) = rest.split_once("</row>").ok_or_else(unexpected)?;
        if !tail.starts_with("</sheetData>") {
            return Err(unexpected());
        }
        let cells: Vec<&str> = row.split("<c ").skip(1).collect();
        let is_marker = |(at, cell): (usize, &&str)| cell.ends_with(&format!("><v>{at}</v></c>"));
        if cells.len() != usize::from(sheet.formats) + 1 || !cells.iter().enumerate().all(is_marker) {
            return Err(unexpected());
        }
        let style = |cell: &&str| match cell.split_once(" s=\"") {
            Some((_, rest)) => rest.split_once('"').and_then(|(number, _)| number.parse().ok()).map(Style),
            None => Some(Style::PLAIN),
        };
        let styles: Option<Vec<Style>> = cells.iter().take(sheet.formats.into()).map(style).collect();
        let head = with_dimension(head, sheet.area).ok_or_else(unexpected)?;
        Ok(Self { head, tail: tail.to_owned(), styles: styles.ok_or_else(unexpected)? })
    }
}

/// The head with the cells that the sheet will have, by which readers make room.
fn with_dimension(head: &str, area: Area) -> Option<String> {
    let (before, rest) = head.split_once("<dimension ref=\"")?;
    let (_, after) = rest.split_once('"')?;
    Some(format!("{before}<dimension ref=\"{}\"{after}", area.reference()))
}
