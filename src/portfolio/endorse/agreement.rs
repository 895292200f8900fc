//! The supplementary agreement (дополнительное соглашение): who joins, leaves and changes, the arithmetic of each premium, the totals and
//! the instalments that follow, for the signatures of both sides.

mod template_data;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::endorse::endorsement::Endorsement;
use crate::quote::insurer::paper_template;
use template_data::AgreementData;

/// The document.
pub(super) const DOCUMENT: &str = "agreement.pdf";

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    paper_template("agreement.typ", include_str!("agreement/agreement.typ"))
}

/// Typesets the agreement of an endorsement as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub(super) fn pdf(endorsement: &Endorsement, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = AgreementData::new(endorsement, language);
    let identity = format!("{} {}", endorsement.state.contract.number, endorsement.agreement_number());
    pdf::render(template, &pdf::Data::new("agreement.json", &data, &identity))
}
