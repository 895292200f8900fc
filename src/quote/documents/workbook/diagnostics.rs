//! The diagnostics of the roster, in the language of the quote.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::diagnostic::Severity;
use crate::base::messages::Message;
use crate::output::csv_injection::undefused;
use crate::quote::diagnostic_text::severity_word;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, HEADING_ROW, Page, columns};
use crate::table::limits::MAX_ROWS;

/// Writes the sheet; diagnostics beyond Excel's last row are counted above the table.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
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
    let rows = u32::try_from(found.len()).unwrap_or(u32::MAX).min(MAX_ROWS - FIRST_ROW);
    let styles = &book.styles;
    let title = book.words(if found.is_empty() { "book-diagnostics-none" } else { "checked-title" });
    let mut page = Page::long(workbook, book, (&book.words("checked-summary-sheet"), &title), &columns)?;
    let left = found.len().saturating_sub(rows as usize);
    if left > 0 {
        let more = Message::new("page-more-diagnostics").with("count", left);
        page.text(HEADING_ROW - 1, 7, &book.language.render(&more), &styles.alarm)?;
    }
    page.table(&columns, rows)?;
    for (row, found) in (FIRST_ROW..FIRST_ROW + rows).zip(found) {
        let severity = [Severity::Error, Severity::Referral, Severity::Warning]
            .into_iter()
            .find(|severity| severity.as_str() == found.severity)
            .map_or_else(|| found.severity.clone(), |severity| severity_word(severity, book.language));
        let style = match found.severity.as_str() {
            "error" => &styles.error,
            "referral" => &styles.referral,
            _ => &styles.text,
        };
        let [file, sheet, value] = [&found.file, &found.sheet, &found.value].map(|text| undefused(text));
        page.fit(row, &[(&file, 24), (&sheet, 18), (&value, 22), (&found.message, 90)])?;
        page.text(row, 0, &severity, style)?;
        page.text(row, 1, &found.code, &styles.text)?;
        page.text(row, 2, &file, &styles.wrapped)?;
        page.text(row, 3, &sheet, &styles.wrapped)?;
        match found.row {
            Some(number) => page.count(row, 4, number as usize, &styles.count)?,
            None => page.text(row, 4, "", &styles.count)?,
        }
        page.text(row, 5, &found.column, &styles.text)?;
        page.text(row, 6, &value, &styles.wrapped)?;
        page.text(row, 7, &found.message, &styles.wrapped)?;
    }
    Ok(())
}
