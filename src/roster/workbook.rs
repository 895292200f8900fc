//! Workbooks of Excel and LibreOffice: their sheets, row by row.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{
    CellErrorType, Data, DataRef, DataType, Ods, OdsError, Range, Reader, SheetType, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::cell::{Cell, Epoch, Row};
use super::source::FileFault;
use super::text::trimmed;

/// A workbook, open for reading.
pub struct Workbook {
    book: Book,
    epoch: Epoch,
}

type Bytes = Cursor<Arc<[u8]>>;

enum Book {
    Xlsx(Xlsx<Bytes>),
    Xlsb(Xlsb<Bytes>),
    Xls(Xls<Bytes>),
    Ods(Ods<Bytes>),
}

/// The kinds of workbooks.
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

/// A row of a workbook; what stands in it is still in the library's form.
struct BookRow<'b, T> {
    cells: &'b [T],
    number: u32,
    epoch: Epoch,
}

impl<T: DataType> Row for BookRow<'_, T> {
    fn number(&self) -> u32 {
        self.number
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.cells.get(column).map_or(Cell::Empty, |cell| read(cell, self.epoch))
    }
}

/// What a cell of the library's holds.
fn read<T: DataType>(cell: &T, epoch: Epoch) -> Cell<'_> {
    if let Some(text) = cell.get_string() {
        return match trimmed(text) {
            "" => Cell::Empty,
            text => Cell::Text(text),
        };
    }
    if let Some(number) = cell.get_float() {
        return Cell::Number(number);
    }
    if let Some(date) = cell.get_datetime() {
        return epoch.day(date.as_f64()).map_or(Cell::Number(date.as_f64()), Cell::Date);
    }
    if let Some(iso) = cell.get_datetime_iso() {
        let day = iso.split_once('T').map_or(iso, |(day, _)| day);
        return day.parse().map_or(Cell::Text(iso), Cell::Date);
    }
    if let Some(whole) = cell.get_int() {
        #[expect(clippy::cast_precision_loss, reason = "workbooks hold doubles; a whole number there is one already")]
        return Cell::Number(whole as f64);
    }
    match (cell.get_bool(), cell.get_error()) {
        (Some(truth), _) => Cell::Bool(truth),
        (_, Some(fault)) => Cell::Fault(shown_fault(fault)),
        _ => cell.get_duration_iso().map_or(Cell::Empty, Cell::Text),
    }
}

const fn shown_fault(fault: &CellErrorType) -> &'static str {
    match fault {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        _ => "#VALUE!",
    }
}

impl Workbook {
    /// Opens a workbook of a known kind.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken or something else.
    pub fn open(bytes: Arc<[u8]>, kind: Kind) -> Result<Self, FileFault> {
        let bytes = Cursor::new(bytes);
        let (book, epoch_1904) = match kind {
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
        };
        Ok(Self { book, epoch: if epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 } })
    }

    /// How the workbook counts days.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The names of the sheets that hold cells, in their order.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        let sheets = match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xlsb(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        };
        sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
    }

    /// Shows each row of a sheet that holds anything to `visit`, in order, until it says no more by `false`.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken.
    pub fn rows(&mut self, sheet: &str, visit: &mut dyn FnMut(&dyn Row) -> bool) -> Result<(), FileFault> {
        let epoch = self.epoch;
        match &mut self.book {
            Book::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsx_fault)?;
                let mut rows = RowsOfCells::new(epoch, visit);
                while let Some(cell) = cells.next_cell().map_err(xlsx_fault)? {
                    let (row, column) = cell.get_position();
                    if !rows.take(row, column, cell.get_value().clone()) {
                        return Ok(());
                    }
                }
                rows.finish();
            }
            Book::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsb_fault)?;
                let mut rows = RowsOfCells::new(epoch, visit);
                while let Some(cell) = cells.next_cell().map_err(xlsb_fault)? {
                    let (row, column) = cell.get_position();
                    if !rows.take(row, column, cell.get_value().clone()) {
                        return Ok(());
                    }
                }
                rows.finish();
            }
            Book::Xls(book) => rows_of_range(&book.worksheet_range(sheet).map_err(xls_fault)?, epoch, visit),
            Book::Ods(book) => rows_of_range(&book.worksheet_range(sheet).map_err(ods_fault)?, epoch, visit),
        }
        Ok(())
    }
}

/// Cells one by one → rows.
struct RowsOfCells<'v, 'b> {
    visit: &'v mut dyn FnMut(&dyn Row) -> bool,
    epoch: Epoch,
    cells: Vec<DataRef<'b>>,
    row: u32,
}

impl<'v, 'b> RowsOfCells<'v, 'b> {
    fn new(epoch: Epoch, visit: &'v mut dyn FnMut(&dyn Row) -> bool) -> Self {
        Self { visit, epoch, cells: Vec::new(), row: 0 }
    }

    /// Takes the next cell; whether more are wanted.
    fn take(&mut self, row: u32, column: u32, value: DataRef<'b>) -> bool {
        if row != self.row {
            if !self.finish() {
                return false;
            }
            self.row = row;
        }
        if value.is_empty() {
            return true;
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize(column + 1, DataRef::Empty);
        }
        self.cells[column] = value;
        true
    }

    /// Shows the row that is complete now; whether more are wanted.
    fn finish(&mut self) -> bool {
        let wanted = self.cells.is_empty()
            || (self.visit)(&BookRow { cells: &self.cells, number: self.row.saturating_add(1), epoch: self.epoch });
        self.cells.clear();
        wanted
    }
}

fn rows_of_range(range: &Range<Data>, epoch: Epoch, visit: &mut dyn FnMut(&dyn Row) -> bool) {
    let Some((first_row, first_column)) = range.start() else { return };
    let mut cells = Vec::new();
    for (number, row) in (first_row + 1..).zip(range.rows()) {
        cells.clear();
        cells.resize(first_column as usize, Data::Empty);
        cells.extend_from_slice(row);
        if row.iter().any(|cell| *cell != Data::Empty) && !visit(&BookRow { cells: &cells, number, epoch }) {
            return;
        }
    }
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
