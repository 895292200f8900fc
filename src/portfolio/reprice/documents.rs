//! Documents about the impact of a price change for the board: one page, then the lists.
//!
//! They are made from the [files](crate::portfolio::reprice::saved_repricing) of the run and never from the book, so that a document made
//! later has the same bytes as one made with the run. [`board`] decides what they show, and each kind only lays it out.

pub(crate) mod board;
mod contract_lists;
mod page;
mod paper;
mod section;
mod workbook;

use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::named_enum::named_enum;
use crate::output::document;
use crate::output::document::{Document, DocumentStyle};
use crate::output::folder::Folder;
use crate::portfolio::reprice::saved_repricing::SavedRepricing;

named_enum! {
    /// A kind of document about a repricing, by its word on the command line; in the order in which they are made.
    pub enum ImpactDocument with document: Document<SavedRepricing> {
        /// With every contract.
        Workbook = "xlsx" => workbook::DOCUMENT,
        /// For the meeting of the board.
        Paper = "pdf" => paper::DOCUMENT,
        /// One file that a browser shows without a network.
        Page = "html" => page::DOCUMENT,
    }
}

/// Makes documents of the repricing in `from`, and writes them with all its other files to `out`, which may be the same folder; returns the
/// names of the files that were made.
///
/// # Errors
///
/// As [`SavedRepricing::open`]; [`Error::Io`], [`Error::Workbook`] where a document cannot be written.
pub fn write_documents(
    from: &Path,
    out: &Path,
    kinds: &[ImpactDocument],
    language: Language,
) -> Result<Vec<String>, Error> {
    let saved = SavedRepricing::open(from)?;
    document::write_documents((&saved, &saved.manifest), from, out, &documents(kinds), &style(language))
}

/// Adds documents to a folder whose other files and manifest are complete, but which is not published yet.
pub(super) fn add(folder: &Folder, kinds: &[ImpactDocument], language: Language) -> Result<(), Error> {
    if kinds.is_empty() {
        return Ok(());
    }
    let saved = SavedRepricing::open(folder.staging_path())?;
    document::make(&saved, &saved.manifest, folder, &documents(kinds), &style(language)).map(drop)
}

fn documents(kinds: &[ImpactDocument]) -> Vec<Document<SavedRepricing>> {
    kinds.iter().map(|kind| kind.document()).collect()
}

fn style(language: Language) -> DocumentStyle {
    DocumentStyle { language, template: paper::template(), with_names: false }
}
