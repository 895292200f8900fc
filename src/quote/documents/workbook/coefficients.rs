//! Every coefficient with its range, who chose it, its clause and the rule by which the clause is read.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::quote::documents::coefficient::rows;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{FIRST_ROW, Page, columns};

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let columns = columns([
        ("heading-coefficient", 34),
        ("book-applies-to", 52),
        ("book-value", 14),
        ("book-low", 14),
        ("book-high", 14),
        ("book-chosen-by", 28),
        ("book-clause", 12),
        ("book-rule", 10),
    ]);
    let rows = rows(&book.saved.quote, book.language);
    let styles = &book.styles;
    let names = (&*book.words("book-coefficients"), &*book.words("book-coefficients-title"));
    let mut page = Page::new(workbook, book, names, &columns)?;
    page.table(&columns, u32::try_from(rows.len()).unwrap_or(u32::MAX))?;
    for (at, row) in (FIRST_ROW..).zip(&rows) {
        page.fit(at, &[(&row.what, 34), (&row.about, 52)])?;
        page.text(at, 0, &row.what, &styles.wrapped)?;
        page.text(at, 1, &row.about, &styles.wrapped)?;
        page.decimal(at, 2, row.value, &styles.number)?;
        match row.range() {
            Some(range) => {
                page.decimal(at, 3, range.low.as_str(), &styles.number)?;
                page.decimal(at, 4, range.high.as_str(), &styles.number)?;
            }
            None => (3..=4).try_for_each(|column| page.text(at, column, "", &styles.text))?,
        }
        page.text(at, 5, &row.chosen_by(book.language).unwrap_or_default(), &styles.text)?;
        page.text(at, 6, &format!("§{}", row.clause), &styles.text)?;
        page.text(at, 7, row.rule, &styles.text)?;
    }
    Ok(())
}
