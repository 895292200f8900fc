//! The open files of a book.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::base::messages::Message;
use crate::portfolio::store::{Damage, FOLDER, Reader, StoredFile};

/// The number of open files from which [`Files::close_if_many`] closes all.
pub const OPEN_FILES: usize = 64;

/// The files of a book; each is opened, and its footer proved, at its first use.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    /// Their ids in the register, in order.
    ids: Arc<[i64]>,
    known: BTreeMap<i64, (StoredFile, OnceLock<Result<Reader, Damage>>)>,
    /// The ids of those that have been opened.
    opened: Mutex<Vec<i64>>,
}

impl Files {
    /// The files of the book in a folder, by their ids in the register.
    pub(super) fn new(folder: &Path, files: Vec<(i64, StoredFile)>) -> Self {
        let known: BTreeMap<_, _> = files.into_iter().map(|(id, stored)| (id, (stored, OnceLock::new()))).collect();
        let ids = known.keys().copied().collect();
        Self { folder: folder.to_owned(), ids, known, opened: Mutex::default() }
    }

    /// The folder of the book.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file by its id in the register.
    ///
    /// # Errors
    ///
    /// [`Damage`] where it is missing or not as it was written.
    ///
    /// # Panics
    ///
    /// Never: no code panics while it holds the list of open files.
    pub fn get(&self, file: i64) -> Result<&Reader, Damage> {
        let Some((stored, opened)) = self.known.get(&file) else {
            return Err(Damage::Changed(Message::new("portfolio-file-missing").with("file", FOLDER)));
        };
        let open = || {
            self.opened.lock().expect("no reader panics while it holds the list").push(file);
            Reader::open(&self.folder, stored)
        };
        opened.get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// The ids of the files in the register, in order.
    #[must_use]
    pub fn ids(&self) -> Arc<[i64]> {
        Arc::clone(&self.ids)
    }

    /// What the register knows of a file.
    #[must_use]
    pub fn stored(&self, file: i64) -> Option<&StoredFile> {
        self.known.get(&file).map(|(stored, _)| stored)
    }

    /// Closes all files but these: a book may have more files than the system allows a process to open.
    ///
    /// # Panics
    ///
    /// If another reader has panicked.
    pub fn close_others(&mut self, wanted: &BTreeSet<i64>) {
        let opened = self.opened.get_mut().expect("no reader panics while it holds the list");
        opened.retain(|file| {
            let stays = wanted.contains(file);
            if let (false, Some((_, opened))) = (stays, self.known.get_mut(file)) {
                opened.take();
            }
            stays
        });
    }

    /// Closes all files if at least [`OPEN_FILES`] are open; for code that does not know which ones it needs next.
    ///
    /// # Panics
    ///
    /// If another reader has panicked.
    pub fn close_if_many(&mut self) {
        let opened = self.opened.get_mut().expect("no reader panics while it holds the list");
        if opened.len() >= OPEN_FILES {
            self.close_others(&BTreeSet::new());
        }
    }
}
