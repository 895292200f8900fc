//! The offer to the policyholder in PDF: what a quote covers and costs, for the employer to read and sign.
//!
//! A [`Template`] in Typst's language lays out the figures of a [saved quote](SavedQuote), which it reads by
//! `json("offer.json")`.

pub mod clinic_names;
pub mod numeral;
pub(super) mod template_data;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::document::Document;
use crate::output::manifest::{DocumentEntry, TemplateEntry};
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::quote::insurer::paper_template;
use crate::quote::saved_quote::SavedQuote;
use clinic_names::{ClinicNames, with_clinics};
use template_data::OfferData;

/// The name of the file.
const FILE: &str = "offer.pdf";

/// The declaration of the kind.
pub(super) const DOCUMENT: Document<SavedQuote> = Document {
    files: FILE,
    about: "the offer for the policyholder",
    write: |saved, style, folder| {
        let document = pdf(saved, &style.template, style.language)?;
        folder.write(FILE, |file| file.write_all(&document))
    },
    entry: |style| DocumentEntry {
        template: style.template.own_sha256().map(|sha256| TemplateEntry { sha256 }),
        ..style.entry()
    },
};

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    with_clinics(paper_template("offer.typ", include_str!("offer/offer.typ")), &ClinicNames::new())
}

/// The offer as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(saved: &SavedQuote, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = OfferData::new(saved, language);
    pdf::render(template, &pdf::Data::new("offer.json", &data, &saved.quote.number))
}
