//! The zip around a workbook, checked before anything is unpacked.

use std::io::{BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::table::bytes::u32_at;
use crate::table::file_fault::FileFault;
use crate::table::limits::{
    MAX_PART_BYTES, MAX_PARTS, MAX_REPEATED_LETTERS, MAX_STYLES, MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO,
    MAX_UNSUSPECTED_BYTES,
};
use crate::table::xlsx_part::workbook_part;
use crate::table::zip_integrity::check_directory;

/// The smallest entry of the table of shared texts: `<si/>`.
const MIN_TEXT_BYTES: u64 = 5;
/// The number of texts for which capacity is reserved unchecked: it is harmless even if the file states more than it has.
const UNSUSPECTED_TEXTS: u64 = 1_000_000;

/// A larger file is first read by a child: the zip library allocates for as many parts as a file states.
const MOST_UNTRIED_BYTES: usize = 64 * 1024 * 1024;

/// Whether a zip is small, and ends as every program ends one: with the plain end of its directory, which states at most 65,535 parts.
#[must_use]
pub fn ends_plainly(bytes: &[u8]) -> bool {
    const END: u32 = 0x0605_4B50;
    const END_BYTES: usize = 22;
    const LARGE_END: u32 = 0x0706_4B50;
    const LARGE_END_BYTES: usize = 20;
    let Some(end) = bytes.len().checked_sub(END_BYTES) else { return false };
    let is_large = end.checked_sub(LARGE_END_BYTES).is_some_and(|at| u32_at(bytes, at) == Some(LARGE_END));
    bytes.len() <= MOST_UNTRIED_BYTES && u32_at(bytes, end) == Some(END) && !is_large
}

/// The format of a workbook in a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Excel since 2007.
    Xlsx,
    /// Excel's binary form of it.
    Xlsb,
    /// LibreOffice.
    Ods,
}

/// A zip that is a workbook within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archive {
    /// The format of the workbook, by its parts and not by its name.
    pub kind: Kind,
    /// Whether its writer left the formulas to be calculated by the program that opens it.
    pub left_to_calculate: bool,
}

impl Archive {
    /// Checks the parts of a zip.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is damaged, has a password, is no workbook, or declares more unpacked bytes than the limits.
    pub fn check(bytes: &[u8]) -> Result<Self, FileFault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| zip_fault(&fault))?;
        if zip.len() > MAX_PARTS {
            return Err(FileFault::ManyParts(zip.len()));
        }
        check_directory(bytes, &zip)?;
        let (mut kind, mut unpacked) = (None, 0_u64);
        let (mut texts, mut styles) = (Vec::new(), Vec::new());
        for part in 0..zip.len() {
            let (name, declared, packed) = {
                let entry = zip.by_index_raw(part).map_err(|fault| zip_fault(&fault))?;
                if entry.encrypted() {
                    return Err(FileFault::Encrypted);
                }
                let name = entry.name().map_err(|fault| zip_fault(&fault))?.to_lowercase();
                (name, entry.size(), entry.compressed_size())
            };
            kind = kind.or(kind_by_part(&name));
            if name.ends_with("sharedstrings.xml") {
                texts.push(part);
            }
            if name.ends_with("styles.xml") {
                styles.push(part);
            }
            // the zip library stops where a part is larger than declared
            unpacked = declared.saturating_add(unpacked);
            let bloated = declared > MAX_UNSUSPECTED_BYTES && declared / packed.max(1) > MAX_UNPACKED_RATIO;
            let too_large_to_hold = declared > MAX_PART_BYTES && is_held_whole(&name);
            if unpacked > MAX_UNPACKED_BYTES || bloated || too_large_to_hold {
                return Err(FileFault::Bomb);
            }
        }
        let workbook = workbook_part(&mut zip).filter(|part| zip.index_for_name(part).is_some());
        let kind = kind.or(workbook.as_ref().map(|_| Kind::Xlsx)).ok_or(FileFault::NoWorkbook)?;
        let mut left_to_calculate = false;
        if kind == Kind::Xlsx {
            // whichever of them the library takes
            for part in texts {
                check_count_of_texts(&mut zip, part)?;
            }
            for part in styles {
                check_styles(&mut zip, part)?;
            }
            let workbook = workbook.as_deref().unwrap_or("xl/workbook.xml");
            left_to_calculate = calculates_on_load(&mut zip, workbook).unwrap_or(false);
        }
        Ok(Self { kind, left_to_calculate })
    }
}

/// The format of a workbook that has a part of this name.
fn kind_by_part(name: &str) -> Option<Kind> {
    match name.trim_start_matches('/').replace('\\', "/").as_str() {
        "xl/workbook.bin" => Some(Kind::Xlsb),
        "content.xml" => Some(Kind::Ods),
        name if name.ends_with("workbook.xml") => Some(Kind::Xlsx),
        _ => None,
    }
}

/// Whether the library holds a part in memory whole; it streams sheets.
fn is_held_whole(name: &str) -> bool {
    !name.contains("/worksheets/")
}

/// Checks the number of shared texts that the table declares, for which the library allocates at once.
fn check_count_of_texts(zip: &mut ZipArchive<Cursor<&[u8]>>, part: usize) -> Result<(), FileFault> {
    let entry = zip.by_index(part).map_err(|fault| zip_fault(&fault))?;
    let plausible = (entry.size() / MIN_TEXT_BYTES).max(UNSUSPECTED_TEXTS);
    let declared = attribute_of(entry, "sst", "uniqueCount").and_then(|declared| declared.trim().parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > plausible) { Err(FileFault::Bomb) } else { Ok(()) }
}

/// Checks the styles: the library copies the number format and the font of each, so that one long name counts as often as it is used.
fn check_styles(zip: &mut ZipArchive<Cursor<&[u8]>>, part: usize) -> Result<(), FileFault> {
    let entry = zip.by_index(part).map_err(|fault| zip_fault(&fault))?;
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(entry));
    let (mut buffer, mut styles, mut longest) = (Vec::new(), 0_u64, 0_u64);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(found) | Event::Empty(found)) => {
                styles += u64::from(found.local_name().as_ref() == "xf");
                longest = longest.max(found.len() as u64);
            }
            // the library reports what is broken
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
        if styles > MAX_STYLES || styles * longest > MAX_REPEATED_LETTERS {
            return Err(FileFault::Styles);
        }
    }
}

/// Whether the workbook asks for its formulas to be calculated on load.
fn calculates_on_load(zip: &mut ZipArchive<Cursor<&[u8]>>, workbook: &str) -> Option<bool> {
    let entry = zip.by_name(workbook).ok()?;
    Some(matches!(attribute_of(entry, "calcPr", "fullCalcOnLoad")?.as_str(), "1" | "true"))
}

/// An attribute of the first element of a name.
fn attribute_of(xml: impl Read, element: &str, attribute: &str) -> Option<String> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(xml));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(found) | Event::Empty(found) if found.local_name().as_ref() == element => {
                let value = found.attributes().flatten().find(|found| found.key.as_ref() == attribute)?.value;
                return Some(value.into_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

fn zip_fault(fault: &ZipError) -> FileFault {
    match fault {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => FileFault::Encrypted,
        fault => FileFault::Broken(fault.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn packed(parts: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn book(workbook: &str) -> (String, Vec<u8>) {
        ("xl/workbook.xml".to_owned(), workbook.as_bytes().to_vec())
    }

    #[test]
    fn the_parts_decide_the_format() {
        let plain = Archive { kind: Kind::Xlsx, left_to_calculate: false };
        assert_eq!(Archive::check(&packed([book("<workbook/>")])).unwrap(), plain);
        let left = packed([book("<workbook><calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/></workbook>")]);
        assert!(Archive::check(&left).unwrap().left_to_calculate);
        let other = packed([("word/document.xml".to_owned(), Vec::new())]);
        assert!(matches!(Archive::check(&other), Err(FileFault::NoWorkbook)));
    }

    #[test]
    fn zip_bombs_are_refused() {
        let sheet = |bytes: usize| ("xl/worksheets/sheet1.xml".to_owned(), vec![b' '; bytes]);
        assert!(Archive::check(&packed([book(""), sheet(10 << 20)])).is_ok(), "little, however well it is packed");
        assert!(matches!(Archive::check(&packed([book(""), sheet(20 << 20)])), Err(FileFault::Bomb)));
        let many = (0..=MAX_PARTS).map(|part| (format!("xl/media/{part}"), Vec::new()));
        assert!(matches!(Archive::check(&packed(many)), Err(FileFault::ManyParts(_))));
    }

    #[test]
    fn implausible_counts_of_texts_are_refused() {
        let texts = |count: u64| {
            packed([
                book(""),
                ("xl/sharedStrings.xml".to_owned(), format!("<sst uniqueCount=\"{count}\"/>").into_bytes()),
            ])
        };
        assert!(Archive::check(&texts(UNSUSPECTED_TEXTS)).is_ok());
        assert!(matches!(Archive::check(&texts(1 << 40)), Err(FileFault::Bomb)));
        let decoy = |name: &str, count: u64| (name.to_owned(), format!("<sst uniqueCount=\"{count}\"/>").into_bytes());
        for (first, second) in [(1 << 40, 1), (1, 1 << 40)] {
            let both = [book(""), decoy("xl/sharedStrings.xml", first), decoy("zz/sharedStrings.xml", second)];
            assert!(matches!(Archive::check(&packed(both)), Err(FileFault::Bomb)));
        }
    }

    #[test]
    fn styles_that_repeat_long_formats_are_refused() {
        let styles = |letters: usize, styles: usize| {
            let format = format!("<numFmt numFmtId=\"164\" formatCode=\"{}\"/>", "y".repeat(letters));
            let content = format!("<styleSheet>{format}{}</styleSheet>", "<xf numFmtId=\"164\"/>".repeat(styles));
            Archive::check(&packed([book(""), ("xl/styles.xml".to_owned(), content.into_bytes())]))
        };
        assert!(styles(255, 65_490).is_ok(), "as many and as long as Excel has");
        assert!(matches!(styles(200_000, 10_000), Err(FileFault::Styles)));
        assert!(matches!(styles(1, 200_000), Err(FileFault::Styles)));
    }

    #[test]
    fn the_workbook_may_have_any_name() {
        let target = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
        let related =
            format!("<Relationships><Relationship Type=\"{target}\" Target=\"xl/book2.xml\"/></Relationships>");
        let related = ("_rels/.rels".to_owned(), related.into_bytes());
        let named = ("xl/book2.xml".to_owned(), b"<workbook/>".to_vec());
        assert_eq!(Archive::check(&packed([related.clone(), named])).unwrap().kind, Kind::Xlsx);
        assert!(matches!(Archive::check(&packed([related])), Err(FileFault::NoWorkbook)), "named and not there");
    }
}
