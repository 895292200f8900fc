//! Files and folders that are not finished: hidden beside their target, and removed where they are abandoned.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

use crate::base::error::Error;
use crate::output::permissions::{create_shared_folder, file_mode};

/// The prefix of an unfinished file's name. A file of this name that no run holds was left by a killed run.
pub const UNFINISHED: &str = ".new-";

/// An unfinished file in the folder where it is to stand: hidden, and removed when it is dropped before it is persisted.
///
/// It has the permissions of any other file of a result.
///
/// # Errors
///
/// The system's own, where it refuses.
pub fn unfinished_file(folder: &Path) -> io::Result<NamedTempFile> {
    let permissions = fs::Permissions::from_mode(file_mode());
    tempfile::Builder::new().prefix(UNFINISHED).permissions(permissions).tempfile_in(folder)
}

/// Writes a new file, complete or not at all.
///
/// # Errors
///
/// [`Error::Exists`] where the file exists, [`Error::NoFolder`] where its folder does not, [`Error::Io`] where the system refuses.
pub fn write_new_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || -> io::Result<()> {
        // drops the name of the temporary file, which means nothing to the user
        let mut file = unfinished_file(parent_of(path)).map_err(|fault| io::Error::from(fault.kind()))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|fault| fault.error)?;
        Ok(())
    };
    write().map_err(|fault| creation_error(path, fault))
}

/// A hidden folder for one run, removed when it is dropped, and the lock that protects it while the run lives.
///
/// The next call with this prefix removes the folders of killed runs.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn staging_folder(parent: &Path, prefix: &str) -> Result<(TempDir, File), Error> {
    create_shared_folder(parent).map_err(|fault| Error::writing(parent, fault))?;
    let _lock = lock_parent(parent)?;
    // engines may run as other users
    new_staging_folder(parent, prefix, 0o777)
}

/// [`staging_folder`] for a caller who has locked the parent.
pub(super) fn new_staging_folder(parent: &Path, prefix: &str, mode: u32) -> Result<(TempDir, File), Error> {
    remove_abandoned(parent, prefix);
    let staging = tempfile::Builder::new()
        .prefix(prefix)
        .permissions(fs::Permissions::from_mode(mode))
        .tempdir_in(parent)
        .map_err(|fault| Error::writing(parent, fault))?;
    let lock = File::open(staging.path()).map_err(|fault| Error::writing(staging.path(), fault))?;
    lock.lock().map_err(|fault| Error::writing(staging.path(), fault))?;
    Ok((staging, lock))
}

/// Locks a folder of results until the lock is dropped: concurrent runs wait for each other.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses.
pub fn lock_parent(parent: &Path) -> Result<File, Error> {
    let locked = File::open(parent).and_then(|folder| folder.lock().map(|()| folder));
    locked.map_err(|fault| Error::writing(parent, fault))
}

/// Removes the staging folders of killed runs: those that no process has locked.
fn remove_abandoned(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    let is_staging = |entry: &fs::DirEntry| {
        // a FIFO of such a name would never open
        entry.file_name().to_string_lossy().starts_with(prefix) && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    for entry in entries.flatten().filter(is_staging) {
        let is_abandoned = File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok());
        if is_abandoned {
            make_removable(&entry.path());
            // a folder that cannot be removed now is left for the next run
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Makes a folder removable that its owner has write-protected.
pub(super) fn make_removable(folder: &Path) {
    // a link is removed as a link; its target keeps its permissions
    if fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir()) {
        // a folder of another owner stays protected, and is left
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
}

/// The folder in which the target stands.
#[must_use]
pub fn parent_of(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The error for a new file, which replaces no other, that could not be made.
pub fn creation_error(path: &Path, fault: io::Error) -> Error {
    match fault.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists { path: path.to_owned() },
        io::ErrorKind::NotFound => Error::NoFolder { path: parent_of(path).to_owned() },
        _ => Error::writing(path, fault),
    }
}
