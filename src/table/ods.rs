//! The content of a LibreOffice workbook, checked before the library reads it.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};

use crate::table::file_fault::FileFault;
use crate::table::limits::{MAX_COLUMNS, MAX_REPEATED_LETTERS, MAX_ROWS, MAX_SPANNED_CELLS};

const TABLE: &str = "table:table";
const ROW: &str = "table:table-row";
const CELLS: [&str; 2] = ["table:table-cell", "table:covered-table-cell"];
const SPACES: &str = "text:s";

/// Checks the tables: the library allocates every cell between the first and the last one of each, writes out cells that are repeated, and
/// loops for ever where a table is cut off.
///
/// # Errors
///
/// [`FileFault::Spanned`] where that is more than any table needs, [`FileFault::Broken`] where an end is missing.
pub fn check(content: impl Read) -> Result<(), FileFault> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    let (mut buffer, mut open) = (Vec::new(), 0_u64);
    let mut tables = Tables::default();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|fault| FileFault::Broken(fault.to_string()))? {
            Event::Start(element) => {
                open += 1;
                tables.begin(&element);
            }
            Event::End(element) => {
                open = open.saturating_sub(1);
                tables.end(element.name().as_ref());
            }
            Event::Empty(element) => {
                tables.begin(&element);
                tables.end(element.name().as_ref());
            }
            Event::Text(text) => tables.cell.bytes += text.len() as u64,
            Event::Eof if open == 0 => return Ok(()),
            Event::Eof => return Err(FileFault::Broken("content.xml".to_owned())),
            _ => {}
        }
        if !tables.are_acceptable() {
            return Err(FileFault::Spanned);
        }
    }
}

/// What the library will allocate for the tables so far.
#[derive(Debug, Default)]
struct Tables {
    /// The cells of the tables that are complete.
    spanned: u64,
    /// The bytes of repeated cells: once in the file, many times in memory.
    repeated: u64,
    table: Table,
    row: Row,
    cell: Cells,
}

#[derive(Debug, Default)]
struct Table {
    /// The rows so far.
    rows: u64,
    /// The rows down to the last one with a value.
    last_row: u64,
    last_column: u64,
}

#[derive(Debug, Default)]
struct Row {
    repeats: u64,
    /// The cells so far.
    cells: u64,
    /// The cells up to the last one with a value.
    last: u64,
}

/// A cell, or some that hold the same.
#[derive(Debug, Default)]
struct Cells {
    repeats: u64,
    holds_anything: bool,
    bytes: u64,
}

impl Tables {
    fn begin(&mut self, element: &BytesStart<'_>) {
        match element.name().as_ref() {
            ROW => {
                let repeats = number(element, "table:number-rows-repeated").min(u64::from(MAX_ROWS));
                self.row = Row { repeats, ..Row::default() };
            }
            SPACES => self.repeated = self.repeated.saturating_add(number(element, "text:c")),
            name if CELLS.contains(&name) => {
                let is_value =
                    |name: &str| name.starts_with("office:") || matches!(name, "table:formula" | "calcext:value-type");
                self.cell = Cells {
                    repeats: number(element, "table:number-columns-repeated").min(MAX_COLUMNS as u64),
                    holds_anything: element.attributes().flatten().any(|found| is_value(found.key.as_ref())),
                    bytes: element.len() as u64,
                };
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            TABLE => {
                self.spanned += self.table.spanned();
                self.table = Table::default();
            }
            ROW => {
                self.table.rows += self.row.repeats;
                if self.row.last > 0 {
                    self.table.last_row = self.table.rows;
                    self.table.last_column = self.table.last_column.max(self.row.last);
                }
            }
            name if CELLS.contains(&name) => {
                self.row.cells += self.cell.repeats;
                if self.cell.holds_anything {
                    self.row.last = self.row.cells.min(MAX_COLUMNS as u64);
                    let again = (self.cell.repeats * self.row.repeats).saturating_sub(1);
                    self.repeated = self.repeated.saturating_add(again.saturating_mul(self.cell.bytes));
                }
            }
            _ => {}
        }
    }

    fn are_acceptable(&self) -> bool {
        self.spanned + self.table.spanned() <= MAX_SPANNED_CELLS && self.repeated <= MAX_REPEATED_LETTERS
    }
}

impl Table {
    /// The cells down to the last row and up to the last column with a value.
    fn spanned(&self) -> u64 {
        self.last_row * self.last_column
    }
}

/// The number of an attribute, at least 1, and 1 where there is none.
fn number(element: &BytesStart<'_>, attribute: &str) -> u64 {
    let found = element.attributes().flatten().find(|found| found.key.as_ref() == attribute);
    // the library refuses what is no number, unless it is only too long
    let written = found.map(|found| found.value.trim().parse().unwrap_or(u64::from(u32::MAX)));
    written.unwrap_or(1_u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_accepted(tables: &str) -> bool {
        check(format!("<office:spreadsheet>{tables}</office:spreadsheet>").as_bytes()).is_ok()
    }

    fn table(rows: &str) -> String {
        format!("<table:table>{rows}</table:table>")
    }

    /// Rows of one cell with a value after empty ones.
    fn rows(repeats: u32, column: u32) -> String {
        format!(
            "<table:table-row table:number-rows-repeated=\"{repeats}\"><table:table-cell table:number-columns-repeated=\"{}\"/>\
             <table:table-cell office:value=\"1\"/></table:table-row>",
            column - 1,
        )
    }

    #[test]
    fn empty_cells_after_the_last_value_do_not_count() {
        let tail = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
                    table:number-columns-repeated=\"16384\"/></table:table-row>";
        assert!(is_accepted(&table(&format!("{}{tail}", rows(3, 3)))));
        assert!(!is_accepted(&table(&format!("{}{tail}{}", rows(3, 10), rows(1, 10)))));
    }

    #[test]
    fn all_tables_count_together() {
        assert!(is_accepted(&table(&rows(60_000, 128))));
        assert!(!is_accepted(&table(&rows(60_000, 128)).repeat(2)));
        assert!(!is_accepted(&table(&rows(1_000, 16_000))));
    }

    #[test]
    fn repeated_cells_count_as_often() {
        let cell = |repeats: u32, text: &str| {
            table(&format!(
                "<table:table-row><table:table-cell office:value-type=\"string\" \
                 table:number-columns-repeated=\"{repeats}\"><text:p>{text}</text:p></table:table-cell></table:table-row>"
            ))
        };
        let long = "я".repeat(20_000);
        assert!(is_accepted(&cell(1, &long)));
        assert!(is_accepted(&cell(1000, &long)));
        assert!(!is_accepted(&cell(10_000, &long)));
        assert!(is_accepted(&cell(1, "а<text:s text:c=\"9\"/>б")));
        assert!(!is_accepted(&cell(1, "а<text:s text:c=\"99999999999\"/>б")));
        assert!(!is_accepted(&cell(1, "а<text:s text:c=\"99999999999999999999999\"/>б")));
    }

    #[test]
    fn a_table_without_an_end_is_refused() {
        assert!(check("<table:table><table:table-row>".as_bytes()).is_err());
    }
}
