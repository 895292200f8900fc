//! The result of an earlier run, which stands where a new one is to be put.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::output::manifest::MANIFEST;

/// The folder for a refusal: `target`, or `<target>.refused` beside it where `target` holds a good result, which stays.
///
/// A good result has more than diagnostics and an annotated copy.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn refusal_target(target: &Path) -> Result<PathBuf, Error> {
    let manifest = read_manifest(target)?;
    let is_finding =
        |name: &str| matches!(name, "diagnostics.csv" | "diagnostics-excel.csv") || name.ends_with("-checked.xlsx");
    let has_result = manifest["files"].as_object().is_some_and(|files| !files.keys().all(|name| is_finding(name)));
    if manifest["status"] == "refused" || !has_result {
        return Ok(target.to_owned());
    }
    // `.` has no name
    let named = if target.file_name().is_some() { Ok(target.to_owned()) } else { fs::canonicalize(target) };
    let named = named.map_err(|fault| Error::reading(target, fault))?;
    let mut name = named.file_name().unwrap_or_default().to_owned();
    name.push(".refused");
    Ok(named.with_file_name(name))
}

/// The manifest of a folder; null where it has none that can be parsed.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
fn read_manifest(target: &Path) -> Result<Value, Error> {
    let path = target.join(MANIFEST);
    let mut bytes = Vec::new();
    match InputFile::open(&path) {
        Ok(opened) => opened.file.take(opened.bytes).read_to_end(&mut bytes),
        Err(Error::Io { fault, .. }) if fault.kind() == io::ErrorKind::NotADirectory => return Ok(Value::Null),
        Err(error) if error.is_refusal() => return Ok(Value::Null),
        Err(error) => return Err(error),
    }
    .map_err(|fault| Error::reading(&path, fault))?;
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Refuses to replace a folder that holds anything but a result of this program.
pub(super) fn refuse_foreign(target: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(fault) => return Err(Error::writing(target, fault)),
    };
    let manifest = read_manifest(target)?;
    let is_own = |name: &str| name == MANIFEST && manifest["program"].is_object() || !manifest["files"][name].is_null();
    let refused = |fault| Error::writing(target, fault);
    for entry in entries {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let mut names = vec![name.clone()];
        if entry.file_type().map_err(refused)?.is_dir() {
            let inner = fs::read_dir(entry.path()).map_err(refused)?.map(|inner| {
                inner.map(|inner| format!("{name}/{}", inner.file_name().to_string_lossy())).map_err(refused)
            });
            names = inner.collect::<Result<_, _>>()?;
        }
        let foreign = if names.is_empty() { Some(name) } else { names.into_iter().find(|name| !is_own(name)) };
        if let Some(file) = foreign {
            return Err(Error::ForeignFolder { path: target.to_owned(), file });
        }
    }
    Ok(())
}
