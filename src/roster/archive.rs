//! What is packed into a workbook: looked through before anything is unpacked for good.

use std::io::{self, BufReader, Cursor, Read, Write};

use quick_xml::events::Event;
use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::{MAX_PART_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO, MAX_UNSUSPECTED_BYTES};
use super::source::FileFault;
use super::workbook::Kind;

/// Nothing that is packed is unpacked to more than so many times its size.
const MAX_DEFLATE_RATIO: u64 = 1032;
/// The smallest that an entry of the table of texts can be: `<si/>`.
const MIN_TEXT_BYTES: u64 = 5;
/// Room for so many texts is harmless, whether they are there or not.
const UNSUSPECTED_TEXTS: u64 = 1_000_000;

/// A zip that is a workbook of a bearable size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archive {
    /// The kind of the workbook, by its parts and not by its name.
    pub kind: Kind,
    /// Whether the writer has left its formulas to be worked out by whoever opens the workbook.
    pub left_to_calculate: bool,
}

impl Archive {
    /// Looks through the parts of a zip.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is damaged, has a password, is no workbook, or is unpacked to more than the limits: by what it
    /// declares or by what it really holds.
    pub fn look(bytes: &[u8]) -> Result<Self, FileFault> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| zip_fault(&fault))?;
        if zip.len() > MAX_PARTS {
            return Err(FileFault::ManyParts(zip.len()));
        }
        let (mut kind, mut texts, mut measured) = (None, None, 0);
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
            // what cannot be large needs no measuring, whatever it declares
            let size = match packed.saturating_mul(MAX_DEFLATE_RATIO) {
                largest if largest <= MAX_UNSUSPECTED_BYTES => declared,
                _ => declared.max(unpacked_size(&mut zip, part, MAX_UNPACKED_BYTES - measured)?),
            };
            measured += size;
            let bloated = size > MAX_UNSUSPECTED_BYTES && size / packed.max(1) > MAX_UNPACKED_RATIO;
            let too_large_to_hold = size > MAX_PART_BYTES && is_held_whole(&name);
            if measured > MAX_UNPACKED_BYTES || bloated || too_large_to_hold {
                return Err(FileFault::Bomb);
            }
        }
        let kind = kind.ok_or(FileFault::NoWorkbook)?;
        let mut left_to_calculate = false;
        if kind == Kind::Xlsx {
            texts.map_or(Ok(()), |texts| check_count_of_texts(&mut zip, texts))?;
            left_to_calculate = calculates_on_load(&mut zip).unwrap_or(false);
        }
        Ok(Self { kind, left_to_calculate })
    }
}

/// The kind of the workbook that has a part of this name.
fn kind_by_part(name: &str) -> Option<Kind> {
    match name.trim_start_matches('/').replace('\\', "/").as_str() {
        "xl/workbook.bin" => Some(Kind::Xlsb),
        "content.xml" => Some(Kind::Ods),
        name if name.ends_with("workbook.xml") => Some(Kind::Xlsx),
        _ => None,
    }
}

/// Whether the reader holds a part in memory whole; sheets are read as they come.
fn is_held_whole(name: &str) -> bool {
    !name.contains("/worksheets/")
}

/// How many bytes a part really has, counted up to a limit.
fn unpacked_size(zip: &mut ZipArchive<Cursor<&[u8]>>, part: usize, limit: u64) -> Result<u64, FileFault> {
    let entry = zip.by_index(part).map_err(|fault| zip_fault(&fault))?;
    let mut counted = Counted(0);
    // a part that ends in the middle is said to be broken by whoever reads it
    let _ = io::copy(&mut entry.take(limit.saturating_add(1)), &mut counted);
    Ok(counted.0)
}

/// Counts what is written to it.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The table of texts declares how many it has, and the reader makes room for so many at once.
fn check_count_of_texts(zip: &mut ZipArchive<Cursor<&[u8]>>, part: usize) -> Result<(), FileFault> {
    let entry = zip.by_index(part).map_err(|fault| zip_fault(&fault))?;
    let bearable = (entry.size() / MIN_TEXT_BYTES).max(UNSUSPECTED_TEXTS);
    let declared = attribute_of(entry, "sst", "uniqueCount").and_then(|declared| declared.trim().parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > bearable) { Err(FileFault::Bomb) } else { Ok(()) }
}

/// Whether the workbook asks for all formulas to be worked out when it is opened.
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
