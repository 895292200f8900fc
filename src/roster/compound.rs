//! The compound file around a workbook of Excel before 2007: looked through before the workbook is opened.

use super::limits::{MAX_COLUMNS, MAX_ROWS};

const FREE_SECTORS: u32 = 0xFFFF_FFFA;
const HEADER_BYTES: usize = 512;
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR_BYTES: usize = 64;
/// Shorter streams are in sectors of [`MINI_SECTOR_BYTES`].
const FIRST_LARGE_BYTES: usize = 4096;

/// Whether every sheet declares a size that a sheet can have: the reader makes room for all of its cells at once.
///
/// What cannot be found out because the file is damaged is bearable: its reader says so.
pub fn has_bearable_sheets(bytes: &[u8]) -> bool {
    let Some(stream) = Compound::open(bytes).and_then(|file| file.workbook()) else { return true };
    records(&stream).all(|(kind, body)| kind != DIMENSIONS || is_bearable(body))
}

/// The record of a sheet's first and last row and column.
const DIMENSIONS: u16 = 0x0200;

fn is_bearable(body: &[u8]) -> bool {
    let (rows, columns) = match body.len() {
        10 => (u16_at(body, 2).map(u32::from), u16_at(body, 6)),
        _ => (u32_at(body, 4), u16_at(body, 10)),
    };
    let first_row = if body.len() == 10 { u16_at(body, 0).map(u32::from) } else { u32_at(body, 0) };
    match (first_row, rows, columns) {
        (Some(first), Some(end), Some(columns)) => {
            first <= end && end <= MAX_ROWS && usize::from(columns) <= MAX_COLUMNS
        }
        _ => true,
    }
}

/// The records of a stream, each with its kind.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let body = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, body))
    })
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
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let sector_bytes = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector_bytes, next: Vec::new(), entries: Vec::new() };
        let mut tables: Vec<u32> = (76..HEADER_BYTES).step_by(4).filter_map(|at| u32_at(bytes, at)).collect();
        let mut more = u32_at(bytes, 68)?;
        // no chain is longer than the file
        for _ in 0..bytes.len() / sector_bytes {
            let Some(sector) = file.sector(more) else { break };
            tables.extend(words(&sector[..sector.len() - 4]));
            more = u32_at(sector, sector.len() - 4)?;
        }
        for table in tables.into_iter().filter(|table| *table < FREE_SECTORS) {
            let next: Vec<u32> = words(file.sector(table)?).collect();
            file.next.extend(next);
        }
        file.entries = file.chain(u32_at(bytes, 48)?);
        Some(file)
    }

    fn sector(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_bytes)?;
        let end = start.checked_add(self.sector_bytes)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| sector.len() >= MINI_SECTOR_BYTES)
    }

    /// The bytes of a chain of sectors, no more than the file has.
    fn chain(&self, first: u32) -> Vec<u8> {
        let mut chained = Vec::new();
        let mut number = first;
        while let Some(sector) = self.sector(number).filter(|_| chained.len() <= self.bytes.len()) {
            chained.extend_from_slice(sector);
            let Some(next) = self.next.get(number as usize) else { break };
            number = *next;
        }
        chained
    }

    /// The stream that holds the workbook.
    fn workbook(&self) -> Option<Vec<u8>> {
        let entries = || self.entries.chunks_exact(ENTRY_BYTES);
        let named = |entry: &&[u8]| {
            let letters: String = (0..32)
                .filter_map(|at| u16_at(entry, 2 * at))
                .take_while(|letter| *letter != 0)
                .filter_map(ascii)
                .collect();
            letters.eq_ignore_ascii_case("workbook") || letters.eq_ignore_ascii_case("book")
        };
        let entry = entries().find(named)?;
        let (first, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
        if length >= FIRST_LARGE_BYTES {
            return Some(self.chain(first));
        }
        let small = self.chain(u32_at(entries().next()?, 116)?);
        let next: Vec<u32> = words(&self.chain(u32_at(self.bytes, 60)?)).collect();
        let mut stream = Vec::new();
        let mut number = first as usize;
        while let Some(sector) = small.get(number * MINI_SECTOR_BYTES..(number + 1) * MINI_SECTOR_BYTES)
            && stream.len() < FIRST_LARGE_BYTES
        {
            stream.extend_from_slice(sector);
            let Some(after) = next.get(number) else { break };
            number = *after as usize;
        }
        Some(stream)
    }
}

fn ascii(letter: u16) -> Option<char> {
    u8::try_from(letter).ok().filter(u8::is_ascii).map(char::from)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
