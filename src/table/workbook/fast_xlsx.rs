//! A fast reader for sheets of an `.xlsx` that are written plainly, as nearly all programs write them: several times as fast as the library.
//!
//! It reads nothing but the plain form. The rest is left to the library, the whole sheet or the cells from there on, so that no meaning and
//! no fault is decided here: [`Xlsx`](calamine::Xlsx) opens every workbook first and reports what is wrong with it. Plain cells get the
//! library's values; tests compare them cell by cell.

#[cfg(test)]
mod agreement;
mod cells;
mod styles;
mod texts;
mod window;

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read};

use calamine::ExcelDateTimeType;
use quick_xml::events::Event;
use zip::ZipArchive;

pub use cells::{Plain, PlainCells};

use crate::table::text_column::TextColumn;
use crate::table::xlsx_part::{part_of_sheet, workbook_part};

/// The parts that all sheets share.
const TEXTS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";
const WORKBOOK: &str = "xl/workbook.xml";

/// An open zip of a workbook.
pub type Zip<'z> = ZipArchive<Cursor<&'z [u8]>>;

/// The texts and styles to which the cells of a plain workbook refer.
#[derive(Debug, Default)]
pub struct PlainBook {
    /// The table of texts.
    texts: TextColumn,
    /// The styles that show a number as a day or as a duration.
    days: Vec<Option<ExcelDateTimeType>>,
    epoch_1904: bool,
}

impl PlainBook {
    /// Reads the texts and styles of a workbook; `None` where they, or the zip, are not plain.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        if !has_plain_names(&zip)? || workbook_part(&mut zip)? != WORKBOOK {
            return None;
        }
        let texts = if zip.index_for_name(TEXTS).is_some() { texts::read(&mut zip)? } else { TextColumn::default() };
        let days = if zip.index_for_name(STYLES).is_some() { styles::days(&mut zip)? } else { Vec::new() };
        Some(Self { texts, days, epoch_1904: false })
    }

    /// Sets whether the workbook counts days from 1904.
    pub fn with_epoch(self, epoch_1904: bool) -> Self {
        Self { epoch_1904, ..self }
    }

    /// The cells of a sheet; `None` where it does not begin plainly.
    pub fn cells<'b, 'z>(
        &'b self,
        zip: &'z mut Zip<'b>,
        sheet: &str,
    ) -> Option<PlainCells<'b, impl Read + use<'b, 'z>>> {
        let part = part_of_sheet(zip, sheet)?;
        Some(PlainCells::new(self, after_start(zip, &part, "sheetData")?))
    }
}

/// Whether the parts that are read here have their usual names, and no two parts have names that differ only in case.
fn has_plain_names(zip: &Zip<'_>) -> Option<bool> {
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
fn after_start<'z, 'b>(zip: &'z mut Zip<'b>, part: &str, element: &str) -> Option<impl Read + use<'z, 'b>> {
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
