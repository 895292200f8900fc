//! The XML of an `.xlsx` sheet, for what the library leaves out: widths and hidden columns.

use std::io::{BufReader, Read, Seek};
use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::table::limits::MAX_COLUMNS;

/// The columns of an element `col`, from 0.
pub fn columns(col: &BytesStart<'_>) -> Option<Range<usize>> {
    let number = |name| attribute(col, name)?.parse::<usize>().ok();
    Some(number("min")?.checked_sub(1)?..number("max")?.min(MAX_COLUMNS))
}

/// Whether an element is marked as hidden.
pub fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "hidden").is_some_and(|hidden| hidden != "0" && hidden != "false")
}

/// Whether an element that states a size, by the attribute of this name, has none: a program shows it as little as a hidden one.
pub fn has_no_size(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).and_then(|size| size.parse::<f64>().ok()).is_some_and(|size| size.total_cmp(&0.0).is_eq())
}

/// Calls `visit` with the elements of a part and their names until it returns `false`.
pub fn each_element<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
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

/// How many shapes of a sheet hold a text: text boxes and the like, which are no cells.
pub fn count_text_boxes<R: Read + Seek>(zip: &mut ZipArchive<R>, sheet: &str) -> u32 {
    let Some(part) = related_part(zip, sheet, "/drawing") else { return 0 };
    let (mut count, mut is_counted) = (0_u32, true);
    // the shapes before a damage count
    let _ = each_element(zip, &part, |element, _| {
        match element {
            "sp" => is_counted = false,
            "t" if !is_counted => {
                is_counted = true;
                count = count.saturating_add(1);
            }
            _ => {}
        }
        true
    });
    count
}

/// The name of the part with the notes of the cells of a sheet.
pub fn part_of_notes<R: Read + Seek>(zip: &mut ZipArchive<R>, sheet: &str) -> Option<String> {
    related_part(zip, sheet, "/comments")
}

/// The name of a part of a sheet, by the end of the kind that the sheet's relationships state.
fn related_part<R: Read + Seek>(zip: &mut ZipArchive<R>, sheet: &str, kind: &str) -> Option<String> {
    let (folder, name) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let mut target = None;
    each_element(zip, &format!("{folder}/_rels/{name}.rels"), |element, found| {
        if element == "Relationship" && attribute(found, "Type").is_some_and(|stated| stated.ends_with(kind)) {
            target = attribute(found, "Target");
        }
        target.is_none()
    })?;
    let target = target?;
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    Some(match (target.strip_prefix('/'), target.strip_prefix("../")) {
        (Some(whole), _) => whole.to_owned(),
        (None, Some(beside)) => format!("{above}/{beside}"),
        (None, None) => format!("{folder}/{target}"),
    })
}

/// An attribute of an element, unescaped.
pub fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = element.attributes().flatten().find(|found| found.key.as_ref() == name)?.value;
    quick_xml::escape::unescape(&value).ok().map(std::borrow::Cow::into_owned)
}
