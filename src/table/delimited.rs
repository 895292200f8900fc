//! Reads delimited text, such as CSV: rows have the numbers that Excel shows, and a text is split for reading in parallel.

mod quotes;

use csv::{ReaderBuilder, StringRecord};
use rayon::prelude::*;

use crate::table::cell::{Cell, Row};
use crate::table::file_fault::FileFault;
use crate::table::limits::{MAX_CELL_BYTES, MAX_COLUMNS};
use quotes::{Quotes, open_quote};

pub(super) use quotes::has_cell_of_lines;

/// The delimiters that are recognised, the likeliest first.
pub const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Ctrl-Z, which programs of the DOS time write at the end of a text file.
const END_OF_FILE: char = '\u{1a}';

/// The approximate size of a [`Part`] of a split text.
pub(super) const PART_BYTES: usize = 1 << 20;

/// A row of a delimited file.
#[derive(Debug)]
pub struct TextRow<'r> {
    cells: Cells<'r>,
    number: u32,
}

/// The cells of a row: as they are in the file, or without their quotes.
#[derive(Debug)]
enum Cells<'r> {
    Bare(&'r [Cell<'r>]),
    Unquoted(&'r StringRecord),
}

impl Row for TextRow<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn width(&self) -> usize {
        match self.cells {
            Cells::Bare(cells) => cells.len(),
            Cells::Unquoted(record) => record.len(),
        }
    }

    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.cells {
            Cells::Bare(cells) => cells.get(column).copied().unwrap_or(Cell::Empty),
            Cells::Unquoted(record) => record.get(column).map_or(Cell::Empty, |text| Cell::from_text(as_shown(text))),
        }
    }
}

impl TextRow<'_> {
    /// Fails if the row is above the limits of a table; `long` is its first column whose text is too long.
    fn check(&self, long: Option<usize>) -> Result<(), FileFault> {
        if self.width() > MAX_COLUMNS {
            return Err(FileFault::Wide(self.number));
        }
        long.map_or(Ok(()), |column| Err(FileFault::LongText(self.number, column)))
    }
}

/// Whether a text is too long for a cell.
const fn is_long(text: &str) -> bool {
    text.len() > MAX_CELL_BYTES
}

/// The text of a file, with every line break as `\n` or `\r\n`.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    /// Whether the text has a quote: between quotes, delimiters and line breaks belong to the cell.
    has_quotes: bool,
}

impl Text {
    /// The text with a lone `\r`, the line break of old Macintoshes, as `\n`, without a final Ctrl-Z, and without quotes around whole rows.
    ///
    /// # Panics
    ///
    /// Never: one ASCII character in the place of another leaves UTF-8.
    #[must_use]
    pub fn new(mut text: String) -> Self {
        text.truncate(text.trim_end_matches([END_OF_FILE, '\r', '\n']).len());
        let has_quote =
            |text: &str| text.as_bytes().par_chunks(PART_BYTES).any(|part| memchr::memchr(b'"', part).is_some());
        let mut has_quotes = has_quote(&text);
        if has_quotes && let Some(unwrapped) = unwrapped_rows(&text) {
            has_quotes = has_quote(&unwrapped);
            text = unwrapped;
        }
        let bytes = text.as_bytes();
        let is_lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
        let lone_of =
            |(place, part)| memchr::memchr_iter(b'\r', part).map(move |at| place * PART_BYTES + at).filter(is_lone);
        let lone: Vec<usize> = bytes.par_chunks(PART_BYTES).enumerate().flat_map_iter(lone_of).collect();
        if lone.is_empty() {
            return Self { text, has_quotes };
        }
        let mut bytes = text.into_bytes();
        for at in lone {
            bytes[at] = b'\n';
        }
        let text = String::from_utf8(bytes).expect("one ASCII character in the place of another leaves UTF-8");
        Self { text, has_quotes }
    }

    /// The whole text as one part.
    #[must_use]
    pub fn whole(&self, delimiter: u8) -> Part<'_> {
        Part { text: &self.text, first_row: 1, delimiter, has_quotes: self.has_quotes }
    }

    /// The row whose quote is never closed, or only by the opening quote of a later row, so that the rows between would be lost.
    #[must_use]
    pub fn open_quote(&self, delimiter: u8) -> Option<u32> {
        self.has_quotes.then(|| open_quote(&self.text, delimiter)).flatten()
    }
}

/// A run of whole rows of a file.
#[derive(Debug, Clone, Copy)]
pub struct Part<'t> {
    text: &'t str,
    /// The number of the part's first row.
    first_row: u32,
    delimiter: u8,
    has_quotes: bool,
}

impl<'t> Part<'t> {
    /// Some whole rows; `has_quotes` is whether the text has a quote.
    pub(super) const fn new(text: &'t str, first_row: u32, delimiter: u8, has_quotes: bool) -> Self {
        Self { text, first_row, delimiter, has_quotes }
    }

    /// The number of the first row.
    #[must_use]
    pub const fn first_row(&self) -> u32 {
        self.first_row
    }

    /// The approximate number of parts of [`Part::split`].
    #[must_use]
    pub const fn split_count(&self) -> usize {
        self.text.len().div_ceil(PART_BYTES)
    }

    /// The same rows in order, in parts of about 1 MiB.
    pub fn split(self) -> impl Iterator<Item = Self> + Send + use<'t> {
        self.split_by(PART_BYTES)
    }

    /// The same rows in order, in parts of about `part_bytes` bytes: a part ends where a row does, outside of quotes.
    pub fn split_by(self, part_bytes: usize) -> impl Iterator<Item = Self> + Send + use<'t> {
        let mut quotes = Quotes::new(self.text.as_bytes(), self.delimiter, self.has_quotes);
        let (mut start, mut first_row) = (0, self.first_row);
        std::iter::from_fn(move || {
            if start == self.text.len() {
                return None;
            }
            let run = quotes.run_of_rows(start.saturating_add(part_bytes));
            let text = &self.text[start..run.end];
            let part = Self { text, first_row, has_quotes: run.has_quotes, ..self };
            first_row += count_lines(text.as_bytes()) - run.breaks_in_quotes;
            start = run.end;
            Some(part)
        })
    }

    /// Calls `visit` with each row that is not blank, in order, until it returns `false`.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where a row has more columns, or a cell more text, than the limits of a table.
    ///
    /// # Panics
    ///
    /// Never: the text is UTF-8.
    pub fn rows(self, visit: impl FnMut(&TextRow<'_>) -> bool) -> Result<(), FileFault> {
        if self.has_quotes { self.quoted_rows(visit) } else { self.bare_rows(visit) }
    }

    /// The rows of a text without quotes: each is a line, and each cell is the text between two delimiters.
    fn bare_rows(self, mut visit: impl FnMut(&TextRow<'_>) -> bool) -> Result<(), FileFault> {
        let bytes = self.text.as_bytes();
        // a cell is looked at several times, and read from its text once
        let mut cells: Vec<Cell<'_>> = Vec::new();
        let mut long = None;
        let mut number = self.first_row;
        let mut cell = 0;
        let ends = memchr::memchr2_iter(self.delimiter, b'\n', bytes).chain([bytes.len()]);
        for end in ends {
            let ends_line = bytes.get(end) != Some(&self.delimiter);
            let text = &self.text[cell..end];
            let text = if ends_line { text.strip_suffix('\r').unwrap_or(text) } else { text };
            // one more than the limit is enough to refuse the row
            if cells.len() <= MAX_COLUMNS {
                if is_long(text) {
                    long = long.or(Some(cells.len()));
                }
                cells.push(Cell::from_text(text));
            }
            cell = end + 1;
            if !ends_line {
                continue;
            }
            if cells.len() > 1 || !text.is_empty() {
                let row = TextRow { cells: Cells::Bare(&cells), number };
                row.check(long)?;
                if !visit(&row) {
                    break;
                }
            }
            cells.clear();
            long = None;
            number += 1;
        }
        Ok(())
    }

    fn quoted_rows(self, mut visit: impl FnMut(&TextRow<'_>) -> bool) -> Result<(), FileFault> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        // line breaks inside quotes do not begin a row
        let mut inside = 0;
        while reader.read_record(&mut record).expect("the text is UTF-8 and rows may be of any length") {
            let before =
                record.position().map_or(0, |position| position.line() - 1 - inside) + self.breaks_before(&record);
            let number = self.first_row + u32::try_from(before).unwrap_or(u32::MAX - self.first_row);
            inside += memchr::memchr_iter(b'\n', record.as_slice().as_bytes()).count() as u64;
            let row = TextRow { cells: Cells::Unquoted(&record), number };
            let may_be_long = record.as_slice().len() > MAX_CELL_BYTES;
            row.check(may_be_long.then(|| record.iter().position(is_long)).flatten())?;
            if !visit(&row) {
                break;
            }
        }
        Ok(())
    }

    /// The line breaks between the reader's position and the beginning of the row: blank lines, and the rest of a `\r\n`.
    fn breaks_before(self, record: &StringRecord) -> u64 {
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
        let breaks = self.text.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        breaks.filter(|byte| **byte == b'\n').count() as u64
    }
}

/// The text of a cell as a spreadsheet shows it: programs write `="001"` so that a spreadsheet does not change what stands between the quotes.
fn as_shown(text: &str) -> &str {
    let between = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    between.filter(|text| !text.contains('"')).unwrap_or(text)
}

/// The text without the quotes around its rows, if every row stands whole in quotes and has some columns between them.
fn unwrapped_rows(text: &str) -> Option<String> {
    let mut unwrapped = String::with_capacity(text.len());
    let mut has_columns = false;
    for line in text.split_inclusive('\n') {
        let row = line.trim_end_matches(['\r', '\n']);
        if !row.is_empty() {
            let between = row.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\u{0}");
            if between.contains('"') {
                return None;
            }
            has_columns |= between.bytes().any(|byte| DELIMITERS.contains(&byte));
            unwrapped.extend(between.chars().map(|letter| if letter == '\0' { '"' } else { letter }));
        }
        unwrapped.push_str(&line[row.len()..]);
    }
    has_columns.then_some(unwrapped)
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(u32, String)> {
        let mut seen = Vec::new();
        for part in Text::new(text.to_owned()).whole(b';').split() {
            let rows = part.rows(|row| {
                seen.push((row.number(), row.cell(0).display()));
                true
            });
            rows.unwrap();
        }
        seen
    }

    #[test]
    fn rows_are_counted_as_excel_counts_them() {
        let row = |number, text: &str| (number, text.to_owned());
        assert_eq!(numbers("a;b\r\n\r\nc\nd"), [row(1, "a"), row(3, "c"), row(4, "d")]);
        assert_eq!(numbers("a\n\"b\nb\";x\n\nc"), [row(1, "a"), row(2, "b\nb"), row(4, "c")]);
        assert_eq!(numbers("a\rb\r\nc\nd\r"), [row(1, "a"), row(2, "b"), row(3, "c"), row(4, "d")]);
    }

    #[test]
    fn parts_hold_every_row_once() {
        let text = (1..=200_000).map(|row| row.to_string()).collect::<Vec<_>>().join(";x\r\n");
        assert!(Text::new(text.clone()).whole(b';').split().count() > 1);
        let seen = numbers(&text);
        assert_eq!(seen.len(), 200_000);
        assert!(seen.iter().all(|(number, text)| number.to_string() == *text));
    }

    #[test]
    fn quoted_rows_are_the_same_in_parts_of_any_size() {
        let texts = [
            "a;b\n\"c\n;\"\"\n\";d\n\ne;\"f\"\r\ng;h\n",
            "a;5\" b\n\"c\"d\"\ne\";f\n\"\"\"g\"\"\n\";h\n\u{feff}\"i\";j\n",
            "\"a\";\"b\"\n\"c\";\"d\"",
        ];
        for text in texts {
            let text = Text::new(text.to_owned());
            let rows = |parts: &mut dyn Iterator<Item = Part<'_>>| {
                let mut rows = Vec::new();
                for part in parts {
                    let read = part.rows(|row| {
                        let cells = (0..row.width()).map(|column| row.cell(column).display());
                        rows.push((row.number(), cells.collect::<Vec<_>>()));
                        true
                    });
                    read.unwrap();
                }
                rows
            };
            let whole = rows(&mut std::iter::once(text.whole(b';')));
            for bytes in 1..=text.text.len() {
                assert_eq!(rows(&mut text.whole(b';').split_by(bytes)), whole, "{bytes}");
            }
        }
    }

    #[test]
    fn rows_and_cells_larger_than_any_are_refused() {
        let refused = |text: &str| Text::new(text.to_owned()).whole(b';').rows(|_| true);
        assert!(matches!(refused(&format!("a\nb{}", ";".repeat(MAX_COLUMNS))), Err(FileFault::Wide(2))));
        assert!(matches!(refused(&format!("a;{}\n", "b".repeat(MAX_CELL_BYTES + 1))), Err(FileFault::LongText(1, 1))));
        assert!(refused(&format!("a;{}\n", "b;".repeat(MAX_CELL_BYTES / 10))).is_ok());
    }

    /// The cells of the first two columns.
    fn cells(text: &str) -> Vec<[String; 2]> {
        let mut seen = Vec::new();
        let rows = Text::new(text.to_owned()).whole(b';').rows(|row| {
            seen.push([0, 1].map(|column| row.cell(column).display()));
            true
        });
        rows.unwrap();
        seen
    }

    #[test]
    fn the_mark_at_the_end_of_a_file_is_no_row() {
        for text in ["a;b\r\n\u{1a}", "a;b\u{1a}", "a;b\n\u{1a}\n", "\"a\";b\n\u{1a}\u{1a}\r\n"] {
            assert_eq!(cells(text), [["a", "b"]], "{text:?}");
        }
    }

    #[test]
    fn whole_rows_in_quotes_are_rows() {
        assert_eq!(cells("\"a;b\"\r\n\r\n\"c;d\"\r\n"), [["a", "b"], ["c", "d"]]);
        assert_eq!(cells("\"a;\"\"b;c\"\"\"\n\"d;e\"\n"), [["a", "b;c"], ["d", "e"]], "quoted cells in quoted rows");
        assert_eq!(cells("\"a\";\"b\"\n\"c\";\"d\"\n"), [["a", "b"], ["c", "d"]], "quotes around each cell");
        assert_eq!(cells("\"a;b\"\nc;d\n"), [["a;b", ""], ["c", "d"]], "one row alone is a cell with a delimiter");
        assert_eq!(numbers("\"a;b\"\n\n\"c;d\"\n"), [(1, "a".to_owned()), (3, "c".to_owned())]);
    }

    #[test]
    fn texts_behind_an_equals_sign_are_what_is_shown() {
        assert_eq!(cells("=\"001\";=\"05.06.1990\"\n"), [["001", "05.06.1990"]]);
        assert_eq!(cells("\"=\"\"001\"\"\";\"=A1&\"\"x\"\"\"\n"), [["001", "=A1&\"x\""]], "a formula stays one");
    }

    #[test]
    fn a_quote_that_never_closes_is_found() {
        let open = |text: &str| Text::new(text.to_owned()).open_quote(b';');
        assert_eq!(open("a;b\n\"c;d\ne;f\n"), Some(2));
        assert_eq!(open("a;b\n\"c;d\ne;f\n\"g\";h\n"), Some(2), "closed by the quote of another");
        assert_eq!(open("a;b;c\n\"d;e;f\ng;h;i\nj\";k;l\n"), Some(2), "closed at the end of another cell");
        assert_eq!(open("a;b;c\nd;e;\"f\ng;h;i\nj;k;l\"\n"), Some(2), "a whole row between the quotes");
        for closed in [
            "a;b\n\"c\n\";d\n",
            "a;b;c;d\n\"Москва;\nЛенина; 5\";b;c;d\n",
            "a;ООО \"Ромашка;d\n",
            "\"a\"\"b\";c\n",
            "\"\";\"\"\n",
            "plain\n",
            "\"a\"b;c\n",
            "\"a\nb\"\r\nc\n",
        ] {
            assert_eq!(open(closed), None, "{closed}");
        }
    }
}
