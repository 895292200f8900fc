//! A roster from standard input: kept in a temporary file, since a roster is read twice where its faults are marked.

use std::fs::File;
use std::io::{self, Read, copy};
use std::path::Path;

use tempfile::TempDir;

use crate::base::error::Error;
use crate::table::limits::MAX_FILE_BYTES;

/// The name by which the command line means standard input.
const WORD: &str = "-";
/// The name of the roster in diagnostics, the same in every run.
const NAME: &str = "stdin";

/// Copies standard input to a file if one of the rosters is `-`, and puts the file in its place; it is removed with the returned folder.
///
/// # Errors
///
/// [`Error::Io`] where standard input cannot be read or the file cannot be written.
pub fn save_standard_input(rosters: &mut [String]) -> Result<Option<TempDir>, Error> {
    if rosters.iter().all(|name| name != WORD) {
        return Ok(None);
    }
    let folder = TempDir::with_prefix("kollektiv-").map_err(|fault| Error::writing(&std::env::temp_dir(), fault))?;
    let path = folder.path().join(NAME);
    // one byte more than the limit, so that the reader of the file refuses it
    let mut input = io::stdin().lock().take(MAX_FILE_BYTES + 1);
    File::create(&path)
        .and_then(|mut file| copy(&mut input, &mut file))
        .map_err(|fault| Error::reading(Path::new(NAME), fault))?;
    for name in rosters.iter_mut().filter(|name| *name == WORD) {
        *name = path.to_string_lossy().into_owned();
    }
    Ok(Some(folder))
}
