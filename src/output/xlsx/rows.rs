//! A chunk of the rows of a sheet, as XML.

use rust_xlsxwriter::XlsxError;

use crate::output::xlsx::xml::{Digits, push_column};

/// So many rows make a good chunk: packed apart, they take hardly more room than packed together.
pub const CHUNK_ROWS: u32 = 1024;
/// As many bytes do too, where rows are long.
const CHUNK_BYTES: usize = 1 << 20;
/// So many formulas are shared in a chunk; others are written in full.
const SHARED_FORMULAS: u32 = 8;

/// The part of a sheet that its rows may fill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    /// The first row, from 0.
    pub first_row: u32,
    /// The row after the last.
    pub end_row: u32,
    /// How many columns there are.
    pub columns: u16,
}

impl Area {
    /// All cells from the sheet's first to the area's last: `A1:L100004`.
    pub fn reference(self) -> String {
        let mut reference = b"A1:".to_vec();
        push_column(self.columns.saturating_sub(1), &mut reference);
        reference.extend_from_slice(Digits::new(self.end_row.max(1)).as_bytes());
        reference.into_iter().map(char::from).collect()
    }
}

/// The first row and the last of some rows, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowSpan {
    pub first: u32,
    pub last: u32,
}

/// A chunk of the rows of a sheet: always well-formed XML with rows and cells in the order that Excel demands.
///
/// What would break the sheet is left out and makes the writing of the workbook fail: a row or a cell that does not follow
/// the one before or lies outside of what the [`LongSheet`](crate::output::xlsx::long_sheet::LongSheet) reserves, and a text that is
/// longer than a cell holds.
#[derive(Debug)]
pub struct Rows {
    pub(super) xml: Vec<u8>,
    pub(super) area: Area,
    /// The rows so far.
    pub(super) span: Option<RowSpan>,
    /// The number of the chunk's first shared formula.
    first_formula: u32,
    shared: Vec<SharedFormula>,
    fault: Option<XlsxError>,
}

/// A formula that the cells of a column share within a chunk.
#[derive(Debug)]
struct SharedFormula {
    column: u16,
    /// The last row that has it, from 0.
    last_row: u32,
    /// Where the XML has room for that row.
    room: usize,
}

impl Rows {
    /// The chunk of this number, in an empty buffer.
    pub(super) const fn new(buffer: Vec<u8>, area: Area, chunk: u32) -> Self {
        let first_formula = chunk * SHARED_FORMULAS;
        Self { xml: buffer, area, span: None, first_formula, shared: Vec::new(), fault: None }
    }

    /// Whether the chunk is worth packing, which does not depend on the number of threads.
    pub(super) fn is_full(&self) -> bool {
        let rows = self.span.map_or(0, |span| span.last - span.first + 1);
        rows >= CHUNK_ROWS || self.xml.len() >= CHUNK_BYTES
    }

    /// The finished XML, and which rows it has.
    ///
    /// # Errors
    ///
    /// The first fault of the rows.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, Option<RowSpan>), XlsxError> {
        for SharedFormula { last_row, room, .. } in &self.shared {
            let last = Digits::new(last_row + 1);
            let end = room + last.as_bytes().len();
            self.xml[*room..end].copy_from_slice(last.as_bytes());
            self.xml[end] = b'"';
        }
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok((self.xml, self.span)),
        }
    }

    /// Records a fault, of which the first counts; always `false`.
    pub(super) fn record(&mut self, fault: XlsxError) -> bool {
        self.fault.get_or_insert(fault);
        false
    }

    /// Opens the element of the formula that a column shares, and returns whether the formula itself must follow: in
    /// the chunk's first cell. `None` where the chunk shares enough formulas already.
    pub(super) fn open_shared(&mut self, row: u32, column: u16) -> Option<bool> {
        let known = self.shared.iter().position(|shared| shared.column == column);
        let place = known.unwrap_or(self.shared.len());
        let number = u32::try_from(place).ok().filter(|place| *place < SHARED_FORMULAS)?;
        self.xml.extend_from_slice(b"<f t=\"shared\" ");
        if let Some(shared) = self.shared.get_mut(place) {
            shared.last_row = row;
        } else {
            self.xml.extend_from_slice(b"ref=\"");
            push_column(column, &mut self.xml);
            self.xml.extend_from_slice(Digits::new(row + 1).as_bytes());
            self.xml.push(b':');
            push_column(column, &mut self.xml);
            self.shared.push(SharedFormula { column, last_row: row, room: self.xml.len() });
            // seven digits and a quotation mark; the blanks that are left mean nothing between attributes
            self.xml.extend_from_slice(b"         ");
        }
        self.xml.extend_from_slice(b"si=\"");
        self.xml.extend_from_slice(Digits::new(self.first_formula + number).as_bytes());
        self.xml.extend_from_slice(if known.is_some() { b"\"/>" } else { b"\">".as_slice() });
        Some(known.is_none())
    }
}
