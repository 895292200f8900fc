//! The compound file (CFB) around a workbook before Excel 2007, checked before the workbook is opened.

use crate::table::biff;
use crate::table::bytes::{u16_at, u32_at};
use crate::table::file_fault::FileFault;
use crate::table::xls_marks::{XlsMarks, find_marks};

const FREE_SECTORS: u32 = 0xFFFF_FFFA;
const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR_BYTES: usize = 64;
/// Shorter streams are in sectors of [`MINI_SECTOR_BYTES`].
const FIRST_LARGE_BYTES: usize = 4096;
/// The streams that hold a workbook, of Excel 97 and of those before it.
const WORKBOOKS: [&str; 2] = ["workbook", "book"];

/// Checks a compound file for chains that the library would follow for ever, and for workbooks that it would allocate too much for. Returns
/// what is known of its workbook, if it has one.
///
/// # Errors
///
/// [`FileFault::Broken`] where the table of sectors is damaged or a chain of them runs in a circle, and those of
/// [`biff::check`].
pub fn check(bytes: &[u8]) -> Result<XlsMarks, FileFault> {
    let file = Compound::open(bytes)?;
    let mut marks = XlsMarks::default();
    // the library prefers the newer of two
    for stream in file.workbooks()?.iter().rev() {
        biff::check(stream)?;
        marks = find_marks(stream);
    }
    Ok(marks)
}

/// A compound file: streams in chains of sectors.
struct Compound<'b> {
    bytes: &'b [u8],
    sector_bytes: usize,
    /// The sector after each.
    next: Vec<u32>,
    /// The entries of the directory.
    entries: Vec<u8>,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, FileFault> {
        let header = || FileFault::Broken("header".to_owned());
        let sector_bytes = match u16_at(bytes, 30) {
            Some(9) => 512,
            Some(12) => 4096,
            _ => return Err(header()),
        };
        let mut file = Self { bytes, sector_bytes, next: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (76..HEADER_BYTES).step_by(4).filter_map(|at| u32_at(bytes, at)).collect();
        let mut more = u32_at(bytes, 68).ok_or_else(header)?;
        for _ in 0..=file.sectors() {
            if more >= FREE_SECTORS {
                break;
            }
            tables.extend(words(file.whole_sector(more)?));
            more = tables.pop().ok_or_else(header)?;
        }
        for table in tables.into_iter().filter(|table| *table < FREE_SECTORS) {
            let next: Vec<u32> = words(file.whole_sector(table)?).collect();
            file.next.extend(next);
        }
        file.entries = file.chain(u32_at(bytes, 48).ok_or_else(header)?, usize::MAX)?;
        Ok(file)
    }

    /// The number of sectors, the last of which may be cut off.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes
    }

    /// A sector that has to be whole, of the table of sectors.
    fn whole_sector(&self, number: u32) -> Result<&'b [u8], FileFault> {
        let sector = self.sector(number).filter(|sector| sector.len() == self.sector_bytes);
        sector.ok_or_else(|| FileFault::Broken("table of sectors".to_owned()))
    }

    /// A sector; cut off or empty where the file ends before, as the library has it.
    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let number = usize::try_from(number).ok().filter(|number| *number <= self.sectors())?;
        let start = (number + 1) * self.sector_bytes;
        let end = (start + self.sector_bytes).min(self.bytes.len());
        Some(self.bytes.get(start..end).unwrap_or_default())
    }

    /// The bytes of a chain of sectors, about `most_bytes` at the most.
    fn chain(&self, first: u32, most_bytes: usize) -> Result<Vec<u8>, FileFault> {
        let mut chained = Vec::new();
        let (mut number, mut left) = (first, self.sectors() + 1);
        while chained.len() < most_bytes
            && let Some(sector) = self.sector(number)
        {
            left = left.checked_sub(1).ok_or_else(|| FileFault::Broken("chain of sectors".to_owned()))?;
            chained.extend_from_slice(sector);
            let Some(next) = self.next.get(number as usize) else { break };
            number = *next;
        }
        Ok(chained)
    }

    /// The streams that hold a workbook.
    fn workbooks(&self) -> Result<Vec<Vec<u8>>, FileFault> {
        let entries = || self.entries.chunks_exact(ENTRY_BYTES);
        let root = entries().next().and_then(|root| Some((u32_at(root, 116)?, self.length(root)?)));
        let table = u32_at(self.bytes, 60).zip(u32_at(self.bytes, 64));
        let (Some((first_small, small_bytes)), Some((first_next, next_sectors))) = (root, table) else {
            return Ok(Vec::new());
        };
        let (small, next) = if next_sectors == 0 {
            (Vec::new(), Vec::new())
        } else {
            let next = self.chain(first_next, next_sectors as usize * self.sector_bytes)?;
            (self.chain(first_small, small_bytes)?, words(&next).collect())
        };
        let mut streams = Vec::new();
        for entry in entries().filter(|entry| WORKBOOKS.contains(&lower_name(entry).as_str())) {
            let Some((first, length)) = u32_at(entry, 116).zip(self.length(entry)) else { continue };
            streams.push(if length < FIRST_LARGE_BYTES {
                small_chain(&small, &next, first)
            } else {
                self.chain(first, length)?
            });
        }
        Ok(streams)
    }

    /// The length of an entry's stream.
    fn length(&self, entry: &[u8]) -> Option<usize> {
        let low = u64::from(u32_at(entry, 120)?);
        let high = if self.sector_bytes == 512 { 0 } else { u64::from(u32_at(entry, 124)?) };
        Some(usize::try_from(high << 32 | low).unwrap_or(usize::MAX))
    }
}

/// A short stream: its sectors are parts of another stream and have a table of their own.
fn small_chain(small: &[u8], next: &[u32], first: u32) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut number = first as usize;
    while let Some(sector) = small.get(number * MINI_SECTOR_BYTES..(number + 1) * MINI_SECTOR_BYTES)
        && stream.len() < FIRST_LARGE_BYTES
    {
        stream.extend_from_slice(sector);
        let Some(after) = next.get(number) else { break };
        number = *after as usize;
    }
    stream
}

/// The name of an entry of the directory, in small letters.
fn lower_name(entry: &[u8]) -> String {
    let letters = (0..32).filter_map(|at| u16_at(entry, 2 * at)).take_while(|letter| *letter != 0);
    letters
        .filter_map(|letter| u8::try_from(letter).ok())
        .map(|letter| char::from(letter).to_ascii_lowercase())
        .collect()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: u32 = FREE_SECTORS + 4;

    /// A compound file of a table of sectors and a directory; `after` are the sectors after each from the directory's on.
    fn file(after: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; 3 * 512];
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        put(30, 9); // sectors of 512 bytes
        put(48, 1); // the directory
        put(68, END);
        (0..109).for_each(|table| put(76 + 4 * table, if table == 0 { 0 } else { u32::MAX }));
        after.iter().zip(0..).for_each(|(after, at)| put(516 + 4 * at, *after));
        bytes
    }

    #[test]
    fn a_chain_of_sectors_that_runs_in_a_circle_is_refused() {
        assert!(check(&file(&[END])).is_ok());
        assert!(check(&file(&[2, END])).is_ok(), "a sector that is cut off is one still");
        for circle in [file(&[1]), file(&[2, 1]), file(&[2, 3, 3])] {
            assert!(matches!(check(&circle), Err(FileFault::Broken(_))));
        }
    }

    #[test]
    fn a_table_of_sectors_is_whole() {
        let mut bytes = file(&[END]);
        bytes[76] = 2;
        assert!(matches!(check(&bytes), Err(FileFault::Broken(_))));
    }
}
