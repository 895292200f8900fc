//! How wide the employer has made the columns of a workbook's sheet.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::limits::MAX_COLUMNS;

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
    let mut id = None;
    each_element(&mut zip, "xl/workbook.xml", |element, found| {
        if element == "sheet" && attribute(found, "name").is_some_and(|name| name == sheet) {
            id = attribute(found, "r:id");
        }
        id.is_none()
    })?;
    let (id, mut target) = (id?, None);
    each_element(&mut zip, "xl/_rels/workbook.xml.rels", |element, found| {
        if element == "Relationship" && attribute(found, "Id").as_ref() == Some(&id) {
            target = attribute(found, "Target");
        }
        target.is_none()
    })?;
    let target = target?;
    let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let mut widths = BTreeMap::new();
    each_element(&mut zip, &part, |element, found| {
        if element == "col" {
            take_width(found, &mut widths);
        }
        element != "sheetData"
    })?;
    Some(widths)
}

fn take_width(found: &BytesStart<'_>, widths: &mut BTreeMap<usize, u32>) -> Option<()> {
    if attribute(found, "hidden").is_some_and(|hidden| hidden != "0" && hidden != "false") {
        return None;
    }
    let number = |name| attribute(found, name)?.parse::<usize>().ok();
    let pixels = pixels(&attribute(found, "width")?).filter(|pixels| *pixels > 0)?;
    for column in number("min")?..=number("max")?.min(MAX_COLUMNS) {
        widths.insert(column.checked_sub(1)?, pixels);
    }
    Some(())
}

/// A width in letters, as `9.140625`, in pixels.
fn pixels(letters: &str) -> Option<u32> {
    let (whole, fraction) = letters.split_once('.').unwrap_or((letters, "0"));
    let tenths: u32 = fraction.get(..1)?.parse().ok()?;
    let whole = whole.parse::<u32>().ok()?.min(WIDEST);
    Some((whole * 10 + tenths) * PIXELS_PER_LETTER / 10)
}

/// Shows the elements of a part by their names until `visit` says no more by `false`.
fn each_element(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    part: &str,
    mut visit: impl FnMut(&str, &BytesStart<'_>) -> bool,
) -> Option<()> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(zip.by_name(part).ok()?));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(found) | Event::Empty(found) if !visit(found.local_name().as_ref(), &found) => return Some(()),
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = element.attributes().flatten().find(|found| found.key.as_ref() == name)?.value;
    quick_xml::escape::unescape(&value).ok().map(std::borrow::Cow::into_owned)
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
