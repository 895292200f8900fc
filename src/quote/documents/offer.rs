//! The offer to the policyholder in PDF: what a quote covers and costs, as the employer reads and signs it.
//!
//! A [`Template`] says in Typst's language how the figures of a [written quote](Written) are set. They reach it as
//! `json("offer.json")`; the press keeps them data.

pub mod numeral;
pub(crate) mod template_data;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
pub use crate::output::pdf::Template;
use crate::quote::saved_quote::Written;
use template_data::Shown;

/// The offer as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// face of the program or the template's folder has.
pub fn pdf(written: &Written, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let shown = Shown::new(written, language);
    let values = pdf::Values {
        name: "offer.json",
        json: shown.json(),
        texts: shown.foreign_texts().collect(),
        identity: &written.quote.number,
    };
    pdf::pdf(template, values)
}
