//! A long text that is read part by part, while the rows of the parts before are: its rows and its SHA-256 are those of the file read whole.
//!
//! Only a usual text is read in this way: UTF-8, rows that end with a line feed and are no longer than a part, no cell of several lines. As
//! soon as anything else turns up, [`StreamedText::finish`] returns `None`, and the file is to be read again as a whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::base::digest::hexadecimal;
use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::toml_file::{COMPOUND, ZIP};
use crate::table::delimited::{DELIMITERS, PART_BYTES, Part, Text, has_cell_of_lines};
use crate::table::head::HEAD_ROWS;
use crate::table::limits::MAX_FILE_BYTES;
use crate::table::source::DOCUMENTS;

/// Shorter files, of less than a part, are read whole.
const SHORTEST_FILE: u64 = PART_BYTES as u64;

/// A text file whose first part is read.
#[derive(Debug)]
pub struct StreamedText {
    file: File,
    hash: Sha256,
    /// The bytes of the file when it was opened.
    size: u64,
    part_bytes: usize,
    /// What is read and not yet in a part.
    buffer: Vec<u8>,
    /// The bytes read.
    bytes: u64,
    /// The first part, until it is taken.
    first: Option<String>,
    delimiter: u8,
    /// The number of the next part's first row.
    next_row: u32,
    is_usual: bool,
}

/// Some whole rows of a text.
#[derive(Debug)]
pub struct TextPart {
    text: String,
    first_row: u32,
    delimiter: u8,
    has_quotes: bool,
}

impl TextPart {
    /// The rows.
    #[must_use]
    pub fn rows(&self) -> Part<'_> {
        Part::new(&self.text, self.first_row, self.delimiter, self.has_quotes)
    }
}

impl StreamedText {
    /// Opens a file; `None` where it is short or begins in an unusual way.
    ///
    /// # Errors
    ///
    /// As [`InputFile::open`].
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        Self::open_in_parts(path, SHORTEST_FILE, PART_BYTES)
    }

    fn open_in_parts(path: &Path, shortest: u64, part_bytes: usize) -> Result<Option<Self>, Error> {
        let InputFile { file, bytes: size } = InputFile::open(path)?;
        if !(shortest..=MAX_FILE_BYTES).contains(&size) {
            return Ok(None);
        }
        let mut text = Self {
            file,
            hash: Sha256::new(),
            size,
            part_bytes,
            buffer: Vec::with_capacity(2 * part_bytes),
            bytes: 0,
            first: None,
            delimiter: DELIMITERS[0],
            next_row: 1,
            is_usual: true,
        };
        text.first = text.read_part(true);
        Ok(text.first.as_deref().is_some_and(begins_usually).then_some(text))
    }

    /// The first part, in which the headings are found.
    #[must_use]
    pub fn head(&self) -> Text {
        Text::new(self.first.clone().unwrap_or_default())
    }

    /// Sets the delimiter of the columns, before the first part is taken.
    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// The approximate number of parts.
    #[must_use]
    pub fn part_count(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX).div_ceil(self.part_bytes)
    }

    /// The parts in order: all of them where the text is usual, and else those before anything unusual.
    pub fn parts(&mut self) -> impl Iterator<Item = TextPart> + Send + '_ {
        std::iter::from_fn(|| self.next_part())
    }

    /// Reads what is left, and returns the SHA-256 of the file; `None` where the text is unusual.
    #[must_use]
    pub fn finish(mut self) -> Option<String> {
        while self.next_part().is_some() {}
        self.is_usual.then(|| hexadecimal(&self.hash.finalize()))
    }

    /// Whether nothing unusual was in the parts so far.
    #[must_use]
    pub const fn is_usual(&self) -> bool {
        self.is_usual
    }

    fn next_part(&mut self) -> Option<TextPart> {
        let text = match self.first.take() {
            Some(first) => first,
            None if self.is_usual => self.read_part(false)?,
            None => return None,
        };
        let has_quotes = memchr::memchr(b'"', text.as_bytes()).is_some();
        if has_quotes && has_cell_of_lines(&text, self.delimiter) {
            self.is_usual = false;
            return None;
        }
        let first_row = self.next_row;
        let rows = memchr::memchr_iter(b'\n', text.as_bytes()).count();
        self.next_row = self.next_row.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
        Some(TextPart { text, first_row, delimiter: self.delimiter, has_quotes })
    }

    /// The next whole rows of the file; `None` at its end, and from the first unusual part on.
    fn read_part(&mut self, is_first: bool) -> Option<String> {
        let before = self.buffer.len();
        let read = (&self.file).take(self.part_bytes as u64).read_to_end(&mut self.buffer);
        let new = &self.buffer[before..];
        self.hash.update(new);
        self.bytes = self.bytes.saturating_add(new.len() as u64);
        let is_end = new.is_empty();
        let end = if is_end { Some(before) } else { memchr::memrchr(b'\n', &self.buffer).map(|at| at + 1) };
        // a file that cannot be read is reported by its other reader
        let is_readable = read.is_ok() && self.bytes <= MAX_FILE_BYTES;
        let text = end.filter(|_| is_readable).and_then(|end| usual_text(&self.buffer[..end], is_first));
        let Some(text) = text else {
            self.is_usual = false;
            return None;
        };
        self.buffer.drain(..end.unwrap_or_default());
        (!is_end || before > 0).then_some(text)
    }
}

/// The text of some rows without the mark of UTF-8 at the beginning of a file; `None` where something about it is unusual.
fn usual_text(bytes: &[u8], is_first: bool) -> Option<String> {
    const MARK: &str = "\u{feff}";
    /// No text has the one, and programs of the DOS time write the other at the end of a text.
    const CONTROLS: [u8; 2] = [0, 0x1a];
    let is_lone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    if memchr::memchr2(CONTROLS[0], CONTROLS[1], bytes).is_some() || memchr::memchr_iter(b'\r', bytes).any(is_lone) {
        return None;
    }
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    let text = if is_first { text.strip_prefix(MARK).unwrap_or(text) } else { text };
    // readers of quoted rows drop a second one
    (!text.starts_with(MARK)).then(|| text.to_owned())
}

/// Whether the first part of a file begins as a text of rows does, and has all rows among which headings are looked for.
fn begins_usually(text: &str) -> bool {
    let mut rows = text.lines().filter(|row| !row.is_empty());
    // rows may stand in quotes as a whole
    let is_wrapped = |row: &str| row.starts_with('"') && row.ends_with('"');
    let is_other = text.as_bytes().starts_with(ZIP) || text.as_bytes().starts_with(COMPOUND);
    let start = text.trim_start();
    !is_other
        && !start.starts_with('<')
        && !DOCUMENTS.iter().any(|document| start.starts_with(document))
        && !rows.next().is_none_or(is_wrapped)
        && rows.nth(HEAD_ROWS).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::cell::Row as _;
    use crate::table::source::FileBytes;

    /// The rows and the SHA-256 of a text read in parts; `None` where it is unusual.
    fn streamed(bytes: &[u8], part_bytes: usize) -> Option<(Vec<String>, String)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut text = StreamedText::open_in_parts(file.path(), 1, part_bytes).unwrap()?;
        text.set_delimiter(b';');
        let mut rows = Vec::new();
        for part in text.parts() {
            add_rows(&mut rows, part.rows());
        }
        Some((rows, text.finish()?))
    }

    fn add_rows(rows: &mut Vec<String>, part: Part<'_>) {
        let read = part.rows(|row| {
            let cells: Vec<String> = (0..row.width()).map(|column| format!("{:?}", row.cell(column))).collect();
            rows.push(format!("{} {cells:?}", row.number()));
            true
        });
        read.unwrap();
    }

    /// The same of the file as a whole.
    fn whole(bytes: &[u8]) -> (Vec<String>, String) {
        let file = FileBytes::from(bytes.to_vec());
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let text = Text::new(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned());
        assert_eq!(text.open_quote(b';'), None);
        let mut rows = Vec::new();
        add_rows(&mut rows, text.whole(b';'));
        (rows, file.sha256().to_owned())
    }

    /// The bytes of a part: those of the first one hold all rows among which headings are looked for.
    const PART: usize = 4096;

    /// A text with these rows after usual ones.
    fn text_of(rows: &str) -> String {
        "Иванов;1\n".repeat(2 * HEAD_ROWS) + rows
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_whole_file(
            rows in prop::collection::vec("([а-я0-9 #=;]{0,40}|(\"[а-я;]{0,9}(\"\")?\"|а\"б|;){0,4})(\n|\r\n|\n\n)", 0..300),
            mark in any::<bool>(),
            has_last_break in any::<bool>(),
        ) {
            let text = text_of(&rows.concat());
            let text = if has_last_break { text.as_str() } else { text.trim_end() };
            let text = format!("{}{text}", if mark { "\u{feff}" } else { "" });
            if let Some(found) = streamed(text.as_bytes(), PART) {
                prop_assert_eq!(found, whole(text.as_bytes()));
            } else {
                // a quote after a text in quotes
                prop_assert!(rows.iter().any(|row| row.contains('"')));
            }
        }
    }

    #[test]
    fn usual_texts_are_read_in_parts() {
        for rows in ["", "\"Ли; Анна\";2\n", "Ли \"А\";2\r\n;\n", "\n\n\n", &"Ли;2\n".repeat(5000)] {
            let text = text_of(rows);
            assert_eq!(streamed(text.as_bytes(), PART), Some(whole(text.as_bytes())), "{rows}");
        }
    }

    #[test]
    fn unusual_texts_are_left_to_the_other_reader() {
        let long = "я".repeat(PART);
        let rows: [&[u8]; 9] = [
            b"a\0;1\n",
            b"\xc8\xe2\xe0\xed;1\n",
            b"a;1\rb;2\n",
            b"a;1\n\x1a",
            b"\"a\nb\";1\n",
            b"\"a;1\nb;2\n",
            b"a;1\r",
            b"a;\xd0",
            long.as_bytes(),
        ];
        for row in rows {
            let text = [text_of("").as_bytes(), row].concat();
            assert_eq!(streamed(&text, PART), None, "{row:?}");
        }
        let with_mark = text_of(&"Ли;2\n\u{feff}Ли;3\n".repeat(1000));
        if let Some(found) = streamed(with_mark.as_bytes(), PART) {
            assert_eq!(found, whole(with_mark.as_bytes()));
        }
        for begin in ["<html>", "PK\u{3}\u{4}", "\"a;b\"\n", "%PDF-1.7\n", "{\\rtf1\n", "MIME-Version: 1.0\n"] {
            assert_eq!(streamed((begin.to_owned() + &text_of("")).as_bytes(), PART), None, "{begin}");
        }
        assert_eq!(streamed(b"a;b\nc;d\n", PART), None, "too short for headings");
    }

    #[test]
    fn short_files_are_read_whole() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text_of("")).unwrap();
        assert!(StreamedText::open(file.path()).unwrap().is_none());
    }
}
