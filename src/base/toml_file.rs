//! Reading of TOML files that people write: contracts, tariffs, price changes, networks of clinics.
//!
//! A file is read through [`Table`]s. Every fault is collected with its line, so that one run reports all of them; a
//! key that the reader has not asked for is unknown, and so a fault. Decimals are read as written, never through a
//! binary float.

mod number;
mod slips;
mod table;
mod value;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use toml::de::DeTable;

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Span};
pub use number::Number;
pub use table::{Table, in_table};
pub use value::{AnyValue, as_date, as_decimal, as_filled_text, as_list, as_number, as_text, as_whole, unknown_word};

/// The largest TOML file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The name of the file of settings, which stands beside the files that it serves.
pub const SETTINGS_FILE: &str = "kollektiv.toml";

/// The first bytes of a zip archive, and so of a workbook of Excel since 2007 or of LibreOffice.
pub const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a compound file, and so of a workbook of Excel before 2007.
pub const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

impl SourceFile {
    /// Reads a TOML file whole.
    ///
    /// # Errors
    ///
    /// As [`InputFile::open`]; [`Error::Io`] where it cannot be read, [`Error::TooLarge`] over [`MAX_FILE_BYTES`], [`Error::Table`] where it is a workbook, [`Error::NotText`] where it is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let InputFile { file, bytes: size } = InputFile::open(path)?;
        let mut bytes = Vec::new();
        // the file may grow while it is read
        let read =
            file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|fault| Error::reading(path, fault))?;
        let size = size.max(read as u64);
        if size > MAX_FILE_BYTES {
            return Err(Error::TooLarge { path: path.to_owned(), bytes: size, limit: MAX_FILE_BYTES });
        }
        if [ZIP, COMPOUND].iter().any(|magic| bytes.starts_with(magic)) {
            return Err(Error::Table { path: path.to_owned() });
        }
        let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), text })
    }

    /// Parses the text as TOML and returns what `read` makes of its root table, unless there is any fault.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault, in the order of the lines; [`Error::NotToml`] where the text does not begin
    /// as TOML.
    pub fn read<T>(&self, read: impl FnOnce(&mut Table<'_>) -> Option<T>) -> Result<T, Error> {
        let (root, broken) = DeTable::parse_recoverable(&self.text);
        if let (false, Some(line)) = (broken.is_empty(), first_non_toml_line(&self.text)) {
            return Err(Error::NotToml { path: self.path.clone(), line });
        }
        let faults = Faults::default();
        let mut lines_with_slips = BTreeSet::new();
        for fault in broken {
            let span = fault.span().unwrap_or(0..0);
            let line = line_around(&self.text, span.start);
            match slips::slip(&self.text[line.clone()]) {
                Some(message) if lines_with_slips.insert(line.start) => faults.add(line, message),
                // one fault of the line is enough
                Some(_) => {}
                None => faults.add(span, Message::new("toml-syntax").with("reason", fault.message())),
            }
        }
        let made = if faults.is_empty() {
            let mut table = Table::new(root.get_ref(), root.span(), &faults);
            let made = read(&mut table);
            table.close();
            made
        } else {
            None
        };
        match made {
            Some(made) if faults.is_empty() => Ok(made),
            _ => Err(Error::Refused { source: Box::new(self.clone()), faults: faults.into_sorted() }),
        }
    }
}

/// The line around a byte, without its end.
fn line_around(text: &str, byte: usize) -> Span {
    let bytes = text.as_bytes();
    let byte = byte.min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..byte]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
    start..end - usize::from(end > start && bytes[end - 1] == b'\r')
}

/// The first line with content, from 1, unless TOML can begin with it.
///
/// A text that does not begin as TOML may be a list of people: its lines must not be shown.
fn first_non_toml_line(text: &str) -> Option<usize> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let (at, line) = { lines }.find(|(_, line)| !line.is_empty() && !line.starts_with('#'))?;
    let is_name = |text: &str| {
        let known = |letter: char| letter.is_ascii_alphanumeric() || "_-.\"' ".contains(letter);
        !text.trim().is_empty() && text.chars().all(known)
    };
    let section = line.trim_start_matches('[').split(']').next().filter(|_| line.starts_with('['));
    let key = line.split_once('=').map(|(key, _)| key);
    (!section.or(key).is_some_and(is_name)).then_some(at + 1)
}
