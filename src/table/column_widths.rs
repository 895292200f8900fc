//! How wide the employer has made the columns of a workbook's sheet.

use std::collections::BTreeMap;
use std::io::Cursor;

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use crate::table::sheet_xml::{attribute, columns, each_element, is_hidden};
use crate::table::xlsx_part::part_of_sheet;

/// A column of a usual font is so many pixels wide for each letter.
const PIXELS_PER_LETTER: u32 = 7;
/// No column of Excel's is wider, in letters.
const WIDEST: u32 = 255;

/// The widths of a sheet's columns in pixels, by column; only of those that are shown and have one of their own.
///
/// Of an `.xlsx` alone: whatever is missing or damaged in it gives no width.
#[must_use]
pub fn column_widths(workbook: &[u8], sheet: &str) -> BTreeMap<usize, u32> {
    of_sheet(workbook, sheet).unwrap_or_default()
}

fn of_sheet(workbook: &[u8], sheet: &str) -> Option<BTreeMap<usize, u32>> {
    let mut zip = ZipArchive::new(Cursor::new(workbook)).ok()?;
    let part = part_of_sheet(&mut zip, sheet)?;
    let mut widths = BTreeMap::new();
    each_element(&mut zip, &part, |element, found| {
        if element == "col" && !is_hidden(found) {
            take_width(found, &mut widths);
        }
        element != "sheetData"
    })?;
    Some(widths)
}

fn take_width(found: &BytesStart<'_>, widths: &mut BTreeMap<usize, u32>) -> Option<()> {
    let pixels = pixels(&attribute(found, "width")?).filter(|pixels| *pixels > 0)?;
    widths.extend(columns(found)?.map(|column| (column, pixels)));
    Some(())
}

/// A width in letters, as `9.140625`, in pixels.
fn pixels(letters: &str) -> Option<u32> {
    let (whole, fraction) = letters.split_once('.').unwrap_or((letters, "0"));
    let tenths: u32 = fraction.get(..1)?.parse().ok()?;
    let whole = whole.parse::<u32>().ok()?.min(WIDEST);
    Some((whole * 10 + tenths) * PIXELS_PER_LETTER / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_in_pixels() {
        for (letters, expected) in [("9.140625", 63), ("40", 280), ("0.5", 3), ("99999", 1785)] {
            assert_eq!(pixels(letters), Some(expected), "{letters}");
        }
        assert_eq!(pixels("wide"), None);
        assert_eq!(column_widths(b"no workbook", "Список"), BTreeMap::new());
    }
}
