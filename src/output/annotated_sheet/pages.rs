//! The sheets of the copy: one for each original, or more where it has more rows than Excel.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::output::annotated_sheet::extent::Extent;
use crate::output::annotated_sheet::marks::{MarginColumn, Original};
use crate::output::annotated_sheet::style::AnnotationStyles;
use crate::output::xlsx::LongSheet;
use crate::output::xlsx::layout::row_height;

/// The width of a letter in pixels.
const LETTER_PIXELS: u32 = 7;

/// The sheets that one original becomes.
pub(super) struct Pages<'p> {
    pub original: &'p Original<'p>,
    pub extent: Extent,
    /// The employer's own widths, in pixels.
    pub own_widths: BTreeMap<usize, u32>,
    pub columns: &'p [MarginColumn],
    /// The columns of the margin by their places.
    pub margin: &'p BTreeMap<usize, usize>,
}

/// One of them.
pub(super) struct Page {
    /// Its number, from 0.
    pub number: u32,
    pub sheet: LongSheet,
}

impl Pages<'_> {
    /// Adds the sheets to a workbook.
    pub fn reserve(
        &self,
        workbook: &mut Workbook,
        names: &mut SheetNames,
        styles: &AnnotationStyles,
    ) -> Result<Vec<Page>, XlsxError> {
        let pages = self.extent.last_rows.iter().map(|(number, last_row)| {
            let name = names.unique(self.original, *number);
            let sheet = self.reserve_page((*number, *last_row), &name, workbook, styles)?;
            Ok(Page { number: *number, sheet })
        });
        pages.collect()
    }

    /// The height of the row of headings, where they need several lines in the widths of their columns.
    pub fn heading_height(&self) -> Option<u32> {
        let width = |column: usize| match self.own_widths.get(&column) {
            Some(pixels) => *pixels as usize / LETTER_PIXELS as usize,
            None => self.extent.widths.get(column).map_or(0, |width| width + 2),
        };
        let headings = self.original.headings.iter().enumerate();
        let texts = headings.map(|(column, heading)| (heading.as_str(), width(column).max(1)));
        row_height(&texts.collect::<Vec<_>>())
    }

    fn reserve_page(
        &self,
        (number, last_row): (u32, u32),
        name: &str,
        workbook: &mut Workbook,
        styles: &AnnotationStyles,
    ) -> Result<LongSheet, XlsxError> {
        let page = workbook.add_worksheet();
        page.set_name(name)?;
        for (column, width) in self.extent.widths.iter().enumerate() {
            let letters = u32::try_from(width + 2).unwrap_or(u32::MAX / LETTER_PIXELS);
            let pixels = self.own_widths.get(&column).copied().unwrap_or(letters * LETTER_PIXELS);
            page.set_column_width_pixels(as_u16(column), pixels)?;
        }
        for (place, column) in self.margin {
            page.set_column_width(as_u16(*place), self.columns[*column].width)?;
        }
        let last_margin = self.margin.last_key_value().map_or(0, |(place, _)| *place);
        if number == 0 {
            let header_row = self.original.header_row;
            page.set_freeze_panes(header_row, 0)?;
            // over the table and its margin; of a table on several sheets each filter would hide but a part
            if self.extent.last_rows.len() == 1 && last_row >= header_row {
                page.autofilter(header_row - 1, 0, last_row, as_u16(last_margin))?;
            }
        }
        let columns = self.extent.widths.len().max(last_margin + 1);
        LongSheet::reserve(page, 0..last_row + 1, as_u16(columns), &styles.row_formats())
    }
}

fn as_u16(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
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
