//! Templates of documents: built in, or an insurer's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::source_file::SourceFile;

/// The layout of a document, in Typst's language.
///
/// An own template may use the pictures, templates and fonts in its folder, and nothing outside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(crate) source: SourceFile,
    /// The folder of an own template.
    pub(crate) folder: Option<PathBuf>,
    /// The files that the program adds to the template.
    pub(super) provided: Arc<Vec<ProvidedFile>>,
}

/// A file that the program adds to a template: data of all papers, further templates, pictures. A file of that name in the folder of an
/// own template replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvidedFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Template {
    /// A template that is part of the program.
    pub(crate) fn built_in(name: &str, text: &str) -> Self {
        Self { source: SourceFile { path: name.into(), text: text.to_owned() }, folder: None, provided: Arc::default() }
    }

    /// A text as the own template of a folder.
    pub(crate) fn own(name: &str, text: &str, folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..Self::built_in(name, text) }
    }

    /// An insurer's own template.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`]; faults of the template itself show when a document is made.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { source: SourceFile::open(path)?, folder: Some(folder), provided: Arc::default() })
    }

    /// The template with a file of the program, in place of one of the same name.
    #[must_use]
    pub fn provide(mut self, file: ProvidedFile) -> Self {
        let provided = Arc::make_mut(&mut self.provided);
        provided.retain(|known| known.name != file.name);
        provided.push(file);
        self
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
