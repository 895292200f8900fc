//! The lock of a book: one process at a time may change it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::output::permissions::file_mode;

/// The name of the locked file; it contains the purpose and the process id of its holder.
pub const NAME: &str = "lock";

/// The lock, held; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct BookLock {
    file: File,
}

impl BookLock {
    /// Keeps other processes from changing the book; `None` where one changes it now, or the system refuses.
    #[must_use]
    pub fn acquire_shared(folder: &Path) -> Option<Self> {
        let file = InputFile::open(&folder.join(NAME)).ok()?.file;
        file.try_lock_shared().ok()?;
        Some(Self { file })
    }

    /// Acquires the lock of the book in `folder`, and writes the purpose into its file.
    ///
    /// # Errors
    ///
    /// [`Error::BookLocked`] where another process holds it, with that process's purpose; [`Error::Io`] where the system refuses.
    pub fn acquire(folder: &Path, purpose: &str) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let refused = |fault| Error::writing(&path, fault);
        let mut options = OpenOptions::new();
        // the purpose is written into no file that a link leads to
        options.read(true).write(true).create(true).truncate(false).custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
        let mut file = options.mode(file_mode()).open(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
                return Err(Error::BookLocked { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(fault)) => return Err(refused(fault)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{purpose}, {}", std::process::id()))
            .map_err(refused)?;
        Ok(Self { file })
    }
}

impl Drop for BookLock {
    fn drop(&mut self) {
        // a child process that is just starting may keep the file open a little longer
        let _ = self.file.unlock();
    }
}
