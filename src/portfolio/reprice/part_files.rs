//! The files of repriced lines, one for each part of a run that has any.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::output::folder::Folder;
use crate::output::manifest::FileEntry;
use crate::output::permissions::{create_folder, file_mode};
use crate::portfolio::reprice::repriced_lines;
use crate::portfolio::store::{Encoder, StoredFile, Writer};

/// The name of the repriced lines in a result: a file, or a folder of files where they are several.
const LINES: &str = "lines.parquet";

/// The file of a part.
#[derive(Debug)]
pub struct PartFile {
    /// Where it stands.
    pub path: PathBuf,
    /// Its entry for the register.
    pub stored: StoredFile,
    /// SHA-256 of all its bytes.
    pub sha256: String,
}

/// The files of the parts of a run, written one after another.
pub(super) struct PartFiles {
    folder: PathBuf,
    /// The number of files that were begun.
    begun: usize,
    open: Option<(PathBuf, Writer)>,
    finished: Vec<PartFile>,
}

impl PartFiles {
    /// No file yet, in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), begun: 0, open: None, finished: Vec::new() }
    }

    /// The file of the part that is being repriced.
    pub fn writer(&mut self) -> Result<&mut Writer, Error> {
        let (_, writer) = match &mut self.open {
            Some(open) => open,
            none => {
                self.begun += 1;
                let path = self.folder.join(format!("part-{:05}.parquet", self.begun));
                let writer = repriced_lines::create_file(&path)?;
                none.insert((path, writer))
            }
        };
        Ok(writer)
    }

    /// The encoder of every part.
    pub fn encoder(&mut self) -> Result<Encoder, Error> {
        self.writer().map(|writer| writer.encoder())
    }

    /// Ends the part; a file without rows is removed.
    pub fn finish_part(&mut self) -> Result<(), Error> {
        let Some((path, writer)) = self.open.take() else { return Ok(()) };
        let (stored, sha256) = writer.finish_hashed()?;
        if stored.groups.is_empty() {
            return fs::remove_file(&path).map_err(|fault| Error::writing(&path, fault));
        }
        self.finished.push(PartFile { path, stored, sha256 });
        Ok(())
    }

    /// Ends the last part; the files, in the order of the parts.
    pub fn finish(mut self) -> Result<Vec<PartFile>, Error> {
        self.finish_part()?;
        Ok(self.finished)
    }
}

/// Moves or links the files of the parts to their names in the staging folder of a result: `lines.parquet`, or `lines.parquet/part-00001.parquet`
/// and so on where there are several, which programs read by the name of the folder. A result without repriced lines has a file without rows.
///
/// # Errors
///
/// [`Error::Io`] or [`Error::Parquet`] where the system refuses.
pub(super) fn add_to_result(folder: &Folder, parts: &mut [PartFile]) -> Result<(), Error> {
    if parts.is_empty() {
        let (stored, sha256) = repriced_lines::create_file(&folder.staging_path().join(LINES))?.finish_hashed()?;
        folder.add_entry(LINES, FileEntry { sha256, bytes: stored.bytes });
    }
    let is_only = parts.len() == 1;
    if parts.len() > 1 {
        let inner = folder.staging_path().join(LINES);
        create_folder(&inner).map_err(|fault| Error::writing(&inner, fault))?;
    }
    for (place, part) in (1..).zip(parts) {
        let name = if is_only { LINES.to_owned() } else { format!("{LINES}/part-{place:05}.parquet") };
        let path = folder.staging_path().join(&name);
        move_or_link(&part.path, &path, folder.staging_path()).map_err(|fault| Error::writing(&path, fault))?;
        part.path = path;
        folder.add_entry(&name, FileEntry { sha256: part.sha256.clone(), bytes: part.stored.bytes });
    }
    Ok(())
}

/// Moves a file of the staging folder; gives a file of workers or of an engine a second name, or copies it from another account or file system.
fn move_or_link(from: &Path, to: &Path, staging: &Path) -> io::Result<()> {
    if from.starts_with(staging) {
        return fs::rename(from, to);
    }
    // only its owner can protect a file from writing
    let is_own = fs::metadata(from)?.uid() == fs::metadata(staging)?.uid();
    let link = if is_own { fs::hard_link(from, to) } else { Err(io::ErrorKind::PermissionDenied.into()) };
    link.or_else(|_| {
        fs::copy(from, to)?;
        fs::File::open(to)?.sync_all()
    })?;
    // an engine gives its files the rights of its umask
    let mode = fs::metadata(to)?.mode() & file_mode();
    fs::set_permissions(to, fs::Permissions::from_mode(mode))
}
