//! The annotated copies of sheets: cell by cell as they came, with marks on cells and a margin of columns beside the table.
//!
//! Every row and column keeps its place, so that the table can be corrected in place, sent back and read again.

mod extent;
mod marks;
mod pages;
mod rows;
pub(crate) mod sheet_edits;
pub(crate) mod style;

pub(crate) use marks::{Highlight, MarginCell, MarginColumn, Marks};

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use rust_xlsxwriter::Workbook;

use crate::base::error::Error;
use crate::output::xlsx::{BookWriter, LongSheet, WorkbookError};
use crate::table::field::ValueType;
use crate::table::limits::MAX_COLUMNS;
use crate::table::source::Source;
use crate::table::tables::{Sheet, Tables};
use crate::table::text::folded_heading;
use extent::Extent;
use marks::Original;
use pages::{Page, Pages, SheetNames};
use rows::RowWriter;
use style::AnnotationStyles;

/// Copies of all sheets of some files that have a table.
///
/// A workbook is written from front to back, and the head of a sheet states widths that any row may decide. So the sheets are
/// read twice: [`Copies::reserve`] measures them, [`Copies::write`] copies their rows. A file with several sheets is opened
/// once for all of them.
pub(crate) struct Copies<'c> {
    tables: &'c Tables,
    columns: &'c [MarginColumn],
    sheets: Vec<SheetCopy<'c>>,
    /// The file of the sheet before, opened.
    opened: Option<(PathBuf, Source)>,
}

/// The copy of one sheet.
struct SheetCopy<'c> {
    /// The place of the sheet in the tables.
    sheet: usize,
    original: Original<'c>,
    /// The columns of the margin by their places.
    margin: BTreeMap<usize, usize>,
    /// The height in points of the row of headings, where they need several lines.
    heading_height: Option<u32>,
    pages: Vec<Page>,
}

impl<'c> Copies<'c> {
    /// Reserves the sheets in a workbook that has a sheet of this name, with these columns in their margins.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where a file is not the one that was read, [`Error::Io`] where the system refuses to read it, and the library's own.
    pub fn reserve(
        tables: &'c Tables,
        (workbook, name): (&mut Workbook, &str),
        styles: &AnnotationStyles,
        columns: &'c [MarginColumn],
    ) -> Result<Self, WorkbookError> {
        let mut copies = Self { tables, columns, sheets: Vec::new(), opened: None };
        let mut names = SheetNames::new(name);
        for (place, sheet) in tables.sheets.iter().enumerate() {
            let Some(original) = original(sheet) else { continue };
            let mut source = copies.open(sheet)?;
            let extent = Extent::measure(&mut source, &original);
            let own_widths = match &source {
                Source::Workbook(book) => book.column_widths(original.name),
                Source::Text { .. } => BTreeMap::new(),
            };
            let margin = place_margin(&original, &extent.widths, columns);
            let pages = Pages { original: &original, extent, own_widths, columns, margin: &margin };
            let heading_height = pages.heading_height();
            let pages = pages.reserve(workbook, &mut names, styles)?;
            copies.sheets.push(SheetCopy { sheet: place, original, margin, heading_height, pages });
            copies.opened = Some((sheet.path.clone(), source));
        }
        Ok(copies)
    }

    /// The reserved sheets.
    pub fn long_sheets(&self) -> impl Iterator<Item = &LongSheet> {
        self.sheets.iter().flat_map(|copy| &copy.pages).map(|page| &page.sheet)
    }

    /// Writes the rows of all copies; `marks` are those of the sheet at a place in the tables.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where a file is not the one that was read, [`Error::Io`] where the system refuses to read it, and the library's own.
    pub fn write(
        mut self,
        book: &mut BookWriter<impl Write>,
        marks: impl Fn(usize) -> Marks,
    ) -> Result<(), WorkbookError> {
        for copy in std::mem::take(&mut self.sheets) {
            let sheet = &self.tables.sheets[copy.sheet];
            let mut source = self.open(sheet)?;
            let marks = marks(copy.sheet);
            let SheetCopy { original, margin, pages, heading_height, .. } = &copy;
            for page in pages {
                let (columns, epoch) = (self.columns, source.epoch());
                book.write_sheet(&page.sheet, |queue| {
                    let styles = AnnotationStyles::of_rows(queue.styles()?);
                    let (page, heading_height) = (page.number, *heading_height);
                    let rows =
                        RowWriter { page, original, columns, margin, heading_height, marks: &marks, styles, epoch };
                    rows.copy(&mut source, queue)
                })?;
            }
            self.opened = Some((sheet.path.clone(), source));
        }
        Ok(())
    }

    fn open(&mut self, sheet: &Sheet) -> Result<Source, Error> {
        let opened = self.opened.take().filter(|(path, _)| *path == sheet.path);
        opened.map_or_else(|| self.tables.reopen(sheet), |(_, source)| Ok(source))
    }
}

/// What is copied of a sheet; none where it has no table.
fn original(sheet: &Sheet) -> Option<Original<'_>> {
    let layout = sheet.layout.as_ref()?;
    let dates = layout.columns().filter(|(field, _)| field.holds == ValueType::Date);
    Some(Original {
        path: &sheet.path,
        file: &sheet.file,
        name: &sheet.name,
        header_row: layout.header_row,
        headings: &layout.headings,
        date_columns: dates.map(|(_, column)| column).collect(),
    })
}

/// The places of the margin's columns: a column of the same heading is overwritten; the others stand where the table is
/// empty, so that one far cell does not push them out of sight.
fn place_margin(original: &Original<'_>, widths: &[usize], columns: &[MarginColumn]) -> BTreeMap<usize, usize> {
    let is_free = |column: &usize| widths.get(*column).is_none_or(|width| *width == 0);
    let mut free = (original.headings.len()..MAX_COLUMNS).filter(is_free);
    let place = |(at, column): (usize, &MarginColumn)| {
        let is_same = |heading: &String| folded_heading(heading) == folded_heading(&column.heading);
        let place = original.headings.iter().position(is_same).or_else(|| free.next());
        (place.unwrap_or(MAX_COLUMNS - 1), at)
    };
    columns.iter().enumerate().map(place).collect()
}
