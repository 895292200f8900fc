//! The roster: files as employers send them → cells → columns → insured, and everything that is wrong with them.
//!
//! Every row of data becomes a row of [`Insured`], whether it can be priced or not; rows that hold no insured are counted
//! with their reason. Nothing is dropped in silence, and nothing stops at the first mistake.

pub(crate) mod bloom;
pub mod contacts;
pub mod counts;
pub(crate) mod duplicate;
pub mod field;
pub(crate) mod fingerprint;
pub mod insured;
pub(crate) mod name_keys;
pub(crate) mod ordered_merge;
pub mod row;
pub(crate) mod similar;
pub mod spec;
pub mod value;

use crate::table::cell;
use crate::table::hidden;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::base::messages::Message;
use crate::base::progress::{Progress, Stage};
use crate::table::delimited::{DELIMITERS, Part};
use crate::table::display_names::shown_names;
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::layout::Layout;
use crate::table::sheets::{chosen, delimiter, tables, unread};
use crate::table::skip::Skip;
use crate::table::source::{FileBytes, Source};
use crate::table::workbook::Workbook;
use field::Field;
use insured::Insured;
use ordered_merge::OrderedMerge;
use row::{RowReader, RowsRead};
use spec::{RosterSpec, RowKind};

/// A roster, read whole.
#[derive(Debug, Default, Clone)]
pub struct Roster {
    /// The files, in the order in which they were named.
    pub files: Vec<RosterFile>,
    /// The sheets that rows were read from or that something was to be said of, in order.
    pub sheets: Vec<Sheet>,
    /// Every row of data; of a census, everybody whom it counts.
    pub insured: Insured,
    /// Everything that is wrong, by sheet, row and column.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is a census: counts of insured by plan, age and risk group, whose price is preliminary.
    pub census: bool,
    /// Whether a file or sheet could not be read, so that nobody knows who is missing.
    pub incomplete: bool,
}

/// A file of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFile {
    /// The file's name for readers, the same on every machine.
    pub name: String,
    /// SHA-256 of the bytes that were read, in hexadecimal; empty where they could not be.
    pub sha256: String,
}

/// A sheet of a roster's file.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The file.
    pub path: PathBuf,
    /// The file's name for readers, the same on every machine.
    pub file: String,
    /// The sheet's name; empty for a text.
    pub name: String,
    /// Where the table is; none where there is none.
    pub layout: Option<Layout>,
    /// Rows among the data that hold no insured, with the reason.
    pub skipped: Vec<(u32, Skip)>,
    /// What stands between the columns of a text.
    pub(crate) delimiter: Option<u8>,
}

impl Sheet {
    /// The file and, in a workbook, the sheet: `roster.xlsx, «Список»`.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.name.is_empty() { self.file.clone() } else { format!("{}, «{}»", self.file, self.name) }
    }

    fn column(&self, fields: [Field; 2]) -> Option<u32> {
        let layout = self.layout.as_ref()?;
        fields.into_iter().find_map(|field| layout.column(field)).and_then(|column| u32::try_from(column).ok())
    }
}

impl Roster {
    /// Reads the files of a roster, one after another.
    #[must_use]
    pub fn read(paths: &[PathBuf], wanted: &RosterSpec, watch: &dyn Progress) -> Self {
        watch.begin(Stage::Reading, None);
        let mut roster = Self { census: wanted.rows == RowKind::Counts, ..Self::default() };
        for (path, file) in paths.iter().zip(shown_names(paths)) {
            roster.read_file(path, &file, wanted, watch);
        }
        let Self { sheets, insured, .. } = &mut roster;
        let names: Vec<_> = sheets.iter().map(|sheet| sheet.column([Field::Name, Field::Surname])).collect();
        let ids: Vec<_> = sheets.iter().map(|sheet| sheet.column([Field::Id, Field::Id])).collect();
        let twice = duplicate::find(insured, &names, &ids, &|sheet| sheets[usize::from(sheet)].shown());
        roster.diagnostics.extend(twice);
        if roster.insured.is_empty() && !roster.incomplete {
            roster.say_nobody();
        }
        roster.sort();
        roster
    }

    /// Opens the file of a sheet again, to go through the cells as they are; none where it is not what was read.
    #[must_use]
    pub fn reopen(&self, sheet: &Sheet) -> Option<Source> {
        let bytes = FileBytes::read(&sheet.path).ok()?;
        let is_same = |file: &RosterFile| file.name == sheet.file && file.sha256 == bytes.sha256();
        let delimiter = sheet.delimiter.unwrap_or(DELIMITERS[0]);
        if self.files.iter().any(is_same) { Source::open(bytes, |_| delimiter).ok() } else { None }
    }

    /// Puts the diagnostics in the order of the roster.
    pub fn sort(&mut self) {
        self.diagnostics.par_sort_by_key(|found| (found.place.sheet, found.place.row, found.place.column, found.code));
    }

    fn read_file(&mut self, path: &Path, file: &str, wanted: &RosterSpec, watch: &dyn Progress) {
        let mut blank = Sheet { path: path.to_owned(), file: file.to_owned(), ..Sheet::default() };
        let bytes = FileBytes::read(path);
        let sha256 = bytes.as_ref().map(|bytes| bytes.sha256().to_owned()).unwrap_or_default();
        self.files.push(RosterFile { name: file.to_owned(), sha256 });
        let read = bytes.and_then(|bytes| {
            let mut source = Source::open(bytes, |text| delimiter(text, wanted))?;
            let tables = tables(&mut source, wanted)?;
            Ok((source, tables))
        });
        let (mut source, tables) = match read {
            Ok(opened) => opened,
            Err(fault) => return self.refuse(blank, Code::UnreadableFile, fault.message()),
        };
        if let Source::Text { delimiter, .. } = source {
            blank.delimiter = Some(delimiter);
        }
        if let Source::Text { guessed: true, .. } = source {
            let place = Place::sheet(self.next_sheet());
            let message = Message::new("guessed-encoding");
            self.diagnostics.push(Diagnostic { code: Code::GuessedEncoding, place, value: String::new(), message });
        }
        let unread = unread(&tables, wanted);
        let tables = match chosen(&mut source, tables, wanted) {
            Ok(tables) => tables,
            Err((code, message)) => return self.refuse(blank, code, message),
        };
        for (name, layout) in tables {
            if let Source::Workbook(book) = &source
                && book.is_hidden(&name)
            {
                let place = Place::sheet(self.next_sheet());
                let message = Message::new("hidden-sheet").with("sheet", name.as_str());
                self.diagnostics.push(Diagnostic { code: Code::HiddenSheet, place, value: String::new(), message });
            }
            let sheet = Sheet { name, ..blank.clone() };
            if let Err(fault) = self.read_sheet(&mut source, sheet.clone(), &layout, wanted, watch) {
                self.refuse(sheet, Code::UnreadableFile, fault.message());
            }
        }
        for name in unread {
            let message = Message::new("unread-sheet").with("sheet", name.as_str());
            self.note(Sheet { name, ..blank.clone() }, Code::UnreadSheet, message);
        }
    }

    fn next_sheet(&self) -> u16 {
        u16::try_from(self.sheets.len()).unwrap_or(u16::MAX)
    }

    /// Nothing can be read of this sheet or file.
    fn refuse(&mut self, sheet: Sheet, code: Code, message: Message) {
        self.note(sheet, code, message);
        self.incomplete = true;
    }

    /// Says something of a sheet of which nothing is read.
    fn note(&mut self, sheet: Sheet, code: Code, message: Message) {
        let place = Place::sheet(self.next_sheet());
        self.diagnostics.push(Diagnostic { code, place, value: String::new(), message });
        self.sheets.push(sheet);
    }

    fn say_nobody(&mut self) {
        let place = Place::sheet(0);
        self.incomplete = true;
        let message = Message::new("roster-nobody");
        self.diagnostics.push(Diagnostic { code: Code::NoRoster, place, value: String::new(), message });
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
    }

    fn read_sheet(
        &mut self,
        source: &mut Source,
        sheet: Sheet,
        layout: &Layout,
        wanted: &RosterSpec,
        watch: &dyn Progress,
    ) -> Result<(), FileFault> {
        let number = self.next_sheet();
        let about_columns = layout.diagnostics(number, wanted);
        let readable = about_columns.iter().all(|found| found.code.severity() != Severity::Error);
        let mut skipped = Vec::new();
        let mut hidden = Hidden::default();
        if readable {
            let (epoch, before) = (source.epoch(), self.insured.len());
            let read = match source {
                Source::Text { text, delimiter, .. } => {
                    let reader = || RowReader::new(layout, number, epoch, wanted).after(before);
                    // a census is short, and its limit is one of all its rows together
                    if self.census {
                        read_rows(text.whole(*delimiter), reader())?
                    } else {
                        read_parts(text.whole(*delimiter), reader, watch)?
                    }
                }
                Source::Workbook(book) => {
                    let mut reader = RowReader::new(layout, number, epoch, wanted).after(before);
                    hidden = read_workbook(book, &sheet.name, &mut reader, watch)?;
                    reader.finish()
                }
            };
            let RowsRead { mut insured, diagnostics, skipped: passed } = read;
            self.diagnostics.extend(hidden.diagnostics(number, layout, &insured.row));
            self.diagnostics.extend(diagnostics);
            self.diagnostics.extend(signatures_among(&insured, number, &passed));
            skipped = passed;
            if self.insured.is_empty() {
                self.insured = insured;
            } else {
                self.insured.append(&mut insured, 1);
            }
        }
        self.diagnostics.extend(about_columns);
        self.sheets.push(Sheet { layout: Some(layout.clone()), skipped, ..sheet });
        self.incomplete |= !readable;
        Ok(())
    }
}

/// What is said where rows that look like signatures have insured below them. It stands beside no row, where it would be one more
/// cell of what is sent back.
fn signatures_among(insured: &Insured, sheet: u16, passed: &[(u32, Skip)]) -> Option<Diagnostic> {
    let last = insured.row.iter().max()?;
    let among = passed.iter().filter(|(row, reason)| *reason == Skip::Signature && row < last);
    let rows: Vec<String> = among.map(|(row, _)| row.to_string()).collect();
    if rows.is_empty() {
        return None;
    }
    let message = Message::new("skipped-row").with("count", rows.len());
    let message = message.with("rows", hidden::first_of(rows.into_iter()));
    Some(Diagnostic { code: Code::SkippedRow, place: Place::sheet(sheet), value: String::new(), message })
}

/// Reads the rows of a text with as many readers as there are cores.
fn read_parts<'w>(
    whole: Part<'_>,
    reader: impl Fn() -> RowReader<'w> + Sync,
    watch: &dyn Progress,
) -> Result<RowsRead, FileFault> {
    let gathered = OrderedMerge::new(whole.parts());
    whole.split().enumerate().par_bridge().for_each_init(RowsRead::default, |room, (place, part)| {
        let read = read_rows(part, reader().after_rows(std::mem::take(room)));
        watch.advance(read.as_ref().map_or(0, |read| read.insured.len() as u64));
        *room = gathered.take(place, read);
    });
    gathered.finish()
}

fn read_rows(part: Part<'_>, mut reader: RowReader<'_>) -> Result<RowsRead, FileFault> {
    part.rows(|row| {
        reader.row(row);
        true
    })?;
    Ok(reader.finish())
}

/// Reads the rows of a workbook's sheet, and finds out meanwhile what is hidden of it.
fn read_workbook(
    book: &mut Workbook,
    sheet: &str,
    reader: &mut RowReader<'_>,
    watch: &dyn Progress,
) -> Result<Hidden, FileFault> {
    let look = book.hidden(sheet);
    let mut hidden = Hidden::default();
    rayon::in_place_scope(|scope| {
        scope.spawn(|_| hidden = look());
        book.batches(sheet, &mut |batch| {
            batch.rows().for_each(|row| reader.row(&row));
            watch.advance(batch.len() as u64);
        })
    })?;
    Ok(hidden)
}

/// Shows every row of a sheet to `visit`, and finds out what is hidden of it.
pub(crate) fn each_row(
    source: &mut Source,
    sheet: &str,
    visit: &mut (dyn FnMut(&dyn cell::Row) + Send),
) -> Result<Hidden, FileFault> {
    let mut hidden = Hidden::default();
    match source {
        Source::Text { text, delimiter, .. } => text.whole(*delimiter).rows(|row| {
            visit(row);
            true
        })?,
        Source::Workbook(book) => {
            let look = book.hidden(sheet);
            let visit = &mut *visit;
            let mut found = Hidden::default();
            std::thread::scope(|threads| {
                let looking = threads.spawn(look);
                let read = book.batches(sheet, &mut |batch| batch.rows().for_each(|row| visit(&row)));
                // what cannot be found out hides nothing
                found = looking.join().unwrap_or_default();
                read
            })?;
            hidden = found;
        }
    }
    Ok(hidden)
}
