//! The compound file around a workbook of Excel before 2007: looked through before the workbook is opened.

use super::fault::FileFault;
use super::records;

const FREE_SECTORS: u32 = 0xFFFF_FFFA;
const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR_BYTES: usize = 64;
/// Shorter streams are in sectors of [`MINI_SECTOR_BYTES`].
const FIRST_LARGE_BYTES: usize = 4096;
/// The streams that hold a workbook, of Excel 97 and of those before it.
const WORKBOOKS: [&str; 2] = ["workbook", "book"];

/// Looks through a compound file for what its reader would follow without end or make too much room for.
///
/// What cannot be found out because the file is damaged is passed over: its reader says so.
///
/// # Errors
///
/// [`FileFault::Broken`] where a chain of sectors runs in a circle, else as [`records::look`].
pub fn look(bytes: &[u8]) -> Result<(), FileFault> {
    let Some(file) = Compound::open(bytes)? else { return Ok(()) };
    for stream in file.workbooks()? {
        records::look(&stream)?;
    }
    Ok(())
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
    /// `None` where the file is damaged.
    fn open(bytes: &'b [u8]) -> Result<Option<Self>, FileFault> {
        let Some(mut file) = Self::of_header(bytes) else { return Ok(None) };
        let Some(directory) = u32_at(bytes, 48) else { return Ok(None) };
        file.entries = file.chain(directory, usize::MAX)?;
        Ok(Some(file))
    }

    /// The file with the table of its sectors, still without a directory.
    fn of_header(bytes: &'b [u8]) -> Option<Self> {
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector_bytes, next: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (76..HEADER_BYTES).step_by(4).filter_map(|at| u32_at(bytes, at)).collect();
        let mut more = u32_at(bytes, 68)?;
        // no chain is longer than the file
        for _ in 0..=file.sectors() {
            let Some((sector, last)) = file.sector(more).and_then(|sector| sector.split_last_chunk()) else { break };
            tables.extend(words(sector));
            more = u32::from_le_bytes(*last);
        }
        for table in tables.into_iter().filter(|table| *table < FREE_SECTORS) {
            let next: Vec<u32> = words(file.sector(table)?).collect();
            file.next.extend(next);
        }
        Some(file)
    }

    /// How many sectors there are, the last of which may be cut off.
    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector_bytes
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain of sectors, about so many of them at the most.
    fn chain(&self, first: u32, most_bytes: usize) -> Result<Vec<u8>, FileFault> {
        let mut chained = Vec::new();
        let (mut number, mut left) = (first, self.sectors());
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
        for entry in entries().filter(|entry| WORKBOOKS.contains(&name(entry).as_str())) {
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
fn name(entry: &[u8]) -> String {
    let letters = (0..32).filter_map(|at| u16_at(entry, 2 * at)).take_while(|letter| *letter != 0);
    letters.filter_map(|letter| u8::try_from(letter).ok()).map(|letter| char::from(letter).to_ascii_lowercase()).collect()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0))
}

/// The number of two bytes at a place.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The number of four bytes at a place.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compound file of a table of sectors, a directory and nothing else; `after` is the sector after the directory's.
    fn file(after: u32) -> Vec<u8> {
        let mut bytes = vec![0; 3 * 512];
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        put(30, 9); // sectors of 512 bytes
        put(48, 1); // the directory
        put(68, FREE_SECTORS);
        for table in 0..109 {
            put(76 + 4 * table, if table == 0 { 0 } else { FREE_SECTORS });
        }
        put(512, FREE_SECTORS);
        put(516, after);
        bytes
    }

    #[test]
    fn a_chain_of_sectors_that_runs_in_a_circle_is_refused() {
        assert!(look(&file(u32::MAX - 1)).is_ok());
        assert!(matches!(look(&file(1)), Err(FileFault::Broken(_))));
    }
}
