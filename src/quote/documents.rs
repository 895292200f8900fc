//! Documents for people, made from a quote that is written already.
//!
//! They are always made from the [files](crate::quote::saved_quote) and never from the quote in memory, so that a document made later
//! is the same, byte for byte, as one made with the quote.

pub(crate) mod coefficient;
pub(crate) mod collective;
pub mod offer;
pub(crate) mod page;
pub(crate) mod workbook;

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::folder::{Folder, MANIFEST};
use crate::output::xlsx::made;
use crate::quote::files::json;
use crate::quote::saved_quote::Written;
use offer::Template;

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// `quote.xlsx`, for the underwriter and the employer's accountant.
    Workbook,
    /// `offer.pdf`, for the policyholder.
    Offer,
    /// `quote.html`, for everybody: one file that a browser shows without a network.
    Page,
}

impl DocumentKind {
    /// Every kind, in the order in which they are made.
    pub const ALL: [Self; 3] = [Self::Workbook, Self::Offer, Self::Page];

    /// The name of the file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Workbook => "quote.xlsx",
            Self::Offer => "offer.pdf",
            Self::Page => "quote.html",
        }
    }
}

/// Which documents to make, and how.
#[derive(Debug, Clone)]
pub struct DocumentOptions {
    /// The language of the documents.
    pub language: Language,
    /// The documents, each once.
    pub kinds: Vec<DocumentKind>,
    /// How the offer is set.
    pub template: Template,
    /// Whether the page names the insured; the workbook always does.
    pub with_names: bool,
}

/// Makes documents of the quote in `from`, and writes them with everything that it holds to `out`, which may be the same.
///
/// The folder is complete at the end or as it was before. A document that was there is made anew where it is asked for, and
/// kept where it is not.
///
/// # Errors
///
/// As [`Written::open`], [`write_quote`](crate::quote::files::write_quote) and [`offer::pdf`].
pub fn write_documents(from: &Path, out: &Path, options: &DocumentOptions) -> Result<(), Error> {
    let written = Written::open(from)?;
    let folder = Folder::stage(out)?;
    let made = |name: &str| options.kinds.iter().any(|kind| kind.file_name() == name);
    for (name, listed) in written.manifest.files.iter().filter(|(name, _)| !made(name)) {
        folder.adopt(name, from, &listed.sha256)?;
    }
    folder.write(MANIFEST, |file| {
        let mut manifest = std::fs::File::open(from.join(MANIFEST))?;
        std::io::copy(&mut manifest, file).map(drop)
    })?;
    make(&written, &folder, options)?;
    folder.publish()
}

/// Adds documents to a folder whose files and manifest are written, but which is not in its place yet.
pub(crate) fn add(folder: &Folder, options: &DocumentOptions) -> Result<(), Error> {
    if options.kinds.is_empty() {
        return Ok(());
    }
    make(&Written::open(folder.room())?, folder, options)
}

fn make(written: &Written, folder: &Folder, options: &DocumentOptions) -> Result<(), Error> {
    for kind in &options.kinds {
        let name = kind.file_name();
        match kind {
            DocumentKind::Workbook => made(folder, name, |file| workbook::write(written, options.language, file))?,
            DocumentKind::Offer => {
                let document = offer::pdf(written, &options.template, options.language)?;
                folder.write(name, |file| file.write_all(&document))?;
            }
            DocumentKind::Page => {
                let page = page::html(written, options.language, options.with_names);
                folder.write(name, |file| file.write_all(page.as_bytes()))?;
            }
        }
    }
    list(folder, options)
}

/// Lists the documents in the manifest that is there, with the language of each and an own template's SHA-256.
fn list(folder: &Folder, options: &DocumentOptions) -> Result<(), Error> {
    let path = folder.room().join(MANIFEST);
    let bytes = std::fs::read(&path).map_err(|fault| Error::reading(&folder.shown(MANIFEST), fault))?;
    let mut manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let written = folder.written();
    let mut documents = match manifest["documents"].take() {
        Value::Object(documents) => documents,
        _ => Map::new(),
    };
    for kind in &options.kinds {
        let mut document = json!({ "language": options.language.code() });
        if let (DocumentKind::Offer, Some(sha256)) = (kind, options.template.own_sha256()) {
            document["template"] = json!({ "sha256": sha256 });
        }
        if *kind == DocumentKind::Page {
            document["with_names"] = options.with_names.into();
        }
        documents.insert(kind.file_name().to_owned(), document);
    }
    documents.sort_keys();
    manifest["documents"] = Value::Object(documents);
    let files = written.into_iter().filter(|(name, _)| name != MANIFEST);
    let files = files.map(|(name, file)| (name, json!({ "sha256": file.sha256, "bytes": file.bytes })));
    manifest["files"] = Value::Object(files.collect());
    folder.write(MANIFEST, |file| json::write(&manifest, file))
}
