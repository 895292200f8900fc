//! The files of a run: one document an invoice, `invoices.csv` and the manifest.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::output::folder_name;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::invoices::document;
use crate::portfolio::invoices::invoice::{Invoice, InvoiceDays};
use crate::quote::insurer::Insurer;

/// The columns of `invoices.csv`.
const COLUMNS: [&str; 10] =
    ["invoice", "number", "policyholder", "issued", "due", "charged", "settled", "amount", "purpose", "file"];

/// The outcome of a run.
#[derive(Debug)]
pub struct Written {
    /// The number of documents.
    pub documents: usize,
    /// The invoices without a document, by their places, each with the letters that no font has.
    pub left_out: BTreeMap<usize, String>,
}

/// Writes the invoices to a folder: `invoices.csv` with all of them in their order, and a document for each.
///
/// # Errors
///
/// [`Error::ForeignFolder`] where the folder holds other files, [`Error::Io`] where the system refuses; as [`document::pdf`].
pub fn write(
    invoices: &[Invoice],
    days: InvoiceDays,
    insurer: Option<&Insurer>,
    template: &Template,
    out: &Path,
    language: Language,
) -> Result<Written, Error> {
    let folder = Folder::stage(out)?;
    let left_out = pdf::render_all(invoices, |invoice| {
        let content = document::pdf(invoice, insurer, template, language)?;
        folder.write(&file(invoice), |file| file.write_all(&content))
    })?;
    let left_out: BTreeMap<usize, String> = left_out.into_iter().map(|left| (left.at, left.letters)).collect();
    folder.write("invoices.csv", |list| {
        let mut rows = csv::Writer::from_writer(list);
        rows.write_record(COLUMNS)?;
        for (at, invoice) in invoices.iter().enumerate() {
            let file = if left_out.contains_key(&at) { String::new() } else { file(invoice) };
            rows.write_record([
                defused(&invoice.number).as_ref(),
                defused(&invoice.contract).as_ref(),
                defused(&invoice.policyholder).as_ref(),
                &invoice.issued.to_string(),
                &invoice.due.to_string(),
                &invoice.charged().to_string(),
                &invoice.settled().to_string(),
                &invoice.amount.to_string(),
                defused(&invoice.purpose).as_ref(),
                &file,
            ])?;
        }
        rows.flush()
    })?;
    let total: Kopecks = invoices.iter().map(|invoice| invoice.amount).sum();
    folder.seal(&json!({
        "due": days.due.to_string(),
        "issued": days.issued.to_string(),
        "language": language.as_str(),
        "counts": { "invoices": invoices.len(), "documents": invoices.len() - left_out.len() },
        "amount": total.to_string(),
        "insurer_sha256": insurer.map(Insurer::sha256),
        "template_sha256": template.own_sha256(),
    }))?;
    folder.publish()?;
    Ok(Written { documents: invoices.len() - left_out.len(), left_out })
}

/// The name of an invoice's document.
fn file(invoice: &Invoice) -> String {
    format!("{}-{}.pdf", folder_name(&invoice.contract), invoice.due)
}
