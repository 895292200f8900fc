//! The files of a written quote, each proved by the manifest before it is believed.

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::base::digest::{hexadecimal, sha256};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::folder::MANIFEST;
use crate::quote::saved_quote::changed;
use crate::quote::saved_quote::manifest::{Manifest, WrittenFile};

/// No manifest is larger: it lists some files and some rosters.
const MAX_MANIFEST_BYTES: u64 = 64 * 1024 * 1024;
/// What a quote with a price always has; the lines may be in another form alone.
const NEEDED: [&str; 4] = ["quote.json", "groups.csv", "diagnostics.csv", crate::quote::files::rates::NAME];

/// A folder whose manifest is that of a quote with a price.
pub struct Source<'f> {
    folder: &'f Path,
    /// The manifest.
    pub manifest: Manifest,
}

impl<'f> Source<'f> {
    /// Looks whether the folder holds a quote that can be read back.
    pub fn open(folder: &'f Path) -> Result<Self, Error> {
        let refuse = |name| Error::NotAQuote { folder: folder.to_owned(), reason: Message::new(name) };
        let path = folder.join(MANIFEST);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() <= MAX_MANIFEST_BYTES => {}
            Err(fault) if !matches!(fault.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(Error::reading(&path, fault));
            }
            _ => return Err(refuse("written-no-quote")),
        }
        let bytes = fs::read(&path).map_err(|fault| Error::reading(&path, fault))?;
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|_| refuse("written-no-quote"))?;
        // a name that leads out of the folder is no name of ours
        if !manifest.files.keys().all(|name| Path::new(name).file_name() == Some(name.as_ref())) {
            return Err(refuse("written-no-quote"));
        }
        let has = |name: &str| manifest.files.contains_key(name);
        if !has("quote.json") {
            return Err(refuse("written-no-quote"));
        }
        if manifest.status == "refused" {
            return Err(refuse("written-refused"));
        }
        if !NEEDED.into_iter().all(has) {
            return Err(refuse("written-older"));
        }
        if !has("premiums.csv") {
            return Err(refuse("written-without-lines"));
        }
        Ok(Self { folder, manifest })
    }

    /// The file is not as it was written.
    pub fn changed(&self, name: &str) -> Error {
        Error::NotAQuote { folder: self.folder.to_owned(), reason: changed(name) }
    }

    /// A JSON file.
    pub fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        let (path, listed) = self.listed(name)?;
        let bytes = fs::read(&path).map_err(|fault| Error::reading(&path, fault))?;
        if sha256(&bytes) != listed.sha256 {
            return Err(self.changed(name));
        }
        // proved to be what was written, so that a key which is not there never was
        let older = |_| Error::NotAQuote { folder: self.folder.to_owned(), reason: Message::new("written-older") };
        serde_json::from_slice(&bytes).map_err(older)
    }

    /// Reads a CSV file row by row, without its header; `take` returns `None` for a row that cannot be.
    ///
    /// Nothing that was taken counts before this has returned: the file is proved at its end.
    pub fn rows(&self, name: &str, mut take: impl FnMut(&csv::StringRecord) -> Option<()>) -> Result<(), Error> {
        const BUFFER_BYTES: usize = 1 << 18;
        let (path, listed) = self.listed(name)?;
        let file = File::open(&path).map_err(|fault| Error::reading(&path, fault))?;
        let hashed = Hashed { file: file.take(listed.bytes), hash: Sha256::new() };
        let mut rows = csv::Reader::from_reader(BufReader::with_capacity(BUFFER_BYTES, hashed));
        let mut row = csv::StringRecord::new();
        loop {
            match rows.read_record(&mut row) {
                Ok(true) => take(&row).ok_or_else(|| self.changed(name))?,
                Ok(false) => break,
                Err(fault) => match fault.into_kind() {
                    csv::ErrorKind::Io(fault) => return Err(Error::reading(&path, fault)),
                    _ => return Err(self.changed(name)),
                },
            }
        }
        let hash = rows.into_inner().into_inner().hash.finalize();
        if hexadecimal(&hash) == listed.sha256 { Ok(()) } else { Err(self.changed(name)) }
    }

    /// Where a file is, and what the manifest says of it; it is there, and as long as that.
    fn listed(&self, name: &str) -> Result<(PathBuf, &WrittenFile), Error> {
        let path = self.folder.join(name);
        let listed = self.manifest.files.get(name).ok_or_else(|| self.changed(name))?;
        let found = fs::metadata(&path).ok().filter(|found| found.is_file() && found.len() == listed.bytes);
        found.map(|_| (path, listed)).ok_or_else(|| self.changed(name))
    }
}

/// A file that is hashed while it is read.
struct Hashed {
    file: io::Take<File>,
    hash: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(bytes)?;
        self.hash.update(&bytes[..read]);
        Ok(read)
    }
}
