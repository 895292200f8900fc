//! Workbooks of Excel and LibreOffice: their sheets, row by row.

mod fast_xlsx;
mod rows;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor, Read};
use std::sync::Arc;

use calamine::{
    Data, DataRef, Range, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsx, XlsxCellReader, XlsxError,
};
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::catch_panic::catch_panic;
use crate::table::cell::{Epoch, Row};
use crate::table::column_widths::column_widths;
use crate::table::digit_pattern::{DigitPatterns, PatternedCells};
use crate::table::file_fault::FileFault;
use crate::table::found::{Found, UNCALCULATED};
use crate::table::hidden::Hidden;
use crate::table::ods::OdsBook;
use crate::table::sheet_xml::attribute;
use crate::table::xls_marks::XlsMarks;
use crate::table::xlsb::XlsbBook;
use crate::table::xlsx_marks::find_marks;
use crate::table::xlsx_part::parts_of_sheets;
use crate::table::xlsx_patterns::{patterned_cells, patterns_of_styles};
use crate::table::zip_integrity::check_parts;
use fast_xlsx::{Plain, PlainBook, PlainCells};
pub use rows::Batch;
use rows::{Rows, Visit};
use value::{as_data_ref, is_zero};

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

/// A sheet that holds cells.
struct Sheet {
    name: String,
    /// Whether the program that wrote it does not show it.
    is_hidden: bool,
    hidden: Hidden,
}

type Bytes = Cursor<Arc<[u8]>>;

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

struct XlsxBook {
    library: Xlsx<Bytes>,
    /// The zip, opened once: its directory is as long as the workbook has sheets.
    zip: ZipArchive<Bytes>,
    /// What the cells of plainly written sheets refer to, if the workbook has such sheets.
    plain: Option<PlainBook>,
    /// The part of each sheet.
    parts: BTreeMap<String, String>,
    /// The cell styles that write a number with leading zeros or marks.
    patterns: DigitPatterns,
}

/// The format of a workbook in a zip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Excel since 2007.
    Xlsx,
    /// Excel's binary form of it.
    Xlsb,
    /// LibreOffice.
    Ods,
}

impl Workbook {
    /// Opens a workbook in a zip, of a known format; `left_to_calculate` where its writer stored 0 for every formula.
    ///
    /// # Errors
    ///
    /// [`FileFault`] where it is encrypted, broken, damaged or of another format.
    pub fn open(bytes: Arc<[u8]>, kind: Kind, left_to_calculate: bool) -> Result<Self, FileFault> {
        match kind {
            Kind::Xlsx => Self::open_xlsx(bytes, left_to_calculate),
            Kind::Xlsb => {
                let book = XlsbBook::open(&bytes)?;
                check_parts(&open_zip(bytes.clone())?, |part| !part.contains("/worksheets/"))?;
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

    fn open_xlsx(bytes: Arc<[u8]>, left_to_calculate: bool) -> Result<Self, FileFault> {
        let zip = open_zip(bytes.clone())?;
        let parts = parts_of_sheets(&mut zip.clone())?;
        let library = || {
            let opened = catch_panic(|| Xlsx::new(Cursor::new(bytes.clone())).map_err(xlsx_fault))?;
            let epoch_1904 = opened.has_1904_epoch();
            Ok((opened, epoch_1904))
        };
        let marks = || -> Result<BTreeMap<String, Hidden>, FileFault> {
            let sheets: BTreeSet<&str> = parts.values().map(String::as_str).collect();
            check_parts(&zip, |part| !(part.contains("/worksheets/") && sheets.contains(part)))?;
            catch_panic(|| find_marks(&zip, &parts))
        };
        let plain = || catch_panic(|| Ok(PlainBook::open(&bytes))).ok().flatten();
        let (plain, (opened, marks)) = rayon::join(plain, || rayon::join(library, marks));
        let ((library, epoch_1904), mut marks): ((Xlsx<Bytes>, bool), _) = (opened?, marks?);
        let tables = library.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let sheets = tables.map(|sheet| Sheet {
            name: sheet.name.clone(),
            is_hidden: sheet.visible != SheetVisible::Visible,
            hidden: marks.remove(&sheet.name).unwrap_or_else(Hidden::unknown),
        });
        let sheets = sheets.collect();
        let patterns = patterns_of_styles(&mut zip.clone());
        let plain = plain.map(|plain| plain.with_epoch(epoch_1904).with_patterns(patterns.clone()));
        let epoch = if epoch_1904 { Epoch::Year1904 } else { Epoch::Year1900 };
        let book = Book::Xlsx(Box::new(XlsxBook { library, zip, plain, parts, patterns }));
        Ok(Self { book, epoch, left_to_calculate, guessed: false, sheets, bytes })
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
        Ok(found.map_or_else(Hidden::unknown, |sheet| sheet.hidden.clone()))
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

    fn visit(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), FileFault> {
        let (epoch, left_to_calculate) = (self.epoch, self.left_to_calculate);
        let place = self.sheets.iter().position(|other| other.name == sheet);
        match &mut self.book {
            Book::Xlsx(book) => {
                let part = book.parts.get(sheet).map(String::as_str);
                let (mut zip, content) = (book.zip.clone(), &book.zip);
                let plain = book.plain.as_ref().zip(part).and_then(|(plain, part)| plain.cells(&mut zip, part));
                let mut cells = XlsxCells::new(&mut book.library, sheet, plain, &book.patterns);
                let next = || {
                    let Some((mut found, has_formula)) = cells.next(content, part)? else { return Ok(None) };
                    let is_missing =
                        matches!(found.value, DataRef::Empty) || left_to_calculate && is_zero(&found.value);
                    if has_formula && is_missing {
                        found.value = DataRef::Error(UNCALCULATED);
                    }
                    Ok(Some(found))
                };
                Rows::new(epoch, next).visit(visit)
            }
            Book::Xlsb(book) => {
                let mut cells = book.cells_of(place.unwrap_or(usize::MAX))?;
                Rows::new(epoch, || cells.next()).visit(visit)
            }
            Book::Xls(book) => {
                let XlsBook { library, patterns, patterned } = &mut **book;
                let range = catch_panic(|| library.worksheet_range(sheet).map_err(xls_fault))?;
                let in_book = library.sheet_names().iter().position(|name| name == sheet);
                let patterned = in_book.and_then(|place| patterned.get(place));
                let mut cells = cells_of_range(&range).map(|found| match patterned {
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

fn open_zip(bytes: Arc<[u8]>) -> Result<ZipArchive<Bytes>, FileFault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|fault| FileFault::Broken(fault.to_string()))
}

/// The cells of a sheet of an `.xlsx`: read here as long as the sheet is written plainly, and by the library from there on.
struct XlsxCells<'b, P> {
    library: Library<'b>,
    sheet: &'b str,
    plain: Option<P>,
    /// The number of cells read here, which the library has still to pass over.
    ahead: u64,
    patterns: &'b DigitPatterns,
    /// The cells in a style with a pattern, once the library reads the sheet.
    patterned: PatternedCells,
}

/// The library's reader, which is opened only for a sheet that is not plain.
enum Library<'b> {
    Closed(&'b mut Xlsx<Bytes>),
    Open(Box<XlsxCellReader<'b, Bytes>>),
    Failed,
}

impl<'b, R: Read> XlsxCells<'b, PlainCells<'b, R>> {
    fn new(
        library: &'b mut Xlsx<Bytes>,
        sheet: &'b str,
        plain: Option<PlainCells<'b, R>>,
        patterns: &'b DigitPatterns,
    ) -> Self {
        let library = Library::Closed(library);
        Self { library, sheet, plain, ahead: 0, patterns, patterned: PatternedCells::default() }
    }

    /// The next cell, and whether it has a formula; `part` of the zip holds the sheet.
    fn next(&mut self, zip: &ZipArchive<Bytes>, part: Option<&str>) -> Result<Option<(Found<'b>, bool)>, FileFault> {
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
        if let Library::Closed(_) = self.library
            && let Library::Closed(library) = std::mem::replace(&mut self.library, Library::Failed)
        {
            if let Some(part) = part {
                check_text_numbers(zip, part)?;
                if !self.patterns.is_empty() {
                    self.patterned = patterned_cells(zip, part, self.patterns);
                }
            }
            self.library = Library::Open(Box::new(library.worksheet_cells_reader(self.sheet).map_err(xlsx_fault)?));
        }
        let Library::Open(library) = &mut self.library else { return Ok(None) };
        loop {
            let cell = library.next_cell_with_formula_metadata().map_err(xlsx_fault)?;
            let Some(before) = self.ahead.checked_sub(1) else {
                return Ok(cell.map(|cell| {
                    let (row, column) = cell.pos;
                    let value = self.patterned.value(cell.pos, cell.value, self.patterns);
                    (Found { row, column, value }, cell.formula.is_some())
                }));
            };
            self.ahead = before;
        }
    }
}

/// Checks the numbers by which the cells of a sheet refer to shared texts: the library takes -1 and 0.5 for 0.
fn check_text_numbers(zip: &ZipArchive<Bytes>, part: &str) -> Result<(), FileFault> {
    let mut zip = zip.clone();
    let Ok(content) = zip.by_name(part) else { return Ok(()) };
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    let (mut buffer, mut cell, mut is_value, mut number) = (Vec::new(), None, false, String::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(found)) => match found.local_name().as_ref() {
                "c" if attribute(&found, "t").as_deref() == Some("s") => cell = Some(attribute(&found, "r")),
                "c" => cell = None,
                "v" => (is_value, number) = (cell.is_some(), String::new()),
                _ => {}
            },
            Ok(Event::Text(text)) if is_value => number.push_str(&text),
            Ok(Event::CData(text)) if is_value => number.push_str(&text),
            Ok(Event::GeneralRef(_)) if is_value => number.push('&'),
            Ok(Event::End(found)) if found.local_name().as_ref() == "v" && is_value => {
                is_value = false;
                let number = number.trim();
                if !number.bytes().all(|byte| byte.is_ascii_digit()) {
                    let cell = cell.take().flatten().unwrap_or_default();
                    return Err(FileFault::TextNumber(cell, number.chars().take(20).collect()));
                }
            }
            // the library reports what is broken
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// The cells of the rows that are not blank.
fn cells_of_range(range: &Range<Data>) -> impl Iterator<Item = Found<'_>> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let filled = (first_row..).zip(range.rows()).filter(|(_, cells)| cells.iter().any(|cell| *cell != Data::Empty));
    filled.flat_map(move |(row, cells)| {
        let cells = (first_column..).zip(cells);
        cells.map(move |(column, cell)| Found { row, column, value: as_data_ref(cell) })
    })
}

fn xlsx_fault(fault: XlsxError) -> FileFault {
    match fault {
        XlsxError::Password => FileFault::Encrypted,
        fault => FileFault::Broken(fault.to_string()),
    }
}

fn xls_fault(fault: XlsError) -> FileFault {
    match fault {
        XlsError::Password => FileFault::Encrypted,
        fault => FileFault::Broken(fault.to_string()),
    }
}
