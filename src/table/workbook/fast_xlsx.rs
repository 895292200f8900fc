//! Sheets of an `.xlsx` that are written plainly, as nearly all programs write them: read several times as fast as by the
//! library, because nothing else is understood.
//!
//! Whatever is not plain is left to the library, the whole sheet or the cells from there on, so that no meaning and no fault is
//! decided here: [`Xlsx`](calamine::Xlsx) opens every workbook first and says what is wrong with it. What is plain comes to
//! the very values that the library gives; the tests compare them cell by cell.

#[cfg(test)]
pub(crate) mod agreement;
pub(crate) mod cells;
pub(crate) mod styles;
pub(crate) mod texts;
pub(crate) mod window;

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read};

use calamine::ExcelDateTimeType;
use quick_xml::events::Event;
use zip::ZipArchive;

pub use cells::{Plain, PlainCells};

use crate::roster::insured::Texts;
use crate::table::xlsx_part::{part_of_sheet, workbook_part};

/// The parts that all sheets share.
const TEXTS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";
const WORKBOOK: &str = "xl/workbook.xml";

/// An open zip of a workbook.
pub type Zip<'z> = ZipArchive<Cursor<&'z [u8]>>;

/// What the cells of a plain workbook refer to.
#[derive(Debug, Default)]
pub struct PlainBook {
    /// The table of texts.
    texts: Texts,
    /// Which styles show a number as a day or as a duration.
    days: Vec<Option<ExcelDateTimeType>>,
    epoch_1904: bool,
}

impl PlainBook {
    /// What the cells of a workbook refer to; none where that, or the zip, is not plain.
    pub fn open(bytes: &[u8]) -> Option<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        if !has_plain_names(&zip)? || workbook_part(&mut zip)? != WORKBOOK {
            return None;
        }
        let texts = if zip.index_for_name(TEXTS).is_some() { texts::read(&mut zip)? } else { Texts::default() };
        let days = if zip.index_for_name(STYLES).is_some() { styles::days(&mut zip)? } else { Vec::new() };
        Some(Self { texts, days, epoch_1904: false })
    }

    /// Takes over how the workbook counts days.
    pub fn with_epoch(self, epoch_1904: bool) -> Self {
        Self { epoch_1904, ..self }
    }

    /// The cells of a sheet from its first; none where it does not begin plainly.
    pub fn cells<'b, 'z>(
        &'b self,
        zip: &'z mut Zip<'b>,
        sheet: &str,
    ) -> Option<PlainCells<'b, impl Read + use<'b, 'z>>> {
        let part = part_of_sheet(zip, sheet)?;
        Some(PlainCells::new(self, after_start(zip, &part, "sheetData")?))
    }
}

/// Whether each part has a name of its own, however it is compared, and those that are read here the usual one.
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

/// The text of a part from where an element has just begun; none where it is empty or never begins.
fn after_start<'z, 'b>(zip: &'z mut Zip<'b>, part: &str, element: &str) -> Option<impl Read + use<'z, 'b>> {
    let part = zip.by_name(part).ok()?;
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            // with a prefix all elements have one, which is not plain
            Event::Start(found) if found.name().as_ref() == element => return Some(reader.into_inner()),
            Event::Start(found) | Event::Empty(found) if found.local_name().as_ref() == element => return None,
            Event::Eof => return None,
            _ => {}
        }
    }
}
