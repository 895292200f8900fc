//! The letter of §2.3: the written notice to a policyholder before medical prices change.
//!
//! It states the changes and their first day, the additional premium with its deadline, and the consequences of a refusal (`I22`), with the
//! arithmetic of the refund. The additional premium is due by the day before the new prices begin: until then the policyholder can pay or
//! refuse, and no day is insured at a price that is not agreed.

mod letter;
mod template_data;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::quote::insurer::paper_template;
pub use letter::{Changed, Expenses, Notice};
use template_data::NoticeData;

/// The letter's template in the program, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    paper_template("notice.typ", include_str!("notice/notice.typ"))
}

/// Typesets the letter as a PDF document; several threads may do so at once.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(notice: &Notice, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = NoticeData::new(notice, language);
    let identity = format!("{} {}", notice.number, notice.change_id);
    pdf::render(template, &pdf::Data::new("notice.json", &data, &identity))
}
