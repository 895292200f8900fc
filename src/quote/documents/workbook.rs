//! `quote.xlsx`: a written quote for the underwriter and the employer's accountant, who can have Excel prove its price.
//!
//! Every premium stands twice: exact, as it was written, and as a live formula over the sheet of rates, whose factors are
//! cells too. Excel calculates in binary fractions of some fifteen digits and the price does not, so that a premium which
//! is exactly half a kopeck before it is rounded may fall on the other side there. The check tells such a line from a wrong
//! one: it agrees where both are the same to the kopeck, it is "at half a kopeck" where the unrounded formula is half a
//! kopeck away from the exact premium and no more, and everything else disagrees. A formula is written with its result, so
//! that a reader who may not calculate (Protected View) sees figures and not zeros.

pub(crate) mod chart;
pub(crate) mod coefficients;
pub(crate) mod collective;
pub(crate) mod diagnostics;
pub(crate) mod origin;
pub(crate) mod page;
pub(crate) mod plans;
pub(crate) mod premiums;
pub(crate) mod rates;
pub(crate) mod style;
pub(crate) mod summary;

pub(crate) use page::kept;

use std::io::Write;

use rust_xlsxwriter::{DocProperties, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::xlsx::begun;
use crate::quote::saved_quote::Written;
use page::Place;
use style::Styles;

/// What every sheet is made of.
struct Book<'w> {
    written: &'w Written,
    language: Language,
    styles: Styles,
    /// Where the lines stand, sheet by sheet.
    premiums: Vec<Place>,
    /// Where the rates stand.
    rates: Place,
    /// Whether Excel keeps every digit of every premium, so that it can add them up.
    countable: bool,
}

impl Book<'_> {
    /// The words of this name, which are about nothing else.
    fn words(&self, name: &'static str) -> String {
        self.language.say(&Message::new(name))
    }
}

/// Writes the workbook of a quote; the same quote gives the same bytes.
pub fn write(written: &Written, language: Language, file: &mut (impl Write + Send)) -> Result<(), XlsxError> {
    let title = language.say(&Message::new("book-title").with("number", written.quote.number.as_str()));
    let mut workbook = begun(DocProperties::new().set_title(title))?;
    let book = Book {
        written,
        language,
        styles: Styles::new(language),
        premiums: premiums::places(written, language),
        rates: rates::place(written, language),
        countable: kept(written.quote.premium).is_some(),
    };
    summary::write(&mut workbook, &book)?;
    plans::write(&mut workbook, &book)?;
    collective::write(&mut workbook, &book)?;
    premiums::write(&mut workbook, &book)?;
    rates::write(&mut workbook, &book)?;
    coefficients::write(&mut workbook, &book)?;
    diagnostics::write(&mut workbook, &book)?;
    origin::write(&mut workbook, &book)?;
    workbook.save_to_writer(file)
}
