//! Those outside the book with the right to the clinics' discount (`I66`): `entitled.csv` beside `clinics.toml`.
//!
//! The list is read like a roster. A row with a fault gives no right and is reported; a list whose columns cannot be found is refused.

mod row;

pub use row::Entitled;

use std::path::Path;

use jiff::civil::Date;

use crate::base::diagnostic::Severity;
use crate::base::error::Error;
use crate::base::messages::{Message, joined};
use crate::table::tables::{SheetFindings, Tables};
use crate::table::text::folded;
use row::{RowReader, table_spec};

/// The name of the list, in the folder of the file of clinics.
pub const NAME: &str = "entitled.csv";

/// The list; empty where there is no file.
#[derive(Debug, Default, Clone)]
pub struct EntitledList {
    /// The file with everything that is wrong with its rows.
    pub tables: Tables,
    /// The number of rows of data, with and without faults.
    pub rows: usize,
    /// The rows that give a right, in the order of the file.
    pub entitled: Vec<Entitled>,
}

impl EntitledList {
    /// Reads the list of a folder without the columns of these headings; an empty one where the folder has none.
    ///
    /// # Errors
    ///
    /// [`Error::Unlawful`] if the columns cannot be found; as [`EntitledList::read`].
    pub fn open(folder: &Path, ignored: &[String]) -> Result<Self, Error> {
        let path = folder.join(NAME);
        if !path.exists() {
            return Ok(Self::default());
        }
        let list = Self::read(&path, ignored)?;
        if list.tables.incomplete {
            let errors = list.tables.diagnostics.iter().filter(|found| found.code.severity() == Severity::Error);
            let faults = joined(errors.map(|found| found.message.clone()));
            let reason = Message::new("entitled-refused").with("file", path.display().to_string());
            return Err(Error::Unlawful { reason: reason.with("faults", faults) });
        }
        Ok(list)
    }

    /// Reads a list with everything that is wrong with it, without the columns of these headings.
    ///
    /// # Errors
    ///
    /// As [`Tables::read_file`].
    pub fn read(path: &Path, ignored: &[String]) -> Result<Self, Error> {
        let mut tables = Tables::default();
        let (mut rows, mut entitled) = (0, Vec::new());
        tables.read_file(path, NAME, &table_spec(ignored), &mut |source, sheet| {
            let mut reader = RowReader::new(sheet, source.epoch());
            let hidden = source.rows_and_hidden(sheet.name, &mut |row| reader.read_row(row))?;
            let RowReader { read, entitled: with_right, mut diagnostics, skipped, spare, .. } = reader;
            diagnostics.extend(hidden.diagnostics(sheet.number, sheet.layout, &read));
            rows += read.len();
            entitled.extend(with_right);
            Ok(SheetFindings { diagnostics, skipped, spare })
        })?;
        tables.sort();
        Ok(Self { tables, rows, entitled })
    }

    /// The SHA-256 of the file; `None` without one.
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.tables.files.first().map(|file| file.sha256.as_str())
    }
}

/// The identity of those outside the book: the folded name and the birth date. No number of a contract has a line break.
#[must_use]
pub fn identity(name: &str, birth_date: Date) -> String {
    format!("{}\n{birth_date}", folded(name))
}

/// The folded name and the birth date of an [`identity`]; `None` where it is none.
#[must_use]
pub fn parse_identity(identity: &str) -> Option<(&str, Date)> {
    let (name, birth_date) = identity.split_once('\n')?;
    Some((name, birth_date.parse().ok()?))
}
