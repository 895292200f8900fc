//! The portfolio: the book of contracts in force, which remembers everything and forgets nothing.
//!
//! A book is a folder. Its [register] is an SQLite database; the insured, the cells and the lines of its contracts are
//! Parquet files that are never changed once they are written ([`store`]). A run writes its files aside and then adds to the
//! register what it has done, in one transaction: that commit is the moment at which anything becomes true. One process at
//! a time changes a book ([`lock`]); reading is always possible.

pub mod bind;
pub mod change;
pub mod contract_state;
pub mod endorse;
pub(crate) mod groups;
pub mod lock;
pub mod notice;
pub mod pay;
pub mod payments;
pub mod refuse;
pub mod register;
pub mod reprice;
pub mod rows;
pub(crate) mod staging;
pub mod store;
pub mod terms;
pub mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use tempfile::NamedTempFile;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::folder::{BEGUN, begun_file};
use lock::BookLock;
use register::Register;
use store::{Damage, FOLDER, Part, Reader, Stored};
use terms::Terms;

/// So many files are open at once where nothing says which of them are needed again, unless a piece of work alone needs more.
const FILES_AT_ONCE: usize = 64;

/// The book in a folder, opened to be read or changed.
#[derive(Debug)]
pub struct Portfolio {
    folder: PathBuf,
    /// What the book says.
    pub register: Register,
    /// Held while it is changed.
    _turn: Option<BookLock>,
}

impl Portfolio {
    /// Opens a book to read it as it is at this moment, whoever else does what with it meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where there is none.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { folder: folder.to_owned(), register: Register::open_still(folder)?, _turn: None })
    }

    /// Opens a book to change it, and sweeps up what a killed run has left.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where there is none, [`Error::Held`] where somebody else changes it.
    pub fn change(folder: &Path, purpose: &str) -> Result<Self, Error> {
        // no lock is left in a folder that is no book
        Register::open(folder)?;
        let turn = BookLock::take(folder, purpose)?;
        Self { folder: folder.to_owned(), register: Register::open(folder)?, _turn: Some(turn) }.swept()
    }

    /// Opens a book to change it, or begins a new one in a folder that is empty or not there.
    ///
    /// # Errors
    ///
    /// [`Error::NotABook`] where the folder holds something else, [`Error::Held`] where somebody else changes the book.
    pub fn create(folder: &Path, purpose: &str) -> Result<Self, Error> {
        let refused = |fault| Error::writing(folder, fault);
        fs::create_dir_all(folder).map_err(refused)?;
        if !folder.join(register::NAME).exists() {
            let own = [lock::NAME, FOLDER];
            for entry in fs::read_dir(folder).map_err(refused)? {
                let name = entry.map_err(refused)?.file_name().to_string_lossy().into_owned();
                if !own.contains(&name.as_str()) && !name.starts_with(&format!(".{}", register::NAME)) {
                    let reason = Message::new("portfolio-foreign").with("file", name);
                    return Err(Error::NotABook { folder: folder.to_owned(), reason });
                }
            }
        }
        let turn = BookLock::take(folder, purpose)?;
        fs::create_dir_all(folder.join(FOLDER)).map_err(refused)?;
        Self { folder: folder.to_owned(), register: Register::create(folder)?, _turn: Some(turn) }.swept()
    }

    /// The folder of the book.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file of the book stands, or will.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(FOLDER).join(name)
    }

    /// What `act` does to the book; where it fails, the files that it has put there go again.
    ///
    /// # Errors
    ///
    /// As `act`.
    pub fn attempt<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        let done = act(self);
        if done.is_err() {
            // why it failed is what has to be told; what cannot be swept now is by the next run
            let _ = self.sweep();
        }
        done
    }

    fn swept(self) -> Result<Self, Error> {
        self.sweep()?;
        Ok(self)
    }

    /// Removes the files that a run has begun and no run has made true; what somebody else has put there stays.
    fn sweep(&self) -> Result<(), Error> {
        let known: BTreeSet<String> = self.register.read(register::file_names)?;
        let folder = self.folder.join(FOLDER);
        let refused = |fault| Error::writing(&folder, fault);
        let entries = match fs::read_dir(&folder) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                return fs::create_dir(&folder).map_err(refused);
            }
            entries => entries.map_err(refused)?,
        };
        for entry in entries {
            let entry = entry.map_err(refused)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_own = name.starts_with(BEGUN) || Part::names(&name);
            if is_own && !known.contains(name.as_ref()) {
                fs::remove_file(entry.path()).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Puts a finished file into its place; it is there to stay once the register names it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn adopt(&self, from: &Path, stored: &Stored) -> Result<(), Error> {
        let target = self.file(&stored.name);
        let folder = self.folder.join(FOLDER);
        fs::rename(from, &target)
            .and_then(|()| fs::File::open(&folder)?.sync_all())
            .map_err(|fault| Error::writing(&target, fault))
    }

    /// An unfinished file among the book's, which nobody takes for one of them.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn begin(&self) -> Result<NamedTempFile, Error> {
        let folder = self.folder.join(FOLDER);
        begun_file(&folder).map_err(|fault| Error::writing(&folder, fault))
    }

    /// Copies a finished file of rows into the book; none where it has no row.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses.
    pub fn keep(&self, path: &Path, stored: Stored) -> Result<Option<Stored>, Error> {
        if stored.groups.is_empty() {
            return Ok(None);
        }
        let copy = self.begin()?;
        let refused = |fault| Error::writing(copy.path(), fault);
        fs::copy(path, copy.path()).and_then(|_| copy.as_file().sync_all()).map_err(refused)?;
        self.adopt(&copy.into_temp_path(), &stored)?;
        Ok(Some(stored))
    }

    /// The terms that the contracts of the book were bound with.
    #[must_use]
    pub const fn terms(&self) -> Terms<'_> {
        Terms::new(self)
    }

    /// The files of the book, each opened when it is first asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read.
    pub fn files(&self) -> Result<Files, Error> {
        let files = self.register.read(register::files)?.into_iter();
        let unopened = |(id, stored)| (id, (stored, OnceLock::new()));
        let known: BTreeMap<_, _> = files.map(unopened).collect();
        let ids = known.keys().copied().collect();
        Ok(Files { folder: self.folder.clone(), ids, known, opened: Mutex::default() })
    }
}

/// The files of a book, each opened and proved when it is first asked for.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    /// Their places in the register, in order.
    ids: Arc<[i64]>,
    known: BTreeMap<i64, (Stored, OnceLock<Result<Reader, Damage>>)>,
    /// Those that have been opened.
    opened: Mutex<Vec<i64>>,
}

impl Files {
    /// The folder of the book.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file by its place in the register.
    ///
    /// # Errors
    ///
    /// [`Damage`] where it is missing or not as it was written.
    ///
    /// # Panics
    ///
    /// Never: nothing panics with the list of open files in hand.
    pub fn get(&self, file: i64) -> Result<&Reader, Damage> {
        let Some((stored, opened)) = self.known.get(&file) else {
            return Err(Damage(Message::new("portfolio-file-missing").with("file", FOLDER)));
        };
        let open = || {
            self.opened.lock().expect("no reader panics with the list in hand").push(file);
            Reader::open(&self.folder, stored)
        };
        opened.get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// The places of the files in the register, in the order in which they came.
    #[must_use]
    pub fn ids(&self) -> Arc<[i64]> {
        Arc::clone(&self.ids)
    }

    /// What the register knows of a file.
    #[must_use]
    pub fn stored(&self, file: i64) -> Option<&Stored> {
        self.known.get(&file).map(|(stored, _)| stored)
    }

    /// Closes all but these: a book of many endorsements has more files than the system lets anybody open.
    ///
    /// # Panics
    ///
    /// If another reader has panicked.
    pub fn close_others(&mut self, wanted: &BTreeSet<i64>) {
        let opened = self.opened.get_mut().expect("no reader panics with the list in hand");
        opened.retain(|file| {
            let stays = wanted.contains(file);
            if let (false, Some((_, opened))) = (stays, self.known.get_mut(file)) {
                opened.take();
            }
            stays
        });
    }

    /// Closes all where many are open: between pieces of work, each of which opens what it needs.
    ///
    /// # Panics
    ///
    /// If another reader has panicked.
    pub fn close_many(&mut self) {
        let opened = self.opened.get_mut().expect("no reader panics with the list in hand");
        if opened.len() >= FILES_AT_ONCE {
            self.close_others(&BTreeSet::new());
        }
    }
}
