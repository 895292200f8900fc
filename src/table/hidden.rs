//! What Excel hides of a sheet: rows and columns hidden by hand or by a filter, and cells merged over several rows.
//!
//! They are read like all others, and reported. Only an `.xlsx` is searched; where a part of it is missing or damaged, nothing is hidden.

use std::io::{Cursor, Read};
use std::ops::RangeInclusive;

use memchr::memmem::Finder;
use zip::ZipArchive;

use crate::base::diagnostic::{Code, Diagnostic, Place, column_letters};
use crate::base::messages::Message;
use crate::table::layout::Layout;
use crate::table::sheet_xml::{columns, each_element, is_hidden};
use crate::table::xlsx_part::part_of_sheet;

/// The hidden rows and columns of a sheet, and its merged cells.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The rows, from 1, in the order of the sheet.
    pub rows: Vec<RangeInclusive<u32>>,
    /// The columns, from 0.
    pub columns: Vec<usize>,
    /// The cells merged over several rows: only the first row keeps the value.
    pub merged: Vec<Merged>,
}

/// Merged cells: rows from 1, columns from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    rows: RangeInclusive<u32>,
    columns: RangeInclusive<u32>,
}

impl Hidden {
    /// Reports the hidden rows of data, the hidden columns with a heading, and the cells of fields merged over several of the `rows` of data.
    #[must_use]
    pub fn diagnostics(&self, sheet: u16, layout: &Layout, rows: &[u32]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut report = |code, message: Message| {
            found.push(Diagnostic { code, place: Place::sheet(sheet), value: String::new(), message });
        };
        if let Some((rows, count)) = self.rows_among(rows) {
            report(Code::HiddenRow, Message::new("hidden-row").with("rows", rows).with("count", count));
        }
        let fields: Vec<usize> = layout.columns().map(|(_, column)| column).collect();
        if let Some((cells, count)) = self.cells_over(rows, &fields) {
            report(Code::MergedCells, Message::new("merged-cells").with("cells", cells).with("count", count));
        }
        let has_heading = |column: usize| layout.headings.get(column).is_some_and(|heading| !heading.is_empty());
        if let Some((columns, count)) = self.columns_where(has_heading) {
            report(Code::HiddenColumn, Message::new("hidden-column").with("columns", columns).with("count", count));
        }
        found
    }

    /// The hidden rows among these, the first of them as text, and their number; `None` where none is hidden.
    #[must_use]
    pub fn rows_among(&self, rows: &[u32]) -> Option<(String, usize)> {
        if self.rows.is_empty() {
            return None;
        }
        let mut in_order = rows.to_vec();
        in_order.sort_unstable();
        let counted = self.counted(&in_order);
        let count: usize = counted.iter().map(|(_, count)| count).sum();
        let shown = counted.iter().map(|(rows, _)| match (rows.start(), rows.end()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}–{last}"),
        });
        (count > 0).then(|| (join_first(shown), count))
    }

    /// The cells merged over several of these rows in one of these columns (from 0), the first of them as text, and their number.
    #[must_use]
    pub fn cells_over(&self, rows: &[u32], columns: &[usize]) -> Option<(String, usize)> {
        if self.merged.is_empty() {
            return None;
        }
        let mut in_order = rows.to_vec();
        in_order.sort_unstable();
        let of_column =
            |merged: &Merged, column: usize| u32::try_from(column).is_ok_and(|at| merged.columns.contains(&at));
        let of_field = |merged: &&Merged| columns.iter().any(|column| of_column(merged, *column));
        let over_several = |merged: &&Merged| count_inside(&in_order, &merged.rows) > 1;
        let merged: Vec<String> =
            self.merged.iter().filter(over_several).filter(of_field).map(Merged::reference).collect();
        let count = merged.len();
        (count > 0).then(|| (join_first(merged.into_iter()), count))
    }

    /// The hidden columns that meet a condition, the first of them as text, and their number.
    #[must_use]
    pub fn columns_where(&self, is_meant: impl Fn(usize) -> bool) -> Option<(String, usize)> {
        let meant = self.columns.iter().filter(|column| is_meant(**column));
        let columns: Vec<u32> = meant.filter_map(|column| u32::try_from(*column).ok()).collect();
        (!columns.is_empty()).then(|| (join_first(columns.iter().map(|column| column_letters(*column))), columns.len()))
    }

    /// The runs of hidden rows that hold some of these, which are in order, and how many of them.
    fn counted(&self, rows: &[u32]) -> Vec<(&RangeInclusive<u32>, usize)> {
        self.rows.iter().map(|run| (run, count_inside(rows, run))).filter(|(_, count)| *count > 0).collect()
    }
}

impl Merged {
    /// The cells of a reference such as `C2:D4`; `None` within one row.
    fn over_rows(reference: &str) -> Option<Self> {
        let (first, last) = reference.split_once(':')?;
        let ((first_row, first_column), (last_row, last_column)) = (parse_cell(first)?, parse_cell(last)?);
        (first_row < last_row).then_some(Self { rows: first_row..=last_row, columns: first_column..=last_column })
    }

    /// The reference as Excel writes it.
    fn reference(&self) -> String {
        let cell = |column: u32, row: u32| format!("{}{row}", column_letters(column));
        format!("{}:{}", cell(*self.columns.start(), *self.rows.start()), cell(*self.columns.end(), *self.rows.end()))
    }
}

/// The row, from 1, and the column, from 0, of a cell such as `C2`.
fn parse_cell(reference: &str) -> Option<(u32, u32)> {
    const MOST_LETTERS: usize = 3;
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = reference.split_at(letters);
    let column = column.bytes().take(MOST_LETTERS).fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    (letters <= MOST_LETTERS).then_some((row.parse().ok()?, column.checked_sub(1)?))
}

/// How many of these rows, which are in order, lie in a run.
fn count_inside(rows: &[u32], run: &RangeInclusive<u32>) -> usize {
    rows.partition_point(|row| row <= run.end()).saturating_sub(rows.partition_point(|row| row < run.start()))
}

/// The first of some words, separated by commas, and `…` where there are more.
#[must_use]
pub fn join_first(words: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = words.take(SHOWN + 1).collect();
    if let Some(more) = shown.get_mut(SHOWN) {
        "…".clone_into(more);
    }
    shown.join(", ")
}

/// Finds what is hidden of a sheet of an `.xlsx`.
///
/// The sheet is unpacked once more and searched for two words: that takes a tenth of the time of reading the cells, on another thread.
#[must_use]
pub fn find_hidden(workbook: &[u8], sheet: &str) -> Hidden {
    search_workbook(workbook, sheet).unwrap_or_default()
}

fn search_workbook(workbook: &[u8], sheet: &str) -> Option<Hidden> {
    let mut zip = ZipArchive::new(Cursor::new(workbook)).ok()?;
    let part = part_of_sheet(&mut zip, sheet)?;
    let mut hidden = Hidden::default();
    each_element(&mut zip, &part, |element, found| {
        if element == "col" && is_hidden(found) {
            hidden.columns.extend(columns(found).into_iter().flatten());
        }
        element != "sheetData"
    })?;
    (hidden.rows, hidden.merged) = search_rows(zip.by_name(&part).ok()?);
    Some(hidden)
}

/// The hidden rows of a sheet's text and its cells merged over rows, up to where the text breaks off.
fn search_rows(mut xml: impl Read) -> (Vec<RangeInclusive<u32>>, Vec<Merged>) {
    const AT_ONCE: usize = 64 * 1024;
    /// No element of a row is longer.
    const LONGEST_ELEMENT: usize = 4 * 1024;
    let (hidden, merged) = (Finder::new(b" hidden="), Finder::new(b"mergeCell "));
    let mut rows: Vec<RangeInclusive<u32>> = Vec::new();
    let mut cells = Vec::new();
    let mut window = vec![0; AT_ONCE];
    let mut filled = 0;
    while let Ok(read) = xml.read(&mut window[filled..]) {
        filled += read;
        let text = &window[..filled];
        // an element that is cut off belongs to the next round
        let whole = if read == 0 { filled } else { memchr::memrchr(b'<', text).unwrap_or(filled) };
        cells.extend(merged.find_iter(&text[..whole]).filter_map(|at| merged_cells(text, at)));
        for row in hidden.find_iter(&text[..whole]).filter_map(|at| hidden_row(text, at)) {
            match rows.last_mut() {
                Some(last) if last.end().checked_add(1) == Some(row) => *last = *last.start()..=row,
                _ => rows.push(row..=row),
            }
        }
        if read == 0 {
            break;
        }
        let kept = if filled - whole > LONGEST_ELEMENT { 0 } else { filled - whole };
        window.copy_within(filled - kept..filled, 0);
        filled = kept;
    }
    (rows, cells)
}

/// The number of the row whose attribute `hidden` is at this place, if it is a row and is hidden.
fn hidden_row(text: &[u8], at: usize) -> Option<u32> {
    let element = element(text, at, "row")?;
    let hidden = !matches!(value(element, " hidden=")?, "0" | "false");
    if hidden { value(element, " r=")?.parse().ok() } else { None }
}

/// The cells of the element at this place, if it merges cells of several rows.
fn merged_cells(text: &[u8], at: usize) -> Option<Merged> {
    Merged::over_rows(value(element(text, at, "mergeCell")?, " ref=")?)
}

/// The element around a place, if it has this name.
fn element<'t>(text: &'t [u8], at: usize, name: &str) -> Option<&'t str> {
    let start = memchr::memrchr(b'<', &text[..at])?;
    let end = at + memchr::memchr(b'>', &text[at..])?;
    let element = std::str::from_utf8(&text[start + 1..end]).ok()?;
    let own_name = element.split_ascii_whitespace().next()?;
    (!element.contains('>') && own_name.rsplit(':').next() == Some(name)).then_some(element)
}

/// The value of an attribute, whose name is given with what stands around it.
fn value<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    let (_, rest) = element.split_once(name)?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time.
    struct Slow<'t>(&'t [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len());
            self.0.read(&mut into[..count])
        }
    }

    #[test]
    fn hidden_rows_are_found_wherever_the_text_is_cut() {
        let xml = br#"<sheetData><row r="1"><c r="A1"/></row><row r="2" spans="1:2" hidden="1"><c r="A2" t="str"><v> hidden="1"</v></c>
            </row><row hidden='true' r='3'/><row r="4" hidden="0"/><row r="12" ht="15" hidden="1" customHeight="1"/></sheetData>
            <mergeCells count="4"><mergeCell ref="C2:C4"/><mergeCell ref="A1:F1"/><x:mergeCell ref='AA7:AB9'></x:mergeCell>
            <mergeCell ref="C9:"/></mergeCells>"#;
        for at_once in [1, 2, 3, 7, 50, 1000] {
            let (rows, merged) = search_rows(Slow(xml, at_once));
            assert_eq!(rows, [2..=3, 12..=12], "{at_once} at once");
            assert_eq!(
                merged.iter().map(Merged::reference).collect::<Vec<_>>(),
                ["C2:C4", "AA7:AB9"],
                "{at_once} at once"
            );
        }
    }

    #[test]
    fn texts_that_are_no_sheet_hide_nothing() {
        assert_eq!(find_hidden(b"no workbook", "Sheet1"), Hidden::default());
        let endless = [b"<row r=\"1\"".as_slice(), &vec![b' '; 300_000], b" hidden=\"1\">"].concat();
        assert_eq!(search_rows(endless.as_slice()), (vec![], vec![]));
        assert_eq!(search_rows(b"<row r=\"1\" hidden=".as_slice()), (vec![], vec![]));
    }
}
