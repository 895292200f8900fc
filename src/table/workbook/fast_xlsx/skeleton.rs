//! The small parts of a workbook, read by the library without the large ones: a workbook is made of them in memory, with one number in each
//! cell style in the place of its first sheet.
//!
//! So the library decides which sheets there are, how days are counted and which number formats show days, and never sees a text or a cell
//! of the file. That costs the same however large the file is.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek, Write};

use calamine::{DataRef, ExcelDateTimeType, Reader, Sheet, SheetType, Xlsx};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::table::workbook::fast_xlsx::parts::{STYLES, WORKBOOK};

/// Workbooks with more styles are left to the library.
const MOST_STYLES: usize = 65_536;
/// Larger parts are left to the library.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// The parts that list the sheets.
const LISTS: [&str; 3] = ["_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels"];

/// What the small parts of a workbook state.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// The sheets, as the library lists them.
    pub sheets: Vec<Sheet>,
    /// The styles that show a number as a day or as a duration.
    pub days: Vec<Option<ExcelDateTimeType>>,
    /// Whether days are counted from 1904.
    pub epoch_1904: bool,
}

impl Skeleton {
    /// Reads the small parts of a workbook whose sheets are in these parts; `None` where the library would refuse it, or only the library can
    /// find out what they state.
    pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>, parts: &BTreeMap<String, String>) -> Option<Self> {
        let styles = if zip.index_for_name(STYLES).is_some() { Some(unpack(zip, STYLES)?) } else { None };
        // too many do no harm: a style that is not there shows no days
        let count = styles.as_deref().map_or(0, |styles| memchr::memmem::find_iter(styles, b"<xf").count());
        if count > MOST_STYLES {
            return None;
        }
        let mut skeleton = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut put = |name: &str, content: &[u8]| -> Option<()> {
            skeleton.start_file(name, options).ok()?;
            skeleton.write_all(content).ok()
        };
        for name in LISTS {
            put(name, &unpack(zip, name)?)?;
        }
        styles.map_or(Some(()), |styles| put(STYLES, &styles))?;
        let sample = sample(count);
        // whichever of them is the first
        if sample.len().saturating_mul(parts.len()) as u64 > MOST_BYTES {
            return None;
        }
        for part in parts.values() {
            put(part, sample.as_bytes())?;
        }
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(skeleton.finish().ok()?.into_inner())).ok()?;
        let (sheets, epoch_1904) = (book.sheets_metadata().to_vec(), book.has_1904_epoch());
        let first = sheets.iter().find(|sheet| sheet.typ == SheetType::WorkSheet)?;
        let mut cells = book.worksheet_cells_reader(&first.name).ok()?;
        let mut days = Vec::with_capacity(count);
        while let Some(cell) = cells.next_cell().ok()? {
            days.push(match cell.get_value() {
                DataRef::DateTime(day) if day.is_duration() => Some(ExcelDateTimeType::TimeDelta),
                DataRef::DateTime(_) => Some(ExcelDateTimeType::DateTime),
                _ => None,
            });
        }
        // as many as there are cells, unless the library reads another sheet than its list names
        (days.len() == count).then_some(Self { sheets, days, epoch_1904 })
    }
}

/// The bytes of a small part.
fn unpack<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str) -> Option<Vec<u8>> {
    let part = zip.by_name(name).ok()?;
    if part.size() > MOST_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    part.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A sheet with one number in each of the styles.
fn sample(count: usize) -> String {
    let cells: Vec<String> = (0..count).map(|style| format!(r#"<c s="{style}"><v>1</v></c>"#)).collect();
    format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", cells.concat())
}
