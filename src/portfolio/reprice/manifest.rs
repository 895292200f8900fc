//! `manifest.json` of a repricing: the change, the counts, and the files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::output::manifest::{DocumentEntry, FileEntry, Program, ResultManifest};

/// The change that a repricing applies, its counts, and the SHA-256 of its files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RepricingManifest {
    /// The program that wrote it.
    pub program: Program,
    /// The change.
    pub change: ChangeInput,
    /// The language of reasons and letters.
    pub language: String,
    /// The counts.
    pub counts: Counts,
    /// Every file of the folder except the manifest, by name.
    pub files: BTreeMap<String, FileEntry>,
    /// The documents among them, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub documents: BTreeMap<String, DocumentEntry>,
}

/// The file of a price change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeInput {
    /// The id of the change.
    pub id: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The counts of a repricing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counts {
    /// The contracts that the change affects.
    pub contracts: usize,
    /// The lines that it reprices.
    pub lines_repriced: u64,
}

impl ResultManifest for RepricingManifest {
    fn files(&self) -> &BTreeMap<String, FileEntry> {
        &self.files
    }

    fn documents(&self) -> &BTreeMap<String, DocumentEntry> {
        &self.documents
    }

    fn list(&mut self, files: BTreeMap<String, FileEntry>, documents: BTreeMap<String, DocumentEntry>) {
        self.files = files;
        self.documents = documents;
    }
}
