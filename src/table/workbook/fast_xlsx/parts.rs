//! The parts of a plain workbook.

use std::collections::BTreeSet;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

/// The shared texts.
pub const TEXTS: &str = "xl/sharedStrings.xml";
/// The styles.
pub(super) const STYLES: &str = "xl/styles.xml";
/// The list of the sheets.
pub(super) const WORKBOOK: &str = "xl/workbook.xml";

/// Whether the parts that are read here have their usual names, and no two parts have names that differ only in case.
pub(super) fn has_plain_names<R: Read + Seek>(zip: &ZipArchive<R>) -> Option<bool> {
    let mut names = BTreeSet::new();
    for name in zip.file_names() {
        let name = name.ok()?;
        let compared = name.replace('\\', "/").to_ascii_lowercase();
        let is_like = |usual: &str| {
            let file = |path: &str| path.rsplit('/').next().map(str::to_ascii_lowercase);
            file(&compared) == file(usual) && name != usual
        };
        if [TEXTS, STYLES, WORKBOOK].into_iter().any(is_like) || !names.insert(compared) {
            return Some(false);
        }
    }
    Some(names.contains(WORKBOOK))
}

/// The content of an element of a part.
pub(super) enum Content<R> {
    /// The text after its start tag.
    After(R),
    /// It is empty.
    Empty,
}

/// An element does not begin later in its part.
const MOST_BEFORE: u64 = 1024 * 1024;

/// Whether the cells of a sheet begin near the beginning of its part, so that what stands before them is little; also where it has none and
/// is short.
pub fn begins_soon<R: Read + Seek>(zip: &mut ZipArchive<R>, part: &str) -> bool {
    // a sheet that is not there is reported by its reader
    let Ok(content) = zip.by_name(part) else { return true };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content.take(MOST_BEFORE)));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(found) | Event::Empty(found)) if found.local_name().as_ref() == "sheetData" => return true,
            Ok(Event::Eof) | Err(_) => return reader.get_ref().get_ref().limit() > 0,
            Ok(_) => {}
        }
    }
}

/// The content of the first element of a name; `None` where there is none at the beginning of the part, or it has a prefix.
pub(super) fn content_of<'z, R: Read + Seek>(
    zip: &'z mut ZipArchive<R>,
    part: &str,
    element: &str,
) -> Option<Content<impl Read + use<'z, R>>> {
    let part = zip.by_name(part).ok()?.take(MOST_BEFORE);
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            // a prefix is not plain: then all elements have one
            Event::Start(found) if found.name().as_ref() == element => {
                let mut content = reader.into_inner();
                content.get_mut().set_limit(u64::MAX);
                return Some(Content::After(content));
            }
            Event::Empty(found) if found.name().as_ref() == element => return Some(Content::Empty),
            Event::Start(found) | Event::Empty(found) if found.local_name().as_ref() == element => return None,
            Event::Eof => return None,
            _ => {}
        }
    }
}
