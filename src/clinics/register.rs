//! The tables that clinics and the insurer's dispatchers send: registers of services, requests for letters, questions of a desk.
//!
//! They are read with the roster's readers and the same care: any workbook or text, the headings found wherever they stand, every
//! mistake of every row reported in one run. A table with an error is refused whole, as a roster is.

pub(crate) mod row;

use std::path::Path;

use jiff::civil::Date;

use crate::base::diagnostic::{Code, Diagnostic, Place, Severity};
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::finder::Asked;
use crate::roster::spec::RosterSpec;
use crate::roster::{Roster, RosterFile, Sheet, each_row};
use crate::table::file_fault::FileFault;
use crate::table::layout::Layout;
use crate::table::sheets::{chosen, delimiter, tables, unread};
use crate::table::source::{FileBytes, Source};
use row::RowReader;

/// A row of a clinic's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicRow {
    /// The sheet, by its place in [`Register::roster`].
    pub sheet: u16,
    /// The row, from 1.
    pub row: u32,
    /// Who is meant.
    pub asked: Asked,
    /// The clinic as written; empty where there is none.
    pub clinic: String,
    /// The day of the service, or of issue of a letter.
    pub day: Option<Date>,
    /// The code of the service as written; empty where there is none.
    pub service_code: String,
    /// The name of the service as written; empty where there is none.
    pub service: String,
    /// How many times the service was done, at least once.
    pub quantity: u32,
    /// The price of all of it; nothing where no price is asked for.
    pub amount: Kopecks,
    /// The letter to which another one is an addition, as written.
    pub supplements: String,
}

/// A clinic's table, read whole.
#[derive(Debug, Default, Clone)]
pub struct Register {
    /// The file, its sheets and everything that is wrong, in a roster's form; it has no insured.
    pub roster: Roster,
    /// Every row of data that has no error.
    pub rows: Vec<ClinicRow>,
    /// The number of rows of data, those with an error too.
    pub read: usize,
}

impl Register {
    /// The name of the sheet of a row; empty where the file has none.
    #[must_use]
    pub fn sheet(&self, row: &ClinicRow) -> &str {
        self.roster.sheets.get(usize::from(row.sheet)).map_or("", |sheet| sheet.name.as_str())
    }

    /// What stands after the number of a row where it is shown: its sheet, if rows of several are read, and else nothing.
    #[must_use]
    pub fn in_sheet(&self, row: &ClinicRow) -> Option<Message> {
        // the rows of a sheet stand together
        let are_several = self.rows.first().map(|row| row.sheet) != self.rows.last().map(|row| row.sheet);
        are_several.then(|| Message::new("in-sheet").with("sheet", self.sheet(row)))
    }

    /// Reads a table.
    #[must_use]
    pub fn read(path: &Path, wanted: &RosterSpec) -> Self {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut register = Self::default();
        let mut blank = Sheet { path: path.to_owned(), file: file.clone(), ..Sheet::default() };
        let bytes = FileBytes::read(path);
        let sha256 = bytes.as_ref().map(|bytes| bytes.sha256().to_owned()).unwrap_or_default();
        register.roster.files.push(RosterFile { name: file, sha256 });
        let opened = bytes.and_then(|bytes| {
            let mut source = Source::open(bytes, |text| delimiter(text, wanted))?;
            let found = tables(&mut source, wanted)?;
            Ok((source, found))
        });
        let (mut source, found) = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                register.refuse(blank, Code::UnreadableFile, fault.message());
                return register;
            }
        };
        if let Source::Text { delimiter, guessed, .. } = source {
            blank.delimiter = Some(delimiter);
            if guessed {
                register.say(Code::GuessedEncoding, Place::sheet(0), Message::new("guessed-encoding"));
            }
        }
        let unread = unread(&found, wanted);
        match chosen(&mut source, found, wanted) {
            Err((code, message)) => register.refuse(blank, code, of_register(&message)),
            Ok(tables) => {
                for (name, layout) in tables {
                    let sheet = Sheet { name, layout: Some(layout.clone()), ..blank.clone() };
                    if let Err(fault) = register.read_sheet(&mut source, sheet.clone(), &layout, wanted) {
                        register.refuse(sheet, Code::UnreadableFile, fault.message());
                    }
                }
                for name in unread {
                    let message = Message::new("unread-sheet").with("sheet", name.as_str());
                    register.note(Sheet { name, ..blank.clone() }, Code::UnreadSheet, message);
                }
            }
        }
        if register.read == 0 && !register.roster.incomplete {
            let message = Message::new("register-empty");
            register.say(Code::NoRoster, Place::sheet(0), message);
            register.roster.incomplete = true;
        }
        register.roster.sort();
        register
    }

    /// Whether there is an error, so that nothing can be made of the table.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let is_error = |found: &Diagnostic| found.code.severity() == Severity::Error;
        self.roster.incomplete || self.roster.diagnostics.iter().any(is_error)
    }

    /// The price of all rows together.
    #[must_use]
    pub fn total(&self) -> Kopecks {
        self.rows.iter().map(|row| row.amount).sum()
    }

    fn next_sheet(&self) -> u16 {
        u16::try_from(self.roster.sheets.len()).unwrap_or(u16::MAX)
    }

    fn say(&mut self, code: Code, place: Place, message: Message) {
        self.roster.diagnostics.push(Diagnostic { code, place, value: String::new(), message });
    }

    fn refuse(&mut self, sheet: Sheet, code: Code, message: Message) {
        self.note(sheet, code, message);
        self.roster.incomplete = true;
    }

    fn note(&mut self, sheet: Sheet, code: Code, message: Message) {
        self.say(code, Place::sheet(self.next_sheet()), message);
        self.roster.sheets.push(sheet);
    }

    fn read_sheet(
        &mut self,
        source: &mut Source,
        mut sheet: Sheet,
        layout: &Layout,
        wanted: &RosterSpec,
    ) -> Result<(), FileFault> {
        let number = self.next_sheet();
        if let Source::Workbook(book) = &*source
            && book.is_hidden(&sheet.name)
        {
            let message = Message::new("hidden-sheet").with("sheet", sheet.name.as_str());
            self.say(Code::HiddenSheet, Place::sheet(number), message);
        }
        let about_columns = layout.diagnostics(number, wanted);
        let readable = about_columns.iter().all(|found| found.code.severity() != Severity::Error);
        self.roster.diagnostics.extend(about_columns);
        if readable {
            let mut reader = RowReader::new(layout, number, source.epoch(), wanted.rows);
            let hidden = each_row(source, &sheet.name, &mut |row| reader.row(row))?;
            let done = reader.finish();
            self.roster.diagnostics.extend(hidden.diagnostics(number, layout, &done.read));
            self.roster.diagnostics.extend(done.diagnostics);
            sheet.skipped = done.skipped;
            self.rows.extend(done.rows);
            self.read += done.read.len();
        }
        self.roster.sheets.push(sheet);
        self.roster.incomplete |= !readable;
        Ok(())
    }
}

/// What is wrong with the sheets of a roster, said of a clinic's table.
fn of_register(message: &Message) -> Message {
    let with = |name: &'static str, values: &[&'static str]| {
        let given = values.iter().filter_map(|value| Some((*value, message.value(value)?.clone())));
        given.fold(Message::new(name), |message, (name, value)| message.with(name, value))
    };
    match message.name() {
        "several-sheets" => with("register-several-sheets", &["sheets", "first"]),
        "sheet-missing" => with("register-sheet-missing", &["sheet", "sheets"]),
        _ => Message::new("register-without-table"),
    }
}
