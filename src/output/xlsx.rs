//! Workbooks as this program writes them: with nothing of the clock in them, packed fast, and no text longer than a cell.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::base::calendar::shown_day;
use crate::base::error::Error;
use crate::output::folder::{Folder, HashedFile};

/// How hard is packed: at the usual 6 a large workbook takes half as long again, and is an eighth smaller.
const PACKING: u8 = 3;

/// A workbook of these properties without a sheet; the same sheets give the same bytes.
pub(crate) fn begun(about: DocProperties) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&about.set_creation_datetime(&created)).set_zip_compression_level(PACKING);
    Ok(workbook)
}

/// Why a workbook could not be made.
pub(crate) enum WorkbookError {
    /// The library, or the system under it, refuses.
    Library(XlsxError),
    /// What goes into it cannot be had.
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

/// Makes a workbook of a folder through `make`.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::Workbook`] where the library gives up, and what `make` finds.
pub(crate) fn made<F: Into<WorkbookError>>(
    folder: &Folder,
    name: &str,
    make: impl FnOnce(&mut HashedFile) -> Result<(), F>,
) -> Result<(), Error> {
    let mut file = folder.create(name)?;
    make(&mut file).map_err(|fault| match fault.into() {
        WorkbookError::Library(XlsxError::IoError(fault) | XlsxError::ZipError(zip::result::ZipError::Io(fault))) => {
            Error::writing(&folder.shown(name), fault)
        }
        WorkbookError::Library(fault) => Error::Workbook { path: folder.shown(name), reason: fault.to_string() },
        WorkbookError::Content(fault) => fault,
    })?;
    folder.keep(file)
}

/// A text as far as a cell of Excel holds it: the end of a longer one is left out, and `…` says so.
pub(crate) fn fitting(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 32_767;
    // no letter has less than a byte
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(LONGEST - 1).chain(['…']).collect())
}

/// Writes a day, and its text where Excel has no such day: its calendar begins in 1900.
///
/// # Errors
///
/// Whatever the library refuses, which is no day.
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
        _ => sheet.write_string_with_format(row, column, shown_day(day), style)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_says_so() {
        let longest = "ж".repeat(32_767);
        assert_eq!(fitting(&longest), longest);
        let cut = fitting(&format!("{longest}ж")).into_owned();
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
