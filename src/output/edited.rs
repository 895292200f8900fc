//! Results that a person has edited: their files are not those of the manifest any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::base::digest::sha256;
use crate::output::manifest::{FileEntry, MANIFEST};

/// The part of a manifest that lists the files.
#[derive(Deserialize)]
struct Files {
    files: BTreeMap<String, FileEntry>,
}

/// The first file of a result that is not as the program wrote it; `None` where all are, or where the folder holds no result.
#[must_use]
pub fn edited_file(folder: &Path) -> Option<String> {
    let manifest = fs::read(folder.join(MANIFEST)).ok()?;
    let Files { files } = serde_json::from_slice(&manifest).ok()?;
    let is_edited = |name: &str, entry: &FileEntry| {
        fs::read(folder.join(name)).is_ok_and(|content| sha256(&content) != entry.sha256)
    };
    files.into_iter().find(|(name, entry)| is_edited(name, entry)).map(|(name, _)| name)
}
