//! The inputs of the quote with their SHA-256, and the files of the result.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::base::messages::Message;
use crate::quote::documents::workbook::book::Book;
use crate::quote::documents::workbook::page::{Column, HEADING_ROW, Page};

/// Writes the sheet.
pub fn write(workbook: &mut Workbook, book: &Book<'_>) -> Result<(), XlsxError> {
    let manifest = &book.saved.manifest;
    let words = |name| book.words(name);
    let mut rows: Vec<[String; 3]> = Vec::new();
    let mut add = |what: String, value: String, hash: &str| rows.push([what, value, hash.to_owned()]);
    add(words("book-program"), format!("{} {}", manifest.program.name, manifest.program.version), "");
    add(words("book-contract-file"), manifest.contract.file.clone(), &manifest.contract.sha256);
    for roster in &manifest.rosters {
        add(words("book-roster-file"), roster.file.clone(), &roster.sha256);
        for sheet in &roster.sheets {
            let columns = sheet.columns.iter().map(|(field, heading)| format!("{field} ← «{heading}»"));
            let message = Message::new("columns-understood")
                .with("sheet", if sheet.sheet.is_empty() { roster.file.as_str() } else { sheet.sheet.as_str() })
                .with("row", sheet.header_row.to_string())
                .with("columns", columns.collect::<Vec<_>>().join(", "));
            add(String::new(), book.language.render(&message), "");
        }
    }
    let edition = &book.saved.quote.tariff;
    add(words("book-tariff"), format!("{} · {}", edition.code, edition.title), &manifest.tariff.sha256);
    for (name, file) in manifest.files.iter().filter(|(name, _)| !manifest.documents.contains_key(*name)) {
        let message = Message::new("book-written-file").with("name", name.as_str());
        add(
            book.language.render(&message),
            book.language.render(&Message::new("book-bytes").with("bytes", file.bytes)),
            &file.sha256,
        );
    }
    let columns = [
        Column { heading: "book-what", width: 34 },
        Column { heading: "book-value", width: 70 },
        Column { heading: "book-sha256", width: 76 },
    ];
    let mut page = Page::new(workbook, book, (&words("book-origin"), &words("book-origin-title")), &columns)?;
    page.table(&columns, 0)?;
    for (row, [what, value, hash]) in (HEADING_ROW + 1..).zip(&rows) {
        page.fit(row, &[(value, 70)])?;
        page.text(row, 0, what, &book.styles.label)?;
        page.text(row, 1, value, &book.styles.wrapped)?;
        page.text(row, 2, hash, &book.styles.fixed)?;
    }
    page.sheet.set_print_area(0, 0, HEADING_ROW + u32::try_from(rows.len()).unwrap_or(0), 2)?;
    Ok(())
}
