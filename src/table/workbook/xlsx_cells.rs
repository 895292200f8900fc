//! The cells of a sheet of an `.xlsx`, read by the program and by the library.

use std::io::{BufReader, Read};

use calamine::XlsxCellReader;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::digit_pattern::{DigitPatterns, PatternedCells};
use crate::table::file_fault::FileFault;
use crate::table::found::Found;
use crate::table::sheet_xml::attribute;
use crate::table::workbook::fast_xlsx::{Plain, PlainCells};
use crate::table::workbook::xlsx_library::{Bytes, XlsxLibrary, xlsx_fault};
use crate::table::xlsx_patterns::patterned_cells;

/// The cells of a sheet of an `.xlsx`: read here as long as the sheet is written plainly, and by the library from there on.
pub struct XlsxCells<'b, P> {
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
    Closed(&'b mut XlsxLibrary),
    Open(Box<XlsxCellReader<'b, Bytes>>),
    Failed,
}

impl<'b, R: Read> XlsxCells<'b, PlainCells<'b, R>> {
    /// The cells of a sheet, whose plain form is read as long as it is one.
    pub fn new(
        library: &'b mut XlsxLibrary,
        sheet: &'b str,
        plain: Option<PlainCells<'b, R>>,
        patterns: &'b DigitPatterns,
    ) -> Self {
        let library = Library::Closed(library);
        Self { library, sheet, plain, ahead: 0, patterns, patterned: PatternedCells::default() }
    }

    /// The next cell, and whether it has a formula; `part` of the zip holds the sheet.
    pub fn next(
        &mut self,
        zip: &ZipArchive<Bytes>,
        part: Option<&str>,
    ) -> Result<Option<(Found<'b>, bool)>, FileFault> {
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
            let library = library.open()?;
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
