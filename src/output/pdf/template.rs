//! Templates of documents: built in, or an insurer's own.

use std::path::{Path, PathBuf};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::source_file::SourceFile;

/// The layout of a document, in Typst's language.
///
/// An own template may use the pictures, templates and fonts in its folder, and nothing outside of it.
#[derive(Debug, Clone)]
pub struct Template {
    pub(crate) source: SourceFile,
    /// The folder of an own template.
    pub(crate) folder: Option<PathBuf>,
}

impl Template {
    /// A template that is part of the program.
    pub(crate) fn built_in(name: &str, text: &str) -> Self {
        Self { source: SourceFile { path: name.into(), text: text.to_owned() }, folder: None }
    }

    /// An insurer's own template.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`]; faults of the template itself show when a document is made.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { source: SourceFile::open(path)?, folder: Some(folder) })
    }

    /// The SHA-256 of an own template; a built-in one is known by the version of the program.
    #[must_use]
    pub fn own_sha256(&self) -> Option<String> {
        self.folder.as_ref().map(|_| sha256(self.source.text.as_bytes()))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source.text
    }
}
