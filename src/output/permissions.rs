//! The permissions of everything that a run writes: personal data is its owner's alone, unless `--mode` lets others read it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::OnceLock;

/// The permissions of a file without `--mode`: only its owner reads and writes it.
const PRIVATE: u32 = 0o600;

static FILE_MODE: OnceLock<u32> = OnceLock::new();

/// Sets the permissions of the files of this process, once; the user's `umask` still takes away from them.
pub fn set_file_mode(mode: u32) {
    // a process runs one command
    let _ = FILE_MODE.set(mode);
}

/// The permissions of a new file.
#[must_use]
pub fn file_mode() -> u32 {
    *FILE_MODE.get().unwrap_or(&PRIVATE)
}

/// The permissions of a new folder: every reader of its files may enter it.
#[must_use]
pub fn folder_mode() -> u32 {
    file_mode() | (file_mode() & 0o444) >> 2
}

/// Creates a file, in place of an earlier one.
///
/// # Errors
///
/// The system's.
pub fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(file_mode()).open(path)
}

/// Creates a folder with those above it; one that exists keeps its permissions.
///
/// # Errors
///
/// The system's.
pub fn create_folder(path: &Path) -> io::Result<()> {
    create(path, folder_mode())
}

/// Creates a folder with those above it, with the permissions that the system gives to new folders.
///
/// # Errors
///
/// The system's.
pub fn create_shared_folder(path: &Path) -> io::Result<()> {
    create(path, 0o777)
}

fn create(path: &Path, mode: u32) -> io::Result<()> {
    match DirBuilder::new().recursive(true).mode(mode).create(path) {
        // the library takes a folder that the system cannot describe for a file
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => match fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(()),
            Ok(_) => Err(fault),
            Err(undescribed) => Err(undescribed),
        },
        created => created,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn without_a_mode_only_the_owner_reads() {
        let parent = tempfile::tempdir().unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        create_folder(&parent.path().join("a/b")).unwrap();
        create_file(&parent.path().join("a/b/c")).unwrap();
        assert_eq!(["a", "a/b", "a/b/c"].map(|name| mode(&parent.path().join(name))), [0o700, 0o700, 0o600]);
    }
}
