//! What Excel does not show of a sheet, or otherwise than it is: rows and columns that are hidden, by hand or by a filter, and cells
//! that are merged over several rows.
//!
//! They are read like all others. Of an `.xlsx` alone: whatever is missing or damaged in it hides nothing.

use std::io::{Cursor, Read};
use std::ops::RangeInclusive;

use memchr::memmem::Finder;
use zip::ZipArchive;

use crate::base::diagnostic::{Code, Diagnostic, Place, column_letters};
use crate::base::messages::Message;
use crate::roster::contacts;
use crate::roster::field::Field;
use crate::table::layout::Layout;
use crate::table::sheet_xml::{columns, each_element, is_hidden};
use crate::table::xlsx_part::part_of_sheet;

/// What is hidden of a sheet.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The rows, from 1, in the order of the sheet.
    pub rows: Vec<RangeInclusive<u32>>,
    /// The columns, from 0.
    pub columns: Vec<usize>,
    /// The cells that are merged over several rows, of which only the first holds anything.
    pub merged: Vec<Merged>,
}

/// Cells that are merged: rows from 1, columns from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    rows: RangeInclusive<u32>,
    columns: RangeInclusive<u32>,
}

impl Hidden {
    /// Says which hidden rows and columns were read: of the rows those that hold an insured, of the columns those that have a
    /// heading. Says which cells of fields are merged over several insured, who all but the first have nothing there.
    #[must_use]
    pub fn diagnostics(&self, sheet: u16, layout: &Layout, insured_rows: &[u32]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut say = |code, message: Message| {
            found.push(Diagnostic { code, place: Place::sheet(sheet), value: String::new(), message });
        };
        if let Some((rows, count)) = self.rows_with(insured_rows) {
            say(Code::HiddenRow, Message::new("hidden-row").with("rows", rows).with("count", count));
        }
        let is_read = |field: Field| field.is_read() || field.is_read_in_clinics() || contacts::FIELDS.contains(&field);
        let read = layout.columns().filter(|(field, _)| is_read(*field)).map(|(_, column)| column);
        if let Some((cells, count)) = self.cells_over(insured_rows, &read.collect::<Vec<_>>()) {
            say(Code::MergedCells, Message::new("merged-cells").with("cells", cells).with("count", count));
        }
        let headed = |column: usize| layout.headings.get(column).is_some_and(|heading| !heading.is_empty());
        if let Some((columns, count)) = self.columns_with(headed) {
            say(Code::HiddenColumn, Message::new("hidden-column").with("columns", columns).with("count", count));
        }
        found
    }

    /// The first hidden rows of these in words, and how many of these are hidden; none where none is.
    pub fn rows_with(&self, rows: &[u32]) -> Option<(String, usize)> {
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
        (count > 0).then(|| (first_of(shown), count))
    }

    /// The first cells in words that are merged over several of these rows in any of these columns, from 0, and how many there are.
    pub fn cells_over(&self, rows: &[u32], columns: &[usize]) -> Option<(String, usize)> {
        if self.merged.is_empty() {
            return None;
        }
        let mut in_order = rows.to_vec();
        in_order.sort_unstable();
        let of_column =
            |merged: &Merged, column: usize| u32::try_from(column).is_ok_and(|at| merged.columns.contains(&at));
        let of_field = |merged: &&Merged| columns.iter().any(|column| of_column(merged, *column));
        let over_several = |merged: &&Merged| inside(&in_order, &merged.rows) > 1;
        let merged: Vec<String> = self.merged.iter().filter(over_several).filter(of_field).map(Merged::shown).collect();
        let count = merged.len();
        (count > 0).then(|| (first_of(merged.into_iter()), count))
    }

    /// The first hidden columns of such in words, and how many there are.
    pub fn columns_with(&self, is_headed: impl Fn(usize) -> bool) -> Option<(String, usize)> {
        let headed = self.columns.iter().filter(|column| is_headed(**column));
        let columns: Vec<u32> = headed.filter_map(|column| u32::try_from(*column).ok()).collect();
        (!columns.is_empty()).then(|| (first_of(columns.iter().map(|column| column_letters(*column))), columns.len()))
    }

    /// The runs of hidden rows that hold any of these, which are in order, and how many.
    fn counted(&self, rows: &[u32]) -> Vec<(&RangeInclusive<u32>, usize)> {
        self.rows.iter().map(|run| (run, inside(rows, run))).filter(|(_, count)| *count > 0).collect()
    }
}

impl Merged {
    /// The cells of a reference such as `C2:D4`, where they are of several rows.
    fn over_rows(reference: &str) -> Option<Self> {
        let (first, last) = reference.split_once(':')?;
        let ((first_row, first_column), (last_row, last_column)) = (cell(first)?, cell(last)?);
        (first_row < last_row).then_some(Self { rows: first_row..=last_row, columns: first_column..=last_column })
    }

    /// The cells as Excel names them.
    fn shown(&self) -> String {
        let of = |column: u32, row: u32| format!("{}{row}", column_letters(column));
        format!("{}:{}", of(*self.columns.start(), *self.rows.start()), of(*self.columns.end(), *self.rows.end()))
    }
}

/// The row, from 1, and the column, from 0, of a cell such as `C2`.
fn cell(reference: &str) -> Option<(u32, u32)> {
    const MOST_LETTERS: usize = 3;
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).count();
    let (column, row) = reference.split_at(letters);
    let column = column.bytes().take(MOST_LETTERS).fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    (letters <= MOST_LETTERS).then_some((row.parse().ok()?, column.checked_sub(1)?))
}

/// How many of these rows, which are in order, are in a run.
fn inside(rows: &[u32], run: &RangeInclusive<u32>) -> usize {
    rows.partition_point(|row| row <= run.end()).saturating_sub(rows.partition_point(|row| row < run.start()))
}

/// The first of some words in a list, and that there are more.
pub fn first_of(words: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<String> = words.take(SHOWN + 1).collect();
    if let Some(more) = shown.get_mut(SHOWN) {
        "…".clone_into(more);
    }
    shown.join(", ")
}

/// What is hidden of a sheet of a workbook.
///
/// The sheet is unpacked once more for its rows, and only looked through for two words: that takes a tenth of the time that
/// the cells take, and the time of another thread.
#[must_use]
pub fn hidden(workbook: &[u8], sheet: &str) -> Hidden {
    of_sheet(workbook, sheet).unwrap_or_default()
}

fn of_sheet(workbook: &[u8], sheet: &str) -> Option<Hidden> {
    let mut zip = ZipArchive::new(Cursor::new(workbook)).ok()?;
    let part = part_of_sheet(&mut zip, sheet)?;
    let mut hidden = Hidden::default();
    each_element(&mut zip, &part, |element, found| {
        if element == "col" && is_hidden(found) {
            hidden.columns.extend(columns(found).into_iter().flatten());
        }
        element != "sheetData"
    })?;
    (hidden.rows, hidden.merged) = looked_through(zip.by_name(&part).ok()?);
    Some(hidden)
}

/// The rows of a sheet's text that say that they are hidden, and the cells that are merged over rows; those before the text breaks off.
fn looked_through(mut xml: impl Read) -> (Vec<RangeInclusive<u32>>, Vec<Merged>) {
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
        // an element that is cut off is left for the next round
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

/// The number of the row whose element says at this place whether it is hidden, if it is a row and is hidden.
fn hidden_row(text: &[u8], at: usize) -> Option<u32> {
    let element = element(text, at, "row")?;
    let hidden = !matches!(value(element, " hidden=")?, "0" | "false");
    if hidden { value(element, " r=")?.parse().ok() } else { None }
}

/// The cells of the element at this place, if it is one of merged cells of several rows.
fn merged_cells(text: &[u8], at: usize) -> Option<Merged> {
    Merged::over_rows(value(element(text, at, "mergeCell")?, " ref=")?)
}

/// The element around a place, if it is one of this name.
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
    use crate::base::messages::Language;
    use crate::roster::Roster;
    use crate::roster::spec::{RosterSpec, RowKind, SheetChoice};

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
            let (rows, merged) = looked_through(Slow(xml, at_once));
            assert_eq!(rows, [2..=3, 12..=12], "{at_once} at once");
            assert_eq!(merged.iter().map(Merged::shown).collect::<Vec<_>>(), ["C2:C4", "AA7:AB9"], "{at_once} at once");
        }
    }

    #[test]
    fn texts_that_are_no_sheet_hide_nothing() {
        assert_eq!(hidden(b"no workbook", "Sheet1"), Hidden::default());
        let endless = [b"<row r=\"1\"".as_slice(), &vec![b' '; 300_000], b" hidden=\"1\">"].concat();
        assert_eq!(looked_through(endless.as_slice()), (vec![], vec![]));
        assert_eq!(looked_through(b"<row r=\"1\" hidden=".as_slice()), (vec![], vec![]));
    }

    #[test]
    fn a_contact_that_is_merged_over_a_family_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows = [["ФИО", "ДР", "Адрес", "Цех"], ["Ли А", "01.02.1980", "", ""], ["Ли Б", "03.04.1981", "", ""]];
        sheet.write_row_matrix(0, 0, rows).unwrap();
        // nobody wants to know the shop
        for (column, text) in [(2, "ул. Садовая, 1"), (3, "5")] {
            sheet.merge_range(1, column, 2, column, text, &rust_xlsxwriter::Format::new()).unwrap();
        }
        book.save(&path).unwrap();
        let wanted = RosterSpec::of_clinic(RowKind::Insured, Vec::new(), SheetChoice::TheOne);
        let roster = Roster::read(&[path], &wanted, &());
        let merged: Vec<&Diagnostic> =
            roster.diagnostics.iter().filter(|found| found.code == Code::MergedCells).collect();
        let said: Vec<String> = merged.iter().map(|found| Language::En.say(&found.message)).collect();
        assert!(matches!(&said[..], [said] if said.contains("C2:C3")), "{said:?}");
    }
}
