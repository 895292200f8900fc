//! The document of an invoice: its template, and the data of it, with every figure as text in the form of its language.

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::portfolio::invoices::invoice::Invoice;
use crate::portfolio::invoices::payment_code::{payment_text, picture};
use crate::portfolio::register::versions::VersionKind;
use crate::quote::documents::offer::numeral::in_words;
use crate::quote::insurer::{Insurer, paper_template};

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    paper_template("invoice.typ", include_str!("invoice.typ"))
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

/// `invoice.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
struct InvoiceData {
    language: &'static str,
    number: String,
    contract: String,
    policyholder: String,
    start: String,
    end: String,
    issued: String,
    due: String,
    charges: Vec<ChargeData>,
    charged: String,
    /// What is paid or credited of it, where something is.
    settled: Option<String>,
    /// What was taken back of earlier payments, where more was taken back than paid.
    reversed: Option<String>,
    amount: String,
    amount_in_words: String,
    purpose: String,
    /// The text of the payment code; `None` without an insurer.
    code: Option<String>,
    /// The payment code as a picture in SVG.
    code_svg: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChargeData {
    /// What has made the charge, by the word of the register: `bound`, `endorsed`, `repriced`.
    kind: &'static str,
    /// The amount without its sign.
    amount: String,
    /// Whether it lowers what is to be paid.
    is_credit: bool,
}

impl InvoiceData {
    fn new(invoice: &Invoice, insurer: Option<&Insurer>, language: Language) -> Self {
        let amount = |amount| language.unbroken_amount(amount);
        let settled = invoice.settled();
        let code = insurer.and_then(|insurer| payment_text(insurer, invoice.amount, &invoice.purpose));
        let charge = |(kind, sum): &(_, Kopecks)| ChargeData {
            kind: VersionKind::as_str(*kind),
            amount: amount(sum.abs()),
            is_credit: *sum < Kopecks::ZERO,
        };
        Self {
            language: language.as_str(),
            number: printable(&invoice.number),
            contract: printable(&invoice.contract),
            policyholder: printable(&invoice.policyholder),
            start: day(invoice.term.0, language),
            end: day(invoice.term.1, language),
            issued: day(invoice.issued, language),
            due: day(invoice.due, language),
            charges: invoice.charges.iter().map(charge).collect(),
            charged: amount(invoice.charged()),
            settled: (settled > Kopecks::ZERO).then(|| amount(settled)),
            reversed: (settled < Kopecks::ZERO).then(|| amount(-settled)),
            amount: amount(invoice.amount),
            amount_in_words: in_words(invoice.amount, language),
            purpose: invoice.purpose.clone(),
            code_svg: code.as_deref().and_then(picture),
            code,
        }
    }
}
