//! The zip around a workbook, checked before anything is unpacked.

use std::io::{BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::table::file_fault::FileFault;
use crate::table::limits::{MAX_PART_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO, MAX_UNSUSPECTED_BYTES};
use crate::table::ods;
use crate::table::workbook::Kind;

/// The smallest entry of the table of shared texts: `<si/>`.
const MIN_TEXT_BYTES: u64 = 5;
/// Capacity for so many texts is harmless, whether they are there or not.
const UNSUSPECTED_TEXTS: u64 = 1_000_000;

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
        let (mut kind, mut texts, mut unpacked) = (None, None, 0_u64);
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
                texts = Some(part);
            }
            // the zip library stops where a part is larger than declared
            unpacked = declared.saturating_add(unpacked);
            let bloated = declared > MAX_UNSUSPECTED_BYTES && declared / packed.max(1) > MAX_UNPACKED_RATIO;
            let too_large_to_hold = declared > MAX_PART_BYTES && is_held_whole(&name);
            if unpacked > MAX_UNPACKED_BYTES || bloated || too_large_to_hold {
                return Err(FileFault::Bomb);
            }
        }
        let kind = kind.ok_or(FileFault::NoWorkbook)?;
        if kind == Kind::Ods {
            ods::check(zip.by_name("content.xml").map_err(|fault| zip_fault(&fault))?)?;
        }
        let mut left_to_calculate = false;
        if kind == Kind::Xlsx {
            texts.map_or(Ok(()), |texts| check_count_of_texts(&mut zip, texts))?;
            left_to_calculate = calculates_on_load(&mut zip).unwrap_or(false);
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

/// Whether the workbook asks for its formulas to be calculated on load.
fn calculates_on_load(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Option<bool> {
    let entry = zip.by_name("xl/workbook.xml").ok()?;
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
    }
}
