//! The same figures for every reader: lines for systems, a quote for programs, the roster back for the employer.
//!
//! A result is a [folder](folder) that is complete or not there. Nothing in it depends on the clock, the machine or the
//! number of threads.

pub(crate) mod annotated_roster;
pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod manifest;
pub(crate) mod parquet;
pub mod rates;

use crate::output::folder;
use crate::quote::documents;

pub use annotated_roster::severity_word;

use std::path::Path;

use crate::base::diagnostic::Diagnostic;
use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::progress::{Progress, Stage};
use crate::output::folder::Folder;
use crate::quote::documents::offer::Template;
use crate::quote::documents::{DocumentKind, DocumentOptions};
use crate::quote::{Quote, Status};
use crate::roster::Roster;

/// The forms of the file of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFormat {
    /// `premiums.csv`.
    Csv,
    /// `premiums.parquet`.
    Parquet,
}

impl LineFormat {
    /// The word of the command line and the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// What the reader of a result may choose.
#[derive(Debug, Clone)]
pub struct Options {
    /// The language of messages.
    pub language: Language,
    /// The files of lines, each once.
    pub formats: Vec<LineFormat>,
    /// Whether the clean rows alone were to be priced.
    pub preliminary: bool,
    /// The documents for people, made where there is a price; they need the lines as CSV.
    pub documents: Vec<DocumentKind>,
    /// How the offer is set, where it is one of the documents.
    pub template: Template,
    /// Whether the page among the documents names the insured.
    pub with_names: bool,
}

/// Writes everything that a quote has to `out`, in place of an earlier result.
///
/// The folder is complete at the end or as it was before.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::ForeignFolder`] where `out` holds what this program has not written,
/// [`Error::Parquet`] and [`Error::Workbook`] where a library gives up.
pub fn write_quote(quote: &Quote<'_>, out: &Path, options: &Options, watch: &dyn Progress) -> Result<(), Error> {
    let folder = Folder::stage(out)?;
    watch.begin(Stage::Writing, quote.price.as_ref().map(|price| price.lines.admitted.len() as u64));
    let price = |format| quote.price.as_ref().filter(|_| options.formats.contains(&format));
    let (mut csv, mut parquet) = (Ok(()), Ok(()));
    let short = rayon::in_place_scope(|scope| {
        if let Some(price) = price(LineFormat::Csv) {
            scope.spawn(|_| csv = csv::premiums(quote, price, &folder, watch));
        }
        if let Some(price) = price(LineFormat::Parquet) {
            scope.spawn(|_| parquet = parquet::premiums(quote, price, &folder));
        }
        // the disk takes its time for each of them
        write_short(quote, &folder, options)
    });
    csv?;
    parquet?;
    short?;
    manifest::write(quote, &folder, options)?;
    if quote.price.is_some() {
        let options = DocumentOptions {
            language: options.language,
            kinds: options.documents.clone(),
            template: options.template.clone(),
            with_names: options.with_names,
        };
        documents::add(&folder, &options)?;
    }
    folder.publish()
}

/// Writes everything but the lines and the documents.
fn write_short(quote: &Quote<'_>, folder: &Folder, options: &Options) -> Result<(), Error> {
    if let Some(price) = &quote.price {
        csv::groups(quote, price, folder)?;
        rates::write(quote, price, folder)?;
    }
    write_diagnostics(&quote.roster, folder, options.language)?;
    folder.write("quote.json", |file| json::quote(quote, file))?;
    if quote.status == Status::Preliminary {
        let notice =
            options.language.say(&crate::base::messages::Message::new(preliminary_notice(quote.roster.census)));
        folder.write("PRELIMINARY.txt", |file| writeln!(file, "{notice}"))?;
    }
    Ok(())
}

/// Writes what is wrong with a roster, and nothing else, to `out`: what a check gives.
///
/// # Errors
///
/// As [`write_quote`].
pub fn write_check(quote: &Quote<'_>, out: &Path, options: &Options) -> Result<(), Error> {
    let folder = Folder::stage(out)?;
    write_diagnostics(&quote.roster, &folder, options.language)?;
    manifest::write(quote, &folder, options)?;
    folder.publish()
}

/// Writes what is wrong with a list of changes to a contract of this number, as a check of a roster does.
///
/// # Errors
///
/// As [`write_quote`].
pub fn write_refused_changes(roster: &Roster, out: &Path, number: &str, language: Language) -> Result<(), Error> {
    #[derive(serde::Serialize)]
    struct About<'a> {
        number: &'a str,
        status: &'static str,
        changes: Vec<&'a str>,
        language: &'static str,
    }
    let folder = Folder::stage(out)?;
    write_diagnostics(roster, &folder, language)?;
    let changes = roster.files.iter().map(|file| file.sha256.as_str()).collect();
    let status = Status::Refused.as_str();
    manifest::seal(&folder, &About { number, status, changes, language: language.code() })?;
    folder.publish()
}

/// What `quote.json` holds.
#[must_use]
pub fn quote_json(quote: &Quote<'_>) -> String {
    let mut bytes = Vec::new();
    match json::quote(quote, &mut bytes) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(fault) => unreachable!("memory takes what is written to it: {fault}"),
    }
}

/// The name of the words for why a quote is preliminary: that of a census, or of the clean rows alone.
#[must_use]
pub const fn preliminary_notice(census: bool) -> &'static str {
    if census { "census-notice" } else { "preliminary-notice" }
}

fn write_diagnostics(roster: &Roster, folder: &Folder, language: Language) -> Result<(), Error> {
    csv::diagnostics(roster, folder, language)?;
    if roster.diagnostics.is_empty() { Ok(()) } else { annotated_roster::write(roster, folder, language) }
}

/// Where a diagnostic is, for a line of text: `roster.xlsx, «Список», D17`.
#[must_use]
pub fn shown_place(roster: &Roster, found: &Diagnostic) -> String {
    let sheet = roster.sheets.get(usize::from(found.place.sheet)).map(crate::roster::Sheet::shown).unwrap_or_default();
    let cell = match (found.place.row, found.place.column) {
        (0, _) => String::new(),
        (row, None) => row.to_string(),
        (row, Some(column)) => format!("{}{row}", crate::base::diagnostic::column_letters(column)),
    };
    [sheet, cell].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
