//! The files of a saved result, each verified by the manifest before its content is used.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use csv::StringRecord;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::base::digest::{hexadecimal, sha256};
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::output::manifest::{FileEntry, MANIFEST, ResultManifest};

/// The largest manifest that is read: it lists some files and some rosters.
const MAX_MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// A folder with its manifest.
pub struct SavedFiles<'f, M> {
    folder: &'f Path,
    /// The manifest.
    pub manifest: M,
}

impl<'f, M: ResultManifest> SavedFiles<'f, M> {
    /// Opens a folder that holds a result with such a manifest and this file; `absent` names the message for any other folder.
    ///
    /// # Errors
    ///
    /// [`Error::NotAQuote`] for another folder, [`Error::Io`] where the system refuses.
    pub fn open(folder: &'f Path, file: &str, absent: &'static str) -> Result<Self, Error> {
        let refuse = || Error::NotAQuote { folder: folder.to_owned(), reason: Message::new(absent) };
        let path = folder.join(MANIFEST);
        let opened = match InputFile::open(&path) {
            Ok(opened) if opened.bytes <= MAX_MANIFEST_BYTES => opened,
            Err(Error::Io { path, fault }) if fault.kind() != ErrorKind::NotADirectory => {
                return Err(Error::Io { path, fault });
            }
            _ => return Err(refuse()),
        };
        let bytes = read_whole(opened, &path)?;
        let manifest: M = serde_json::from_slice(&bytes).map_err(|_| refuse())?;
        // this program writes no name that leads out of the folder
        let is_whole = manifest.files().contains_key(file) && manifest.files().keys().all(|name| is_inside(name));
        if is_whole { Ok(Self { folder, manifest }) } else { Err(refuse()) }
    }

    /// The refusal of the folder for a reason.
    pub fn refuse(&self, reason: Message) -> Error {
        Error::NotAQuote { folder: self.folder.to_owned(), reason }
    }

    /// The error for a file that has changed.
    pub fn changed(&self, name: &str) -> Error {
        self.refuse(Message::new("written-changed").with("file", name))
    }

    /// A JSON file.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        let (path, opened, listed) = self.listed(name)?;
        let bytes = read_whole(opened, &path)?;
        if sha256(&bytes) != listed.sha256 {
            return Err(self.changed(name));
        }
        // the file is as it was written: a missing key was never written
        serde_json::from_slice(&bytes).map_err(|_| self.refuse(Message::new("written-older")))
    }

    /// Reads a CSV file row by row; `read` returns `None` for a row that is not as this program writes it.
    ///
    /// The file is verified at its end: nothing that was read counts before this has returned.
    pub fn rows(&self, name: &str, mut read: impl FnMut(&Row<'_>) -> Option<()>) -> Result<(), Error> {
        const BUFFER_BYTES: usize = 1 << 18;
        let (path, opened, listed) = self.listed(name)?;
        let failed = |fault: csv::Error| match fault.into_kind() {
            csv::ErrorKind::Io(fault) => Error::reading(&path, fault),
            _ => self.changed(name),
        };
        let hashed = HashedReader { file: opened.file.take(listed.bytes), hash: Sha256::new() };
        let mut records = csv::Reader::from_reader(BufReader::with_capacity(BUFFER_BYTES, hashed));
        let header = records.headers().map_err(failed)?.clone();
        let next_column = Cell::new(0);
        let mut record = StringRecord::new();
        while records.read_record(&mut record).map_err(failed)? {
            let row = Row { header: &header, record: &record, next_column: &next_column };
            read(&row).ok_or_else(|| self.changed(name))?;
        }
        let hash = records.into_inner().into_inner().hash.finalize();
        if hexadecimal(&hash) == listed.sha256 { Ok(()) } else { Err(self.changed(name)) }
    }

    /// A file with its path and its entry in the manifest, if it exists with the length of the entry.
    fn listed(&self, name: &str) -> Result<(PathBuf, InputFile, &FileEntry), Error> {
        let path = self.folder.join(name);
        let listed = self.manifest.files().get(name).ok_or_else(|| self.changed(name))?;
        match InputFile::open(&path) {
            Ok(opened) if opened.bytes == listed.bytes => Ok((path, opened, listed)),
            Err(error) if !error.is_refusal() => Err(error),
            _ => Err(self.changed(name)),
        }
    }
}

/// The bytes of an open file.
fn read_whole(opened: InputFile, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    opened.file.take(opened.bytes).read_to_end(&mut bytes).map_err(|fault| Error::reading(path, fault))?;
    Ok(bytes)
}

/// Whether a file name of a manifest stays inside its folder.
fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// A row of a CSV file, whose texts are found by the names of their columns.
pub struct Row<'r> {
    header: &'r StringRecord,
    record: &'r StringRecord,
    /// Where the search begins: rows are mostly read in the order of their columns.
    next_column: &'r Cell<usize>,
}

impl Row<'_> {
    /// The text of a column; `None` where the file has no such column.
    pub fn text(&self, column: &str) -> Option<&str> {
        let (columns, first) = (self.header.len(), self.next_column.get());
        let place = (first..columns).chain(0..first).find(|place| &self.header[*place] == column)?;
        self.next_column.set((place + 1) % columns);
        self.record.get(place)
    }

    /// The value of a column that is parsed from its text.
    pub fn parse<T: FromStr>(&self, column: &str) -> Option<T> {
        self.text(column)?.parse().ok()
    }

    /// The amount of a column.
    pub fn amount(&self, column: &str) -> Option<Kopecks> {
        self.text(column)?.parse().ok()
    }
}

/// A file that is hashed while it is read.
struct HashedReader {
    file: io::Take<File>,
    hash: Sha256,
}

impl Read for HashedReader {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        self.hash.update(&bytes[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_its_name_wherever_it_stands() {
        let (header, record) = (StringRecord::from(vec!["premium", "plan"]), StringRecord::from(vec!["12.50", "A"]));
        let next_column = Cell::new(0);
        let row = Row { header: &header, record: &record, next_column: &next_column };
        for _ in 0..2 {
            assert_eq!((row.text("plan"), row.amount("premium")), (Some("A"), Some(Kopecks::new(1250))));
            assert_eq!((row.text("rate"), row.parse::<u32>("plan")), (None, None));
        }
    }
}
