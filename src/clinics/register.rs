//! The tables that clinics and dispatchers send: registers of services, requests for letters, questions of a clinic's desk.
//!
//! They are read like rosters: from any workbook or text file, with headings in any row, and with every error of every row reported in one
//! run. Requests and questions with an error are refused as a whole; a row of a clinic register that cannot be read is judged as such (`I68`).

mod date_orders;
pub mod field;
mod row;
pub mod spec;
pub mod title;
mod value;

pub use row::ClinicRow;

use std::path::Path;

use crate::base::calendar::Period;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::clinics::insured_index::InsuredQuery;
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::source::Source;
use crate::table::tables::{SheetFindings, SheetToRead, Tables};
use date_orders::DateOrders;
use row::{RowReader, RowsRead};
use spec::{RegisterSpec, RowKind};
use title::month_of;

/// A table of a clinic: its rows, or everything that is wrong with it.
#[derive(Debug, Default, Clone)]
pub struct ClinicRegister {
    /// The file, its sheets and all diagnostics.
    pub tables: Tables,
    /// The rows without an error; of a clinic register all rows, those that cannot be judged with the reason (`I68`).
    pub rows: Vec<ClinicRow>,
    /// The number of rows of data, with and without errors.
    pub read: usize,
    /// What a row stands for.
    pub rows_of: RowKind,
    /// The number in the title above the table, in the form for comparing; empty if it states none.
    pub number: String,
    /// The period in the title above the table; none if it states none.
    pub stated_period: Option<Period>,
}

impl ClinicRegister {
    /// The name of the sheet of a row; empty in a text file.
    #[must_use]
    pub fn sheet(&self, row: &ClinicRow) -> &str {
        self.tables.sheets.get(usize::from(row.sheet)).map_or("", |sheet| sheet.name.as_str())
    }

    /// The sheet of a row, to be shown after the row number; `None` if all rows are of one sheet.
    #[must_use]
    pub fn in_sheet(&self, row: &ClinicRow) -> Option<Message> {
        // rows are in the order of the sheets
        let has_several = self.rows.first().map(|row| row.sheet) != self.rows.last().map(|row| row.sheet);
        has_several.then(|| Message::new("in-sheet").with("sheet", self.sheet(row)))
    }

    /// The period in the title, or else the month of the last day of the rows; `None` without either.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.stated_period.or_else(|| self.rows.iter().filter_map(|row| row.day).max().map(month_of))
    }

    /// Reads a table. Whatever is wrong with its content becomes a diagnostic.
    ///
    /// # Errors
    ///
    /// As [`InputFile::open`](crate::base::input_file::InputFile::open) where the file cannot be opened or read.
    pub fn read(path: &Path, spec: &RegisterSpec) -> Result<Self, Error> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Self { mut tables, mut rows, mut read, mut number, mut stated_period, .. } = Self::default();
        tables.read_file(path, &name, &spec.table, &mut |source, sheet| {
            let (mut done, hidden) = read_rows(source, sheet, spec)?;
            done.diagnostics.extend(hidden.diagnostics(sheet.number, sheet.layout, &done.read));
            rows.append(&mut done.rows);
            if number.is_empty() {
                number = done.number.take().unwrap_or_default();
            }
            stated_period = stated_period.or(done.period);
            read += done.read.len();
            Ok(SheetFindings { diagnostics: done.diagnostics, skipped: done.skipped, spare: done.spare })
        })?;
        if read == 0 {
            tables.refuse_empty(Message::new("register-empty"));
        }
        tables.sort();
        Ok(Self { tables, rows, read, rows_of: spec.rows, number, stated_period })
    }

    /// Whether the table is refused: it could not be read, or it is no clinic register and has an error.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let is_error = |found: &Diagnostic| found.code.severity() == Severity::Error;
        self.tables.incomplete || self.rows_of != RowKind::Services && self.tables.diagnostics.iter().any(is_error)
    }

    /// The queries for the insured of all rows.
    pub fn queries(&self) -> impl Iterator<Item = &InsuredQuery> {
        self.rows.iter().map(|row| &row.query)
    }
}

/// Reads the rows of a sheet, again where only its last row decides the order of day and month.
fn read_rows(
    source: &mut Source,
    sheet: SheetToRead<'_>,
    spec: &RegisterSpec,
) -> Result<(RowsRead, Hidden), FileFault> {
    let mut read_in = |orders: DateOrders| {
        let mut reader = RowReader::new(sheet, source.epoch(), spec.rows, orders);
        let hidden = source.rows_and_hidden(sheet.name, &mut |row| reader.read_row(row))?;
        Ok((reader.finish(), hidden))
    };
    let orders = DateOrders::new(sheet.layout, spec.rows, spec.date_order);
    let (read, hidden) = read_in(orders)?;
    let evidence = read.evidence;
    let decided = orders.decide(&evidence);
    if decided == orders {
        return Ok((read, hidden));
    }
    let (mut read, hidden) = read_in(decided)?;
    read.diagnostics.extend(decided.diagnostics(sheet, spec.rows, &evidence));
    Ok((read, hidden))
}
