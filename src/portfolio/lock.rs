//! The right to change a book, which one process has at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, Write};
use std::path::Path;

use crate::base::error::Error;

/// The file whose lock it is; it says who holds it.
pub const NAME: &str = "lock";

/// Held as long as a run changes the book; the system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct BookLock {
    file: File,
}

impl BookLock {
    /// Keeps everybody from changing the book for as long as it is held; none where somebody changes it now or the system
    /// refuses.
    #[must_use]
    pub fn share(folder: &Path) -> Option<Self> {
        let file = File::open(folder.join(NAME)).ok()?;
        file.try_lock_shared().ok()?;
        Some(Self { file })
    }

    /// Takes the right to change the book in `folder`, and leaves word there of what it is taken for.
    ///
    /// # Errors
    ///
    /// [`Error::Held`] where another process has it, with what that one has left word of; [`Error::Io`] where the system
    /// refuses.
    pub fn take(folder: &Path, purpose: &str) -> Result<Self, Error> {
        let path = folder.join(NAME);
        let refused = |fault| Error::writing(&path, fault);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
                return Err(Error::Held { folder: folder.to_owned(), holder });
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
        // a process that is being started at this moment may hold the file open a little longer than we do
        let _ = self.file.unlock();
    }
}
