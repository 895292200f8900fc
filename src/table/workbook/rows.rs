//! The cells of a sheet, gathered into rows that are visited one by one or in batches.

use calamine::DataRef;

use crate::table::catch_panic::catch_panic;
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::file_fault::FileFault;
use crate::table::found::Found;
use crate::table::limits::{
    LONG_TEXT_BYTES, MAX_CELL_BYTES, MAX_COLUMNS, MAX_EMPTY_CELLS, MAX_LONG_TEXTS_BYTES, MAX_ROWS,
};
use crate::table::workbook::value::{convert, text_bytes};

/// The size at which a batch is full: some hundreds of usual rows.
const BATCH_BYTES: usize = 96 * 1024;

/// The rows of a piece are not gathered at once where they take more, as those with cells far apart do.
const MOST_PIECE_BYTES: usize = 16 * 1024 * 1024;

/// What the limits of a sheet count of a piece of it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counted {
    /// The bytes of long texts.
    long_bytes: u64,
    /// The empty cells between filled ones.
    empty_cells: u64,
}

impl Counted {
    /// What is counted of two pieces.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { long_bytes: self.long_bytes + other.long_bytes, empty_cells: self.empty_cells + other.empty_cells }
    }

    /// Whether it is within the limits of a sheet.
    #[must_use]
    pub const fn is_within_limits(self) -> bool {
        self.long_bytes <= MAX_LONG_TEXTS_BYTES && self.empty_cells <= MAX_EMPTY_CELLS
    }
}

/// How the rows of a sheet are visited.
pub enum Visit<'v> {
    /// One by one, until the function returns `false`.
    Each(&'v mut dyn FnMut(&dyn Row) -> bool),
    /// All of them in batches: on another thread, where there is one, while the next batch is gathered.
    Batches(&'v mut (dyn FnMut(&Batch<'_>) + Send)),
}

/// The cell after the gathered ones.
enum Ahead<'b> {
    /// It is not read yet.
    Unknown,
    /// The first of the next row.
    Found(Found<'b>),
    /// There is none: the library must not be asked again.
    End,
}

/// The rows of a sheet that are not blank, gathered from its cells.
pub struct Rows<'b, N> {
    /// Gives the next cell, row by row; none at the end.
    next: N,
    ahead: Ahead<'b>,
    epoch: Epoch,
    /// The last gathered row, from 0.
    row: u32,
    /// The bytes of long texts so far.
    long_bytes: u64,
    /// The empty cells between filled ones so far.
    empty_cells: u64,
}

/// Consecutive rows of a sheet; their cells are still in the library's form.
#[derive(Default)]
pub struct Batch<'b> {
    cells: Vec<DataRef<'b>>,
    /// The number of each row and the end of its cells.
    rows: Vec<(u32, usize)>,
    bytes: usize,
    epoch: Epoch,
}

/// A row of a batch.
struct BookRow<'b> {
    cells: &'b [DataRef<'b>],
    number: u32,
    epoch: Epoch,
}

impl Row for BookRow<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.cells.get(column).map_or(Cell::Empty, |cell| convert(cell, self.epoch))
    }
}

impl Batch<'_> {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = impl Row + '_> {
        let mut start = 0;
        self.rows.iter().map(move |(number, end)| {
            let cells = &self.cells[std::mem::replace(&mut start, *end)..*end];
            BookRow { cells, number: *number, epoch: self.epoch }
        })
    }

    fn clear(&mut self) {
        self.cells.clear();
        self.rows.clear();
        self.bytes = 0;
    }
}

impl<'b, N: FnMut() -> Result<Option<Found<'b>>, FileFault>> Rows<'b, N> {
    /// The rows of the cells that `next` gives.
    pub fn new(epoch: Epoch, next: N) -> Self {
        Self { next, ahead: Ahead::Unknown, epoch, row: 0, long_bytes: 0, empty_cells: 0 }
    }

    /// Visits the rows.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn visit(mut self, visit: &mut Visit<'_>) -> Result<(), FileFault> {
        match visit {
            Visit::Each(visit) => self.one_by_one(visit),
            Visit::Batches(visit) => self.in_batches(visit),
        }
    }

    fn one_by_one(&mut self, visit: &mut dyn FnMut(&dyn Row) -> bool) -> Result<(), FileFault> {
        let mut batch = self.blank();
        loop {
            self.gather(&mut batch, 1, BATCH_BYTES)?;
            if batch.is_empty() || !batch.rows().all(|row| visit(&row)) {
                return Ok(());
            }
        }
    }

    fn in_batches(&mut self, visit: &mut (dyn FnMut(&Batch<'_>) + Send)) -> Result<(), FileFault> {
        let (mut ready, mut coming) = (self.blank(), self.blank());
        self.gather(&mut ready, usize::MAX, BATCH_BYTES)?;
        while !ready.is_empty() {
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| visit(&ready));
                self.gather(&mut coming, usize::MAX, BATCH_BYTES)
            })?;
            std::mem::swap(&mut ready, &mut coming);
        }
        Ok(())
    }

    fn blank(&self) -> Batch<'b> {
        Batch { epoch: self.epoch, ..Batch::default() }
    }

    /// Fills a batch with the next rows: at most `most`, and about as many bytes; none at the end.
    fn gather(&mut self, batch: &mut Batch<'b>, most: usize, bytes: usize) -> Result<(), FileFault> {
        batch.clear();
        catch_panic(|| {
            while batch.len() < most && batch.bytes < bytes && self.gather_row(batch)? {}
            Ok(())
        })
    }

    /// Fills a batch with all rows of a piece of a sheet; `None` where they are too many.
    ///
    /// # Errors
    ///
    /// As [`Rows::visit`].
    pub fn gather_piece(mut self, batch: &mut Batch<'b>) -> Result<Option<Counted>, FileFault> {
        batch.epoch = self.epoch;
        self.gather(batch, usize::MAX, MOST_PIECE_BYTES)?;
        let counted = Counted { long_bytes: self.long_bytes, empty_cells: self.empty_cells };
        Ok(matches!(self.ahead, Ahead::End).then_some(counted))
    }

    /// Adds the next row unless it is blank, and returns whether there was one.
    fn gather_row(&mut self, batch: &mut Batch<'b>) -> Result<bool, FileFault> {
        if let Ahead::Unknown = self.ahead {
            self.ahead = (self.next)()?.map_or(Ahead::End, Ahead::Found);
        }
        let Ahead::Found(mut found) = std::mem::replace(&mut self.ahead, Ahead::End) else { return Ok(false) };
        let (row, start) = (found.row, batch.cells.len());
        if row < self.row {
            return Err(FileFault::OutOfOrder(row.saturating_add(1)));
        }
        self.row = row;
        let mut filled = 0_u64;
        loop {
            filled += 1;
            let text_bytes = text_bytes(&found.value);
            // one text of the workbook's table may be in every cell
            self.long_bytes += if text_bytes > LONG_TEXT_BYTES { text_bytes as u64 } else { 0 };
            if self.long_bytes > MAX_LONG_TEXTS_BYTES {
                return Err(FileFault::Bomb);
            }
            batch.push_cell(start, found, text_bytes)?;
            match (self.next)()? {
                Some(next) if next.row == row => found = next,
                Some(next) => {
                    self.ahead = Ahead::Found(next);
                    break;
                }
                None => break,
            }
        }
        // every cell of a row takes time, also one far from the others
        self.empty_cells += ((batch.cells.len() - start) as u64).saturating_sub(filled);
        if self.empty_cells > MAX_EMPTY_CELLS {
            return Err(FileFault::Sparse);
        }
        if batch.cells.len() > start {
            batch.bytes += (batch.cells.len() - start) * size_of::<DataRef<'_>>();
            batch.rows.push((row.saturating_add(1), batch.cells.len()));
        }
        Ok(true)
    }
}

impl<'b> Batch<'b> {
    /// Adds a cell to the row whose cells begin at `start`.
    fn push_cell(&mut self, start: usize, found: Found<'b>, text_bytes: usize) -> Result<(), FileFault> {
        if matches!(found.value, DataRef::Empty) {
            return Ok(());
        }
        let (number, column) = (found.row.saturating_add(1), found.column as usize);
        if number > MAX_ROWS {
            return Err(FileFault::Long(number));
        }
        if column >= MAX_COLUMNS {
            return Err(FileFault::Wide(number));
        }
        if text_bytes > MAX_CELL_BYTES {
            return Err(FileFault::LongText(number, column));
        }
        self.bytes += text_bytes;
        if let Some(cell) = self.cells.get_mut(start + column) {
            if !matches!(cell, DataRef::Empty) {
                return Err(FileFault::RepeatedCell(number));
            }
            *cell = found.value;
        } else {
            self.cells.resize(start + column, DataRef::Empty);
            self.cells.push(found.value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a cell in the first and in another column of each row, without an end.
    fn read(column: u32) -> Result<u32, FileFault> {
        const MOST_ROWS: u32 = 20_000;
        let mut place = (0_u32, 0_u32);
        let next = || {
            let found = Found { row: place.0, column: place.1, value: DataRef::Float(1.0) };
            place = if place.1 == 0 { (place.0, column) } else { (place.0 + 1, 0) };
            Ok((found.row < MOST_ROWS).then_some(found))
        };
        let mut rows = 0;
        let mut count = |_: &dyn Row| {
            rows += 1;
            true
        };
        Rows::new(Epoch::default(), next).visit(&mut Visit::Each(&mut count))?;
        Ok(rows)
    }

    #[test]
    fn cells_far_apart_in_many_rows_are_refused() {
        assert!(matches!(read(16_383), Err(FileFault::Sparse)));
        assert!(matches!(read(100), Ok(20_000)));
    }
}
