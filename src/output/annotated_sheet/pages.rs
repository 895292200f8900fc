//! The sheets of the copy: one for each original, or more where it has more rows than Excel.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use crate::output::annotated_sheet::marks::{MarginColumn, Original};
use crate::table::limits::MAX_ROWS;

/// The width of a letter in pixels.
const LETTER_PIXELS: u32 = 7;

/// The sheets that one original becomes.
pub(super) struct Pages<'p> {
    pub workbook: &'p mut Workbook,
    pub original: &'p Original<'p>,
    pub names: &'p mut SheetNames,
    /// The widths of the columns, in letters of their longest text.
    pub widths: &'p [usize],
    /// The employer's own widths, in pixels.
    pub own_widths: BTreeMap<usize, u32>,
    /// The columns of the margin, and their places.
    pub margin: &'p [(MarginColumn, usize)],
    /// The page that is being written.
    pub page: Option<u32>,
    /// The last row on the first page.
    pub last_row: u32,
}

impl Pages<'_> {
    /// The page of a row, and the place of the row on it.
    pub fn page_of(&mut self, row: u32) -> Result<(&mut Worksheet, u32), XlsxError> {
        let wanted = (row - 1) / MAX_ROWS;
        if self.page != Some(wanted) {
            self.begin_page(wanted)?;
            self.page = Some(wanted);
        }
        if wanted == 0 {
            self.last_row = row;
        }
        Ok((self.last_page()?, (row - 1) % MAX_ROWS))
    }

    fn begin_page(&mut self, number: u32) -> Result<(), XlsxError> {
        let name = self.names.unique(self.original, number);
        let page = self.workbook.add_worksheet_with_constant_memory()?;
        page.set_name(&name)?;
        for (column, width) in self.widths.iter().enumerate() {
            let letters = u32::try_from(width + 2).unwrap_or(u32::MAX / LETTER_PIXELS);
            let pixels = self.own_widths.get(&column).copied().unwrap_or(letters * LETTER_PIXELS);
            page.set_column_width_pixels(u16::try_from(column).unwrap_or(u16::MAX), pixels)?;
        }
        for (column, place) in self.margin {
            page.set_column_width(u16::try_from(*place).unwrap_or(u16::MAX), column.width)?;
        }
        if number == 0 {
            page.set_freeze_panes(self.original.header_row, 0)?;
        }
        Ok(())
    }

    fn last_page(&mut self) -> Result<&mut Worksheet, XlsxError> {
        let last = self.workbook.worksheets().len() - 1;
        self.workbook.worksheet_from_index(last)
    }

    /// Adds the filters of the first page, over the table and its margin.
    pub fn add_filters(&mut self) -> Result<(), XlsxError> {
        let (header_row, last_row) = (self.original.header_row, self.last_row);
        if self.page == Some(0) && last_row > header_row {
            let last_column = self.margin.iter().map(|(_, place)| *place).max().unwrap_or_default();
            let last_column = u16::try_from(last_column).unwrap_or(u16::MAX);
            self.last_page()?.autofilter(header_row - 1, 0, last_row - 1, last_column)?;
        }
        Ok(())
    }
}

/// The names of a workbook's sheets, in lower case: Excel refuses two that differ only by it.
pub(super) struct SheetNames(Vec<String>);

impl SheetNames {
    /// The workbook has a sheet of this name.
    pub fn new(name: &str) -> Self {
        Self(vec![name.to_lowercase()])
    }

    /// A name that Excel accepts and that no other sheet has: the employer's own where that is possible.
    fn unique(&mut self, original: &Original<'_>, page: u32) -> String {
        let stem = match original.file.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => original.file,
        };
        let wanted = if original.name.is_empty() { stem } else { original.name };
        let clean: String = wanted
            .chars()
            .map(|letter| if "[]:*?/\\".contains(letter) || letter.is_control() { '_' } else { letter })
            .collect();
        let first = if page == 0 { String::new() } else { format!(" ({})", page + 1) };
        let mut name = shortened(&clean, &first);
        let mut count = 2;
        while self.0.contains(&name.to_lowercase()) {
            name = shortened(&clean, &format!(" ({count})"));
            count += 1;
        }
        self.0.push(name.to_lowercase());
        name
    }
}

/// A sheet's name cut to the length that Excel accepts, with a suffix.
fn shortened(name: &str, suffix: &str) -> String {
    const LONGEST: usize = 31;
    // Excel counts the letters as UTF-16 does
    let mut room = LONGEST - suffix.encode_utf16().count();
    let fits = |letter: &char| match room.checked_sub(letter.len_utf16()) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let cut: String = name.chars().take_while(fits).collect();
    // an apostrophe may not stand at either end
    match cut.trim_matches('\'') {
        "" => format!("_{suffix}"),
        inner => format!("{inner}{suffix}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_cut_to_what_excel_accepts() {
        assert_eq!(shortened(&"ж".repeat(31), ""), "ж".repeat(31));
        assert_eq!(shortened(&"ж".repeat(40), " (2)"), "ж".repeat(27) + " (2)");
        assert_eq!(shortened(&format!("'{}'х", "ж".repeat(29)), ""), "ж".repeat(29));
        assert_eq!((shortened("О'Нил", "").as_str(), shortened("''", "").as_str()), ("О'Нил", "_"));
        // each of them is two letters for Excel
        assert_eq!(shortened(&"😀".repeat(20), ""), "😀".repeat(15));
    }
}
