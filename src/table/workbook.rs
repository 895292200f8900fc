//! Workbooks of Excel and LibreOffice: their sheets, row by row.

mod fast_xlsx;
mod rows;
mod sheet;
mod sheet_pieces;
mod shown_cell;
mod value;
mod xls_cells;
mod xlsx_book;
mod xlsx_cells;
mod xlsx_library;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsx};
use zip::ZipArchive;

use crate::table::catch_panic::catch_panic;
use crate::table::cell::{Epoch, Row};
use crate::table::column_widths::column_widths;
use crate::table::covered_cells::CoveredCells;
use crate::table::digit_pattern::{DigitPatterns, PatternedCells};
use crate::table::file_fault::FileFault;
use crate::table::found::{Found, UNCALCULATED};
use crate::table::hidden::Hidden;
use crate::table::ods::OdsBook;
use crate::table::trial::Trial;
use crate::table::xls_marks::XlsMarks;
use crate::table::xlsb::XlsbBook;
use crate::table::xlsx_marks::STRIKE;
use crate::table::zip_integrity::check_parts;
use crate::table::zip_limits::{Archive, Kind};
pub use rows::Batch;
use rows::{Rows, Visit};
use sheet::Sheet;
pub use sheet_pieces::SheetPieces;
use shown_cell::{as_shown, is_covered};
use xls_cells::{cells_of_range, uncalculated_cells};
use xlsx_book::{XlsxBook, open_zip};
use xlsx_cells::XlsxCells;
pub use xlsx_library::Bytes as ZipBytes;
use xlsx_library::{Bytes, xlsx_fault};

/// A workbook, open for reading.
pub struct Workbook {
    book: Book,
    epoch: Epoch,
    /// Whether its writer stored 0 for every formula instead of calculating it.
    left_to_calculate: bool,
    /// Whether the encoding of its texts is only a guess.
    guessed: bool,
    sheets: Vec<Sheet>,
    bytes: Arc<[u8]>,
}

enum Book {
    Xlsx(Box<XlsxBook>),
    Xlsb(XlsbBook),
    Xls(Box<XlsBook>),
    Ods(OdsBook),
}

struct XlsBook {
    library: Xls<Bytes>,
    /// The cell styles that write a number with leading zeros or marks.
    patterns: DigitPatterns,
    /// The cells of each sheet in such a style, in the order of the sheets.
    patterned: Vec<PatternedCells>,
}

/// The parts of an `.xlsx`, to copy them.
pub struct OwnParts<'w> {
    /// The zip, whose directory and checksums are proved.
    pub zip: ZipArchive<ZipBytes>,
    /// The part of each sheet, by its name.
    pub parts: &'w BTreeMap<String, String>,
}

impl Workbook {
    /// Opens a workbook in a zip within the limits, of a known format; a child tries all but a plain `.xlsx` first.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken, damaged or of another format, and as [`Trial::pass`].
    pub fn open(bytes: Arc<[u8]>, archive: Archive, trial: Trial) -> Result<Self, FileFault> {
        let left_to_calculate = archive.left_to_calculate;
        if archive.kind != Kind::Xlsx {
            trial.pass()?;
        }
        match archive.kind {
            Kind::Xlsx => {
                let (book, sheets) = XlsxBook::open(bytes.clone(), trial)?;
                let epoch = if book.epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 };
                Ok(Self { book: Book::Xlsx(Box::new(book)), epoch, left_to_calculate, guessed: false, sheets, bytes })
            }
            Kind::Xlsb => {
                let book = XlsbBook::open(&bytes)?;
                check_parts(&open_zip(bytes.clone())?, |part| !part.contains("/worksheets/"), STRIKE)?;
                let epoch = if book.epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 };
                let sheets = book.sheets.iter().map(|sheet| Sheet {
                    name: sheet.name.clone(),
                    is_hidden: sheet.is_hidden,
                    hidden: sheet.hidden.clone(),
                });
                let sheets = sheets.collect();
                Ok(Self { book: Book::Xlsb(book), epoch, left_to_calculate, guessed: false, sheets, bytes })
            }
            Kind::Ods => {
                let book = OdsBook::open(&bytes)?;
                let sheets = book.sheets.iter().map(|sheet| Sheet {
                    name: sheet.name.clone(),
                    is_hidden: sheet.is_hidden,
                    hidden: sheet.hidden.clone(),
                });
                let (sheets, epoch) = (sheets.collect(), Epoch::Year1900);
                Ok(Self { book: Book::Ods(book), epoch, left_to_calculate, guessed: false, sheets, bytes })
            }
        }
    }

    /// Opens the library's reader of the whole workbook, which otherwise waits for something that is not plain.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the library does not open it.
    pub fn open_library(&mut self) -> Result<(), FileFault> {
        match &mut self.book {
            Book::Xlsx(book) => book.library.open().map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Opens a workbook of Excel before 2007, of which this is known.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken or of another format.
    pub fn open_xls(bytes: Arc<[u8]>, marks: XlsMarks) -> Result<Self, FileFault> {
        // of programs that name no code page those in use write Cyrillic
        const WINDOWS_1251: u16 = 1251;
        let XlsMarks { sheets: hidden, lacks_code_page: guessed, patterns, patterned } = marks;
        let mut options = XlsOptions::default();
        options.force_codepage = guessed.then_some(WINDOWS_1251);
        let book = catch_panic(|| Xls::new_with_options(Cursor::new(bytes.clone()), options).map_err(xls_fault))?;
        let epoch = if book.has_1904_epoch() { Epoch::Year1904 } else { Epoch::Year1900 };
        let mut hidden = hidden.into_iter();
        let sheets = book.sheets_metadata().iter().map(|sheet| {
            let hidden = hidden.next().unwrap_or_else(Hidden::unknown);
            let is_hidden = sheet.visible != SheetVisible::Visible;
            (sheet.typ == SheetType::WorkSheet).then(|| Sheet { name: sheet.name.clone(), is_hidden, hidden })
        });
        let sheets = sheets.flatten().collect();
        let book = Book::Xls(Box::new(XlsBook { library: book, patterns, patterned }));
        Ok(Self { book, epoch, left_to_calculate: false, guessed, sheets, bytes })
    }

    /// Whether a compound file is a workbook of Excel since 2007 with a password.
    #[must_use]
    pub fn is_encrypted(bytes: Arc<[u8]>) -> bool {
        matches!(catch_panic(|| Xlsx::new(Cursor::new(bytes)).map_err(xlsx_fault)), Err(FileFault::Encrypted))
    }

    /// Whether the encoding of the texts is only a guess: none is named, and windows-1251 is the likeliest.
    #[must_use]
    pub const fn is_guessed(&self) -> bool {
        self.guessed
    }

    /// How the workbook counts days.
    #[must_use]
    pub const fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The names of the sheets that hold cells, in their order.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// Whether Excel does not show the sheet.
    #[must_use]
    pub fn is_hidden(&self, sheet: &str) -> bool {
        self.sheets.iter().any(|other| other.name == sheet && other.is_hidden)
    }

    /// The parts of an `.xlsx`; `None` of any other workbook.
    #[must_use]
    pub fn own_parts(&self) -> Option<OwnParts<'_>> {
        match &self.book {
            Book::Xlsx(book) => Some(OwnParts { zip: book.zip.clone(), parts: &book.parts }),
            _ => None,
        }
    }

    /// The widths of the sheet's columns in pixels, where they are known.
    #[must_use]
    pub fn column_widths(&self, sheet: &str) -> BTreeMap<usize, u32> {
        match &self.book {
            Book::Xlsx(book) => book.parts.get(sheet).map(|part| column_widths(&self.bytes, part)).unwrap_or_default(),
            _ => BTreeMap::new(),
        }
    }

    /// Calls `visit` with the rows of a sheet as [`Workbook::batches`] does, and returns what is hidden of the sheet.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn batches_and_hidden(
        &mut self,
        sheet: &str,
        visit: &mut (dyn FnMut(&Batch<'_>) + Send),
    ) -> Result<Hidden, FileFault> {
        self.batches(sheet, visit)?;
        let found = self.sheets.iter().find(|other| other.name == sheet);
        let hidden = found.map_or_else(Hidden::unknown, |sheet| sheet.hidden.clone());
        self.judge_rules(sheet, hidden)
    }

    /// Evaluates the conditional formats of a sheet that strike out or hide; its rows are read once more where there are any.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where the sheet is broken or larger than any table.
    pub fn judge_rules(&mut self, sheet: &str, mut hidden: Hidden) -> Result<Hidden, FileFault> {
        if hidden.has_conditions() {
            self.rows(sheet, &mut |row| {
                hidden.judge_row(row);
                true
            })?;
        }
        Ok(hidden)
    }

    /// A sheet that may be read in pieces on all cores; `None` where it is read in order.
    #[must_use]
    pub fn pieces(&self, sheet: &str) -> Option<SheetPieces<'_>> {
        let Book::Xlsx(book) = &self.book else { return None };
        let sheet = self.sheets.iter().find(|other| other.name == sheet)?;
        SheetPieces::new(book, sheet, self.epoch, self.left_to_calculate)
    }

    /// Whether the cells of a sheet are read one by one, so that a sheet takes no memory.
    #[must_use]
    pub const fn is_streamed(&self) -> bool {
        matches!(self.book, Book::Xlsx(_))
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

    /// Visits the rows of a sheet without the cells under merged ones, whose places are kept.
    fn visit(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), FileFault> {
        let place = self.sheets.iter().position(|other| other.name == sheet);
        let merged = place.map(|place| self.sheets[place].hidden.merged.clone()).unwrap_or_default();
        // the reader of `.ods` finds them itself
        if merged.is_empty() || matches!(self.book, Book::Ods(_)) {
            return self.visit_cells((sheet, place), visit, &mut |_| true);
        }
        let (mut under, mut covered) = (CoveredCells::new(merged), Vec::new());
        self.visit_cells((sheet, place), visit, &mut |found| !is_covered(found, &mut under, &mut covered))?;
        if let Some(place) = place {
            self.sheets[place].hidden.covered = covered;
        }
        Ok(())
    }

    /// Visits the rows of the cells of a sheet that are kept.
    fn visit_cells(
        &mut self,
        (sheet, place): (&str, Option<usize>),
        visit: &mut Visit<'_>,
        is_kept: &mut dyn FnMut(&Found<'_>) -> bool,
    ) -> Result<(), FileFault> {
        let (epoch, left_to_calculate) = (self.epoch, self.left_to_calculate);
        match &mut self.book {
            Book::Xlsx(book) => {
                let part = book.parts.get(sheet).map(String::as_str);
                let (mut zip, content) = (book.zip.clone(), &book.zip);
                let plain = book.plain.as_ref().zip(part).and_then(|(plain, part)| plain.cells(&mut zip, part));
                let mut cells = XlsxCells::new(&mut book.library, sheet, plain, &book.patterns);
                let next = || loop {
                    let Some((found, has_formula)) = cells.next(content, part)? else { return Ok(None) };
                    if is_kept(&found) {
                        return Ok(Some(as_shown(found, has_formula, left_to_calculate)));
                    }
                };
                Rows::new(epoch, next).visit(visit)
            }
            Book::Xlsb(book) => {
                let mut cells = book.cells_of(place.unwrap_or(usize::MAX))?;
                let next = || loop {
                    match cells.next()? {
                        Some(found) if !is_kept(&found) => {}
                        found => return Ok(found),
                    }
                };
                Rows::new(epoch, next).visit(visit)
            }
            Book::Xls(book) => {
                let XlsBook { library, patterns, patterned } = &mut **book;
                let range = catch_panic(|| library.worksheet_range(sheet).map_err(xls_fault))?;
                let in_book = library.sheet_names().iter().position(|name| name == sheet);
                let patterned = in_book.and_then(|place| patterned.get(place));
                let formulas = catch_panic(|| library.worksheet_formula(sheet).map_err(xls_fault))?;
                let uncalculated = uncalculated_cells(&formulas, &range);
                let cells = cells_of_range(&range).map(|found| {
                    let is_missing = uncalculated.contains(&(found.row, found.column));
                    if is_missing { Found { value: DataRef::Error(UNCALCULATED), ..found } } else { found }
                });
                let mut cells = cells.filter(|found| is_kept(found)).map(|found| match patterned {
                    Some(patterned) => {
                        let value = patterned.value((found.row, found.column), found.value, patterns);
                        Found { value, ..found }
                    }
                    None => found,
                });
                Rows::new(epoch, || Ok(cells.next())).visit(visit)
            }
            Book::Ods(book) => {
                let Some(sheet) = place.and_then(|place| book.sheets.get(place)) else { return Ok(()) };
                let mut cells = book.cells(sheet);
                Rows::new(epoch, || cells.next()).visit(visit)
            }
        }
    }
}

fn xls_fault(fault: XlsError) -> FileFault {
    match fault {
        XlsError::Password => FileFault::Encrypted,
        fault => FileFault::Broken(fault.to_string()),
    }
}
