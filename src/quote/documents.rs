//! Documents for people, made from a saved quote.
//!
//! They are always made from the [files](crate::quote::saved_quote) and never from the quote in memory, so that a document
//! made later has the same bytes as one made with the quote. A new kind is a module with a [`Document`], and a line in
//! [`DocumentKind`].

mod coefficient;
mod collective;
pub mod offer;
pub mod options;
mod page;
mod workbook;

use std::path::Path;

use crate::base::error::Error;
use crate::base::named_enum::named_enum;
use crate::output::document;
use crate::output::document::{Document, DocumentStyle};
use crate::output::folder::Folder;
use crate::quote::saved_quote::SavedQuote;

named_enum! {
    /// A kind of document, by its word on the command line; in the order in which they are made.
    pub enum DocumentKind with document: Document<SavedQuote> {
        /// For the underwriter and the employer's accountant.
        Workbook = "xlsx" => workbook::DOCUMENT,
        /// For the policyholder.
        Offer = "pdf" => offer::DOCUMENT,
        /// For the underwriter: one file that a browser shows without a network, with ranges to move.
        Page = "html" => page::DOCUMENT,
        /// For the policyholder: the page without ranges and corridor.
        ClientPage = "html-client" => page::CLIENT_DOCUMENT,
    }
}

/// Which documents to make, and how.
#[derive(Debug, Clone)]
pub struct DocumentsRequest {
    /// The documents, each once.
    pub kinds: Vec<DocumentKind>,
    /// How they are made.
    pub style: DocumentStyle,
}

/// Makes documents of the quote in `from`, and writes them with all its other files to `out`, which may be the same folder.
///
/// The folder is complete at the end or as it was before. A document that was there is replaced where it is asked for, and
/// kept where it is not. Returns the names of the files that were made, in the order of the kinds.
///
/// # Errors
///
/// As [`SavedQuote::open`], [`write_quote`](crate::quote::files::write_quote) and [`offer::pdf`].
pub fn write_documents(from: &Path, out: &Path, request: &DocumentsRequest) -> Result<Vec<String>, Error> {
    let saved = SavedQuote::open(from)?;
    document::write_documents((&saved, &saved.manifest), from, out, &request.documents(), &request.style)
}

/// Adds documents to a folder whose other files and manifest are complete, but which is not published yet.
pub(crate) fn add(folder: &Folder, request: &DocumentsRequest) -> Result<(), Error> {
    if request.kinds.is_empty() {
        return Ok(());
    }
    let saved = SavedQuote::open(folder.staging_path())?;
    document::make(&saved, &saved.manifest, folder, &request.documents(), &request.style).map(drop)
}

impl DocumentsRequest {
    fn documents(&self) -> Vec<Document<SavedQuote>> {
        self.kinds.iter().map(|kind| kind.document()).collect()
    }
}
