//! The document of an invoice.

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::invoices::invoice::Invoice;
use crate::portfolio::invoices::template_data::InvoiceData;
use crate::quote::insurer::{Insurer, with_insurer};

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    with_insurer(Template::built_in("invoice.typ", include_str!("invoice.typ")), None)
}

/// Typesets an invoice as a PDF document; several threads may do so at once.
///
/// The template brings the insurer of its own; `insurer` is that of the payment code, which is left out without one.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(
    invoice: &Invoice,
    insurer: Option<&Insurer>,
    template: &Template,
    language: Language,
) -> Result<Vec<u8>, Error> {
    let data = InvoiceData::new(invoice, insurer, language);
    let identity = format!("{} {}", invoice.number, invoice.issued);
    pdf::render(template, &pdf::Data::new("invoice.json", &data, &identity))
}
