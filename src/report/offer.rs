//! The offer to the policyholder in PDF: what a quote covers and costs, as the employer reads and signs it.
//!
//! A [`Template`] says in Typst's language how the figures of a [written quote](Written) are set. They reach it as data,
//! `json("offer.json")`, and never as markup, so that nothing in a name can change the document. The bytes depend on the
//! quote, the language and the template alone: the date of making is a fixed one, and its faces travel with the program.
//! It conforms to PDF/A-2a: searchable, tagged, everything embedded.

pub mod numeral;
mod press;
mod shown;
mod template;

use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::error::Error;
use crate::report::written::Written;
use crate::words::Language;
use press::Press;
use shown::Shown;
pub use template::Template;

/// The offer as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// face of the program or the template's folder has.
pub fn pdf(written: &Written, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let shown = Shown::new(written, language);
    let press = Press::new(template, shown.json());
    let strange = press.strange_letters(&shown);
    if !strange.is_empty() {
        return Err(Error::NoFace { letters: strange });
    }
    let set = typst::compile(&press);
    // a remark, such as on a face that is not there, means that the document is not what its author wants
    let remarks = set.warnings;
    let made = match set.output {
        Ok(document) if remarks.is_empty() => typst_pdf::pdf(&document, &options(&written.quote.number)),
        Ok(_) => Err(remarks),
        Err(faults) => Err(faults),
    };
    // the typesetter's memory of its steps is of use to nobody: the next document has other values
    typst::comemo::evict(0);
    made.map_err(|found| press.refused(&found))
}

/// PDF/A-2a with the identity of the contract.
fn options(number: &str) -> PdfOptions {
    // the standard wants a date of making, and sameness of bytes the same one every day
    let made = Datetime::from_ymd(2000, 1, 1).map(Timestamp::new_utc);
    PdfOptions {
        ident: Smart::Custom(number.to_owned()),
        creator: Smart::Custom(Some("kollektiv".to_owned())),
        timestamp: made,
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("one standard contradicts no other"),
        ..PdfOptions::default()
    }
}
