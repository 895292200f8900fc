//! `manifest.json`: the program and the inputs that a result was made from, and the SHA-256 of each of its files.
//!
//! Every result has `program` first and `files` last. What stands between them (inputs, options, counts) is declared where
//! the result is written, and [`Folder::seal`](crate::output::folder::Folder::seal) writes it all.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The name of the file; a folder that holds one is a result of this program.
pub const MANIFEST: &str = "manifest.json";

/// A program and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
}

impl Program {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// A file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The name without its folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A file of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Their number.
    pub bytes: u64,
}

/// How a document was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentEntry {
    /// The language: `ru`, `en`.
    pub language: String,
    /// An insurer's own template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateEntry>,
    /// Whether the page names the insured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_names: Option<bool>,
}

/// An insurer's own template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateEntry {
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// The manifest of a result from which documents can be made.
pub trait ResultManifest: Clone + Serialize + DeserializeOwned {
    /// Every file of the folder except the manifest, by name.
    fn files(&self) -> &BTreeMap<String, FileEntry>;

    /// The documents among them, by name.
    fn documents(&self) -> &BTreeMap<String, DocumentEntry>;

    /// Replaces both lists.
    fn list(&mut self, files: BTreeMap<String, FileEntry>, documents: BTreeMap<String, DocumentEntry>);
}

/// A manifest around the facts `T` of one kind of result.
#[derive(Serialize)]
pub(super) struct Sealed<'m, T: Serialize> {
    pub program: Program,
    #[serde(flatten)]
    pub facts: &'m T,
    pub files: BTreeMap<String, FileEntry>,
}
