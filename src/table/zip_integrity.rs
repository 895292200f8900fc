//! The proof that a zip is whole: its directory lists every part once, each part begins as the directory has it, and each checksum is right.
//!
//! The zip library compares a checksum only where a part is read to its end, and it reads as many parts as the end of the zip states.

use std::io::{self, Cursor, Read, Seek};

use memchr::memmem::Finder;
use rayon::prelude::*;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::base::parallel::collect_in_order;
use crate::table::bytes::{u16_at, u32_at};
use crate::table::file_fault::FileFault;

const LISTED: u32 = 0x0201_4B50;
const LISTED_BYTES: usize = 46;
const BEGINNING: u32 = 0x0403_4B50;
const BEGINNING_BYTES: usize = 30;
/// The ends of the directory, of small and of large zips.
const ENDS: [u32; 2] = [0x0605_4B50, 0x0606_4B50];
/// The flag of a part whose checksum follows its bytes.
const CHECKSUM_FOLLOWS: u16 = 0x8;

/// Checks that the directory lists as many parts as the library found, and that the parts begin with the same names and methods.
///
/// # Errors
///
/// [`FileFault::Damaged`] with the name of the part, or of the directory.
pub fn check_directory(bytes: &[u8], zip: &ZipArchive<Cursor<&[u8]>>) -> Result<(), FileFault> {
    let directory = || damaged("zip directory");
    let mut at = usize::try_from(zip.central_directory_start()).map_err(|_| directory())?;
    let mut parts = 0;
    while u32_at(bytes, at) == Some(LISTED) {
        let lengths = [28, 30, 32].map(|place| u16_at(bytes, at + place).map(usize::from));
        let [Some(name_bytes), Some(extra), Some(comment)] = lengths else { return Err(directory()) };
        let name = bytes.get(at + LISTED_BYTES..at + LISTED_BYTES + name_bytes).ok_or_else(directory)?;
        let start = u32_at(bytes, at + 42).ok_or_else(directory)?;
        // the place of a part beyond 4 GiB is elsewhere; such files are too large anyway
        if !begins_as_listed(bytes, at, start as usize, name) {
            return Err(damaged(&String::from_utf8_lossy(name)));
        }
        parts += 1;
        at += LISTED_BYTES + name_bytes + extra + comment;
    }
    let is_whole = u32_at(bytes, at).is_some_and(|end| ENDS.contains(&end)) && parts == zip.len();
    if is_whole { Ok(()) } else { Err(directory()) }
}

/// Whether the part that starts here has the name, the method, and the checksum of the entry of the directory at `listed`.
fn begins_as_listed(bytes: &[u8], listed: usize, start: usize, name: &[u8]) -> bool {
    let own_name = u16_at(bytes, start + 26)
        .and_then(|length| bytes.get(start + BEGINNING_BYTES..start + BEGINNING_BYTES + usize::from(length)));
    let follows = u16_at(bytes, start + 6).is_some_and(|flags| flags & CHECKSUM_FOLLOWS != 0);
    u32_at(bytes, start) == Some(BEGINNING)
        && own_name == Some(name)
        && u16_at(bytes, start + 8) == u16_at(bytes, listed + 10)
        && (follows || u32_at(bytes, start + 14) == u32_at(bytes, listed + 16))
}

/// Searches what is written for some bytes, and keeps none of it.
struct ByteSearch<'s> {
    finder: Finder<'s>,
    /// The end of what was written before, which the bytes may begin in, and what follows it.
    window: Vec<u8>,
    is_found: bool,
}

impl<'s> ByteSearch<'s> {
    fn new(wanted: &'s [u8]) -> Self {
        Self { finder: Finder::new(wanted), window: Vec::new(), is_found: false }
    }
}

impl io::Write for ByteSearch<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let kept = self.finder.needle().len().saturating_sub(1);
        if !self.is_found {
            self.window.extend_from_slice(&bytes[..bytes.len().min(kept)]);
            self.is_found = self.finder.find(&self.window).is_some() || self.finder.find(bytes).is_some();
            if bytes.len() >= kept {
                self.window.clear();
                self.window.extend_from_slice(&bytes[bytes.len() - kept..]);
            } else {
                let surplus = self.window.len().saturating_sub(kept);
                self.window.drain(..surplus);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads every part to its end, so that its checksum is compared, if it `may_be_read` later; pictures are left out. Gives the names of the
/// parts that contain these bytes.
///
/// # Errors
///
/// [`FileFault::Damaged`] with the name of the part.
pub fn check_parts<R: Read + Seek + Clone + Send + Sync>(
    zip: &ZipArchive<R>,
    may_be_read: impl Fn(&str) -> bool + Sync,
    wanted: &[u8],
) -> Result<Vec<String>, FileFault> {
    let names: Vec<String> = zip.file_names().filter_map(|name| name.ok().map(Into::into)).collect();
    let read = names.par_iter().filter(|name| is_text(name) && may_be_read(name)).map_init(
        || zip.clone(),
        |zip, name| {
            let mut part = zip.by_name(name).map_err(|fault| part_fault(name, &fault))?;
            let mut search = ByteSearch::new(wanted);
            io::copy(&mut part, &mut search).map_err(|_| damaged(name))?;
            Ok(search.is_found.then(|| name.clone()))
        },
    );
    Ok(collect_in_order(read)?.into_iter().flatten().collect())
}

/// The fault of a part whose checksum is wrong.
pub fn damaged(part: &str) -> FileFault {
    FileFault::Damaged(part.to_owned())
}

/// Whether a part is one of those that workbooks are made of, and no picture.
#[must_use]
pub fn is_text(name: &str) -> bool {
    let name = name.to_lowercase();
    [".xml", ".rels", ".bin"].iter().any(|end| name.ends_with(end))
}

fn part_fault(name: &str, fault: &ZipError) -> FileFault {
    match fault {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => FileFault::Encrypted,
        _ => damaged(name),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn check(bytes: &[u8]) -> Result<(), FileFault> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| FileFault::Broken(fault.to_string()))?;
        check_directory(bytes, &zip)?;
        check_parts(&zip, |_| true, b"strike").map(drop)
    }

    fn packed() -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [("a.xml", "<a>Соколова</a>"), ("b.xml", "<b>1990-06-05</b>")] {
            let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, stored).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// What a reader gets of the parts.
    fn contents(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut contents = Vec::new();
        for name in ["a.xml", "b.xml"] {
            let mut content = Vec::new();
            zip.by_name(name).ok()?.read_to_end(&mut content).ok()?;
            contents.push(content);
        }
        Some(contents)
    }

    #[test]
    fn every_flipped_bit_is_refused_or_harmless() {
        let whole = packed();
        assert!(check(&whole).is_ok());
        let undamaged = contents(&whole);
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(check(&damaged).is_err() || contents(&damaged) == undamaged, "byte {}, bit {}", bit / 8, bit % 8);
        }
    }

    #[test]
    fn bytes_are_found_wherever_the_text_is_cut() {
        for (text, is_found) in [("a<strike/>", true), ("strik strik e", false), ("sstrike", true), ("", false)] {
            for at_once in [1, 2, 3, 5, 100] {
                let mut search = ByteSearch::new(b"strike");
                for chunk in text.as_bytes().chunks(at_once) {
                    search.write_all(chunk).unwrap();
                }
                assert_eq!(search.is_found, is_found, "{text}, {at_once} at once");
            }
        }
    }
}
