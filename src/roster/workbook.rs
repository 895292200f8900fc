//! Workbooks of Excel and LibreOffice: their sheets, row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use calamine::{
    CellErrorType, Data, DataRef, DataType, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb,
    XlsbError, Xlsx, XlsxError,
};

use super::cell::{Cell, Epoch, Row};
use super::contained::contained;
use super::fault::FileFault;
use super::limits::{LONG_TEXT_BYTES, MAX_CELL_BYTES, MAX_COLUMNS, MAX_LONG_TEXTS_BYTES, MAX_ROWS};
use super::widths::column_widths;

/// A workbook, open for reading.
pub struct Workbook {
    book: Book,
    epoch: Epoch,
    /// Whether a formula's 0 is what its writer puts where it has not calculated.
    left_to_calculate: bool,
    bytes: Arc<[u8]>,
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
        return Cell::of_text(text);
    }
    if let Some(number) = cell.get_float() {
        return Cell::Number(number);
    }
    if let Some(date) = cell.get_datetime() {
        // a formula that looks at an empty cell, shown as 00.01.1900
        if epoch == Epoch::Year1900 && date.as_f64().total_cmp(&0.0).is_eq() {
            return Cell::Empty;
        }
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
        (_, Some(fault)) if *fault == UNCALCULATED => Cell::Uncalculated,
        (_, Some(fault)) => Cell::Fault(shown_fault(fault)),
        _ => cell.get_duration_iso().map_or(Cell::Empty, Cell::Text),
    }
}

/// What stands for the missing result of a formula until the cell is read: no file has it as a result.
const UNCALCULATED: CellErrorType = CellErrorType::GettingData;

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
    /// Opens a workbook of a known kind; `left_to_calculate` where its writer has stored a 0 for every formula.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken or something else.
    pub fn open(bytes: Arc<[u8]>, kind: Kind, left_to_calculate: bool) -> Result<Self, FileFault> {
        let whole = bytes.clone();
        let bytes = Cursor::new(bytes);
        let (book, epoch_1904) = contained(|| {
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
        })?;
        let epoch = if epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 };
        Ok(Self { book, epoch, left_to_calculate, bytes: whole })
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

    /// How wide the sheet's columns are in pixels, where that is known.
    #[must_use]
    pub fn column_widths(&self, sheet: &str) -> BTreeMap<usize, u32> {
        if let Book::Xlsx(_) = self.book { column_widths(&self.bytes, sheet) } else { BTreeMap::new() }
    }

    fn metadata(&self) -> &[calamine::Sheet] {
        match &self.book {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Xlsb(book) => book.sheets_metadata(),
            Book::Xls(book) => book.sheets_metadata(),
            Book::Ods(book) => book.sheets_metadata(),
        }
    }

    /// Shows each row of a sheet that holds anything to `visit`, in order, until it says no more by `false`.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn rows(&mut self, sheet: &str, visit: &mut dyn FnMut(&dyn Row) -> bool) -> Result<(), FileFault> {
        let epoch = self.epoch;
        match &mut self.book {
            Book::Xlsx(book) => {
                let mut cells = contained(|| book.worksheet_cells_reader(sheet).map_err(xlsx_fault))?;
                let mut rows = RowsOfCells::new(epoch, visit);
                while let Some(cell) = contained(|| cells.next_cell_with_formula_metadata().map_err(xlsx_fault))? {
                    let mut value = cell.value;
                    if cell.formula.is_some() && (value.is_empty() || self.left_to_calculate && is_zero(&value)) {
                        value = DataRef::Error(UNCALCULATED);
                    }
                    if !rows.take(cell.pos.0, cell.pos.1, value)? {
                        return Ok(());
                    }
                }
                rows.finish();
            }
            Book::Xlsb(book) => {
                let faults = formulas_of_xlsb(book, sheet);
                let mut cells = contained(|| book.worksheet_cells_reader(sheet).map_err(xlsb_fault))?;
                let mut rows = RowsOfCells::new(epoch, visit);
                rows.formulas = faults;
                while let Some(cell) = contained(|| cells.next_cell().map_err(xlsb_fault))? {
                    let (row, column) = cell.get_position();
                    if !rows.take(row, column, cell.get_value().clone())? {
                        return Ok(());
                    }
                }
                rows.finish();
            }
            Book::Xls(book) => {
                let range = contained(|| book.worksheet_range(sheet).map_err(xls_fault))?;
                rows_of_range(&range, &Range::empty(), epoch, visit)?;
            }
            Book::Ods(book) => {
                let range = contained(|| book.worksheet_range(sheet).map_err(ods_fault))?;
                let formulas = contained(|| book.worksheet_formula(sheet).map_err(ods_fault))?;
                rows_of_range(&range, &formulas, epoch, visit)?;
            }
        }
        Ok(())
    }
}

fn is_zero(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Int(whole) => *whole == 0,
        DataRef::Float(number) => number.total_cmp(&0.0).is_eq(),
        _ => false,
    }
}

/// Where a sheet has formulas: the library's reader of cells leaves out those whose result is an error.
fn formulas_of_xlsb(book: &mut Xlsb<Bytes>, sheet: &str) -> BTreeSet<(u32, u32)> {
    let mut formulas = BTreeSet::new();
    let read = contained(|| {
        let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsb_fault)?;
        while let Some(cell) = cells.next_formula().map_err(xlsb_fault)? {
            formulas.insert(cell.get_position());
        }
        Ok(())
    });
    // a formula that the library does not understand hides those after it, but never a value
    let _ = read;
    formulas
}

/// Cells one by one → rows.
struct RowsOfCells<'v, 'b> {
    visit: &'v mut dyn FnMut(&dyn Row) -> bool,
    epoch: Epoch,
    cells: Vec<DataRef<'b>>,
    row: u32,
    /// The bytes of long texts so far.
    long_bytes: u64,
    /// Where formulas are, if cells with errors are left out.
    formulas: BTreeSet<(u32, u32)>,
}

impl<'v, 'b> RowsOfCells<'v, 'b> {
    fn new(epoch: Epoch, visit: &'v mut dyn FnMut(&dyn Row) -> bool) -> Self {
        Self { visit, epoch, cells: Vec::new(), row: 0, long_bytes: 0, formulas: BTreeSet::new() }
    }

    /// Takes the next cell; whether more are wanted.
    fn take(&mut self, row: u32, column: u32, value: DataRef<'b>) -> Result<bool, FileFault> {
        if row != self.row {
            if !self.finish() {
                return Ok(false);
            }
            if row < self.row {
                return Err(out_of_order(row.saturating_add(1)));
            }
            self.row = row;
        }
        if value.is_empty() {
            return Ok(true);
        }
        let number = row.saturating_add(1);
        let column = column as usize;
        if number > MAX_ROWS {
            return Err(FileFault::Long(number));
        }
        if column >= MAX_COLUMNS {
            return Err(FileFault::Wide(number));
        }
        if self.cells.get(column).is_some_and(|cell| !cell.is_empty()) {
            return Err(out_of_order(number));
        }
        let text_bytes = value.get_string().map_or(0, str::len);
        if text_bytes > MAX_CELL_BYTES {
            return Err(FileFault::Talkative(number, column));
        }
        // one text of the workbook's table may stand in every cell
        self.long_bytes += if text_bytes > LONG_TEXT_BYTES { text_bytes as u64 } else { 0 };
        if self.long_bytes > MAX_LONG_TEXTS_BYTES {
            return Err(FileFault::Bomb);
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, DataRef::Empty);
        }
        self.cells[column] = value;
        Ok(true)
    }

    /// Shows the row that is complete now; whether more are wanted.
    fn finish(&mut self) -> bool {
        if !self.formulas.is_empty() {
            let of_row = self.formulas.range((self.row, 0)..(self.row + 1, 0));
            for column in of_row.map(|(_, column)| *column as usize).filter(|column| *column < MAX_COLUMNS) {
                self.cells.resize(self.cells.len().max(column + 1), DataRef::Empty);
                if self.cells[column].is_empty() {
                    self.cells[column] = DataRef::Error(UNCALCULATED);
                }
            }
        }
        let wanted = self.cells.is_empty()
            || (self.visit)(&BookRow { cells: &self.cells, number: self.row.saturating_add(1), epoch: self.epoch });
        self.cells.clear();
        wanted
    }
}

/// No program that is used writes a row twice or after a later one.
fn out_of_order(number: u32) -> FileFault {
    FileFault::Broken(format!("row {number} twice"))
}

fn rows_of_range(
    range: &Range<Data>,
    formulas: &Range<String>,
    epoch: Epoch,
    visit: &mut dyn FnMut(&dyn Row) -> bool,
) -> Result<(), FileFault> {
    let Some((first_row, first_column)) = range.start() else { return Ok(()) };
    let mut cells = Vec::new();
    for (number, row) in (first_row.saturating_add(1)..).zip(range.rows()) {
        if row.iter().all(|cell| *cell == Data::Empty) {
            continue;
        }
        cells.clear();
        cells.resize(first_column as usize, Data::Empty);
        cells.extend_from_slice(row);
        if cells.len() > MAX_COLUMNS {
            return Err(FileFault::Wide(number));
        }
        for (cell, column) in cells.iter_mut().zip(0..) {
            if cell.get_string().is_some_and(|text| text.len() > MAX_CELL_BYTES) {
                return Err(FileFault::Talkative(number, column as usize));
            }
            if cell.is_empty() && formulas.get_value((number - 1, column)).is_some_and(|formula| !formula.is_empty()) {
                *cell = Data::Error(UNCALCULATED);
            }
        }
        if !visit(&BookRow { cells: &cells, number, epoch }) {
            return Ok(());
        }
    }
    Ok(())
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
