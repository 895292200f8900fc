//! The rows of an annotated sheet.

use std::collections::BTreeMap;
use std::io::Write;

use crate::base::diagnostic::Severity;
use crate::base::error::Error;
use crate::output::annotated_sheet::extent::page_of;
use crate::output::annotated_sheet::marks::{MarginCell, MarginColumn, Marks, Original, RowMarks};
use crate::output::annotated_sheet::style::RowStyles;
use crate::output::xlsx::{Cells, ChunkQueue, Style, WorkbookError, cell_text};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::limits::MAX_COLUMNS;
use crate::table::source::Source;

/// The bytes of a text that hold about as many rows as a chunk should have.
const CHUNK_TEXT_BYTES: usize = 1 << 16;

/// Copies the rows of one page of a sheet.
#[derive(Clone, Copy)]
pub(super) struct RowWriter<'c> {
    /// The number of the page, from 0.
    pub page: u32,
    pub original: &'c Original<'c>,
    pub columns: &'c [MarginColumn],
    /// The columns of the margin by their places.
    pub margin: &'c BTreeMap<usize, usize>,
    /// The height in points of the row of headings.
    pub heading_height: Option<u32>,
    pub marks: &'c Marks,
    pub styles: RowStyles,
    pub epoch: Epoch,
}

impl<'c> RowWriter<'c> {
    /// Copies the rows of the page: of a text on all cores, of a workbook as they are unpacked.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where the file cannot be read any more, and the errors of the queue.
    pub fn copy<'s: 'c, W: Write>(
        self,
        source: &'s mut Source,
        queue: &mut ChunkQueue<'_, 'c, W, WorkbookError>,
    ) -> Result<(), WorkbookError> {
        match source {
            Source::Text { text, delimiter, .. } => {
                for part in text.whole(*delimiter).split_by(CHUNK_TEXT_BYTES) {
                    queue.add_chunk(move |chunk| {
                        let mut marks = self.marks.of_rows_from(part.first_row());
                        let read = part.rows(|row| {
                            if let (page, at) = page_of(row.number())
                                && page == self.page
                            {
                                self.write(row, &mut chunk.row(at, self.height(row.number())), &mut marks);
                            }
                            true
                        });
                        read.map_err(|_| self.changed())
                    })?;
                }
                Ok(())
            }
            Source::Workbook(book) => {
                let mut marks = self.marks.of_rows_from(0);
                let mut outcome = Ok(());
                let read = book.rows(self.original.name, &mut |row| {
                    let cells = queue.row(page_of(row.number()).1, self.height(row.number()));
                    outcome = cells.map(|mut cells| self.write(row, &mut cells, &mut marks));
                    outcome.is_ok()
                });
                outcome?;
                read.map_err(|_| self.changed())
            }
        }
    }

    /// The height of a row.
    fn height(&self, number: u32) -> Option<u32> {
        self.heading_height.filter(|_| number == self.original.header_row)
    }

    fn changed(&self) -> WorkbookError {
        Error::Changed { path: self.original.path.to_owned() }.into()
    }

    fn write(&self, row: &(impl Row + ?Sized), cells: &mut Cells<'_>, marks: &mut RowMarks<'_>) {
        let (number, header_row) = (row.number(), self.original.header_row);
        let width = row.width().min(MAX_COLUMNS);
        let of_margin = marks.margin(number);
        // the margin takes the place of what stood under its headings
        let mut margin = (number >= header_row).then_some(self.margin).into_iter().flatten().peekable();
        let margin_end = self.margin.last_key_value().map_or(0, |(place, _)| place + 1);
        let is_beside = number == header_row || number > header_row && of_margin.is_some();
        let end = if is_beside { width.max(margin_end) } else { width };
        for (column, place) in (0..end).zip(0_u16..) {
            let of_row = margin.next_if(|(margin, _)| **margin == column);
            let Some((_, at)) = of_row else {
                if column < width {
                    let severity = marks.cell(number, place.into());
                    self.copy_cell(cells, place, row.cell(column), (severity, number == header_row));
                }
                continue;
            };
            if number == header_row {
                cells.text(place, &self.columns[*at].heading, self.styles.heading);
            } else if let Some(cell) = of_margin.and_then(|cells| cells.get(*at)) {
                self.write_margin(cells, place, cell);
            }
        }
    }

    fn write_margin(&self, cells: &mut Cells<'_>, column: u16, cell: &MarginCell) {
        match cell {
            MarginCell::Blank => {}
            MarginCell::Text(text) => cells.text(column, &cell_text(text), self.styles.reason),
            MarginCell::Highlighted(text, highlight) => {
                cells.text(column, &cell_text(text), self.styles.highlight(*highlight));
            }
            MarginCell::Amount(amount) => cells.amount(column, *amount, self.styles.money),
        }
    }

    fn copy_cell(&self, cells: &mut Cells<'_>, column: u16, cell: Cell<'_>, (mark, is_heading): CellLook) {
        let mark = mark.map(|severity| self.styles.mark(severity));
        let plain = mark.map_or(if is_heading { self.styles.heading } else { Style::PLAIN }, |(plain, _)| plain);
        let date = mark.map_or(self.styles.date, |(_, date)| date);
        // the copy counts days from 1900
        let is_recounted = self.epoch == Epoch::Year1904 && self.original.date_columns.contains(&usize::from(column));
        let cell = match cell {
            Cell::Number(serial) if is_recounted => Epoch::Year1904.date_cell(serial).unwrap_or(cell),
            cell => cell,
        };
        match cell {
            Cell::Empty => cells.blank(column, plain),
            Cell::Number(number) => cells.number(column, number, plain),
            Cell::Date(day) => cells.day(column, day, date),
            Cell::Text(text) => cells.text(column, &cell_text(text), plain),
            other => cells.text(column, &cell_text(&other.display()), plain),
        }
    }
}

/// The mark of a cell, and whether it is a heading.
type CellLook = (Option<Severity>, bool);
