//! Workbooks of Excel and LibreOffice: their sheets, row by row.

mod fast_xlsx;
mod rows;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{
    Data, DataRef, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx,
    XlsxCellReader, XlsxError,
};
use zip::ZipArchive;

use crate::table::catch_panic::catch_panic;
use crate::table::cell::{Epoch, Row};
use crate::table::column_widths::column_widths;
use crate::table::file_fault::FileFault;
use crate::table::hidden::{Hidden, find_hidden};
use fast_xlsx::{Plain, PlainBook, PlainCells};
pub use rows::Batch;
use rows::{Found, Rows, Visit};
use value::{UNCALCULATED, as_data_ref, is_zero};

/// A workbook, open for reading.
pub struct Workbook {
    book: Book,
    epoch: Epoch,
    /// Whether its writer stored 0 for every formula instead of calculating it.
    left_to_calculate: bool,
    /// What the cells of plainly written sheets refer to, if the workbook has such sheets.
    plain: Option<PlainBook>,
    bytes: Arc<[u8]>,
}

type Bytes = Cursor<Arc<[u8]>>;

enum Book {
    Xlsx(Xlsx<Bytes>),
    Xlsb(Xlsb<Bytes>),
    Xls(Xls<Bytes>),
    Ods(Ods<Bytes>),
}

/// The format of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Excel since 2007.
    Xlsx,
    /// Excel's binary form of it.
    Xlsb,
    /// Excel before 2007.
    Xls,
    /// LibreOffice.
    Ods,
}

impl Workbook {
    /// Opens a workbook of a known format; `left_to_calculate` where its writer stored 0 for every formula.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken or of another format.
    pub fn open(bytes: Arc<[u8]>, kind: Kind, left_to_calculate: bool) -> Result<Self, FileFault> {
        let plain = || if kind == Kind::Xlsx { PlainBook::open(&bytes) } else { None };
        let (plain, opened) =
            rayon::join(|| catch_panic(|| Ok(plain())).ok().flatten(), || Self::open_by_library(bytes.clone(), kind));
        let (book, epoch_1904) = opened?;
        let plain = plain.map(|plain| plain.with_epoch(epoch_1904));
        let epoch = if epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 };
        Ok(Self { book, epoch, left_to_calculate, plain, bytes })
    }

    /// The workbook, and whether its days count from 1904.
    fn open_by_library(bytes: Arc<[u8]>, kind: Kind) -> Result<(Book, bool), FileFault> {
        let bytes = Cursor::new(bytes);
        catch_panic(|| {
            Ok(match kind {
                Kind::Xlsx => {
                    let book = Xlsx::new(bytes).map_err(xlsx_fault)?;
                    let epoch = book.has_1904_epoch();
                    (Book::Xlsx(book), epoch)
                }
                Kind::Xlsb => {
                    let book = Xlsb::new(bytes).map_err(xlsb_fault)?;
                    let epoch = book.has_1904_epoch();
                    (Book::Xlsb(book), epoch)
                }
                Kind::Xls => {
                    let book = Xls::new(bytes).map_err(xls_fault)?;
                    let epoch = book.has_1904_epoch();
                    (Book::Xls(book), epoch)
                }
                Kind::Ods => (Book::Ods(Ods::new(bytes).map_err(ods_fault)?), false),
            })
        })
    }

    /// How the workbook counts days.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The names of the sheets that hold cells, in their order.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        let tables = self.metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        tables.map(|sheet| sheet.name.clone()).collect()
    }

    /// Whether Excel does not show the sheet.
    #[must_use]
    pub fn is_hidden(&self, sheet: &str) -> bool {
        self.metadata().iter().any(|other| other.name == sheet && other.visible != SheetVisible::Visible)
    }

    /// The widths of the sheet's columns in pixels, where they are known.
    #[must_use]
    pub fn column_widths(&self, sheet: &str) -> BTreeMap<usize, u32> {
        if let Book::Xlsx(_) = self.book { column_widths(&self.bytes, sheet) } else { BTreeMap::new() }
    }

    /// Calls `visit` with the rows of a sheet as [`Workbook::batches`] does, and finds meanwhile what is hidden of the sheet.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn batches_and_hidden(
        &mut self,
        sheet: &str,
        visit: &mut (dyn FnMut(&Batch<'_>) + Send),
    ) -> Result<Hidden, FileFault> {
        let mut hidden = Hidden::default();
        let bytes = matches!(self.book, Book::Xlsx(_)).then(|| Arc::clone(&self.bytes));
        rayon::in_place_scope(|scope| {
            if let Some(bytes) = bytes {
                let hidden = &mut hidden;
                // what cannot be searched hides nothing
                scope.spawn(move |_| *hidden = catch_panic(|| Ok(find_hidden(&bytes, sheet))).unwrap_or_default());
            }
            self.batches(sheet, visit)
        })?;
        Ok(hidden)
    }

    fn metadata(&self) -> &[calamine::Sheet] {
        match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xlsb(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        }
    }

    /// Calls `visit` with each row of a sheet that is not blank, in order, until it returns `false`.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn rows(&mut self, sheet: &str, visit: &mut dyn FnMut(&dyn Row) -> bool) -> Result<(), FileFault> {
        self.visit(sheet, &mut Visit::Each(visit))
    }

    /// Calls `visit` with the rows of a sheet that are not blank, in order and in batches: on another thread, where there is one, while the
    /// next batch is gathered.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn batches(&mut self, sheet: &str, visit: &mut (dyn FnMut(&Batch<'_>) + Send)) -> Result<(), FileFault> {
        self.visit(sheet, &mut Visit::Batches(visit))
    }

    fn visit(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), FileFault> {
        let (epoch, left_to_calculate) = (self.epoch, self.left_to_calculate);
        match &mut self.book {
            Book::Xlsx(book) => {
                let cells = catch_panic(|| book.worksheet_cells_reader(sheet).map_err(xlsx_fault))?;
                let mut zip = ZipArchive::new(Cursor::new(&*self.bytes)).ok();
                let plain = self.plain.as_ref().zip(zip.as_mut()).and_then(|(plain, zip)| plain.cells(zip, sheet));
                let mut cells = XlsxCells::new(cells, plain);
                let next = || {
                    let Some((mut found, has_formula)) = cells.next()? else { return Ok(None) };
                    let is_missing =
                        matches!(found.value, DataRef::Empty) || left_to_calculate && is_zero(&found.value);
                    if has_formula && is_missing {
                        found.value = DataRef::Error(UNCALCULATED);
                    }
                    Ok(Some(found))
                };
                Rows::new(epoch, BTreeSet::new(), next).visit(visit)
            }
            Book::Xlsb(book) => {
                let formulas = formulas_of_xlsb(book, sheet);
                let mut cells = catch_panic(|| book.worksheet_cells_reader(sheet).map_err(xlsb_fault))?;
                let next = || {
                    let cell = cells.next_cell().map_err(xlsb_fault)?;
                    Ok(cell.map(|cell| {
                        let (row, column) = cell.get_position();
                        Found { row, column, value: cell.get_value().clone() }
                    }))
                };
                Rows::new(epoch, formulas, next).visit(visit)
            }
            Book::Xls(book) => {
                let range = catch_panic(|| book.worksheet_range(sheet).map_err(xls_fault))?;
                let formulas = Range::empty();
                let mut cells = cells_of_range(&range, &formulas);
                Rows::new(epoch, BTreeSet::new(), || Ok(cells.next())).visit(visit)
            }
            Book::Ods(book) => {
                let range = catch_panic(|| book.worksheet_range(sheet).map_err(ods_fault))?;
                let formulas = catch_panic(|| book.worksheet_formula(sheet).map_err(ods_fault))?;
                let mut cells = cells_of_range(&range, &formulas);
                Rows::new(epoch, BTreeSet::new(), || Ok(cells.next())).visit(visit)
            }
        }
    }
}

/// The cells of a sheet of an `.xlsx`: read here as long as the sheet is written plainly, and by the library from there on.
struct XlsxCells<'b, P> {
    library: XlsxCellReader<'b, Bytes>,
    plain: Option<P>,
    /// The number of cells read here, which the library has still to pass over.
    ahead: u64,
}

impl<'b, R: Read> XlsxCells<'b, PlainCells<'b, R>> {
    const fn new(library: XlsxCellReader<'b, Bytes>, plain: Option<PlainCells<'b, R>>) -> Self {
        Self { library, plain, ahead: 0 }
    }

    /// The next cell, and whether it has a formula.
    fn next(&mut self) -> Result<Option<(Found<'b>, bool)>, FileFault> {
        if let Some(plain) = &mut self.plain {
            match plain.next() {
                Plain::Cell { place: (row, column), value, has_formula } => {
                    self.ahead += 1;
                    return Ok(Some((Found { row, column, value }, has_formula)));
                }
                Plain::End => return Ok(None),
                Plain::Strange => self.plain = None,
            }
        }
        loop {
            let cell = self.library.next_cell_with_formula_metadata().map_err(xlsx_fault)?;
            let Some(before) = self.ahead.checked_sub(1) else {
                return Ok(cell.map(|cell| {
                    let (row, column) = cell.pos;
                    (Found { row, column, value: cell.value }, cell.formula.is_some())
                }));
            };
            self.ahead = before;
        }
    }
}

/// The places of a sheet's formulas: the library's cell reader leaves out those whose result is an error.
fn formulas_of_xlsb(book: &mut Xlsb<Bytes>, sheet: &str) -> BTreeSet<(u32, u32)> {
    let mut formulas = BTreeSet::new();
    let read = catch_panic(|| {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsb_fault)?;
        while let Some(cell) = cells.next_formula().map_err(xlsb_fault)? {
            formulas.insert(cell.get_position());
        }
        Ok(())
    });
    // a formula that the library cannot parse hides those after it, but never a value
    let _ = read;
    formulas
}

/// The cells of the rows that are not blank.
fn cells_of_range<'r>(range: &'r Range<Data>, formulas: &'r Range<String>) -> impl Iterator<Item = Found<'r>> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let filled = (first_row..).zip(range.rows()).filter(|(_, cells)| cells.iter().any(|cell| *cell != Data::Empty));
    filled.flat_map(move |(row, cells)| {
        (first_column..).zip(cells).map(move |(column, cell)| {
            let has_formula = || formulas.get_value((row, column)).is_some_and(|formula| !formula.is_empty());
            let is_missing = *cell == Data::Empty && has_formula();
            let value = if is_missing { DataRef::Error(UNCALCULATED) } else { as_data_ref(cell) };
            Found { row, column, value }
        })
    })
}

fn xlsx_fault(fault: XlsxError) -> FileFault {
    match fault {
        XlsxError::Password => FileFault::Encrypted,
        XlsxError::Io(fault) => FileFault::Io(fault),
        fault => FileFault::Broken(fault.to_string()),
    }
}

fn xlsb_fault(fault: XlsbError) -> FileFault {
    match fault {
        XlsbError::Password => FileFault::Encrypted,
        XlsbError::Io(fault) => FileFault::Io(fault),
        fault => FileFault::Broken(fault.to_string()),
    }
}

fn xls_fault(fault: XlsError) -> FileFault {
    match fault {
        XlsError::Password => FileFault::Encrypted,
        XlsError::Io(fault) => FileFault::Io(fault),
        fault => FileFault::Broken(fault.to_string()),
    }
}

fn ods_fault(fault: OdsError) -> FileFault {
    match fault {
        OdsError::Password => FileFault::Encrypted,
        OdsError::Io(fault) => FileFault::Io(fault),
        fault => FileFault::Broken(fault.to_string()),
    }
}
