//! The styles of a workbook that show a number as a day.

use std::io::{Cursor, Read, Seek, Write};

use calamine::{DataRef, ExcelDateTimeType, Reader, Xlsx};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::table::workbook::fast_xlsx::parts::{STYLES, WORKBOOK};

/// Workbooks with more styles are left to the library.
const MOST_STYLES: usize = 65_536;
/// Larger parts are left to the library.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Whether each style shows a number as a day or as a duration; `None` where that cannot be found out.
///
/// The library decides, since only it knows how it reads the many number formats: it reads a workbook that is made with the same styles and
/// one number in each of them.
pub fn days<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<Vec<Option<ExcelDateTimeType>>> {
    let mut part = zip.by_name(STYLES).ok()?;
    if part.size() > MOST_BYTES {
        return None;
    }
    let mut styles = Vec::new();
    part.read_to_end(&mut styles).ok()?;
    // too many do no harm: a style that is not there shows no days
    let count = memchr::memmem::find_iter(&styles, b"<xf").count();
    if count > MOST_STYLES {
        return None;
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sample(&styles, count)?)).ok()?;
    let mut cells = book.worksheet_cells_reader("sample").ok()?;
    let mut days = Vec::with_capacity(count);
    while let Some(cell) = cells.next_cell().ok()? {
        days.push(match cell.get_value() {
            DataRef::DateTime(day) if day.is_duration() => Some(ExcelDateTimeType::TimeDelta),
            DataRef::DateTime(_) => Some(ExcelDateTimeType::DateTime),
            _ => None,
        });
    }
    Some(days)
}

/// A workbook with one number in each of the styles.
fn sample(styles: &[u8], count: usize) -> Option<Vec<u8>> {
    const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let related = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationships><Relationship Id="{id}" Type="{RELATED}/{kind}" Target="{target}"/></Relationships>"#)
    };
    let cells: Vec<String> = (0..count).map(|style| format!(r#"<c s="{style}"><v>1</v></c>"#)).collect();
    let cells = cells.concat();
    let parts = [
        ("_rels/.rels", related("workbook", "officeDocument", WORKBOOK)),
        (WORKBOOK, r#"<workbook><sheets><sheet name="sample" r:id="sheet"/></sheets></workbook>"#.to_owned()),
        ("xl/_rels/workbook.xml.rels", related("sheet", "worksheet", "sheet.xml")),
        ("xl/sheet.xml", format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts.iter().map(|(name, content)| (*name, content.as_bytes())).chain([(STYLES, styles)]) {
        zip.start_file(name, options).ok()?;
        zip.write_all(content).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}
