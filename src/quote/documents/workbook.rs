//! `quote.xlsx`: a saved quote for the underwriter and the employer's accountant, who can have Excel prove its price.
//!
//! Every premium stands twice: exact, as it was written, and as a live formula over the sheet of rates, whose factors are
//! cells too. Excel calculates in binary fractions of some fifteen digits, so that it may round a premium of exactly half a
//! kopeck the other way. The check has three results: the two agree to the kopeck; they are "at half a kopeck", where the
//! unrounded formula is half a kopeck away from the exact premium; or they disagree. A formula is written with its result,
//! so that Protected View shows figures and not zeros.

mod book;
mod chart;
mod coefficients;
mod collective;
mod diagnostics;
mod origin;
mod page;
mod place;
mod plans;
mod premiums;
mod rates;
mod summary;

use std::io::Write;

use rust_xlsxwriter::{DocProperties, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::document::{Document, DocumentStyle};
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::{BookWriter, is_exact, new_workbook, write_workbook};
use crate::quote::saved_quote::SavedQuote;
use book::Book;

/// The name of the file.
const FILE: &str = "quote.xlsx";

/// The declaration of the kind.
pub(super) const DOCUMENT: Document<SavedQuote> = Document {
    files: FILE,
    about: "the quote as a workbook with formulas",
    write: |saved, style, folder| write_workbook(folder, FILE, |file| write(saved, style.language, file)),
    entry: DocumentStyle::entry,
};

/// Writes the workbook of a quote.
fn write(saved: &SavedQuote, language: Language, file: &mut (impl Write + Send)) -> Result<(), XlsxError> {
    let title = language.render(&Message::new("book-title").with("number", saved.quote.number.as_str()));
    let mut workbook = new_workbook(DocProperties::new().set_title(title))?;
    let book = Book {
        saved,
        language,
        styles: Styles::new(language),
        premiums: premiums::places(saved, language),
        rates: rates::place(saved, language),
        countable: is_exact(saved.quote.premium),
    };
    summary::write(&mut workbook, &book)?;
    plans::write(&mut workbook, &book)?;
    collective::write(&mut workbook, &book)?;
    let premiums = premiums::reserve(&mut workbook, &book)?;
    let rates = rates::reserve(&mut workbook, &book)?;
    coefficients::write(&mut workbook, &book)?;
    let diagnostics = diagnostics::reserve(&mut workbook, &book)?;
    origin::write(&mut workbook, &book)?;
    let mut writer = BookWriter::new(workbook, premiums.iter().chain([&rates, &diagnostics]), file)?;
    premiums::write_rows(&premiums, &book, &mut writer)?;
    rates::write_rows(&rates, &book, &mut writer)?;
    diagnostics::write_rows(&diagnostics, &book, &mut writer)?;
    writer.finish()
}
