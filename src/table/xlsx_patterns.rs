//! The cell styles of an `.xlsx` that write numbers with leading zeros or marks, and the cells of a sheet in these styles.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::digit_pattern::{DigitPattern, DigitPatterns, PatternedCells};
use crate::table::sheet_xml::{attribute, each_element};

/// The patterns of the cell styles; none where the part of styles is missing or no XML.
pub fn patterns_of_styles<R: Read + Seek>(zip: &mut ZipArchive<R>) -> DigitPatterns {
    let part =
        zip.file_names().filter_map(Result::ok).find(|name| name.ends_with("styles.xml")).map(|name| name.to_string());
    let (mut formats, mut styles, mut is_of_cells) = (HashMap::new(), Vec::new(), false);
    let read = part.and_then(|part| {
        each_element(zip, &part, |element, found| {
            match element {
                "numFmt" => {
                    let pattern = attribute(found, "formatCode").and_then(|code| DigitPattern::of_code(&code));
                    if let Some((format, pattern)) = attribute(found, "numFmtId").zip(pattern) {
                        formats.insert(format, pattern);
                    }
                }
                "cellXfs" => is_of_cells = true,
                "xf" if is_of_cells => {
                    let of_format = |format: String| {
                        let own = formats.get(&format).cloned();
                        own.or_else(|| DigitPattern::of_built_in(format.parse().ok()?))
                    };
                    styles.push(attribute(found, "numFmtId").and_then(of_format));
                }
                // those after the cells' are of other lists
                "cellStyles" | "dxfs" => return false,
                _ => {}
            }
            true
        })
    });
    read.map_or_else(DigitPatterns::default, |()| DigitPatterns::new(styles))
}

/// The cells of a sheet in a style with a pattern, up to where its text breaks off: the library does not give the style of a cell.
pub fn patterned_cells<R: Read + Seek + Clone>(
    zip: &ZipArchive<R>,
    part: &str,
    patterns: &DigitPatterns,
) -> PatternedCells {
    let (mut zip, mut cells) = (zip.clone(), PatternedCells::default());
    let Ok(content) = zip.by_name(part) else { return cells };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    // the place of the next cell, if it does not give its own
    let (mut row, mut column) = (0_u32, 0_u32);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(found)) if found.local_name().as_ref() == "row" => {
                let own = attribute(&found, "r").and_then(|number| number.parse().ok());
                (row, column) = (own.map_or(row, |number: u32| number.saturating_sub(1)), 0);
            }
            Ok(Event::End(found)) if found.local_name().as_ref() == "row" => row = row.saturating_add(1),
            Ok(Event::Start(found) | Event::Empty(found)) if found.local_name().as_ref() == "c" => {
                let place = attribute(&found, "r").and_then(|reference| place(&reference)).unwrap_or((row, column));
                column = place.1.saturating_add(1);
                let style = attribute(&found, "s").and_then(|style| style.parse().ok());
                if let Some(style) = style.filter(|style| patterns.has(*style)) {
                    cells.add(place, style);
                }
            }
            Ok(Event::Eof) | Err(_) => return cells,
            Ok(_) => {}
        }
    }
}

/// The row and column of a reference, from 0: `B7` is `(6, 1)`.
fn place(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        column.checked_mul(26)?.checked_add(u32::from(digit) + 1)
    })?;
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_places() {
        for (reference, expected) in
            [("A1", Some((0, 0))), ("AB12", Some((11, 27))), ("A0", None), ("7", None), ("B", None), ("Ф1", None)]
        {
            assert_eq!(place(reference), expected, "{reference}");
        }
    }
}
