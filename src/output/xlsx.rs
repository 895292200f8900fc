//! Workbooks: the same content gives the same bytes, packed fast, and no value that Excel would damage.

#[cfg(test)]
mod agreement;
mod book_writer;
mod cells;
mod chunk_queue;
mod deflate;
pub(crate) mod layout;
mod long_sheet;
pub(crate) mod own_workbook;
#[cfg(test)]
mod refused_sheets;
mod rows;
pub(crate) mod style;
pub(crate) mod table_sheet;
mod xml;
mod zip_file;

pub(crate) use book_writer::BookWriter;
pub(crate) use cells::{Cells, Style};
pub(crate) use chunk_queue::ChunkQueue;
pub(crate) use long_sheet::LongSheet;
pub(crate) use rows::{CHUNK_ROWS, Rows};

use std::borrow::Cow;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::base::calendar::{days_since_1970, format_day};
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::folder::{Folder, HashedFile};

/// Excel keeps fifteen digits of a number: an amount of as many kopecks is still exact.
const EXACT_KOPECKS: i128 = 1_000_000_000_000_000;

/// An empty workbook with these properties, and a fixed date of creation.
pub(crate) fn new_workbook(properties: DocProperties) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook
        .set_properties(&properties.set_creation_datetime(&created))
        .set_zip_compression_level(deflate::COMPRESSION_LEVEL);
    Ok(workbook)
}

/// The reason why a workbook could not be written.
pub(crate) enum WorkbookError {
    /// The library, or the system under it, refuses.
    Library(XlsxError),
    /// The content of the workbook cannot be read.
    Content(Error),
}

impl From<XlsxError> for WorkbookError {
    fn from(fault: XlsxError) -> Self {
        Self::Library(fault)
    }
}

impl From<Error> for WorkbookError {
    fn from(fault: Error) -> Self {
        Self::Content(fault)
    }
}

/// Writes a workbook of a result folder through `fill`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::Workbook`] where the library does, and the errors of `fill`.
pub(crate) fn write_workbook<F: Into<WorkbookError>>(
    folder: &Folder,
    name: &str,
    fill: impl FnOnce(&mut HashedFile) -> Result<(), F>,
) -> Result<(), Error> {
    let mut hashed = folder.create(name)?;
    fill(&mut hashed).map_err(|fault| write_error(folder, name, fault.into()))?;
    folder.finish(hashed)
}

/// The error of a run that cannot write a workbook of a result folder.
pub(crate) fn write_error(folder: &Folder, name: &str, fault: WorkbookError) -> Error {
    match fault {
        WorkbookError::Library(XlsxError::IoError(fault) | XlsxError::ZipError(zip::result::ZipError::Io(fault))) => {
            Error::writing(&folder.target_path(name), fault)
        }
        WorkbookError::Library(fault) => Error::Workbook { path: folder.target_path(name), reason: fault.to_string() },
        WorkbookError::Content(fault) => fault,
    }
}

/// The longest part of a text that a cell of Excel holds; a text that is cut ends with `…`.
pub(crate) fn cell_text(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 32_767;
    // no letter has less than a byte
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(LONGEST - 1).chain(['…']).collect())
}

/// The binary number that is nearest to a decimal.
pub(crate) fn nearest_number(decimal: &str) -> f64 {
    decimal.parse().unwrap_or_default()
}

/// An amount in roubles as a number, where Excel keeps every digit of it.
pub(crate) fn exact_number(amount: Kopecks) -> Option<f64> {
    is_exact(amount).then(|| nearest_number(&amount.to_string()))
}

/// Whether Excel keeps every digit of an amount in roubles.
pub(crate) fn is_exact(amount: Kopecks) -> bool {
    amount.get().abs() < EXACT_KOPECKS
}

/// Writes a day; as text before 1900, where the calendar of Excel begins.
///
/// # Errors
///
/// The library's own, none of which is about the day.
pub(crate) fn write_day(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    day: Date,
    style: &Format,
) -> Result<(), XlsxError> {
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    match u16::try_from(day.year()) {
        Ok(year @ 1900..) => {
            let day = ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))?;
            sheet.write_datetime_with_format(row, column, &day, style)?
        }
        _ => sheet.write_string_with_format(row, column, format_day(day), style)?,
    };
    Ok(())
}

impl Cells<'_> {
    /// Writes a day; as text before 1900, where the calendar of Excel begins.
    pub(crate) fn day(&mut self, column: u16, day: Date, style: Style) {
        const SERIAL_OF_1970: i32 = 25_569;
        // Excel counts a 29 February 1900, which did not exist
        const FIRST_OF_MARCH: i32 = 61;
        let serial = days_since_1970(day) + SERIAL_OF_1970;
        if day.year() < 1900 {
            self.text(column, &format_day(day), style);
        } else {
            self.integer(column, i64::from(serial - i32::from(serial < FIRST_OF_MARCH)), style);
        }
    }

    /// Writes an amount in roubles; as text where it has more digits than Excel keeps.
    pub(crate) fn amount(&mut self, column: u16, amount: Kopecks, style: Style) {
        if is_exact(amount) {
            self.decimal(column, &amount.to_string(), style);
        } else {
            self.text(column, &amount.to_string(), style);
        }
    }

    /// Writes a count.
    pub(crate) fn count(&mut self, column: u16, count: usize, style: Style) {
        self.integer(column, i64::try_from(count).unwrap_or(i64::MAX), style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_marked() {
        let longest = "ж".repeat(32_767);
        assert_eq!(cell_text(&longest), longest);
        let cut = cell_text(&format!("{longest}ж")).into_owned();
        assert_eq!((cut.chars().count(), cut.ends_with("ж…")), (32_767, true));
    }

    #[test]
    fn every_day_of_the_calendar_can_be_written() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for day in [Date::MIN, Date::ZERO, Date::constant(1899, 12, 30), Date::constant(1900, 1, 1), Date::MAX] {
            assert!(write_day(sheet, 0, 0, day, &Format::new()).is_ok(), "{day}");
        }
    }
}
