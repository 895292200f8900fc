//! The annotated copy of a sheet: cell by cell as it came, with marks on cells and a margin of columns beside the table.
//!
//! Every row and column keeps its place, so that the table can be corrected in place, sent back and read again.

mod marks;
mod pages;
pub(crate) mod style;

pub(crate) use marks::{Highlight, MarginCell, MarginColumn, Marks, Original};

use std::collections::BTreeMap;
use std::path::PathBuf;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::base::error::Error;
use crate::output::xlsx::{WorkbookError, cell_text, exact_number, write_day};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::limits::MAX_COLUMNS;
use crate::table::source::Source;
use crate::table::text::folded_heading;
use pages::{Pages, SheetNames};
use style::{AnnotationStyles, MarkStyle};

/// The greatest width of a column, in letters.
const MAX_WIDTH: usize = 50;

/// Copies sheets into a workbook, one after another; a file with several sheets is opened once.
pub(crate) struct Copier<'w> {
    workbook: &'w mut Workbook,
    names: SheetNames,
    styles: &'w AnnotationStyles,
    /// The file of the sheet before, opened.
    opened: Option<(PathBuf, Source)>,
}

impl<'w> Copier<'w> {
    /// A copier into a workbook that already has a sheet of this name.
    pub fn new(workbook: &'w mut Workbook, name: &str, styles: &'w AnnotationStyles) -> Self {
        Self { workbook, names: SheetNames::new(name), styles, opened: None }
    }

    /// Copies a sheet with its marks; `open` opens its file.
    ///
    /// # Errors
    ///
    /// The error of `open`, [`Error::Changed`] where the file cannot be read as before, and the library's own.
    pub fn copy(
        &mut self,
        original: &Original<'_>,
        marks: &Marks,
        open: impl FnOnce() -> Result<Source, Error>,
    ) -> Result<(), WorkbookError> {
        let opened = self.opened.take().filter(|(path, _)| path == original.path);
        let mut source = opened.map_or_else(open, |(_, source)| Ok(source))?;
        self.copy_from(&mut source, original, marks)?;
        self.opened = Some((original.path.to_owned(), source));
        Ok(())
    }

    fn copy_from(&mut self, source: &mut Source, original: &Original<'_>, marks: &Marks) -> Result<(), WorkbookError> {
        let widths = column_widths(source, original);
        let margin = place_margin(original, &widths, &marks.columns);
        let own_widths = match &*source {
            Source::Workbook(book) => book.column_widths(original.name),
            Source::Text { .. } => BTreeMap::new(),
        };
        let (workbook, names) = (&mut *self.workbook, &mut self.names);
        let pages =
            Pages { workbook, original, names, widths: &widths, own_widths, margin: &margin, page: None, last_row: 0 };
        let mut rows = RowWriter { pages, marks, epoch: source.epoch(), styles: self.styles };
        let mut outcome = Ok(());
        let read = source.rows(original.name, &mut |row| {
            outcome = rows.write(row);
            outcome.is_ok()
        });
        outcome?;
        read.map_err(|_| Error::Changed { path: original.path.to_owned() })?;
        Ok(rows.pages.add_filters()?)
    }
}

/// The places of the margin's columns: a column of the same heading is overwritten; the others stand where the table is
/// empty, so that one far cell does not push them out of sight.
fn place_margin(original: &Original<'_>, widths: &[usize], columns: &[MarginColumn]) -> Vec<(MarginColumn, usize)> {
    let is_free = |column: &usize| widths.get(*column).is_none_or(|width| *width == 0);
    let mut free = (original.headings.len()..MAX_COLUMNS).filter(is_free);
    let place = |column: &MarginColumn| {
        let is_same = |heading: &String| folded_heading(heading) == folded_heading(&column.heading);
        original.headings.iter().position(is_same).or_else(|| free.next()).unwrap_or(MAX_COLUMNS - 1)
    };
    let places: Vec<usize> = columns.iter().map(place).collect();
    columns.iter().cloned().zip(places).collect()
}

/// Writes the rows of one sheet.
struct RowWriter<'r> {
    pages: Pages<'r>,
    marks: &'r Marks,
    epoch: Epoch,
    styles: &'r AnnotationStyles,
}

impl RowWriter<'_> {
    fn write(&mut self, row: &dyn Row) -> Result<(), XlsxError> {
        let Self { pages, marks, epoch, styles } = self;
        let (original, margin) = (pages.original, pages.margin);
        let is_heading = row.number() == original.header_row;
        // the copy counts days from 1900
        let is_recounted = |column: usize| *epoch == Epoch::Year1904 && original.date_columns.contains(&column);
        let is_kept =
            |column: &usize| row.number() < original.header_row || margin.iter().all(|(_, place)| place != column);
        let (page, at) = pages.page_of(row.number())?;
        let marked = marks.of_row(row.number());
        for column in (0..row.width().min(MAX_COLUMNS)).filter(is_kept) {
            let place = u16::try_from(column).unwrap_or(u16::MAX);
            let mark = marked.iter().find(|(column, _)| *column == u32::from(place));
            let mark = mark.map(|(_, severity)| &styles.marks[severity]);
            let cell = match row.cell(column) {
                Cell::Number(serial) if is_recounted(column) => {
                    Epoch::Year1904.date_cell(serial).unwrap_or(Cell::Number(serial))
                }
                cell => cell,
            };
            copy_cell(page, (at, place), cell, &CellStyle { mark, is_heading, styles })?;
        }
        let places = margin.iter().map(|(_, place)| u16::try_from(*place).unwrap_or(u16::MAX));
        if is_heading {
            for (place, (column, _)) in places.zip(margin) {
                page.write_string_with_format(at, place, column.heading.as_str(), &styles.heading)?;
            }
        } else if let Some(cells) = marks.margin.get(&row.number()) {
            for (place, cell) in places.zip(cells) {
                write_margin(page, (at, place), cell, styles)?;
            }
        }
        Ok(())
    }
}

fn write_margin(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &MarginCell,
    styles: &AnnotationStyles,
) -> Result<(), XlsxError> {
    match cell {
        MarginCell::Blank => page,
        MarginCell::Text(text) => page.write_string_with_format(row, column, cell_text(text), &styles.reason)?,
        MarginCell::Highlighted(text, highlight) => {
            page.write_string_with_format(row, column, cell_text(text), &styles.highlights[highlight])?
        }
        MarginCell::Amount(amount) => match exact_number(*amount) {
            Some(number) => page.write_number_with_format(row, column, number, &styles.money)?,
            None => page.write_string(row, column, amount.to_string())?,
        },
    };
    Ok(())
}

/// The format of a copied cell.
struct CellStyle<'s> {
    mark: Option<&'s MarkStyle>,
    is_heading: bool,
    styles: &'s AnnotationStyles,
}

fn copy_cell(
    page: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell<'_>,
    style: &CellStyle<'_>,
) -> Result<(), XlsxError> {
    let CellStyle { mark, is_heading, styles } = style;
    let plain = mark.map(|mark| &mark.plain).or(is_heading.then_some(&styles.heading));
    match (cell, plain) {
        (Cell::Empty, None) => page,
        (Cell::Empty, Some(format)) => page.write_blank(row, column, format)?,
        (Cell::Number(number), None) => page.write_number(row, column, number)?,
        (Cell::Number(number), Some(format)) => page.write_number_with_format(row, column, number, format)?,
        (Cell::Date(date), _) => {
            return write_day(page, row, column, date, mark.map_or(&styles.date, |mark| &mark.date));
        }
        (other, None) => page.write_string(row, column, cell_text(&other.display()))?,
        (other, Some(format)) => page.write_string_with_format(row, column, cell_text(&other.display()), format)?,
    };
    Ok(())
}

/// The width of each column, in letters of its longest text; 0 where the table has no text.
fn column_widths(source: &mut Source, original: &Original<'_>) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    // a file that cannot be read again is reported when its rows are copied
    let _ = source.rows(original.name, &mut |row| {
        widths.resize(widths.len().max(row.width().min(MAX_COLUMNS)), 0);
        let in_table = row.number() >= original.header_row;
        for (column, width) in widths.iter_mut().enumerate().take(row.width()).filter(|_| in_table) {
            let letters = match row.cell(column) {
                Cell::Text(text) => text.chars().count(),
                Cell::Empty => 0,
                _ => 10,
            };
            *width = letters.clamp(*width, MAX_WIDTH.max(*width));
        }
        true
    });
    widths
}
