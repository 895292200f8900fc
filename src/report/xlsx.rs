//! Workbooks as this program writes them: with nothing of the clock in them, and packed fast.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// How hard is packed: at the usual 6 a large workbook takes half as long again, and is an eighth smaller.
const PACKING: u8 = 3;

/// A workbook of these properties without a sheet; the same sheets give the same bytes.
pub(crate) fn begun(about: DocProperties) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&about.set_creation_datetime(&created)).set_zip_compression_level(PACKING);
    Ok(workbook)
}
