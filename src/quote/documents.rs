//! Documents for people, made from a saved quote.
//!
//! They are always made from the [files](crate::quote::saved_quote) and never from the quote in memory, so that a document
//! made later has the same bytes as one made with the quote. A new kind is a module with a [`Document`], and a line in
//! [`DocumentKind`].

mod coefficient;
mod collective;
pub mod document;
pub mod offer;
pub mod options;
mod page;
mod workbook;

use std::path::Path;

use crate::base::error::Error;
use crate::base::named_enum::named_enum;
use crate::output::folder::Folder;
use crate::output::manifest::MANIFEST;
use crate::quote::saved_quote::SavedQuote;
use document::{Document, DocumentStyle};

named_enum! {
    /// A kind of document, by its word on the command line; in the order in which they are made.
    pub enum DocumentKind with document: Document {
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
pub struct DocumentOptions {
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
pub fn write_documents(from: &Path, out: &Path, options: &DocumentOptions) -> Result<Vec<String>, Error> {
    let saved = SavedQuote::open(from)?;
    let folder = Folder::stage(out)?;
    let is_replaced = |name: &str| options.kinds.iter().any(|kind| kind.document().has_file(name));
    for (name, entry) in saved.manifest.files.iter().filter(|(name, _)| !is_replaced(name)) {
        folder.copy_verified(name, from, &entry.sha256)?;
    }
    let made = make(&saved, &folder, options)?;
    folder.publish()?;
    Ok(made)
}

/// Adds documents to a folder whose other files and manifest are complete, but which is not published yet.
pub(crate) fn add(folder: &Folder, options: &DocumentOptions) -> Result<(), Error> {
    if options.kinds.is_empty() {
        return Ok(());
    }
    make(&SavedQuote::open(folder.staging_path())?, folder, options).map(drop)
}

/// Makes the documents, writes the manifest with their entries, and returns their names.
fn make(saved: &SavedQuote, folder: &Folder, options: &DocumentOptions) -> Result<Vec<String>, Error> {
    let mut manifest = saved.manifest.clone();
    let mut made = Vec::new();
    for kind in &options.kinds {
        let document = kind.document();
        (document.write)(saved, &options.style, folder)?;
        manifest.documents.retain(|name, _| !document.has_file(name));
        for name in folder.files().into_keys().filter(|name| document.has_file(name)) {
            manifest.documents.insert(name.clone(), (document.entry)(&options.style));
            made.push(name);
        }
    }
    manifest.files = folder.files();
    manifest.files.remove(MANIFEST);
    folder.write_json(MANIFEST, &manifest)?;
    Ok(made)
}
