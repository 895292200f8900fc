//! A book in a folder, opened to be read or changed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::permissions::{create_file, create_folder};
use crate::output::staging::{UNFINISHED, unfinished_file};
use crate::portfolio::files::Files;
use crate::portfolio::lock;
use crate::portfolio::lock::BookLock;
use crate::portfolio::register;
use crate::portfolio::register::{BrokenLink, ProvedTables, Register};
use crate::portfolio::store::{FOLDER, FileKind, StoredFile};
use crate::portfolio::terms::TermsReader;

/// A book of contracts.
#[derive(Debug)]
pub struct Portfolio {
    folder: PathBuf,
    /// The register of the book.
    pub register: Register,
    /// Held while the book may be changed.
    _lock: Option<BookLock>,
    /// Whether opening the book has completed what an erasing run had left.
    has_completed_erasure: bool,
}

/// The note in the folder of files: its name and its text.
const README: (&str, &str) = ("README.txt", include_str!("data-readme.txt"));

impl Portfolio {
    /// Opens a book to read it as it is now, unaffected by other processes.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where the folder holds no book.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self {
            folder: folder.to_owned(),
            register: Register::open_snapshot(folder)?,
            _lock: None,
            has_completed_erasure: false,
        })
    }

    /// Opens a book to change it, and removes the unfinished files of a killed run.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where the folder holds no book, [`Error::BookLocked`] where another process changes it.
    pub fn change(folder: &Path, purpose: &str) -> Result<Self, Error> {
        // a folder that is no book gets no lock file
        Register::open(folder)?;
        let lock = BookLock::acquire(folder, purpose)?;
        Self::changing(folder, Register::open(folder)?, lock)
    }

    /// Opens a book to change it, or creates one in a folder that is empty or missing.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where the folder holds other files, [`Error::BookLocked`] where another process changes the book.
    pub fn create(folder: &Path, purpose: &str) -> Result<Self, Error> {
        let refused = |fault| Error::writing(folder, fault);
        create_folder(folder).map_err(refused)?;
        Self::holds_book(folder)?;
        let lock = BookLock::acquire(folder, purpose)?;
        create_folder(&folder.join(FOLDER)).map_err(refused)?;
        let readme = folder.join(FOLDER).join(README.0);
        // a full disk may have left a part of it
        if fs::read(&readme).ok().as_deref() != Some(README.1.as_bytes()) {
            let written = create_file(&readme).and_then(|mut file| file.write_all(README.1.as_bytes()));
            written.map_err(|fault| Error::writing(&readme, fault))?;
        }
        Self::changing(folder, Register::create(folder)?, lock)
    }

    /// The book to be changed, without what a killed run has left; its commits check the number of its lock.
    fn changing(folder: &Path, mut register: Register, lock: BookLock) -> Result<Self, Error> {
        register.lease = Some(lock.lease());
        let mut book = Self { folder: folder.to_owned(), register, _lock: Some(lock), has_completed_erasure: false };
        if book.register.is_marked()? {
            book.complete_erasure()?;
            book.has_completed_erasure = true;
        } else {
            book.sweep()?;
        }
        Ok(book)
    }

    /// Removes every byte that an erasing run has replaced: the register is written anew, the documents that the run removes and the
    /// files that the register does not know go.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] or [`Error::Io`] where the system refuses; the next change of the book completes it.
    pub(super) fn complete_erasure(&self) -> Result<(), Error> {
        self.register.write_anew(|| {
            for path in self.register.read(register::erasure::removed_documents)? {
                let path = self.folder.join(path);
                match fs::remove_file(&path) {
                    Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(Error::writing(&path, fault)),
                    _ => {}
                }
            }
            self.sweep()
        })
    }

    /// Whether opening the book has completed what an erasing run had left.
    #[must_use]
    pub const fn has_completed_erasure(&self) -> bool {
        self.has_completed_erasure
    }

    /// Opens a book to read it, or one without contracts where [`Portfolio::create`] would create it; nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Portfolio::open`]; [`Error::NotABook`] where the folder holds other files.
    pub fn open_or_empty(folder: &Path) -> Result<Self, Error> {
        if Self::holds_book(folder)? {
            return Self::open(folder);
        }
        Ok(Self {
            folder: folder.to_owned(),
            register: Register::empty(folder)?,
            _lock: None,
            has_completed_erasure: false,
        })
    }

    /// Whether a folder holds a book; `false` where it is empty or missing.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where it holds other files, [`Error::Io`] where the system refuses to read it.
    fn holds_book(folder: &Path) -> Result<bool, Error> {
        let refused = |fault| Error::reading(folder, fault);
        if folder.join(register::NAME).try_exists().map_err(refused)? {
            return Ok(true);
        }
        let entries = match fs::read_dir(folder) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(false),
            entries => entries.map_err(refused)?,
        };
        let own = [lock::NAME, FOLDER];
        for entry in entries {
            let name = entry.map_err(refused)?.file_name().to_string_lossy().into_owned();
            if !own.contains(&name.as_str()) && !name.starts_with(&format!(".{}", register::NAME)) {
                let reason = Message::new("portfolio-foreign").with("file", name);
                return Err(Error::NotABook { folder: folder.to_owned(), reason });
            }
        }
        Ok(false)
    }

    /// The folder of the book.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a file of the book, which may not exist yet.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(FOLDER).join(name)
    }

    /// Runs `act`; if it fails, removes the files that it has added to the book.
    ///
    /// # Errors
    ///
    /// As `act`.
    pub fn attempt<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let done = act(self);
        if done.is_err() {
            // the error of `act` matters more; the next run sweeps again
            let _ = self.sweep();
        }
        done
    }

    /// Removes files of the book's own names that the register does not know; foreign files stay.
    fn sweep(&self) -> Result<(), Error> {
        let known: BTreeSet<String> = self.register.read(register::files::file_names)?;
        let folder = self.folder.join(FOLDER);
        let refused = |fault| Error::writing(&folder, fault);
        let entries = match fs::read_dir(&folder) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                return create_folder(&folder).map_err(refused);
            }
            entries => entries.map_err(refused)?,
        };
        for entry in entries {
            let entry = entry.map_err(refused)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_own = name.starts_with(UNFINISHED) || FileKind::is_file_name(&name);
            if is_own && !known.contains(name.as_ref()) {
                fs::remove_file(entry.path()).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Moves a finished file into the book; the next commit has to name it, or the next sweep removes it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn adopt_file(&self, from: &Path, stored: &StoredFile) -> Result<(), Error> {
        let target = self.file(&stored.name);
        let folder = self.folder.join(FOLDER);
        fs::rename(from, &target)
            .and_then(|()| fs::File::open(&folder)?.sync_all())
            .map_err(|fault| Error::writing(&target, fault))
    }

    /// Creates an unfinished file beside the book's files.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn create_temporary_file(&self) -> Result<NamedTempFile, Error> {
        let folder = self.folder.join(FOLDER);
        unfinished_file(&folder).map_err(|fault| Error::writing(&folder, fault))
    }

    /// Makes a finished file of a result a file of the book as well. Both names stand for one file, which is write-protected, so that no
    /// program that writes to the result changes the book; on another file system the book has a copy.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn link_file(&self, path: &Path, stored: &StoredFile) -> Result<(), Error> {
        let link = self.file(&format!("{UNFINISHED}{}", stored.name));
        let protect = || {
            let mut permissions = fs::metadata(path)?.permissions();
            permissions.set_readonly(true);
            fs::set_permissions(path, permissions)
        };
        protect().map_err(|fault| Error::writing(path, fault))?;
        if fs::hard_link(path, &link).is_err() {
            return self.copy_file(path, stored);
        }
        self.adopt_file(&link, stored)?;
        // a rename between two names of one file leaves both
        match fs::remove_file(&link) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(Error::writing(&link, fault)),
            _ => Ok(()),
        }
    }

    fn copy_file(&self, path: &Path, stored: &StoredFile) -> Result<(), Error> {
        let copy = self.create_temporary_file()?;
        let refused = |fault| Error::writing(copy.path(), fault);
        fs::copy(path, copy.path()).and_then(|_| copy.as_file().sync_all()).map_err(refused)?;
        self.adopt_file(&copy.into_temp_path(), stored)
    }

    /// The reader of the terms that the contracts were bound with.
    #[must_use]
    pub fn terms(&self) -> TermsReader<'_> {
        TermsReader::new(&self.folder, &self.register)
    }

    /// Proves that the register has of these contracts what its runs recorded, without the warnings, which hardly any command reads.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] with the contract and the table where it has not; [`Error::Register`] where the register cannot be read.
    pub fn prove(&self, contracts: RangeInclusive<i64>) -> Result<(), Error> {
        self.prove_tables(contracts, ProvedTables::WithoutWarnings)
    }

    /// Proves that the register has of these contracts in these tables what its runs recorded.
    ///
    /// # Errors
    ///
    /// As [`Self::prove`].
    pub fn prove_tables(&self, contracts: RangeInclusive<i64>, tables: ProvedTables) -> Result<(), Error> {
        let broken = self.register.read(|register| register::broken_links(register, contracts, tables))?;
        let Some(BrokenLink { number, run, table }) = broken.into_iter().next() else { return Ok(()) };
        let name = if number.is_some() { "register-changed-contract" } else { "register-changed" };
        let reason = Message::new(name).with("table", table).with("run", run.unsigned_abs());
        let reason = reason.with("number", number.unwrap_or_default());
        Err(Error::Damaged { folder: self.folder.clone(), reason })
    }

    /// The files of the book.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read.
    pub fn files(&self) -> Result<Files, Error> {
        Ok(Files::new(&self.folder, self.register.read(register::files::files)?))
    }
}
