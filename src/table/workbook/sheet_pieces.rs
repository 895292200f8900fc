//! The rows of a plain sheet of an `.xlsx`, read in pieces on all cores: the same rows as in order, or none where a piece is not plain.
//!
//! A caller keeps what it makes of each piece by its place, and throws it away where the sheet turns out to be one that only the reader in
//! order may judge: that reads the sheet from its beginning and finds the cell or the limit that is at fault.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::table::cell::Epoch;
use crate::table::cell_range::CellRange;
use crate::table::covered_cells::CoveredCells;
use crate::table::file_fault::FileFault;
use crate::table::found::Found;
use crate::table::hidden::Hidden;
use crate::table::workbook::fast_xlsx::{Piece, Plain, PlainBook, PlainCells};
use crate::table::workbook::rows::{Batch, Counted, Rows};
use crate::table::workbook::sheet::Sheet;
use crate::table::workbook::shown_cell::{MOST_COVERED, as_shown, is_covered};
use crate::table::workbook::xlsx_book::XlsxBook;

/// A sheet with more merged cells is read in order: each piece passes over those above it.
const MOST_MERGED: usize = 1000;

/// The bytes of a piece, about.
const PIECE_BYTES: usize = 256 * 1024;

/// A plain sheet, to be read in pieces.
pub struct SheetPieces<'b> {
    book: &'b XlsxBook,
    plain: &'b PlainBook,
    hidden: &'b Hidden,
    part: &'b str,
    epoch: Epoch,
    left_to_calculate: bool,
    piece_bytes: usize,
}

/// What was read of a piece.
struct PieceRead {
    place: usize,
    /// The first and the last row with a cell, from 0.
    rows: Option<(u32, u32)>,
    counted: Counted,
    covered: Vec<(u32, u32)>,
}

impl<'b> SheetPieces<'b> {
    /// A sheet of a workbook; `None` where it is read in order.
    pub fn new(book: &'b XlsxBook, sheet: &'b Sheet, epoch: Epoch, left_to_calculate: bool) -> Option<Self> {
        let (plain, part) = (book.plain.as_ref()?, book.parts.get(&sheet.name)?);
        let is_usual = sheet.hidden.merged.len() <= MOST_MERGED;
        let (hidden, piece_bytes) = (&sheet.hidden, PIECE_BYTES);
        is_usual.then_some(Self { book, plain, hidden, part, epoch, left_to_calculate, piece_bytes })
    }

    /// About how many pieces there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let bytes = self.book.zip.clone().by_name(self.part).map_or(0, |part| part.size());
        usize::try_from(bytes).map_or(1, |bytes| bytes / self.piece_bytes + 1)
    }

    /// Calls `visit` with the rows of each piece and its place, on any thread, and returns what is hidden of the sheet; `None` where the
    /// sheet has to be read in order, and what was visited does not count.
    #[must_use]
    pub fn read(&self, visit: &(dyn Fn(usize, &Batch<'_>) + Sync)) -> Option<Hidden> {
        let (mut zip, spare) = (self.book.zip.clone(), Mutex::default());
        let pieces = PlainBook::pieces(&mut zip, self.part, self.piece_bytes, &spare)?;
        let read = Mutex::new(Vec::new());
        let walk = |batch: &mut Batch<'b>, piece: Result<Piece, _>| -> Option<()> {
            let (found, buffer) = self.walk(piece.ok()?, batch)?;
            visit(found.place, batch);
            spare.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
            read.lock().unwrap_or_else(PoisonError::into_inner).push(found);
            Some(())
        };
        pieces.par_bridge().try_for_each_init(Batch::default, walk)?;
        let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
        read.sort_unstable_by_key(|piece| piece.place);
        let rows: Vec<(u32, u32)> = read.iter().filter_map(|piece| piece.rows).collect();
        let is_in_order = rows.windows(2).all(|pair| pair[0].1 < pair[1].0);
        let counted = read.iter().fold(Counted::default(), |counted, piece| counted.and(piece.counted));
        let covered = read.into_iter().flat_map(|piece| piece.covered).take(MOST_COVERED).collect();
        (is_in_order && counted.is_within_limits()).then(|| Hidden { covered, ..self.hidden.clone() })
    }

    /// Gathers the rows of a piece, and gives its buffer back.
    fn walk(&self, piece: Piece, batch: &mut Batch<'b>) -> Option<(PieceRead, Vec<u8>)> {
        let (place, is_last) = (piece.place, piece.is_last);
        let mut cells = PlainCells::of_piece(self.plain, piece);
        let merged: Vec<CellRange> = self.hidden.merged.clone();
        let (has_merged, mut under, mut covered) = (!merged.is_empty(), CoveredCells::new(merged), Vec::new());
        let mut rows: Option<(u32, u32)> = None;
        let next = || loop {
            match cells.next() {
                Plain::Cell { place: (row, column), value, has_formula } => {
                    let (first, last) = rows.unwrap_or((row, row));
                    if row < last {
                        return Err(FileFault::OutOfOrder(row));
                    }
                    rows = Some((first, row));
                    let found = Found { row, column, value };
                    if !has_merged || !is_covered(&found, &mut under, &mut covered) {
                        return Ok(Some(as_shown(found, has_formula, self.left_to_calculate)));
                    }
                }
                Plain::End => return Ok(None),
                Plain::Strange => return Err(FileFault::Broken(String::new())),
            }
        };
        let counted = Rows::new(self.epoch, next).gather_piece(batch).ok()??;
        let (buffer, is_closed) = cells.finish();
        (is_closed == is_last).then_some((PieceRead { place, rows, counted, covered }, buffer))
    }
}

#[cfg(test)]
mod agreement;
