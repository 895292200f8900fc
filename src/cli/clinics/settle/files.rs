//! The files of the registers of a run, and the folders of their results.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::clinics::arguments::result_folder;
use crate::cli::output_folder::default_output;
use crate::output::folder_name;

/// The registers that paths mean, each once: of a folder the files in it and in its folders, by name.
pub fn register_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        for entry in folder_entries(path)? {
            if entry.is_dir() {
                files.extend(folder_entries(&entry)?.into_iter().filter(|file| file.is_file()));
            } else {
                files.push(entry);
            }
        }
        if files.len() == before {
            let reason = Message::new("settle-folder-empty").with("folder", path.display().to_string());
            return Err(Error::Unlawful { reason });
        }
    }
    Ok(files)
}

/// The files and folders in a folder by name, without hidden ones and the lock files of Excel.
fn folder_entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let reading = |fault| Error::reading(folder, fault);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        if !entry.file_name().to_string_lossy().starts_with(['.', '~']) {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

/// The folders of the results, a different one for each register.
pub struct ResultFolders<'o> {
    out: Option<&'o PathBuf>,
    registers: &'o [PathBuf],
    used: BTreeSet<PathBuf>,
}

impl<'o> ResultFolders<'o> {
    /// The folders of these registers, in the given one if there is one.
    pub fn new(out: Option<&'o PathBuf>, registers: &'o [PathBuf]) -> Self {
        Self { out, registers, used: BTreeSet::new() }
    }

    /// The folder of the next register: with several in a run, one in the given folder by the name of the register.
    pub fn next(&mut self, clinic: &str, register: &Path) -> PathBuf {
        let stem = register.file_stem().unwrap_or_default();
        let is_named_alike = |other: &&PathBuf| other.file_stem().unwrap_or_default() == stem;
        let folder = match self.out {
            Some(out) if self.registers.iter().filter(is_named_alike).count() > 1 => {
                out.join(folder_name(&format!("{clinic}-{}", stem.to_string_lossy())))
            }
            Some(out) if self.registers.len() > 1 => out.join(stem),
            _ => result_folder(self.out, &format!("settle-{clinic}"), register),
        };
        let again = (2..).map(|count| folder.with_file_name(format!("{}-{count}", file_name(&folder))));
        let free = std::iter::once(folder.clone()).chain(again).find(|folder| !self.used.contains(folder));
        let free = free.unwrap_or(folder);
        self.used.insert(free.clone());
        free
    }

    /// The folder of the only result, or the one in which all results lie.
    pub fn display_path(&self) -> PathBuf {
        let only = self.used.first().filter(|_| self.used.len() == 1).cloned();
        only.or_else(|| self.out.cloned()).unwrap_or_else(|| default_output(""))
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
