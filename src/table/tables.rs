//! The tables of some files, read whole: the files, their sheets, and everything that is wrong with them.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::table::delimited::DELIMITERS;
use crate::table::file_fault::FileFault;
use crate::table::layout::Layout;
use crate::table::sheets::{FoundSheet, choose_sheets, find_text_table, open_tables, unread_sheets};
use crate::table::skip::Skip;
use crate::table::source::{FileBytes, Source};
use crate::table::spare_columns::SpareColumns;
use crate::table::spec::TableSpec;
use crate::table::streamed_text::StreamedText;

/// The tables of some files, without their rows, which each kind of table keeps in its own form.
#[derive(Debug, Default, Clone)]
pub struct Tables {
    /// The files, in the order in which they were named.
    pub files: Vec<TableFile>,
    /// The sheets that were read or that a diagnostic is about, in order.
    pub sheets: Vec<Sheet>,
    /// Everything that is wrong, by sheet, row and column.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a file or a sheet could not be read, so that rows may be missing.
    pub incomplete: bool,
}

/// A file of tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// The display name, the same on every machine.
    pub name: String,
    /// SHA-256 of the bytes that were read, in hexadecimal; empty where the file could not be read.
    pub sha256: String,
}

/// A sheet of a file.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The path of the file.
    pub path: PathBuf,
    /// The display name of the file, the same on every machine.
    pub file: String,
    /// The name of the sheet; empty for a text.
    pub name: String,
    /// Where the table is; none where no table was read.
    pub layout: Option<Layout>,
    /// Rows below the headings that are no data, with the reason.
    pub skipped: Vec<(u32, Skip)>,
    /// The delimiter; none of a workbook.
    pub delimiter: Option<u8>,
}

/// The sheet whose rows are to be read.
#[derive(Debug, Clone, Copy)]
pub struct SheetToRead<'t> {
    /// Its place in [`Tables::sheets`].
    pub number: u16,
    /// Its name.
    pub name: &'t str,
    /// Where its table is.
    pub layout: &'t Layout,
}

/// What was found in the rows of a sheet, beside the data itself.
#[derive(Debug, Default)]
pub struct SheetFindings {
    /// What is wrong with the rows.
    pub diagnostics: Vec<Diagnostic>,
    /// Rows that are no data, with the reason.
    pub skipped: Vec<(u32, Skip)>,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
}

impl Sheet {
    /// The file and, in a workbook, the sheet: `roster.xlsx, «Список»`.
    #[must_use]
    pub fn display_name(&self) -> String {
        if self.name.is_empty() { self.file.clone() } else { format!("{}, «{}»", self.file, self.name) }
    }
}

impl Tables {
    /// Reads a file: finds its tables and calls `read_rows` for each sheet that is chosen and whose columns are sound.
    ///
    /// Faults of the file, of its sheets and of their columns become diagnostics, as does what `read_rows` finds.
    ///
    /// # Errors
    ///
    /// As [`FileBytes::read`] where the system refuses to read the file, and where it refuses a child that tries it.
    pub fn read_file(
        &mut self,
        path: &Path,
        name: &str,
        spec: &TableSpec,
        read_rows: &mut dyn FnMut(&mut Source, SheetToRead<'_>) -> Result<SheetFindings, FileFault>,
    ) -> Result<(), Error> {
        let sheet = Sheet { path: path.to_owned(), file: name.to_owned(), ..Sheet::default() };
        let bytes = FileBytes::read(path);
        let sha256 = bytes.as_ref().map(|bytes| bytes.sha256().to_owned()).unwrap_or_default();
        self.add_file(TableFile { name: name.to_owned(), sha256 });
        match bytes.and_then(|bytes| open_tables(bytes, spec)) {
            Ok((source, found)) => self.read_sheets(source, found, sheet, spec, read_rows),
            Err(FileFault::Unread(error)) => Err(*error),
            Err(fault) => {
                self.refuse(sheet, Code::UnreadableFile, fault.message());
                Ok(())
            }
        }
    }

    /// Reads a long text as [`Tables::read_file`] does, but while its rows are read; `false`, and nothing is changed, where the text has to
    /// be read as a whole.
    ///
    /// `read_rows` takes the parts of the text, or returns `None` where it needs the text as a whole.
    ///
    /// # Errors
    ///
    /// As [`StreamedText::open`].
    pub fn read_streamed(
        &mut self,
        path: &Path,
        name: &str,
        spec: &TableSpec,
        read_rows: &mut dyn FnMut(&mut StreamedText, SheetToRead<'_>) -> Option<SheetFindings>,
    ) -> Result<bool, Error> {
        let Some(mut streamed) = StreamedText::open(path)? else { return Ok(false) };
        let text = streamed.head();
        let (delimiter, found) = find_text_table(&text, spec);
        let Ok(found) = found else { return Ok(false) };
        streamed.set_delimiter(delimiter);
        let head = Source::Text { text, delimiter, guessed: false };
        let mut read = self.clone();
        let mut is_whole = true;
        let sheet = Sheet { path: path.to_owned(), file: name.to_owned(), ..Sheet::default() };
        read.read_sheets(head, vec![found], sheet, spec, &mut |_, sheet| {
            let findings = read_rows(&mut streamed, sheet);
            is_whole &= findings.is_some();
            Ok(findings.unwrap_or_default())
        })?;
        let Some(sha256) = streamed.finish().filter(|_| is_whole) else { return Ok(false) };
        read.add_file(TableFile { name: name.to_owned(), sha256 });
        *self = read;
        Ok(true)
    }

    /// Adds a file; the same one is listed once.
    fn add_file(&mut self, file: TableFile) {
        if !self.files.contains(&file) {
            self.files.push(file);
        }
    }

    /// Reads the sheets of a file that are chosen among those `found`.
    fn read_sheets(
        &mut self,
        mut source: Source,
        found: Vec<FoundSheet>,
        mut sheet: Sheet,
        spec: &TableSpec,
        read_rows: &mut dyn FnMut(&mut Source, SheetToRead<'_>) -> Result<SheetFindings, FileFault>,
    ) -> Result<(), Error> {
        if let Source::Text { delimiter, guessed, .. } = source {
            sheet.delimiter = Some(delimiter);
            if guessed {
                self.report(Code::GuessedEncoding, Message::new("guessed-encoding"));
            }
        }
        if let Source::Workbook(book) = &source
            && book.is_guessed()
        {
            self.report(Code::GuessedEncoding, Message::new("guessed-encoding"));
        }
        let people = found.iter().filter(|sheet| sheet.may_hold_people).map(|sheet| sheet.name.clone());
        let people: Vec<String> = people.collect();
        let chosen = match choose_sheets(&mut source, found, spec) {
            Ok(chosen) => chosen,
            Err((code, message)) => {
                self.refuse(sheet, code, message);
                return Ok(());
            }
        };
        let unread = unread_sheets(&people, &chosen, spec);
        for (name, layout) in chosen {
            self.read_sheet(&mut source, Sheet { name, ..sheet.clone() }, layout, spec, read_rows)?;
        }
        for name in unread {
            self.report(Code::UnreadSheet, Message::new("unread-sheet").with("sheet", name.as_str()));
            self.incomplete = true;
            self.sheets.push(Sheet { name, ..sheet.clone() });
        }
        Ok(())
    }

    fn read_sheet(
        &mut self,
        source: &mut Source,
        sheet: Sheet,
        layout: Layout,
        spec: &TableSpec,
        read_rows: &mut dyn FnMut(&mut Source, SheetToRead<'_>) -> Result<SheetFindings, FileFault>,
    ) -> Result<(), Error> {
        let number = self.next_sheet();
        if let Source::Workbook(book) = source
            && book.is_hidden(&sheet.name)
        {
            self.report(Code::HiddenSheet, Message::new("hidden-sheet").with("sheet", sheet.name.as_str()));
        }
        let columns = layout.diagnostics(number, spec);
        let is_readable = columns.iter().all(|found| found.code.severity() != Severity::Error);
        let read = if is_readable {
            read_rows(source, SheetToRead { number, name: &sheet.name, layout: &layout })
        } else {
            Ok(SheetFindings::default())
        };
        let SheetFindings { diagnostics, skipped, spare } = match read {
            Ok(findings) => findings,
            Err(FileFault::Unread(error)) => return Err(*error),
            Err(fault) => {
                self.refuse(sheet, Code::UnreadableFile, fault.message());
                return Ok(());
            }
        };
        let unused = layout.spare_diagnostics(number, spec, &spare);
        // a column of days or sums that is not used may change the price
        let is_complete = is_readable
            && unused.iter().all(|found| found.code.severity() != Severity::Error)
            && diagnostics.iter().all(|found| found.code != Code::OrderingLine);
        self.diagnostics.extend(columns);
        self.diagnostics.extend(unused);
        self.diagnostics.extend(diagnostics);
        self.sheets.push(Sheet { layout: Some(layout), skipped, ..sheet });
        self.incomplete |= !is_complete;
        Ok(())
    }

    /// Reports that no table has a row of data, unless something could not be read.
    pub fn refuse_empty(&mut self, message: Message) {
        if !self.incomplete {
            let place = Place::sheet(0);
            self.diagnostics.push(Diagnostic { code: Code::NoRoster, place, value: String::new(), message });
            self.incomplete = true;
            if self.sheets.is_empty() {
                self.sheets.push(Sheet::default());
            }
        }
    }

    /// Puts the diagnostics in the order of the tables.
    pub fn sort(&mut self) {
        self.diagnostics.par_sort_by_key(|found| (found.place.sheet, found.place.row, found.place.column, found.code));
    }

    /// Opens the file of a sheet again, to copy its cells as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Changed`] where its bytes are no longer those that were read, [`Error::Io`] where the system refuses.
    pub fn reopen(&self, sheet: &Sheet) -> Result<Source, Error> {
        let changed = || Error::Changed { path: sheet.path.clone() };
        let fault = |fault: FileFault| match fault {
            FileFault::Unread(error) if !error.is_refusal() => *error,
            _ => changed(),
        };
        let bytes = FileBytes::read(&sheet.path).map_err(fault)?;
        let is_same = |file: &TableFile| file.name == sheet.file && file.sha256 == bytes.sha256();
        let delimiter = sheet.delimiter.unwrap_or(DELIMITERS[0]);
        if !self.files.iter().any(is_same) {
            return Err(changed());
        }
        Source::open(bytes, |_| delimiter).map_err(fault)
    }

    fn next_sheet(&self) -> u16 {
        u16::try_from(self.sheets.len()).unwrap_or(u16::MAX)
    }

    /// Reports something about the next sheet as a whole.
    fn report(&mut self, code: Code, message: Message) {
        let place = Place::sheet(self.next_sheet());
        self.diagnostics.push(Diagnostic { code, place, value: String::new(), message });
    }

    /// Reports why nothing of a sheet, or of its file, is read.
    fn refuse(&mut self, sheet: Sheet, code: Code, message: Message) {
        self.report(code, message);
        self.sheets.push(sheet);
        self.incomplete = true;
    }
}
