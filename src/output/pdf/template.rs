//! Templates of documents: those that travel with the program, or an insurer's own.

use std::path::{Path, PathBuf};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::source_file::SourceFile;

/// How a document is set, in Typst's language.
///
/// An own template may use pictures, other templates and faces that stand in its folder, and nothing outside of it.
#[derive(Debug, Clone)]
pub struct Template {
    pub(crate) source: SourceFile,
    /// Where the files are that it uses; none of the built-in one.
    pub(crate) folder: Option<PathBuf>,
}

impl Template {
    /// The template of the offer that travels with the program, in Russian and in English.
    #[must_use]
    pub fn built_in() -> Self {
        Self::travelling("offer.typ", include_str!("../../quote/documents/offer/offer.typ"))
    }

    /// A template that travels with the program.
    pub(crate) fn travelling(name: &str, text: &str) -> Self {
        Self { source: SourceFile { path: name.into(), text: text.to_owned() }, folder: None }
    }

    /// An insurer's own template.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`]; what is wrong inside of it shows when it is used.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { source: SourceFile::open(path)?, folder: Some(folder) })
    }

    /// The SHA-256 of an own template; none of the built-in one, which the version of the program says.
    #[must_use]
    pub fn own_sha256(&self) -> Option<String> {
        self.folder.as_ref().map(|_| sha256(self.source.text.as_bytes()))
    }

    /// The text, to begin an own template with.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source.text
    }
}
