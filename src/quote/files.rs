//! The files of a quote: lines for systems, a quote for programs, and the roster back for the employer.
//!
//! A result is a [`Folder`] that is complete or not there. Nothing in it depends on the clock, the machine or the number of
//! threads.

pub(crate) mod annotated_roster;
mod json;
mod lines_csv;
#[cfg_attr(not(feature = "parquet"), path = "files/no_lines_parquet.rs")]
mod lines_parquet;
mod manifest;
pub mod rates;
mod request;
pub(crate) mod tables;

pub use request::{FilesRequest, LineFormat};

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::progress::{Progress, Stage};
use crate::output::document::DocumentStyle;
use crate::output::folder::{Folder, refusal_target};
use crate::quote::documents;
use crate::quote::documents::DocumentsRequest;
use crate::quote::{Quote, Status};
use crate::roster::Roster;
use crate::table::tables::Tables;

/// Writes all files of a quote to `out`, in place of an earlier result, and returns the folder.
///
/// The folder is complete at the end or as it was before. A refused quote never replaces one with a price: see [`refusal_target`].
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::ForeignFolder`] where `out` holds a file that this program has not
/// written, [`Error::Parquet`] and [`Error::Workbook`] where a library fails, [`Error::NotBuilt`] where a file needs a feature that is off.
pub fn write_quote(
    quote: &Quote<'_>,
    out: &Path,
    request: &FilesRequest,
    progress: &dyn Progress,
) -> Result<PathBuf, Error> {
    let out = result_target(quote, out)?;
    let folder = Folder::stage(&out)?;
    let price = |format| quote.price.as_ref().filter(|_| request.formats.contains(&format));
    // the steps are counted by the writer of CSV
    progress.begin_stage(Stage::Writing, price(LineFormat::Csv).map(|price| price.lines.admitted.len() as u64));
    let (mut csv, mut parquet) = (Ok(()), Ok(()));
    // the short files are synced while the lines are formatted
    let short = rayon::in_place_scope(|scope| {
        if let Some(price) = price(LineFormat::Csv) {
            scope.spawn(|_| csv = lines_csv::write(quote, price, &folder, progress));
        }
        if let Some(price) = price(LineFormat::Parquet) {
            scope.spawn(|_| parquet = lines_parquet::write(quote, price, &folder));
        }
        write_short_files(quote, &folder, request)
    });
    csv?;
    parquet?;
    short?;
    manifest::write(quote, &folder, request)?;
    if quote.price.is_some() {
        let style = DocumentStyle {
            language: request.language,
            template: request.template.clone(),
            with_names: request.with_names,
        };
        progress.begin_stage(Stage::Documents, None);
        documents::add(&folder, &DocumentsRequest { kinds: request.documents.clone(), style })?;
    }
    folder.publish()?;
    Ok(out)
}

/// The folder in which the result of a quote may stand.
fn result_target(quote: &Quote<'_>, out: &Path) -> Result<PathBuf, Error> {
    if quote.status == Status::Refused { refusal_target(out) } else { Ok(out.to_owned()) }
}

/// Writes everything but the lines and the documents.
fn write_short_files(quote: &Quote<'_>, folder: &Folder, request: &FilesRequest) -> Result<(), Error> {
    if let Some(price) = &quote.price {
        tables::write_groups(quote, price, folder)?;
        rates::write(quote, price, folder)?;
    }
    write_diagnostics(&quote.roster.tables, folder, request.language)?;
    folder.write_json(json::NAME, &json::Content::new(quote))?;
    if let Some(notice) = quote.status.preliminary_notice(quote.roster.census) {
        let notice = request.language.render(&Message::new(notice));
        folder.write("PRELIMINARY.txt", |file| writeln!(file, "{notice}"))?;
    }
    Ok(())
}

/// Writes the diagnostics of a roster, and nothing else, to `out`: the result of a check. Returns the folder.
///
/// # Errors
///
/// As [`write_quote`].
pub fn write_check(quote: &Quote<'_>, out: &Path, request: &FilesRequest) -> Result<PathBuf, Error> {
    let out = result_target(quote, out)?;
    let folder = Folder::stage(&out)?;
    write_diagnostics(&quote.roster.tables, &folder, request.language)?;
    manifest::write(quote, &folder, request)?;
    folder.publish()?;
    Ok(out)
}

/// Writes the diagnostics of a refused list of changes to a contract.
///
/// # Errors
///
/// As [`write_quote`].
pub fn write_refused_changes(roster: &Roster, out: &Path, number: &str, language: Language) -> Result<(), Error> {
    let folder = Folder::stage(out)?;
    write_diagnostics(&roster.tables, &folder, language)?;
    folder.seal(&json!({
        "number": number,
        "status": Status::Refused,
        "changes": roster.tables.files.iter().map(|file| file.sha256.as_str()).collect::<Vec<_>>(),
        "language": language.as_str(),
    }))?;
    folder.publish()
}

/// The content of `quote.json`.
///
/// # Panics
///
/// Never: the content is texts, numbers, flags and lists.
#[must_use]
pub fn quote_json(quote: &Quote<'_>) -> String {
    serde_json::to_string_pretty(&json::Content::new(quote)).expect("texts, numbers and lists are always JSON") + "\n"
}

/// Writes the diagnostics of a table, and the sheets with their marks, into a result.
///
/// # Errors
///
/// As [`write_quote`].
pub fn write_diagnostics(found: &Tables, folder: &Folder, language: Language) -> Result<(), Error> {
    tables::write_diagnostics(found, folder, language)?;
    if found.diagnostics.is_empty() { Ok(()) } else { annotated_roster::write(found, folder, language) }
}
