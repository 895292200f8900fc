//! The default folder of results: that of the settings, or `output`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder of the settings; the same for the whole run, as the permissions of new files are.
static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Sets the folder for the rest of the run; only the first call counts.
pub fn set_output_folder(folder: PathBuf) {
    // fails only if it is set, as in a test that runs several commands
    let _ = FOLDER.set(folder);
}

/// The folder of a result with this name.
#[must_use]
pub fn default_output(name: &str) -> PathBuf {
    FOLDER.get().map_or(Path::new("output"), PathBuf::as_path).join(name)
}
