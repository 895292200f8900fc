//! The diagnostics of the roster, in the language of the quote.

use std::io::Write;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::diagnostic::Severity;
use crate::base::messages::Message;
use crate::output::csv_injection::undefused;
use crate::output::xlsx::layout::row_height;
use crate::output::xlsx::{BookWriter, LongSheet, Style, cell_text};
use crate::quote::diagnostic_text::severity_word;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, HEADING_ROW, Page, columns};
use crate::table::limits::MAX_ROWS;

/// Adds the sheet without its rows; diagnostics beyond Excel's last row are counted above the table.
pub fn reserve(workbook: &mut Workbook, book: &Book<'_>) -> Result<LongSheet, XlsxError> {
    let columns = columns([
        ("checked-severity", 14),
        ("checked-kind", 24),
        ("book-file", 24),
        ("book-sheet", 18),
        ("book-row", 9),
        ("book-column", 9),
        ("book-found", 22),
        ("book-message", 90),
    ]);
    let found = &book.saved.diagnostics;
    let rows = rows(book);
    let styles = &book.styles;
    let title = book.words(if found.is_empty() { "book-diagnostics-none" } else { "checked-title" });
    let mut page = Page::new(workbook, book, (&book.words("checked-summary-sheet"), &title), &columns)?;
    let left = found.len().saturating_sub(rows as usize);
    if left > 0 {
        let more = Message::new("page-more-diagnostics").with("count", left);
        page.text(HEADING_ROW - 1, 7, &book.language.render(&more), &styles.alarm)?;
    }
    page.table(&columns, rows)?;
    let formats = [&styles.text, &styles.wrapped, &styles.count, &styles.error, &styles.referral];
    let width = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    LongSheet::reserve(page.sheet, FIRST_ROW..FIRST_ROW + rows, width, &formats)
}

/// Writes the rows.
pub fn write_rows(sheet: &LongSheet, book: &Book<'_>, writer: &mut BookWriter<impl Write>) -> Result<(), XlsxError> {
    writer.write_sheet(sheet, |queue| {
        let [text, wrapped, count, error, referral]: [Style; 5] = queue.styles()?;
        for (row, found) in (FIRST_ROW..FIRST_ROW + rows(book)).zip(&book.saved.diagnostics) {
            let severity = [Severity::Error, Severity::Referral, Severity::Warning]
                .into_iter()
                .find(|severity| severity.as_str() == found.severity)
                .map_or_else(|| found.severity.clone(), |severity| severity_word(severity, book.language));
            let style = match found.severity.as_str() {
                "error" => error,
                "referral" => referral,
                _ => text,
            };
            let [file, sheet, value] = [&found.file, &found.sheet, &found.value].map(|text| undefused(text));
            let height = row_height(&[(&file, 24), (&sheet, 18), (&value, 22), (&found.message, 90)]);
            let mut cells = queue.row(row, height)?;
            cells.text(0, &severity, style);
            cells.text(1, &found.code, text);
            cells.text(2, &cell_text(&file), wrapped);
            cells.text(3, &cell_text(&sheet), wrapped);
            match found.row {
                Some(number) => cells.count(4, number as usize, count),
                None => cells.blank(4, count),
            }
            cells.text(5, &found.column, text);
            cells.text(6, &cell_text(&value), wrapped);
            cells.text(7, &cell_text(&found.message), wrapped);
        }
        Ok(())
    })
}

/// The number of rows.
fn rows(book: &Book<'_>) -> u32 {
    u32::try_from(book.saved.diagnostics.len()).unwrap_or(u32::MAX).min(MAX_ROWS - FIRST_ROW)
}
