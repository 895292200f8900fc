//! The files of repriced lines that an engine has written: whole files, whose rows are those of the contracts in the order of the book.

use std::collections::BTreeMap;
use std::path::Path;

use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::part_files::PartFile;
use crate::portfolio::store::{FileKind, StoredFile};
use crate::scale_out::engine::output_reader::{Unreadable, numbered_files};

/// The files of repriced lines of an engine that have any rows, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct WrittenFiles {
    files: Vec<PartFile>,
    /// The place of a file by its number.
    places: BTreeMap<i128, usize>,
    /// The rows of each file that belong to contracts so far.
    taken: Vec<u64>,
}

impl WrittenFiles {
    /// Reads the footers of a folder's files and hashes their bytes; no line is decoded.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where a file is no Parquet file, or the system does not let it be read.
    pub fn open(folder: &Path) -> Result<Self, Unreadable> {
        let mut written = Self::default();
        for (number, path) in numbered_files(folder)? {
            let stored = StoredFile::of_foreign(FileKind::Repriced, &path).map_err(|_| Unreadable)?;
            let (stored, sha256) = stored.ok_or(Unreadable)?;
            if stored.rows() == 0 {
                continue;
            }
            if written.places.insert(number, written.files.len()).is_some() {
                return Err(Unreadable);
            }
            written.files.push(PartFile { path, stored, sha256 });
            written.taken.push(0);
        }
        Ok(written)
    }

    /// The files.
    pub fn files(&self) -> &[PartFile] {
        &self.files
    }

    /// Takes the next rows of a file for a contract: its first and last row, and the number of its rows. `None` where they do not follow
    /// the rows of the contract before.
    pub fn take(&mut self, number: i128, [first, last]: [i128; 2], lines: i128) -> Option<Segment> {
        let place = *self.places.get(&number)?;
        let taken = self.taken.get_mut(place)?;
        let rows = u64::try_from(lines).ok().filter(|_| last - first + 1 == lines && first == i128::from(*taken))?;
        let segment = Segment { file: i64::try_from(place).ok()?, first_row: *taken, rows };
        *taken += rows;
        Some(segment)
    }

    /// The files, if each of their rows belongs to a contract; the program can protect them.
    pub fn finish(self) -> Option<Vec<PartFile>> {
        let is_complete = self.files.iter().zip(&self.taken).all(|(file, taken)| file.stored.rows() == *taken);
        is_complete.then_some(self.files)
    }
}
