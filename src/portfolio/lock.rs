//! The lock of a book: one process at a time may change it.
//!
//! Each holder takes the next number of a lease, and a commit checks that its number is still the last. So a process that a shared file system
//! has cut off from its lock cannot commit after another has taken it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::output::permissions::file_mode;

/// The name of the locked file; it contains the purpose and the process id of its holder, and the number of its lease.
pub const NAME: &str = "lock";
/// The words before the number of the lease.
const LEASE: &str = "lease ";
/// The number of bytes of the file that are read.
const LONGEST: u64 = 4096;

/// The lock, held; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct BookLock {
    file: File,
    lease: Lease,
}

/// The number under which a process holds a book.
#[derive(Debug, Clone)]
pub struct Lease {
    folder: PathBuf,
    /// `None` for a shared lock, under which nothing is committed.
    number: Option<u64>,
}

impl Lease {
    /// Checks that no other process has taken the book since.
    ///
    /// # Errors
    ///
    /// [`Error::BookLocked`] where one has, with its purpose; [`Error::Io`] where the system refuses.
    pub fn check(&self) -> Result<(), Error> {
        let path = self.folder.join(NAME);
        let text = fs::read_to_string(&path).map_err(|fault| Error::reading(&path, fault))?;
        if self.number.is_some() && number_of(&text) == self.number {
            return Ok(());
        }
        Err(Error::BookLocked { folder: self.folder.clone(), holder: holder_of(&text) })
    }
}

/// The purpose and the process id of the holder in the text of the file.
fn holder_of(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The number of the lease in the text of the file.
fn number_of(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(LEASE)?.parse().ok())
}

impl BookLock {
    /// Keeps other processes from changing the book; `None` where one changes it now, or the system refuses.
    #[must_use]
    pub fn acquire_shared(folder: &Path) -> Option<Self> {
        let file = InputFile::open(&folder.join(NAME)).ok()?.file;
        file.try_lock_shared().ok()?;
        Some(Self { file, lease: Lease { folder: folder.to_owned(), number: None } })
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
                let holder = holder_of(&fs::read_to_string(&path).unwrap_or_default());
                return Err(Error::BookLocked { folder: folder.to_owned(), holder });
            }
            Err(TryLockError::Error(fault)) => return Err(refused(fault)),
        }
        let mut text = String::new();
        // a text of another program has no number
        let _ = (&file).take(LONGEST).read_to_string(&mut text);
        let number = number_of(&text).unwrap_or_default().wrapping_add(1);
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{purpose}, {}\n{LEASE}{number}", std::process::id()))
            .map_err(refused)?;
        Ok(Self { file, lease: Lease { folder: folder.to_owned(), number: Some(number) } })
    }

    /// The number under which the book is held.
    #[must_use]
    pub fn lease(&self) -> Lease {
        self.lease.clone()
    }
}

impl Drop for BookLock {
    fn drop(&mut self) {
        // a child process that is just starting may keep the file open a little longer
        let _ = self.file.unlock();
    }
}
