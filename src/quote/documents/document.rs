//! The declaration of a kind of document.

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::folder::Folder;
use crate::output::pdf::Template;
use crate::quote::manifest::DocumentEntry;
use crate::quote::saved_quote::SavedQuote;

/// A kind of document: the names of its files, and how they are made.
pub struct Document {
    /// The name of the file, or with one `*` the names of many: `cards/*.pdf`.
    pub files: &'static str,
    /// The content, for the help of the command line.
    pub about: &'static str,
    /// Writes the files; the same quote and style give the same bytes.
    pub write: fn(&SavedQuote, &DocumentStyle, &Folder) -> Result<(), Error>,
    /// The entry of each file in the manifest.
    pub entry: fn(&DocumentStyle) -> DocumentEntry,
}

impl Document {
    /// Whether a file of this name is one of this kind.
    #[must_use]
    pub fn has_file(&self, name: &str) -> bool {
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
    /// The template of the offer.
    pub template: Template,
    /// Whether the page names the insured; the workbook always does.
    pub with_names: bool,
}

impl DocumentStyle {
    /// The manifest's entry of a document that depends on the language alone.
    #[must_use]
    pub fn entry(&self) -> DocumentEntry {
        DocumentEntry { language: self.language.as_str().to_owned(), template: None, with_names: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_knows_its_files_by_the_pattern() {
        let document = |files| Document { files, about: "", write: |_, _, _| Ok(()), entry: DocumentStyle::entry };
        assert!(document("offer.pdf").has_file("offer.pdf"));
        assert!(!document("offer.pdf").has_file("my offer.pdf"));
        let cards = document("cards/*.pdf");
        assert!(cards.has_file("cards/1.pdf"));
        assert!(!cards.has_file("cards/.pdf") && !cards.has_file("cards/1.csv") && !cards.has_file("1.pdf"));
    }
}
