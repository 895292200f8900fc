//! The parts of a plain workbook.

use std::collections::BTreeSet;
use std::io::{BufReader, Read, Seek};

use quick_xml::events::Event;
use zip::ZipArchive;

/// The shared texts.
pub(super) const TEXTS: &str = "xl/sharedStrings.xml";
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

/// The text of a part after the start tag of an element; `None` where the element is empty or missing.
pub(super) fn after_start<'z, R: Read + Seek>(
    zip: &'z mut ZipArchive<R>,
    part: &str,
    element: &str,
) -> Option<impl Read + use<'z, R>> {
    let part = zip.by_name(part).ok()?;
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            // a prefix is not plain: then all elements have one
            Event::Start(found) if found.name().as_ref() == element => return Some(reader.into_inner()),
            Event::Start(found) | Event::Empty(found) if found.local_name().as_ref() == element => return None,
            Event::Eof => return None,
            _ => {}
        }
    }
}
