//! A file of tables in any format: recognised by its first bytes, opened, its sheets listed.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::toml_file::{COMPOUND, ZIP};
use crate::table::cell::{Epoch, Row};
use crate::table::cfb;
use crate::table::delimited::Text;
use crate::table::encoding::{Decoded, decode};
use crate::table::file_fault::FileFault;
use crate::table::hashed_bytes::Contents;
use crate::table::hidden::Hidden;
use crate::table::limits::MAX_FILE_BYTES;
use crate::table::trial::Trial;
use crate::table::workbook::Workbook;
use crate::table::zip_limits::{Archive, ends_plainly};

/// A file of tables, open for reading.
pub enum Source {
    /// A workbook with sheets.
    Workbook(Box<Workbook>),
    /// A text file, which is one table.
    Text {
        /// The text.
        text: Text,
        /// The delimiter of its columns.
        delimiter: u8,
        /// Whether the encoding is only a guess.
        guessed: bool,
    },
}

/// The beginnings of documents that are texts and no tables: PDF, RTF, web archives.
pub(super) const DOCUMENTS: [&str; 3] = ["%PDF-", "{\\rtf", "MIME-Version:"];

/// The bytes of a file; its name plays no part in how it is read.
#[derive(Debug)]
pub struct FileBytes {
    path: PathBuf,
    contents: Contents,
    sha256: String,
}

impl FileBytes {
    /// Reads a file whole.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it cannot be read, is empty or too large.
    pub fn read(path: &Path) -> Result<Self, FileFault> {
        let unread = |error| FileFault::Unread(Box::new(error));
        let InputFile { file, bytes: size } = InputFile::open(path).map_err(unread)?;
        if size > MAX_FILE_BYTES {
            return Err(FileFault::TooLarge(size));
        }
        // the file may grow while it is read
        let read = Contents::read(file.take(MAX_FILE_BYTES + 1), size);
        let (contents, sha256) = read.map_err(|fault| unread(Error::reading(path, fault)))?;
        if contents.as_bytes().len() as u64 > MAX_FILE_BYTES {
            return Err(FileFault::TooLarge(contents.as_bytes().len() as u64));
        }
        if contents.as_bytes().is_empty() {
            return Err(FileFault::Empty);
        }
        Ok(Self { path: path.to_owned(), contents, sha256 })
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        self.contents.as_bytes()
    }

    /// SHA-256 of the bytes, in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl From<Vec<u8>> for FileBytes {
    fn from(bytes: Vec<u8>) -> Self {
        let sha256 = sha256(&bytes);
        Self { path: PathBuf::new(), contents: bytes.into(), sha256 }
    }
}

impl Source {
    /// Recognises a file by its first bytes and opens it; `delimiter` finds the delimiter of a text.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is no table of a known format, or a damaged one, and as [`Trial::pass`] for a workbook.
    pub fn open(file: FileBytes, delimiter: impl FnOnce(&Text) -> u8) -> Result<Self, FileFault> {
        let FileBytes { path, contents, .. } = file;
        if contents.as_bytes().starts_with(ZIP) {
            return open_zip(path, contents.into_bytes().into()).map(|book| Self::Workbook(Box::new(book)));
        }
        if contents.as_bytes().starts_with(COMPOUND) {
            return open_compound(path, contents.into_bytes().into()).map(|book| Self::Workbook(Box::new(book)));
        }
        let Decoded { text, guessed } = decode(contents)?;
        if text.trim().is_empty() {
            return Err(FileFault::Empty);
        }
        if text.trim_start().starts_with('<') {
            return Err(FileFault::Html);
        }
        if DOCUMENTS.iter().any(|beginning| text.trim_start().starts_with(beginning)) {
            return Err(FileFault::Binary);
        }
        let text = Text::new(text);
        let delimiter = delimiter(&text);
        if let Some(row) = text.open_quote(delimiter) {
            return Err(FileFault::OpenQuote(row));
        }
        Ok(Self::Text { text, delimiter, guessed })
    }

    /// The names of the sheets; one empty name for a text.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        match self {
            Self::Workbook(book) => book.sheets(),
            Self::Text { .. } => vec![String::new()],
        }
    }

    /// How days are counted in number cells.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        match self {
            Self::Workbook(book) => book.epoch(),
            Self::Text { .. } => Epoch::Year1900,
        }
    }

    /// Calls `visit` with each row of a sheet that is not blank, in order, until it returns `false`.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where a workbook turns out to be broken.
    pub fn rows(&mut self, sheet: &str, visit: &mut dyn FnMut(&dyn Row) -> bool) -> Result<(), FileFault> {
        match self {
            Self::Workbook(book) => book.rows(sheet, visit),
            Self::Text { text, delimiter, .. } => text.whole(*delimiter).rows(|row| visit(row)),
        }
    }

    /// Calls `visit` with every row of a sheet that is not blank, in order, and finds meanwhile what is hidden of the sheet.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where a workbook turns out to be broken.
    pub fn rows_and_hidden(
        &mut self,
        sheet: &str,
        visit: &mut (dyn FnMut(&dyn Row) + Send),
    ) -> Result<Hidden, FileFault> {
        match self {
            Self::Workbook(book) => {
                book.batches_and_hidden(sheet, &mut |batch| batch.rows().for_each(|row| visit(&row)))
            }
            Self::Text { text, delimiter, .. } => {
                text.whole(*delimiter).rows(|row| {
                    visit(row);
                    true
                })?;
                Ok(Hidden::default())
            }
        }
    }
}

/// A workbook in a zip; its parts decide of which kind.
fn open_zip(path: PathBuf, bytes: Arc<[u8]>) -> Result<Workbook, FileFault> {
    let trial = Trial::new(path, bytes.clone());
    if !ends_plainly(&bytes) {
        trial.pass()?;
    }
    let archive = Archive::check(&bytes)?;
    let book = Workbook::open(bytes, archive, trial)?;
    if book.sheets().is_empty() { Err(FileFault::NoWorkbook) } else { Ok(book) }
}

/// A workbook of Excel before 2007, or an encrypted one of any age.
fn open_compound(path: PathBuf, bytes: Arc<[u8]>) -> Result<Workbook, FileFault> {
    Trial::new(path, bytes.clone()).pass()?;
    let marks = cfb::check(&bytes)?;
    match Workbook::open_xls(bytes.clone(), marks) {
        Err(FileFault::Broken(_)) if Workbook::is_encrypted(bytes) => Err(FileFault::Encrypted),
        opened => opened,
    }
}
