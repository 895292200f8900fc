//! The records of a workbook before Excel 2007 (BIFF), checked for how much the library will allocate for them.

use crate::table::bytes::{u16_at, u32_at};
use crate::table::file_fault::FileFault;
use crate::table::limits::{MAX_DECLARED_CELLS, MAX_REPEATED_LETTERS, MAX_SPANNED_CELLS};

pub(super) const FORMULA: u16 = 0x0006;
pub(super) const END: u16 = 0x000A;
const CONTINUED: u16 = 0x003C;
pub(super) const SHEET: u16 = 0x0085;
pub(super) const SMALL_NUMBERS: u16 = 0x00BD;
pub(super) const RICH_TEXT: u16 = 0x00D6;
const TEXTS: u16 = 0x00FC;
pub(super) const TEXT_BY_NUMBER: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
pub(super) const NUMBER: u16 = 0x0203;
pub(super) const TEXT: u16 = 0x0204;
pub(super) const TRUTH_OR_FAULT: u16 = 0x0205;
pub(super) const SMALL_NUMBER: u16 = 0x027E;
pub(super) const BEGINNING: u16 = 0x0809;

/// Checks a workbook's records: the library allocates every cell between the first and the last one of a sheet, as many again as the sheet
/// declares, and a copy of a shared text for each cell that shows it.
///
/// # Errors
///
/// [`FileFault::Spanned`] where that is more than any table needs, [`FileFault::Broken`] where sheets overlap.
pub fn check(stream: &[u8]) -> Result<(), FileFault> {
    let letters = texts(stream);
    let (mut spanned, mut shown, mut bytes) = (0, 0, 0);
    for record in workbook(stream).filter(|record| record.kind == SHEET) {
        let Some(begin) = u32_at(record.body, 0).and_then(|at| stream.get(at as usize..)) else { continue };
        let sheet = Sheet::scan(begin, &letters);
        spanned += (u64::from(sheet.last_row) + 1) * (u64::from(sheet.last_column) + 1);
        shown += sheet.shown;
        if sheet.declared > MAX_DECLARED_CELLS || spanned > MAX_SPANNED_CELLS || shown > MAX_REPEATED_LETTERS {
            return Err(FileFault::Spanned);
        }
        // each sheet has records of its own, so that together they are no longer than the workbook
        bytes += sheet.bytes;
        if bytes > stream.len() {
            return Err(FileFault::Broken("sheets overlap".to_owned()));
        }
    }
    Ok(())
}

/// What the library will allocate for a sheet.
#[derive(Debug, Default)]
struct Sheet {
    last_row: u16,
    last_column: u16,
    /// The cells that it declares.
    declared: u64,
    /// The letters of shared texts, as often as they are shown.
    shown: u64,
    /// The length of its records.
    bytes: usize,
}

impl Sheet {
    /// Scans the records of the sheet that begins here.
    fn scan(begin: &[u8], letters: &[u32]) -> Self {
        let mut sheet = Self::default();
        let (mut is_begun, mut inside) = (false, 0_u32);
        for record in records(begin) {
            sheet.bytes += 4 + record.body.len();
            match record.kind {
                BEGINNING if is_begun => inside += 1,
                BEGINNING => is_begun = true,
                END if inside == 0 => break,
                END => inside -= 1,
                // a picture in the sheet
                _ if inside > 0 => {}
                DIMENSIONS => sheet.declared = sheet.declared.max(declared_cells(record.body)),
                SMALL_NUMBERS => sheet.count_cells(record.body, record.body.len().saturating_sub(2)),
                TEXT_BY_NUMBER => {
                    let text = u32_at(record.body, 6).and_then(|number| letters.get(number as usize));
                    sheet.shown += u64::from(text.copied().unwrap_or(0));
                    sheet.count_cells(record.body, 2);
                }
                FORMULA | RICH_TEXT | NUMBER | TEXT | TRUTH_OR_FAULT | SMALL_NUMBER => {
                    sheet.count_cells(record.body, 2);
                }
                _ => {}
            }
        }
        sheet
    }

    /// Counts cells of one row; `last_column_at` is the place of the last column in the record.
    fn count_cells(&mut self, body: &[u8], last_column_at: usize) {
        let (row, first, last) = (u16_at(body, 0), u16_at(body, 2), u16_at(body, last_column_at));
        self.last_row = self.last_row.max(row.unwrap_or(0));
        self.last_column = self.last_column.max(first.max(last).unwrap_or(0));
    }
}

/// A record of a stream.
pub(super) struct Record<'s> {
    pub kind: u16,
    pub body: &'s [u8],
}

/// The records of a stream.
pub(super) fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let body = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some(Record { kind, body })
    })
}

/// The records of the workbook itself, which list the sheets.
pub(super) fn workbook(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    records(stream).take_while(|record| record.kind != END)
}

/// The number of cells that a sheet declares.
fn declared_cells(body: &[u8]) -> u64 {
    let is_short = body.len() == 10;
    let row = |at: usize| if is_short { u16_at(body, at / 2).map(u32::from) } else { u32_at(body, at) };
    let column = u16_at(body, if is_short { 6 } else { 10 });
    match (row(0), row(4), column) {
        // the library subtracts one from the other
        (Some(first), Some(end), _) if first > end => u64::MAX,
        (Some(_), Some(end), Some(columns)) => u64::from(end) * u64::from(columns),
        _ => 0,
    }
}

/// A shared text.
pub(super) struct SharedText {
    /// The number of its letters.
    letters: u32,
    /// The fonts of its parts, but for the first one, which has that of the cell.
    pub fonts: Vec<u16>,
}

/// The number of letters of each shared text.
fn texts(stream: &[u8]) -> Vec<u32> {
    let mut letters = Vec::new();
    each_text(stream, |text| letters.push(text.letters));
    letters
}

/// Calls `visit` with each shared text, up to where the table breaks off.
pub(super) fn each_text(stream: &[u8], mut visit: impl FnMut(&SharedText)) {
    // of several tables the library takes the last
    let Some((last, _)) = workbook(stream).enumerate().filter(|(_, record)| record.kind == TEXTS).last() else {
        return;
    };
    let mut table = workbook(stream).skip(last);
    let Some(first) = table.next() else { return };
    let mut pieces = std::iter::once(first.body.get(8..).unwrap_or_default())
        .chain(table.take_while(|record| record.kind == CONTINUED).map(|record| record.body));
    let mut piece: &[u8] = &[];
    // the library refuses a table that breaks off
    while let Some(text) = next_text(&mut piece, &mut pieces) {
        visit(&text);
    }
}

/// The text that begins in this piece of the table or the next.
fn next_text<'s>(piece: &mut &'s [u8], pieces: &mut impl Iterator<Item = &'s [u8]>) -> Option<SharedText> {
    const RUN_BYTES: usize = 4;
    const IS_WIDE: u8 = 0x1;
    const HAS_MORE: u8 = 0x4;
    const HAS_RUNS: u8 = 0x8;
    if piece.is_empty() {
        *piece = pieces.next()?;
    }
    if piece.is_empty() {
        return Some(SharedText { letters: 0, fonts: Vec::new() });
    }
    let (letters, flags) = (u16_at(piece, 0)?, *piece.get(2)?);
    *piece = &piece[3..];
    let (mut after, mut run_bytes) = (0, 0);
    if flags & HAS_RUNS != 0 {
        run_bytes = RUN_BYTES * usize::from(u16_at(piece, 0)?);
        after += run_bytes as u64;
        *piece = &piece[2..];
    }
    if flags & HAS_MORE != 0 {
        after += u64::from(u32_at(piece, 0)?);
        *piece = &piece[4..];
    }
    let (mut left, mut width) = (usize::from(letters), 1 + usize::from(flags & IS_WIDE));
    loop {
        let here = left.min(piece.len() / width);
        *piece = &piece[here * width..];
        left -= here;
        if left == 0 {
            break;
        }
        // a continued piece states anew how wide its letters are
        let (flags, rest) = pieces.next()?.split_first()?;
        (*piece, width) = (rest, 1 + usize::from(flags & IS_WIDE));
    }
    let mut runs = Vec::new();
    while after > 0 {
        if piece.is_empty() {
            *piece = pieces.next()?;
        }
        let here = piece.len().min(usize::try_from(after).unwrap_or(usize::MAX));
        runs.extend_from_slice(&piece[..here.min(run_bytes - runs.len())]);
        *piece = &piece[here..];
        after -= here as u64;
    }
    let fonts = runs.chunks(RUN_BYTES).filter_map(|run| u16_at(run, 2)).collect();
    Some(SharedText { letters: u32::from(letters), fonts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        record(NUMBER, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    /// A workbook of these sheets, each of the records given.
    fn workbook_of(table: &[u8], sheets: &[Vec<u8>]) -> Vec<u8> {
        let mut begin = table.len() + sheets.len() * 12 + 4;
        let mut bytes = table.to_vec();
        for sheet in sheets {
            bytes.extend(record(SHEET, &[&u32::try_from(begin).unwrap().to_le_bytes()[..], &[0; 4]].concat()));
            begin += sheet.len();
        }
        bytes.extend(record(END, &[]));
        bytes.extend(sheets.concat());
        bytes
    }

    fn sheet(records: &[Vec<u8>]) -> Vec<u8> {
        [record(BEGINNING, &[]), records.concat(), record(END, &[])].concat()
    }

    fn is_refused(workbook: &[u8]) -> bool {
        check(workbook).is_err()
    }

    #[test]
    fn cells_far_apart_are_refused_and_a_full_sheet_is_not() {
        assert!(!is_refused(&workbook_of(&[], &[sheet(&[number(0, 0), number(u16::MAX, 100)])])));
        assert!(is_refused(&workbook_of(&[], &[sheet(&[number(0, 0), number(u16::MAX, u16::MAX)])])));
        let half = || sheet(&[number(u16::MAX, 100)]);
        assert!(is_refused(&workbook_of(&[], &[half(), half()])), "all sheets together");
        let row_of_two = [&u16::MAX.to_le_bytes()[..], &[0; 16], &200_u16.to_le_bytes()].concat();
        assert!(is_refused(&workbook_of(&[], &[sheet(&[record(SMALL_NUMBERS, &row_of_two)])])));
    }

    #[test]
    fn pictures_in_a_sheet_do_not_count() {
        let picture = sheet(&[number(u16::MAX, u16::MAX)]);
        assert!(!is_refused(&workbook_of(&[], &[sheet(&[picture, number(1, 1)])])));
    }

    #[test]
    fn sheets_that_overlap_are_refused() {
        let mut bytes = workbook_of(&[], &[sheet(&[number(1, 1)]), sheet(&[number(2, 2)]), sheet(&[number(3, 3)])]);
        assert!(!is_refused(&bytes));
        let first = bytes[4..8].to_vec();
        for named in [1, 2] {
            let at = 12 * named + 4;
            bytes[at..at + 4].copy_from_slice(&first);
        }
        bytes.truncate(4 * 12 + sheet(&[number(1, 1)]).len());
        assert!(is_refused(&bytes));
    }

    #[test]
    fn more_cells_than_a_sheet_has_are_not_declared() {
        let declared = |first: u32, end: u32, columns: u16| {
            let body =
                [&first.to_le_bytes()[..], &end.to_le_bytes(), &[0; 2], &columns.to_le_bytes(), &[0; 2]].concat();
            is_refused(&workbook_of(&[], &[sheet(&[record(DIMENSIONS, &body)])]))
        };
        assert!(!declared(0, 65_536, 256));
        assert!(declared(0, 65_536, 257));
        assert!(declared(9, 8, 1));
    }

    #[test]
    fn a_long_text_may_be_shown_by_some_cells_but_not_by_all() {
        let long = 60_000_u16;
        let head = [&[0; 8][..], &3_u16.to_le_bytes(), &[0], b"abc", &long.to_le_bytes(), &[0]].concat();
        let split = 30_000;
        let table = [
            record(TEXTS, &[head, vec![b'x'; split]].concat()),
            record(CONTINUED, &[vec![1], vec![b'y'; 2 * (usize::from(long) - split)]].concat()),
        ];
        assert_eq!(texts(&table.concat()), [3, u32::from(long)]);
        let shows = |number: u8, cells: usize| {
            let cell = record(TEXT_BY_NUMBER, &[0, 0, 0, 0, 0, 0, number, 0, 0, 0]);
            is_refused(&workbook_of(&table.concat(), &[sheet(&vec![cell; cells])]))
        };
        assert!(!shows(0, 60_000));
        assert!(!shows(1, 1_000));
        assert!(shows(1, 60_000));
    }
}
