//! The document of a statement.

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::statement::account::Statement;
use crate::portfolio::statement::template_data::StatementData;
use crate::quote::insurer::with_insurer;

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    with_insurer(Template::built_in("statement.typ", include_str!("statement.typ")), None)
}

/// Typesets the statement as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(statement: &Statement, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = StatementData::new(statement, language);
    let identity = format!("{} {} {}", statement.number, statement.from, statement.to);
    pdf::render(template, &pdf::Data::new("statement.json", &data, &identity))
}
