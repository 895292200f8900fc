//! Documents for people: the declaration of a kind, and how documents are added to a result.
//!
//! They are made from the saved files of a result and never from values in memory, so that a document made later has the same bytes as one
//! made with the result.

use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::folder::Folder;
use crate::output::manifest::{DocumentEntry, MANIFEST, ResultManifest};
use crate::output::pdf::Template;

/// A kind of document made from a saved result `S`: the names of its files, and how they are made.
pub struct Document<S> {
    /// The name of the file, or with one `*` the names of many: `cards/*.pdf`.
    pub files: &'static str,
    /// The content, for the help of the command line.
    pub about: &'static str,
    /// Writes the files; the same result and style give the same bytes.
    pub write: fn(&S, &DocumentStyle, &Folder) -> Result<(), Error>,
    /// The entry of each file in the manifest.
    pub entry: fn(&DocumentStyle) -> DocumentEntry,
}

impl<S> Document<S> {
    /// Whether a file of this name is one of this kind.
    fn has_file(&self, name: &str) -> bool {
        match self.files.split_once('*') {
            Some((begin, end)) => {
                name.strip_prefix(begin).is_some_and(|rest| rest.len() > end.len() && rest.ends_with(end))
            }
            None => name == self.files,
        }
    }
}

/// How documents are made.
#[derive(Debug, Clone)]
pub struct DocumentStyle {
    /// The language.
    pub language: Language,
    /// The template of the PDF document.
    pub template: Template,
    /// Whether the page has names of persons; the workbook always has.
    pub with_names: bool,
}

impl DocumentStyle {
    /// The manifest's entry of a document that depends on the language alone.
    #[must_use]
    pub fn entry(&self) -> DocumentEntry {
        DocumentEntry { language: self.language.as_str().to_owned(), template: None, with_names: None }
    }
}

/// Makes documents in a folder that has the other files of the result, writes the manifest with their entries, and returns their names in
/// the order of the kinds.
///
/// # Errors
///
/// Those of the kinds, and [`Error::Io`] where the system refuses.
pub(crate) fn make<S, M: ResultManifest>(
    saved: &S,
    manifest: &M,
    folder: &Folder,
    kinds: &[Document<S>],
    style: &DocumentStyle,
) -> Result<Vec<String>, Error> {
    let mut manifest = manifest.clone();
    let mut documents = manifest.documents().clone();
    let mut made = Vec::new();
    for document in kinds {
        (document.write)(saved, style, folder)?;
        documents.retain(|name, _| !document.has_file(name));
        for name in folder.files().into_keys().filter(|name| document.has_file(name)) {
            documents.insert(name.clone(), (document.entry)(style));
            made.push(name);
        }
    }
    let mut files = folder.files();
    files.remove(MANIFEST);
    manifest.list(files, documents);
    folder.write_json(MANIFEST, &manifest)?;
    Ok(made)
}

/// Makes documents of the result in `from`, and writes them with all its other files to `out`, which may be the same folder.
///
/// The folder is complete at the end or as it was before. A document that was there is replaced where it is asked for, and kept where it is
/// not. Returns the names of the files that were made, in the order of the kinds.
///
/// # Errors
///
/// Those of the kinds, [`Error::NotAQuote`] where a file has changed, [`Error::Io`] where the system refuses.
pub(crate) fn write_documents<S, M: ResultManifest>(
    (saved, manifest): (&S, &M),
    from: &Path,
    out: &Path,
    kinds: &[Document<S>],
    style: &DocumentStyle,
) -> Result<Vec<String>, Error> {
    let folder = Folder::stage(out)?;
    let is_replaced = |name: &str| kinds.iter().any(|document| document.has_file(name));
    for (name, entry) in manifest.files().iter().filter(|(name, _)| !is_replaced(name)) {
        folder.copy_verified(name, from, &entry.sha256)?;
    }
    let made = make(saved, manifest, &folder, kinds, style)?;
    folder.publish()?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_knows_its_files_by_the_pattern() {
        let document =
            |files| Document::<()> { files, about: "", write: |(), _, _| Ok(()), entry: DocumentStyle::entry };
        assert!(document("offer.pdf").has_file("offer.pdf"));
        assert!(!document("offer.pdf").has_file("my offer.pdf"));
        let cards = document("cards/*.pdf");
        assert!(cards.has_file("cards/1.pdf"));
        assert!(!cards.has_file("cards/.pdf") && !cards.has_file("cards/1.csv") && !cards.has_file("1.pdf"));
    }
}
