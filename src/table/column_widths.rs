//! The widths of a sheet's columns.

use std::collections::BTreeMap;
use std::io::Cursor;

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use crate::table::sheet_xml::{attribute, columns, each_element, is_hidden};

/// The width of a letter in the usual font.
const PIXELS_PER_LETTER: u32 = 7;
/// The widest column in Excel, in letters.
const WIDEST: u32 = 255;

/// The widths of the columns of a sheet in pixels, by column, from the part of the workbook that holds it: of visible columns with a width of their own.
///
/// Only of an `.xlsx`; where a part of it is missing or damaged, no width is known.
#[must_use]
pub fn column_widths(workbook: &[u8], part: &str) -> BTreeMap<usize, u32> {
    read_widths(workbook, part).unwrap_or_default()
}

fn read_widths(workbook: &[u8], part: &str) -> Option<BTreeMap<usize, u32>> {
    let mut zip = ZipArchive::new(Cursor::new(workbook)).ok()?;
    let mut widths = BTreeMap::new();
    each_element(&mut zip, part, |element, found| {
        if element == "col" && !is_hidden(found) {
            insert_width(found, &mut widths);
        }
        element != "sheetData"
    })?;
    Some(widths)
}

fn insert_width(found: &BytesStart<'_>, widths: &mut BTreeMap<usize, u32>) -> Option<()> {
    let pixels = pixels(&attribute(found, "width")?).filter(|pixels| *pixels > 0)?;
    // columns stand in order: overlapping ranges count once, so that many of them take no more time than one
    let next = widths.last_key_value().map_or(0, |(last, _)| last + 1);
    let columns = columns(found)?;
    widths.extend((columns.start.max(next)..columns.end).map(|column| (column, pixels)));
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
