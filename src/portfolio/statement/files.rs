//! The files of a statement: `statement.pdf`, `statement.csv` and the manifest.

use std::path::Path;

use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::output::pdf::Template;
use crate::portfolio::statement::account::Statement;
use crate::portfolio::statement::document;
use crate::quote::insurer::Insurer;

/// The document.
pub const DOCUMENT: &str = "statement.pdf";
/// The columns of `statement.csv`.
const COLUMNS: [&str; 6] = ["day", "cause", "document", "debit", "credit", "balance"];

/// Writes the statement to a folder: the document, and a row for each entry.
///
/// # Errors
///
/// [`Error::ForeignFolder`] where the folder holds other files, [`Error::Io`] where the system refuses; as [`document::pdf`].
pub fn write(
    statement: &Statement,
    insurer: Option<&Insurer>,
    template: &Template,
    out: &Path,
    language: Language,
) -> Result<(), Error> {
    let folder = Folder::stage(out)?;
    let content = document::pdf(statement, template, language)?;
    folder.write(DOCUMENT, |file| file.write_all(&content))?;
    folder.write("statement.csv", |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(COLUMNS)?;
        for (entry, balance) in statement.balances() {
            rows.write_record([
                entry.day.to_string().as_str(),
                entry.cause.as_str(),
                defused(entry.cause.document()).as_ref(),
                &entry.debit.to_string(),
                &entry.credit.to_string(),
                &balance.to_string(),
            ])?;
        }
        rows.flush()
    })?;
    folder.seal(&json!({
        "number": &statement.number,
        "from": statement.from.to_string(),
        "to": statement.to.to_string(),
        "language": language.as_str(),
        "opening": statement.opening.to_string(),
        "closing": statement.closing().to_string(),
        "insurer_sha256": insurer.map(Insurer::sha256),
        "template_sha256": template.own_sha256(),
    }))?;
    folder.publish()
}
