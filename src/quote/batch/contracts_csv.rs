//! `contracts.csv`: a row for each contract of a run over many.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::csv;
use crate::output::csv_injection::defused;
use crate::output::excel_csv::{copy_name, write_copy};
use crate::output::permissions::create_shared_folder;
use crate::output::staging::unfinished_file;
use crate::quote::batch::quoted_contract::{QuoteOutcome, QuotedContract};

/// The name of the file.
pub const CONTRACTS: &str = "contracts.csv";

/// The columns.
const COLUMNS: [&str; 9] =
    ["number", "folder", "headcount", "premium", "status", "reason", "file", "tariff", "tariff_sha256"];

/// Writes the rows in place of those of an earlier run, and returns the file; a reader sees one or the other, whole.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn write_contracts(rows: &[QuotedContract], out: &Path, language: Language) -> Result<PathBuf, Error> {
    let path = out.join(CONTRACTS);
    create_shared_folder(out).map_err(|fault| Error::writing(out, fault))?;
    let write = |path: &Path, text: &[u8]| {
        let mut file = unfinished_file(out)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|fault| fault.error)
    };
    let written = text(rows, language).and_then(|text| {
        if let Some(name) = copy_name(CONTRACTS) {
            let mut copy = Vec::new();
            write_copy(|| Ok(text.as_slice()), &mut copy)?;
            write(&out.join(name), &copy)?;
        }
        write(&path, &text)
    });
    written.map_err(|fault| Error::writing(&path, fault))?;
    Ok(path)
}

fn text(rows: &[QuotedContract], language: Language) -> std::io::Result<Vec<u8>> {
    let mut records = csv::rows();
    records.write_record(COLUMNS)?;
    for row in rows {
        let (folder, headcount, premium, status, reason) = match &row.outcome {
            QuoteOutcome::Priced { folder, status, headcount, premium } => {
                (Some(folder), headcount.to_string(), premium.to_string(), status.as_str(), None)
            }
            QuoteOutcome::Refused { folder, reason } => {
                (Some(folder), String::new(), String::new(), "refused", Some(reason.clone()))
            }
            QuoteOutcome::SetAside(reason) => (None, String::new(), String::new(), "set-aside", Some(reason.message())),
        };
        let folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
        let reason = reason.map(|reason| language.render(&reason)).unwrap_or_default();
        let tariff = row.tariff.as_ref();
        let file = row.path.display().to_string();
        records.write_record([
            &*defused(row.number.as_deref().unwrap_or_default()),
            &*defused(&folder),
            &headcount,
            &premium,
            status,
            &*defused(&reason),
            &*defused(&file),
            &*defused(tariff.map_or("", |tariff| tariff.code.as_str())),
            tariff.map_or("", |tariff| tariff.sha256.as_str()),
        ])?;
    }
    csv::text(records)
}
